"""What an order waits for at the shop, or of its customer, in words for the shop's own people."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_HOLDS: Final[dict[str, Promise]] = {
    "on_hold": gettext_lazy("The shop has put it on hold"),
    "out_of_stock": gettext_lazy("Something is out of stock"),
}


def hold_words(hold: str) -> tuple[str, str]:
    """A label and what it is ("Waits", "Something is out of stock"); no words where it does not."""
    words = _HOLDS.get(hold)
    return _("Held up"), str(words) if words else ""


def cash_words(confirmed: bool | None) -> str:
    """What became of the question whether an order that is paid at the door stands."""
    if confirmed is None:
        return _("No answer yet")
    return _("The customer confirmed it") if confirmed else _("The customer does not want it")
