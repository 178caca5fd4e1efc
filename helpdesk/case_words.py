"""Cases in words for agents, and the words that an outcome is told with, ready to be changed."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, gettext_noop, override, pgettext_lazy

from helpdesk.models import Case

KINDS: Final[dict[str, Promise]] = {
    Case.Kind.NOT_RECEIVED: pgettext_lazy("case", "Not received"),
    Case.Kind.CONCERN: pgettext_lazy("case", "Concern"),
    Case.Kind.ADDRESS: pgettext_lazy("case", "Address"),
    Case.Kind.OTHER: pgettext_lazy("case", "Other"),
}
STATES: Final[dict[str, tuple[str, str, Promise]]] = {
    Case.State.OPEN: ("act", "circle-alert", pgettext_lazy("case", "Open")),
    Case.State.WAITING: ("wait", "clock", pgettext_lazy("case", "Waiting")),
    Case.State.CLOSED: ("quiet", "circle-check", pgettext_lazy("case", "Closed")),
}
OUTCOMES: Final[dict[str, Promise]] = {
    Case.Outcome.RESENT: pgettext_lazy("case outcome", "Sent again"),
    Case.Outcome.REFUNDED: pgettext_lazy("case outcome", "Money refunded"),
    Case.Outcome.FOUND: pgettext_lazy("case outcome", "Parcel found"),
    Case.Outcome.CLAIM: pgettext_lazy("case outcome", "Carrier’s claim opened"),
    Case.Outcome.NOTHING_WRONG: pgettext_lazy("case outcome", "Nothing wrong"),
    Case.Outcome.OTHER: pgettext_lazy("case outcome", "Other"),
}
#: How a shopper is told the same.
SHOPPER_OUTCOMES: Final[dict[str, Promise]] = {
    "resent": pgettext_lazy("outcome", "A new parcel was sent"),
    "refunded": pgettext_lazy("outcome", "Your money is on its way back"),
    "found": pgettext_lazy("outcome", "The parcel was found"),
    "claim": pgettext_lazy("outcome", "A claim with the carrier is open"),
    "nothing_wrong": pgettext_lazy("outcome", "Nothing is wrong with the parcel"),
    "other": pgettext_lazy("outcome", "Settled"),
}
#: What an entry is called in a case's story.
ENTRIES: Final[dict[str, Promise]] = {
    "note": gettext_lazy("Note"),
    "to_shopper": gettext_lazy("To the customer"),
    "from_shopper": gettext_lazy("From the customer"),
}
_TOLD: Final[dict[str, str]] = {
    Case.Outcome.RESENT: gettext_noop(
        "We have sent the order again. You will get its own tracking page in a message."
    ),
    Case.Outcome.REFUNDED: gettext_noop(
        "We have refunded your payment. It may take your bank some days to show it."
    ),
    Case.Outcome.FOUND: gettext_noop("The parcel was found. Thank you for your patience."),
    Case.Outcome.CLAIM: gettext_noop(
        "We have opened a claim with the carrier. You need to do nothing; we write to you as soon "
        "as it is decided."
    ),
    Case.Outcome.NOTHING_WRONG: gettext_noop(
        "We have looked into it, and everything is as it should be. If you see it otherwise, "
        "please write to us again."
    ),
    Case.Outcome.OTHER: "",
}


def told(outcome: str, language: str) -> str:
    """The words that this outcome is told with, in the customer's language; "" for "other"."""
    text = _TOLD[outcome]
    if not text:
        return ""
    with override(language):
        return gettext(text)
