"""False alarms in quiet times, and how soon a strike is seen: `python -m benchmarks.slowness [n]`.

An invented network of shops of all sizes on busy and on small lanes. Shares of late parcels differ
from lane to lane and scatter from week to week by a fifth, Mondays are worse, and now and then one
shop packs late for a week. Then a lane is struck for ten days. No row and no database takes part:
what judges is `tracking.slowness` itself.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from tracking.slowness import HISTORY, Tally, judge

QUIET_WEEKS: Final = 26
STRIKE_DAYS: Final = 10
FIRST: Final = date(2026, 1, 5)
_DAY: Final = timedelta(days=1)
_CARRIERS: Final = 3
_REGIONS: Final = 6
_SHOPS: Final = 6
_VOLUMES: Final = ("busy", "middling", "small")

Days = dict[date, dict[int, Tally]]


@dataclass(frozen=True, slots=True)
class Found:
    """Nodes judged on quiet days, alarms among them, and the day of each strike on which it was
    seen (1 is the first); None where it was not."""

    judged: int
    alarms: int
    seen_on: list[int | None]


def main(seeds: int) -> None:
    found = [run(seed) for seed in range(seeds)]
    judged, alarms = sum(one.judged for one in found), sum(one.alarms for one in found)
    print(f"{seeds} networks of {_CARRIERS * _REGIONS} lanes, {QUIET_WEEKS} quiet weeks each")
    print(f"judged {judged} times on quiet days: {alarms} false alarms")
    seen = [day for one in found for day in one.seen_on]
    by_volume = [seen[n :: len(_VOLUMES)] for n in range(len(_VOLUMES))]
    for volume, days in zip(_VOLUMES, by_volume, strict=True):
        hits = sorted(day for day in days if day is not None)
        middle = hits[len(hits) // 2] if hits else None
        print(
            f"strike on a {volume} lane: seen in {len(hits)} of {len(days)}, on day {middle}"
            f" (earliest {hits[0] if hits else None}, latest {hits[-1] if hits else None})"
        )


def run(seed: int) -> Found:
    """One network: its quiet half year, and a strike on a busy, a middling and a small lane."""
    random = np.random.default_rng(seed)
    total = HISTORY + QUIET_WEEKS * 7 + STRIKE_DAYS
    lanes = [_lane(random, total, parcels) for parcels in _volumes(random)]
    quiet_ends = FIRST + (total - STRIKE_DAYS - 1) * _DAY
    judged = alarms = 0
    for lane in lanes:
        day = FIRST + HISTORY * _DAY
        while day <= quiet_ends:
            judged += 1
            alarms += judge(lane, last=day) is not None
            day += _DAY
    lanes.sort(key=_parcels, reverse=True)
    struck = (lanes[1], lanes[len(lanes) // 2], lanes[-2])
    return Found(judged, alarms, [_seen(random, lane, quiet_ends) for lane in struck])


def _parcels(lane: Days) -> int:
    return sum(tally.due for shops in lane.values() for tally in shops.values())


def _volumes(random: np.random.Generator) -> list[float]:
    """Parcels a day of each lane: a few large ones and many small ones."""
    return [float(one) for one in np.exp(random.normal(3.0, 0.9, _CARRIERS * _REGIONS))]


def _lane(random: np.random.Generator, total: int, parcels: float) -> Days:
    """A lane's quiet days: parcels promised for each, by shop, and how many were late."""
    weights = random.dirichlet(np.full(_SHOPS, 1.5))
    share = random.uniform(0.05, 0.15)
    days: Days = {}
    for week in range(total // 7 + 1):
        scatter = float(np.exp(random.normal(0, 0.2)))
        troubled = random.integers(_SHOPS) if random.random() < 0.15 else -1
        for n in range(week * 7, min(week * 7 + 7, total)):
            monday = 1.5 if n % 7 == 0 else 1.0
            rate = parcels * (0.4 if n % 7 >= 5 else 1.2)
            days[FIRST + n * _DAY] = {
                shop: _tally(
                    random, rate * float(weights[shop]),
                    0.6 if shop == troubled else min(share * scatter * monday, 0.9),
                )
                for shop in range(_SHOPS)
            }  # fmt: skip
    return days


def _tally(random: np.random.Generator, rate: float, share: float) -> Tally:
    due = int(random.poisson(rate))
    return Tally(due, int(random.binomial(due, share)))


def _seen(random: np.random.Generator, lane: Days, quiet_ends: date) -> int | None:
    """The day of the strike on which it stands out. What is struck comes late in 7 of 10 cases."""
    for n in range(1, STRIKE_DAYS + 1):
        day = quiet_ends + n * _DAY
        lane[day] = {
            shop: Tally(tally.due, max(tally.late, int(random.binomial(tally.due, 0.7))))
            for shop, tally in lane[day].items()
        }
        if judge(lane, last=day) is not None:
            return n
    return None


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
