"""How long no scan is usual, in words: for the shopper's page, the desk and the dashboard."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib.sentences import joined

#: What a figure is about, in the trade's words; keys are those of `tracking.silence.Scope`.
SCOPES: Final[dict[str, Promise]] = {
    "service_lane": gettext_lazy("this service on this lane"),
    "lane": gettext_lazy("this lane"),
    "service": gettext_lazy("this service"),
    "carrier": gettext_lazy("this carrier"),
}
_ON_THE_ROUTE: Final = frozenset({"service_lane", "lane"})


@dataclass(frozen=True, slots=True)
class Usual:
    """Of parcels in the same stage, 9 of 10 are heard of again within `hours`; `scans` say so,
    of the `scope`."""

    hours: float
    scans: int
    scope: str

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> Self | None:
        """From `Shipment.usual_silence`; None where too little is known to be told."""
        return cls(kept["hours"], kept["n"], kept["node"]) if kept else None

    @property
    def days(self) -> int:
        """Whole days, never fewer than it takes."""
        return max(math.ceil(self.hours / 24), 1)


def nine_of_ten(usual: Usual, *, carrier: str) -> str:
    """For a shopper, a whole sentence in the active language; `carrier` as it is shown."""
    if usual.scope in _ON_THE_ROUTE or not carrier:
        words = ngettext(
            "At this stage, 9 of 10 parcels on this route are heard of again within %(days)s day.",
            "At this stage, 9 of 10 parcels on this route are heard of again within %(days)s days.",
            usual.days,
        )
    else:
        words = ngettext(
            "At this stage, 9 of 10 parcels with %(carrier)s are heard of again within "
            "%(days)s day.",
            "At this stage, 9 of 10 parcels with %(carrier)s are heard of again within "
            "%(days)s days.",
            usual.days,
        )
    return words % {"days": usual.days, "carrier": carrier}


def too_long(usual: Usual | None, *, day: str, carrier: str) -> str:
    """For a shopper whose parcel has been silent since `day`, longer than is usual."""
    if usual is None:
        return _(
            "There was no new scan since %(day)s, which is longer than usual. "
            "The shop can ask the carrier."
        ) % {"day": day}
    since = _("There was no new scan since %(day)s.") % {"day": day}
    return joined(since, nine_of_ten(usual, carrier=carrier), _("The shop can ask the carrier."))


def shop_can_ask(usual: Usual | None, *, carrier: str) -> str:
    """The same where the heading has said since when."""
    asks = _("The shop can ask the carrier.")
    return asks if usual is None else joined(nine_of_ten(usual, carrier=carrier), asks)


def for_work(usual: Usual | None, *, days: int, is_stalled: bool) -> str:
    """For desk and dashboard: how long nothing was heard, whether that is usual, and by which
    figures; a line in the active language, without a full stop."""
    if is_stalled:
        words = ngettext(
            "Nothing for %(n)s day, longer than usual here",
            "Nothing for %(n)s days, longer than usual here",
            days,
        )
    else:
        words = ngettext(
            "Nothing for %(n)s day, which is normal here",
            "Nothing for %(n)s days, which is normal here",
            days,
        )
    said = words % {"n": days}
    if usual is None:
        return said
    figures = ngettext(
        "9 of 10 are heard of again within %(days)s day (%(scope)s, %(scans)s scans)",
        "9 of 10 are heard of again within %(days)s days (%(scope)s, %(scans)s scans)",
        usual.days,
    ) % {"days": usual.days, "scope": SCOPES[usual.scope], "scans": usual.scans}
    return f"{said}: {figures}"
