"""What carriers want to know beside the number, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from carriers import registry
from lib.formats import listing

#: Field: what it is called on a form, and within a sentence.
_WORDS: Final[dict[str, tuple[Promise, Promise]]] = {
    "postcode": (gettext_lazy("Postcode"), gettext_lazy("the postcode")),
    "phone": (gettext_lazy("Phone number"), gettext_lazy("the phone number")),
    "email": (gettext_lazy("E-mail address"), gettext_lazy("the e-mail address")),
    "country": (gettext_lazy("Country code"), gettext_lazy("the country")),
    "city": (gettext_lazy("City"), gettext_lazy("the city")),
    "ship_date": (gettext_lazy("Day it was shipped"), gettext_lazy("the day it was shipped")),
}


def label_of(field: str) -> str:
    return str(_WORDS[field][0]) if field in _WORDS else field.replace("_", " ").capitalize()


def needs_sentence(carrier: str, fields: Sequence[str]) -> str:
    """ "GLS needs the postcode" """
    language = get_language() or "en"
    named = [str(_WORDS[one][1]) if one in _WORDS else one.replace("_", " ") for one in fields]
    return _("%(carrier)s needs %(fields)s") % {
        "carrier": registry.name_of(carrier, language=language),
        "fields": listing(named, language),
    }
