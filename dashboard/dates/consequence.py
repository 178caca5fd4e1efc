"""What the rules come to: the promise of this moment, and what each level would make of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.clock import Clock
from dashboard.dates.main_lane import MainLane
from dashboard.dates.rules_form import LEVELS
from edd.before_order import BeforeOrder
from edd.estimate import Rules

#: Of how many parcels how many come by the last day.
SHARES: Final[dict[int, Promise]] = {
    80: gettext_lazy("8 of 10"),
    90: gettext_lazy("9 of 10"),
    95: gettext_lazy("19 of 20"),
}
_ABOUT: Final[dict[int, Promise]] = {
    80: gettext_lazy("The earliest date, and every fifth parcel comes after it."),
    90: gettext_lazy("A date that nearly always holds."),
    95: gettext_lazy("The latest date, and hardly a parcel comes after it."),
}


def promise_sentence(lane: MainLane, promise: BeforeOrder, rules: Rules, clock: Clock) -> str:
    """ "An order placed now is promised Mon 30 Nov – Wed 2 Dec in Dubai, …"."""
    words = {"window": clock.window(promise.first, promise.last), "place": lane.place(clock)}
    said = {reason.partition(":")[0] for reason in promise.why}
    if "lane_configured" in said:
        return (
            _(
                "An order placed now is promised %(window)s in %(place)s, by your own days for this"
                " lane"
            )
            % words
        )
    if "lane_usual" in said:
        return (
            _(
                "An order placed now is promised %(window)s in %(place)s, by the days usual on"
                " such a lane"
            )
            % words
        )
    return _(
        "An order placed now is promised %(window)s in %(place)s, and %(share)s come in time"
    ) % (words | {"share": SHARES[rules.level]})


def valid_until(promise: BeforeOrder, clock: Clock) -> str:
    """Until when this promise holds, on the shop's clock."""
    return _("It holds for orders until %(when)s.") % {"when": clock.spoken(promise.order_by)}


def level_rows(lane: MainLane, rules: Rules, clock: Clock, *, chosen: str) -> list[dict[str, Any]]:
    """Each level in words, with the date that it would give now."""
    found = [(level, lane.promise(replace(rules, level=level), clock)) for level in LEVELS]
    return [
        {
            "value": level,
            "label": _("%(share)s come by the last day") % {"share": SHARES[level]},
            "about": _ABOUT[level],
            "window": clock.window(promise.first, promise.last),
            "chosen": str(level) == chosen,
        }
        for level, promise in found
    ]


def levels_note(rows: list[dict[str, Any]], lane: MainLane, clock: Clock) -> str:
    """Why all levels give one date, where they do; "" where they differ."""
    if len({row["window"] for row in rows}) > 1:
        return ""
    return _(
        "To %(place)s all three give the same date so far: the level counts as soon as enough"
        " parcels were followed there to know how their days spread."
    ) % {"place": lane.place(clock)}
