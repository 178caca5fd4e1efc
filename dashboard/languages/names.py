"""Languages as forms offer them: each by its own name and in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

from lib import formats
from lib.languages import OWN_NAMES, SHOPPERS, spoken
from merchants.models import Merchant
from notifications.rules import language_for
from notifications.texts import LANGUAGES
from storefront_pages.languages import offered


def name_of(code: str) -> str:
    """What a language is called in the reader's: "Chinese (Simplified)"."""
    return formats.language_name(code, get_language() or "en")


def names_of(codes: Iterable[str]) -> str:
    """Several as one phrase: "English, French and Arabic"."""
    return formats.listing([name_of(code) for code in codes], get_language() or "en")


def both_names(code: str) -> str:
    """ "French · Français"; once where they are the same."""
    return " · ".join(dict.fromkeys((name_of(code), OWN_NAMES.get(code, code))))


def order_languages(merchant: Merchant) -> list[tuple[str, str]]:
    """What an order or a person may read, as choices: the shop's languages first, then all."""
    first = offered(merchant) if merchant.languages else offered(merchant)[:1]
    rest = sorted((code for code in SHOPPERS if code not in first), key=name_of)
    return [(code, both_names(code)) for code in (*first, *rest)]


def has_messages(code: str) -> bool:
    """Whether somebody who reads it is written to in it: Brazilian readers in Portuguese."""
    return bool(spoken(code, known=LANGUAGES))


def message_language(merchant: Merchant, *, wish: str = "") -> str:
    """The language of a message to somebody who reads `wish`: it, else the shop's own, else
    English."""
    return language_for(wish, "", merchant.default_language, known=LANGUAGES)
