"""Who was told which date, where and when, in words: for the desk and the dashboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, Protocol

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from lib import formats
from notifications.channels.registry import label_of
from tracking.models import Shipment, ShownDate, Verdict

_WHERE: Final[dict[str, Lazy]] = {
    ShownDate.Where.PAGE: gettext_lazy("Customer’s page"),
    ShownDate.Where.CHECKOUT: gettext_lazy("The shop’s checkout"),
    ShownDate.Where.API: pgettext_lazy("where a date was shown", "API"),
    ShownDate.Where.DESK: pgettext_lazy("where a date was shown", "Desk"),
    ShownDate.Where.DASHBOARD: pgettext_lazy("where a date was shown", "Dashboard"),
}
_WHO: Final[dict[str, Lazy]] = {
    ShownDate.Who.BUYER: pgettext_lazy("who saw a date", "Buyer"),
    ShownDate.Who.RECEIVER: pgettext_lazy("who saw a date", "Receiver"),
    ShownDate.Who.FRONT_DESK: pgettext_lazy("who saw a date", "Front desk"),
    ShownDate.Who.ANONYMOUS: pgettext_lazy("who saw a date", "Whoever has the order’s link"),
    ShownDate.Who.AGENT: pgettext_lazy("who saw a date", "Your team"),
    ShownDate.Who.PROGRAM: pgettext_lazy("who saw a date", "Your program"),
}


class Clock(Protocol):
    """How moments are written for the reader: the desk's `Reader`, the dashboard's `Clock`."""

    @property
    def language(self) -> str: ...

    def pair(self, moment: datetime | None) -> dict[str, str]: ...

    def window(self, first: date | None, last: date | None) -> str: ...


def told_rows(
    shown: Iterable[ShownDate], parcels: Sequence[Shipment], clock: Clock
) -> list[dict[str, Any]]:
    """What `desk/_told.html` takes; the parcel is named where there are several."""
    numbers = {one.pk: one.tracking_number for one in parcels} if len(parcels) > 1 else {}
    return [
        {
            "window": clock.window(one.first, one.last),
            "who": str(_WHO[one.who]),
            "where": str(_WHERE.get(one.where) or label_of(one.where)),
            "parcel": numbers.get(one.shipment_id, ""),
            "first": clock.pair(one.first_at),
            "last": clock.pair(one.last_at) if one.times > 1 else None,
            "times": _times(one.times, clock.language),
            "kept": _kept(one),
        }
        for one in shown
    ]


def _times(times: int, language: str) -> str:
    if times == 1:
        return ""
    words = ngettext("%(n)s time", "%(n)s times", times)
    return words % {"n": formats.number(times, language)}


def _kept(shown: ShownDate) -> dict[str, str] | None:
    """Tone, icon and word; None while nothing is known of it."""
    if shown.verdict == Verdict.LATE:
        days = shown.days_off
        if days is None:
            return {"tone": "act", "icon": "circle-alert", "label": _("Never came")}
        words = ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}
        return {"tone": "act", "icon": "clock", "label": words}
    if shown.verdict == Verdict.EARLY:
        label = pgettext("how a date was kept", "Early")
        return {"tone": "good", "icon": "circle-check", "label": label}
    if shown.verdict == Verdict.INSIDE:
        label = pgettext("how a date was kept", "Kept")
        return {"tone": "good", "icon": "circle-check", "label": label}
    return None
