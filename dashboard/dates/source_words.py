"""Who says a date, in a merchant's words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from edd.estimate import Source

#: What the source is called, and what it is.
SOURCE_WORDS: Final[dict[Source, tuple[Promise, Promise]]] = {
    "merchant": (
        _("The date your shop promised"),
        _("What the checkout or the marketplace showed, where the shop sends it to us."),
    ),
    "carrier": (
        _("The carrier’s date"),
        _("From the carrier’s first scan on: before that, it is only printed with the label."),
    ),
    "engine": (
        _("What we learned"),
        _("From parcels like this one, counted anew every night."),
    ),
    "configuration": (
        _("Your own days per lane"),
        _("Your cut-off, your handling and the days below; usual days where there are none."),
    ),
    "scan": (
        _("The last scan"),
        _("With the courier, or after a failed attempt, nothing else is heard."),
    ),
}
