"""The languages that shoppers read: what each is called in itself, and which of them a wish means.

People who run shops have English and Arabic (`settings.LANGUAGES`). Which texts each language has
says `config.messages`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

#: By the tag that Django, HTML and the addresses use; in the order in which they are offered.
OWN_NAMES: Final = {
    "en": "English",
    "ar": "العربية",
    "he": "עברית",
    "fa": "فارسی",
    "ur": "اردو",
    "fr": "Français",
    "de": "Deutsch",
    "es": "Español",
    "pt-br": "Português (Brasil)",
    "pt": "Português",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "cs": "Čeština",
    "sk": "Slovenčina",
    "hu": "Magyar",
    "ro": "Română",
    "el": "Ελληνικά",
    "sv": "Svenska",
    "da": "Dansk",
    "nb": "Norsk bokmål",
    "fi": "Suomi",
    "tr": "Türkçe",
    "ru": "Русский",
    "uk": "Українська",
    "hi": "हिन्दी",
    "bn": "বাংলা",
    "ta": "தமிழ்",
    "te": "తెలుగు",
    "ml": "മലയാളം",
    "mr": "मराठी",
    "th": "ไทย",
    "vi": "Tiếng Việt",
    "id": "Bahasa Indonesia",
    "ms": "Bahasa Melayu",
    "fil": "Filipino",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
    "ja": "日本語",
    "ko": "한국어",
}
SHOPPERS: Final = tuple(OWN_NAMES)

#: Other tags for the same: Chinese is written in two ways and regions say which; the old codes of
#: ISO 639 that browsers and shops still send; Norwegian without saying which.
_MEANS: Final = {
    "zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans",
    "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant",
    "iw": "he", "in": "id", "no": "nb", "nn": "nb", "tl": "fil",
}  # fmt: skip


def spoken(wish: str, *, known: Collection[str] = SHOPPERS) -> str:
    """The one of these languages that a wish ("pt_BR", "ar-SA", "zh-Hant-TW") means; "" for
    none. A region that has no words of its own is its language."""
    by_name = {code.lower(): code for code in known}
    parts = wish.replace("_", "-").lower().split("-")
    while parts:
        tag = "-".join(parts)
        for candidate in (tag, _MEANS.get(tag, "")):
            if candidate in by_name:
                return by_name[candidate]
        parts.pop()
    return ""
