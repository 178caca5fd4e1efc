"""What a country sets for a shop: clock, weekend, money and languages. All of it can be changed.

Sources: CLDR (through Babel) for currencies and official languages, the IANA time zone database
for zones, the `holidays` package for weekends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies
from django.utils.translation import gettext as _

from edd.calendars import weekend
from edd.zones import destination_zone, zones_of
from lib import formats
from lib.languages import SHOPPERS, spoken

#: Our first markets come first in the list.
FIRST: Final = ("AE", "SA", "KW", "QA", "BH", "OM")
_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
#: Where most shops write English first, though it is not the first of the official languages.
_ENGLISH_FIRST: Final = frozenset({"AE", "QA", "BH", "IN", "PK"})
#: What stands for all of our languages in a choice, behind the first: "fr,*".
EVERY: Final = "*"
_CURRENCIES: Final = (
    "AED", "SAR", "KWD", "QAR", "BHD", "OMR", "EGP", "JOD", "INR", "USD", "EUR", "GBP",
)  # fmt: skip
_WEEKENDS: Final = ("6,7", "5,6", "5", "7")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a country sets. `languages` are codes as "ar,en", `weekend` ISO weekdays as "5,6"."""

    zone: str
    currency: str
    languages: str
    weekend: str


@lru_cache(maxsize=512)
def facts_of(country: str, *, year: int) -> Facts:
    """The usual values; for a country nobody has heard of UTC, US dollars and English."""
    currencies = get_territory_currencies(country) or ["USD"]
    return Facts(
        zone=destination_zone(country),
        currency=str(currencies[0]),
        languages=_languages(country),
        weekend=_text(weekend(country, year=year)),
    )


def _languages(country: str) -> str:
    """The official ones that we speak; where Arabic is among them, English as well."""
    official = get_official_languages(country) or get_official_languages(country, de_facto=True)
    codes = [spoken(f"{code}-{country}") for code in official]
    found = [code for code in dict.fromkeys(codes) if code] or ["en"]
    if "ar" in found and "en" not in found:
        found.append("en")
    if country in _ENGLISH_FIRST:
        found.sort(key=lambda code: code != "en")
    return ",".join(found)


def _text(days: frozenset[int]) -> str:
    return ",".join(str(day) for day in sorted(days))


@lru_cache(maxsize=8)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) in this language: our first markets, then all by name."""
    names = {
        str(code): str(name)
        for code, name in formats.locale_of(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    rest = sorted((name, code) for code, name in names.items() if code not in FIRST)
    return tuple((code, names[code]) for code in FIRST) + tuple((code, name) for name, code in rest)


def is_country(code: str) -> bool:
    return code in Locale("en").territories and len(code) == 2 and code not in _NO_COUNTRIES


def zone_choices(country: str) -> list[tuple[str, str]]:
    zones = zones_of(country) or ("UTC",)
    return [(zone, zone.replace("_", " ")) for zone in zones]


def currency_choices(country: str, language: str) -> list[tuple[str, str]]:
    own = [str(code) for code in get_territory_currencies(country)]
    names = formats.locale_of(language).currencies
    codes = dict.fromkeys((*own, *_CURRENCIES))
    return [(code, f"{code} · {names.get(code, code)}") for code in codes]


def weekend_choices(own: str, language: str) -> list[tuple[str, str]]:
    """Every usual weekend, the country's own first; in words: "Friday and Saturday"."""
    return [(days, weekend_words(days, language)) for days in dict.fromkeys((own, *_WEEKENDS))]


def weekend_words(days: str, language: str) -> str:
    names = formats.locale_of(language).days["format"]["wide"]
    return formats.listing([names[int(day) - 1] for day in days.split(",") if day], language)


def language_choices(usual: str, own: str, language: str) -> list[tuple[str, str]]:
    """A few to begin with: what the shop has, what is usual in its country, each of these alone
    and with English, and all of ours. `own` may be empty."""
    codes = usual.split(",")
    keys = (
        own, usual, *codes, *(f"{code},en" for code in codes if code != "en"), "en", "en,ar",
        "ar,en", "ar", *(f"{code},{EVERY}" for code in (own.split(",")[0], codes[0]) if code),
    )  # fmt: skip
    return [(key, _languages_in_words(key, language)) for key in dict.fromkeys(keys) if key]


def _languages_in_words(key: str, language: str) -> str:
    first, *others = key.split(",")
    names = {"first": formats.language_name(first, language)}
    if EVERY in others:
        return _("All %(n)s, %(first)s first") % {**names, "n": len(SHOPPERS)}
    if not others:
        return _("%(first)s only") % names
    rest = formats.listing([formats.language_name(code, language) for code in others], language)
    return _("%(first)s, then %(others)s") % {**names, "others": rest}


def guess(accept_language: str) -> str:
    """The country that a browser's languages name ("en-AE" → "AE"); "" where they name none."""
    for part in accept_language.split(","):
        region = part.partition(";")[0].strip().replace("_", "-").rpartition("-")[2]
        if len(region) == 2 and region.isupper() and is_country(region):
            return region
    return ""


def main_city(zone: str) -> str:
    """The city that a zone is named for: "Asia/Dubai" → "Dubai"; "" for UTC."""
    return zone.rpartition("/")[2].replace("_", " ") if "/" in zone else ""
