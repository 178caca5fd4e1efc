"""Drawings that a table stands behind: numbers in, what a template draws out. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from babel.numbers import format_percent
from django.utils.translation import gettext as _

from dashboard.clock import Clock
from edd.distribution import Distribution
from lib import formats
from lib.folding import western_digits

#: A bar's full length, in the drawing's own units.
_LENGTH: Final = 100
#: Rows at most, and the share that must have come by the last of them.
_MOST_DAYS: Final = 21
_NEARLY_ALL: Final = 0.99
#: Days that are less likely than this before the first likely one are left out.
_UNLIKELY: Final = 0.005


def day_bars(
    chances: Distribution, *, first: date, last: date, marks: dict[date, str], clock: Clock
) -> list[dict[str, Any]]:
    """For `components/day_bars.html`: a row a day until nearly all have come, then the rest.

    Days of the window from `first` to `last` are told apart; `marks` says more about some days.
    """
    days = list(_shown(chances))
    longest = max((chance for _day, chance in days), default=0.0)
    rows, by_then = [], 1.0 - chances.risk_after(days[0][0] - timedelta(days=1))
    for day, chance in days:
        by_then += chance
        rows.append(
            {
                "label": clock.day(day),
                "length": f"{_LENGTH * chance / longest:.1f}" if longest else "0",
                "inside": first <= day <= last,
                "chance": percent(chance, clock),
                "by_then": percent(by_then, clock),
                "note": marks.get(day, ""),
            }
        )
    if (later := chances.risk_after(days[-1][0])) >= _UNLIKELY:
        rows.append(
            {
                "label": _("Later"), "length": "0", "inside": False, "note": "",
                "chance": percent(later, clock), "by_then": "",
            }
        )  # fmt: skip
    return rows


def _shown(chances: Distribution) -> Iterator[tuple[date, float]]:
    """Days with their chances, from the first likely one until nearly all have come."""
    likely = [place for place, mass in enumerate(chances.mass) if mass >= _UNLIKELY]
    start = likely[0] if likely else 0
    for place in range(start, min(start + _MOST_DAYS, len(chances.mass))):
        day = chances.day(place)
        yield day, float(chances.mass[place])
        if 1.0 - chances.risk_after(day) >= _NEARLY_ALL:
            return


def percent(share: float, clock: Clock) -> str:
    """ "12%"; what is neither nothing nor everything never reads so."""
    if 0 < share < 0.01:
        return "<" + percent(0.01, clock)
    rounded = min(share, 0.99) if share < 1 - 1e-9 else 1.0
    return western_digits(format_percent(rounded, locale=formats.locale_of(clock.language)))
