"""One order in one sentence: how many parcels, what is the matter, what the customer knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from helpdesk.reader import Reader
from lib.vocabulary import TERMINAL, Status
from notifications.models import Message
from tracking.models import Shipment

#: What is said of a parcel inside a sentence: "one late", "three in transit".
_OF_PARCELS: Final[dict[str, Promise]] = {
    "disputed": pgettext_lazy("of parcels", "disputed by the customer"),
    "delayed": pgettext_lazy("of parcels", "late"),
    "will_be_late": pgettext_lazy("of parcels", "probably late"),
    "stalled": pgettext_lazy("of parcels", "silent for too long"),
    Status.PENDING: pgettext_lazy("of parcels", "not scanned yet"),
    Status.INFO_RECEIVED: pgettext_lazy("of parcels", "announced to the carrier"),
    Status.PICKED_UP: pgettext_lazy("of parcels", "picked up"),
    Status.IN_TRANSIT: pgettext_lazy("of parcels", "in transit"),
    Status.CUSTOMS: pgettext_lazy("of parcels", "in customs"),
    Status.OUT_FOR_DELIVERY: pgettext_lazy("of parcels", "out for delivery"),
    Status.AVAILABLE_FOR_PICKUP: pgettext_lazy("of parcels", "waiting to be collected"),
    Status.ATTEMPT_FAILED: pgettext_lazy("of parcels", "with a failed attempt"),
    Status.EXCEPTION: pgettext_lazy("of parcels", "with an exception"),
    Status.DELIVERED: pgettext_lazy("of parcels", "delivered"),
    Status.RETURNING: pgettext_lazy("of parcels", "going back"),
    Status.RETURNED: pgettext_lazy("of parcels", "returned"),
    Status.LOST_OR_DESTROYED: pgettext_lazy("of parcels", "lost"),
    Status.CANCELLED: pgettext_lazy("of parcels", "cancelled"),
    Status.EXPIRED: pgettext_lazy("of parcels", "no longer followed"),
}
#: A parcel is named by its trouble where it has some; the worst trouble comes first.
_ORDER: Final = (
    "disputed",
    Status.LOST_OR_DESTROYED,
    Status.ATTEMPT_FAILED,
    Status.EXCEPTION,
    Status.RETURNING,
    Status.RETURNED,
    "delayed",
    "will_be_late",
    "stalled",
    Status.EXPIRED,
    Status.AVAILABLE_FOR_PICKUP,
    Status.CUSTOMS,
    Status.OUT_FOR_DELIVERY,
    Status.IN_TRANSIT,
    Status.PICKED_UP,
    Status.INFO_RECEIVED,
    Status.PENDING,
    Status.DELIVERED,
    Status.CANCELLED,
)
_NAMED_BY_STATUS: Final = frozenset(
    {*TERMINAL, Status.ATTEMPT_FAILED, Status.EXCEPTION, Status.RETURNING, Status.EXPIRED}
)
_NUMBERS: Final[dict[int, Promise]] = {
    1: pgettext_lazy("how many parcels", "one"),
    2: pgettext_lazy("how many parcels", "two"),
    3: pgettext_lazy("how many parcels", "three"),
    4: pgettext_lazy("how many parcels", "four"),
    5: pgettext_lazy("how many parcels", "five"),
}


def summary(
    parcels: Sequence[Shipment], messages: Sequence[Message], reader: Reader, *, cancelled: bool
) -> str:
    """ "Two parcels, one late, customer told yesterday 6:04 pm"; `messages` newest first."""
    if cancelled and not parcels:
        parts = [gettext("Cancelled before anything was sent")]
    elif not parcels:
        parts = [gettext("No parcel yet")]
    else:
        count = ngettext("%(n)s parcel", "%(n)s parcels", len(parcels)) % {
            "n": _number(len(parcels))
        }
        parts = [count[0].upper() + count[1:], *_matters(parcels)]
    parts.append(_told(messages, reader))
    return pgettext("between the parts of a sentence", ", ").join(parts)


def matter(parcel: Shipment) -> str:
    """The key of `_OF_PARCELS` that says what counts about this parcel."""
    if parcel.disputed:
        return "disputed"
    if parcel.status in _NAMED_BY_STATUS:
        return parcel.status
    if parcel.delayed:
        return "delayed"
    if parcel.will_be_late:
        return "will_be_late"
    return "stalled" if parcel.stalled else parcel.status


def _matters(parcels: Sequence[Shipment]) -> list[str]:
    found = Counter(matter(parcel) for parcel in parcels)
    if len(found) == 1:
        what = str(_OF_PARCELS[next(iter(found))])
        if len(parcels) == 1:
            return [what]
        return [pgettext("of parcels", "all %(what)s") % {"what": what}]
    return [
        pgettext("of parcels", "%(n)s %(what)s")
        % {"n": _number(found[key]), "what": _OF_PARCELS[key]}
        for key in _ORDER
        if key in found
    ]


def _told(messages: Sequence[Message], reader: Reader) -> str:
    told = (m for m in messages if m.sent_at is not None and m.purpose != Message.Purpose.TEST)
    sent = next(told, None)
    if sent is not None and sent.sent_at is not None:
        return gettext("customer told %(when)s") % {"when": reader.near(sent.sent_at)}
    if any(m.state == Message.State.FAILED for m in messages):
        return gettext("the message to the customer failed")
    return gettext("customer not told yet")


def _number(n: int) -> str:
    return str(_NUMBERS.get(n, n))
