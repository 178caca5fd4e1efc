"""How improbable a feed's silence is, and when it will be too improbable. Pure.

The orders expected since the last sign of life (`expected_between`: over local hours, so a
change of clocks counts 23 or 25 hours; bursts within an hour flattened) and the width of what
we know give the probability of hearing nothing, that of a gamma-Poisson count of zero:

    P(0) = (1 + expected / width) ** -width
    1 / width = 1 / orders in the level + 1 / orders in the week + a day's luck

With perfect knowledge that is exp(-expected), and 10^-3 is 6.9 missing orders; the width of a
real feed makes it 8 to 10.

A feed makes one silence an order, so 10^-3 is one needless look in 1,000 orders, if what we
expect is right. See docs/watchdog.md for how often it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from stores.feed.arrivals import Arrivals

THRESHOLD: Final = 1e-3
#: After a look that found nothing, the same silence must grow by this factor to be looked at
#: again; twice at most, so that a webhook that dies in a closed week is found as well.
PATIENCE: Final = 3.0
MOST_VAIN: Final = 2
#: The level counts only within these limits: a sale ends, and a closed shop opens again.
LEVELS: Final = (0.6, 1.2)
#: What the level loses of its excess over 1, by a factor e, while nothing comes.
FADES_HOURS: Final = 6.0
#: Relative variance of a day's luck, and the shape of the bursts within an hour; of the hours of
#: a marketplace the latter is 25 (docs/watchdog.md).
DAYS_LUCK: Final = 0.05
BURSTS: Final = 40.0
#: The level's width counts as no less: after weeks without orders it knows nothing.
NARROWEST: Final = 15.0
#: Further ahead nothing is foretold: by then the feed was learned anew.
HORIZON: Final = timedelta(days=90)

_HOUR: Final = 3600.0


def expected_between(arrivals: Arrivals, since: datetime, until: datetime, zone: ZoneInfo) -> float:
    """Orders expected between two instants, at the present level."""
    return sum(orders for _, _, orders in _walk(arrivals, since, until, zone))


def probability(arrivals: Arrivals, expected: float) -> float:
    """That nothing comes where so many orders are expected (at the present level)."""
    width = _width(arrivals)
    return math.exp(-width * math.log1p(expected / width)) if width else 1.0


def suspicious_at(
    arrivals: Arrivals, since: datetime, zone: ZoneInfo, *, vain: int = 0
) -> datetime | None:
    """When silence since then will be improbable enough to look; None: not foreseeable.

    `since` is the last sign of life, or the last look that explained the silence; `vain`
    how many looks in a row found nothing.
    """
    if not arrivals.dares:
        return None
    width = _width(arrivals)
    needed = width * math.expm1(-math.log(THRESHOLD) / width) * PATIENCE ** min(vain, MOST_VAIN)
    for start, seconds, orders in _walk(arrivals, since, since + HORIZON, zone):
        if orders >= needed:
            part = math.expm1(needed / BURSTS) / math.expm1(orders / BURSTS)
            return start + timedelta(seconds=seconds * part)
        needed -= orders
    return None


def _width(arrivals: Arrivals) -> float:
    if not arrivals.evidence:
        return 0.0
    level = max(arrivals.level_orders, NARROWEST)
    return 1 / (1 / level + 1 / arrivals.evidence + DAYS_LUCK)


def _walk(
    arrivals: Arrivals, since: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, float, float]]:
    """(start, seconds, expected orders) of each local hour or part of one."""
    week = arrivals.week()
    excess = min(max(arrivals.level, LEVELS[0]), LEVELS[1]) - 1
    fading = math.exp(-1 / FADES_HOURS) if excess > 0 else 1.0
    start = since
    while start < until:
        local = start.astimezone(zone)
        into = local.minute * 60 + local.second + local.microsecond / 1e6
        seconds = min(_HOUR - into, (until - start).total_seconds())
        hours = seconds / _HOUR
        due = week[local.weekday() * 24 + local.hour] * hours * (1 + excess)
        yield start, seconds, BURSTS * math.log1p(due / BURSTS)
        excess *= fading**hours
        start += timedelta(seconds=seconds)
