"""Places that people choose from a list, in both scripts, where a postcode leads nowhere.

The seven Emirates, the governorates of Kuwait, the larger towns elsewhere. A name is written as
carriers and merchants' rules write it; its region is the emirate, governorate or province.
What people type is recognised in either script, with and without the article.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lib.folding import fold


@dataclass(frozen=True, slots=True)
class Town:
    """A place with its name in Latin and in Arabic letters, and the region that it lies in."""

    name: str
    arabic: str
    region: str

    def called(self, language: str) -> str:
        """The name in the script of this language."""
        return self.arabic if language.partition("-")[0] in _ARABIC_LETTERS else self.name

    @property
    def folded(self) -> frozenset[str]:
        """All that it is found by."""
        names = (fold(self.name), fold(self.arabic))
        bare = (name.removeprefix("al ").removeprefix("ال") for name in names)
        return frozenset((*names, *bare))


_ARABIC_LETTERS: Final = frozenset({"ar"})

#: "name, Arabic name" or "name, Arabic name, region"; without a region it is one itself.
_TOWNS: Final = {
    "AE": """
        Abu Dhabi, أبوظبي
        Dubai, دبي
        Sharjah, الشارقة
        Ajman, عجمان
        Umm Al Quwain, أم القيوين
        Ras Al Khaimah, رأس الخيمة
        Fujairah, الفجيرة
        Al Ain, العين, Abu Dhabi
        Al Dhafra, الظفرة, Abu Dhabi
        Khor Fakkan, خورفكان, Sharjah
        Kalba, كلباء, Sharjah
        Dibba, دبا, Fujairah
        Hatta, حتا, Dubai""",
    "SA": """
        Riyadh, الرياض
        Jeddah, جدة, Makkah
        Makkah, مكة المكرمة
        Madinah, المدينة المنورة
        Dammam, الدمام, Eastern Province
        Al Khobar, الخبر, Eastern Province
        Dhahran, الظهران, Eastern Province
        Al Ahsa, الأحساء, Eastern Province
        Jubail, الجبيل, Eastern Province
        Qatif, القطيف, Eastern Province
        Hafar Al Batin, حفر الباطن, Eastern Province
        Taif, الطائف, Makkah
        Rabigh, رابغ, Makkah
        Yanbu, ينبع, Madinah
        Buraidah, بريدة, Qassim
        Unaizah, عنيزة, Qassim
        Al Kharj, الخرج, Riyadh
        Hail, حائل
        Tabuk, تبوك
        Abha, أبها, Asir
        Khamis Mushait, خميس مشيط, Asir
        Jazan, جازان
        Najran, نجران
        Al Baha, الباحة
        Arar, عرعر, Northern Borders
        Sakaka, سكاكا, Al Jouf""",
    "KW": """
        Kuwait City, مدينة الكويت, Al Asimah
        Hawalli, حولي
        Farwaniya, الفروانية
        Mubarak Al Kabeer, مبارك الكبير
        Al Ahmadi, الأحمدي
        Al Jahra, الجهراء
        Salmiya, السالمية, Hawalli""",
    "QA": """
        Doha, الدوحة
        Al Rayyan, الريان
        Al Wakrah, الوكرة
        Al Khor, الخور
        Umm Salal, أم صلال
        Lusail, لوسيل, Al Daayen
        Al Daayen, الظعاين
        Al Shamal, الشمال""",
    "BH": """
        Manama, المنامة, Capital
        Muharraq, المحرق
        Riffa, الرفاع, Southern
        Isa Town, مدينة عيسى, Southern
        Hamad Town, مدينة حمد, Northern
        Sitra, سترة, Capital""",
    "OM": """
        Muscat, مسقط
        Seeb, السيب, Muscat
        Salalah, صلالة, Dhofar
        Sohar, صحار, Al Batinah North
        Barka, بركاء, Al Batinah South
        Rustaq, الرستاق, Al Batinah South
        Nizwa, نزوى, Ad Dakhiliyah
        Sur, صور, Ash Sharqiyah South
        Ibri, عبري, Adh Dhahirah
        Al Buraimi, البريمي
        Khasab, خصب, Musandam""",
    "EG": """
        Cairo, القاهرة
        Giza, الجيزة
        Alexandria, الإسكندرية
        Port Said, بورسعيد
        Suez, السويس
        Ismailia, الإسماعيلية
        Mansoura, المنصورة, Dakahlia
        Tanta, طنطا, Gharbia
        Zagazig, الزقازيق, Sharqia
        Damietta, دمياط
        Damanhur, دمنهور, Beheira
        Banha, بنها, Qalyubia
        Fayoum, الفيوم
        Beni Suef, بني سويف
        Minya, المنيا
        Assiut, أسيوط
        Sohag, سوهاج
        Qena, قنا
        Luxor, الأقصر
        Aswan, أسوان
        Hurghada, الغردقة, Red Sea
        Sharm El Sheikh, شرم الشيخ, South Sinai""",
    "JO": """
        Amman, عمّان
        Zarqa, الزرقاء
        Irbid, إربد
        Aqaba, العقبة
        Salt, السلط, Balqa
        Madaba, مادبا
        Jerash, جرش
        Karak, الكرك
        Mafraq, المفرق""",
    "LB": """
        Beirut, بيروت
        Tripoli, طرابلس, North
        Sidon, صيدا, South
        Tyre, صور, South
        Jounieh, جونيه, Mount Lebanon
        Zahle, زحلة, Beqaa""",
    "IQ": """
        Baghdad, بغداد
        Basra, البصرة
        Erbil, أربيل
        Mosul, الموصل, Nineveh
        Sulaymaniyah, السليمانية
        Najaf, النجف
        Karbala, كربلاء
        Kirkuk, كركوك
        Duhok, دهوك""",
}


def towns_of(country: str) -> tuple[Town, ...]:
    """The towns to choose from, those most parcels go to first; empty where nobody does."""
    return _towns().get(country, ())


def find_town(country: str, text: str) -> Town | None:
    """The town that somebody means who writes this; None for one that is not listed."""
    return _found_by(country).get(fold(text)) if text else None


@lru_cache(maxsize=1)
def _towns() -> dict[str, tuple[Town, ...]]:
    return {
        country: tuple(_town(line) for line in lines.strip().splitlines())
        for country, lines in _TOWNS.items()
    }


def _town(line: str) -> Town:
    name, arabic, *region = (part.strip() for part in line.split(", "))
    return Town(name, arabic, region[0] if region else name)


@lru_cache(maxsize=64)
def _found_by(country: str) -> dict[str, Town]:
    return {key: town for town in reversed(towns_of(country)) for key in town.folded}
