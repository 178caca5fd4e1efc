"""What a shop's choice of languages comes to, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.languages.names import has_messages, message_language, name_of, names_of
from lib.languages import SHOPPERS
from merchants.models import Merchant
from storefront_pages.languages import offered


def spoken_words(merchant: Merchant) -> str:
    """Which languages the shop's pages speak."""
    codes = offered(merchant)
    if not merchant.languages:
        return _("Your pages speak all %(n)s languages, %(first)s first.") % {
            "n": len(SHOPPERS), "first": name_of(codes[0]),
        }  # fmt: skip
    text = ngettext(
        "Your pages speak %(languages)s.", "Your pages speak %(languages)s.", len(codes)
    )
    return text % {"languages": names_of(codes)}


def written_words(languages: Sequence[str]) -> str:
    """In which languages a shop's own texts can be written."""
    text = ngettext(
        "You can write them in %(languages)s.", "You can write them in %(languages)s.",
        len(languages),
    )  # fmt: skip
    return text % {"languages": names_of(languages)}


def message_words(merchant: Merchant) -> str:
    """Which of the shop's languages have no messages, and what these customers get; "" where
    messages are written in each."""
    stand_in = name_of(message_language(merchant))
    lacking = [code for code in offered(merchant) if not has_messages(code)]
    if not lacking:
        return ""
    if not merchant.languages:
        return _(
            "Messages are written in %(n)s of the languages. Customers of the others get them in"
            " %(language)s."
        ) % {"n": len(SHOPPERS) - len(lacking), "language": stand_in}  # fmt: skip
    text = ngettext(
        "We do not write messages in %(languages)s. They go in %(language)s.",
        "We do not write messages in %(languages)s. They go in %(language)s.",
        len(lacking),
    )
    return text % {"languages": names_of(lacking), "language": stand_in}


def reader_words(merchant: Merchant) -> str:
    """For choosing what somebody reads, which may be any of our languages."""
    return _("Where we write no messages in it, they go in %(language)s.") % {
        "language": name_of(message_language(merchant))
    }


def stand_in_words(languages: Sequence[str]) -> str:
    """What customers read where a text of the shop's own is missing; `languages` are those it is
    written in, its own first. "" where there is but one."""
    if len(languages) < 2:
        return ""
    return _("Where a language is left empty, customers read your text in %(language)s.") % {
        "language": name_of(languages[0])
    }
