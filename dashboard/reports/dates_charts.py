"""The report's two charts as numbers for SVG: what was asked for beside what came, and weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.clock import Clock
from dashboard.reports.dates_figures import ORDER, Figures, grouped, whole
from dashboard.reports.dates_words import interval, level_words, percent, too_few
from edd.scoring import FEWEST, Kept, share_within
from lib import formats

LEVELS: Final = (80, 90, 95)
#: The charts' own units.
WIDTH: Final = 400
WEEK: Final = 48
HEIGHT: Final = 140
_MARGIN: Final = 8


@dataclass(frozen=True, slots=True)
class Scale:
    """Shares from `low` to 1 on a line of `length`."""

    low: float
    length: float

    def at(self, share: float) -> float:
        inside = (max(share, self.low) - self.low) / (1 - self.low)
        return _MARGIN + inside * (self.length - 2 * _MARGIN)


def _units(value: float) -> str:
    """A measure for SVG: a template would write its point as the reader's language does."""
    return f"{value:.1f}"


def scale_for(kept: Sequence[Kept], length: float) -> Scale:
    """From the tens below the lowest interval, and never from more than 70 %."""
    lows = [one.interval.low for one in kept if one.is_enough]
    low = min([0.7, *lows])
    return Scale(max(0.0, int(low * 10) / 10), length)


def calibration(found: Figures, clock: Clock) -> dict[str, Any]:
    """Rows of the chart: each level with its target and what came, then the peers' dates."""
    by_level = grouped(found.ours(ORDER), lambda one: one.level)
    rows: list[tuple[str, float | None, Kept, bool]] = [
        (_level_label(level), level / 100, by_level.get(level) or _said(found, level),
         level not in by_level)
        for level in LEVELS
    ]  # fmt: skip
    rows += [
        (_("The shop’s own promise"), None, whole(found.shops()), False),
        (_("The carriers’ own dates"), None, whole(found.carriers()), False),
    ]
    rows = [row for row in rows if row[2].n]
    scale = scale_for([kept for _label, _target, kept, _what_if in rows], WIDTH)
    ticks = [n / 10 for n in range(round(scale.low * 10), 11)]
    return {
        "rows": [_row(*row, scale, clock) for row in rows],
        "ticks": [percent(share, clock.language) for share in (ticks[0], ticks[-1])],
        "grid": [_units(scale.at(share)) for share in ticks],
    }


def _said(found: Figures, level: int) -> Kept:
    """What would have come in time at a level that was not asked for, by the distributions."""
    n = sum(found.needed)
    return Kept(n=n, in_time=round(share_within(found.needed, level) * n))


def _level_label(level: int) -> str:
    return _("Asked for %(level)s") % {"level": level_words(level)}


def _row(
    label: str, target: float | None, kept: Kept, is_what_if: bool, scale: Scale, clock: Clock
) -> dict[str, Any]:
    band = kept.interval
    enough = kept.is_enough
    return {
        "label": label,
        "note": _("as the distribution says; not asked for") if is_what_if else "",
        "asked": percent(target, clock.language) if target else "",
        "target": _units(scale.at(target)) if target else "",
        "x": _units(scale.at(kept.share)) if enough else "",
        "low": _units(scale.at(band.low)),
        "width": _units(scale.at(band.high) - scale.at(band.low)),
        "share": percent(kept.share, clock.language) if enough else "",
        "interval": interval(band, clock.language) if enough else "",
        "n": formats.number(kept.n, clock.language),
        "few": "" if enough else too_few(kept.n, clock.language),
    }


def weeks(found: Figures, clock: Clock) -> dict[str, Any] | None:
    """Each week's share with its interval, over the level that was asked for; None of none."""
    shown = [(week, kept) for week, kept in found.weeks if kept.n]
    if not shown:
        return None
    scale = scale_for([kept for _week, kept in shown], HEIGHT)
    target = HEIGHT - scale.at(found.level / 100)
    return {
        "width": len(shown) * WEEK,
        "height": HEIGHT,
        "target": _units(target),
        "points": [
            _week(place, week, kept, scale, clock) for place, (week, kept) in enumerate(shown)
        ],
        "low": percent(scale.low, clock.language),
        "level": percent(found.level / 100, clock.language),
    }


def _week(place: int, week: date, kept: Kept, scale: Scale, clock: Clock) -> dict[str, Any]:
    band = kept.interval
    return {
        "x": place * WEEK + WEEK // 2,
        "y": _units(HEIGHT - scale.at(kept.share)),
        "top": _units(HEIGHT - scale.at(band.high)),
        "bottom": _units(HEIGHT - scale.at(band.low)),
        "is_few": kept.n < FEWEST,
        "label": clock.brief(week, week),
        "share": percent(kept.share, clock.language),
        "interval": interval(band, clock.language),
        "n": formats.number(kept.n, clock.language),
    }
