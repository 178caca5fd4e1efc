"""How often the watchdog of shops' webhooks looks for nothing, and how soon it finds one dead.

Invented shops of five sizes are watched for a year (`feed_shops`), Olist's sellers and Olist
as one shop for as long as their orders were recorded. At random hours the webhook dies in
thought: how many orders would be missing when the silence alone is noticed, and when the
quarter-hourly sweep is there as well. "Expected" is by the shop's week, season and trend.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks.feed_shops import COUNTRIES, YEAR, Hour, Shop
from benchmarks.feed_watching import Watched, watch
from benchmarks.journeys import folder
from benchmarks.measuring import Line, percentile, say
from benchmarks.sizes import Size

SIZES: Final = (1.0, 5.0, 20.0, 100.0, 1000.0)
#: Needless looks in 1,000 orders, and orders missing when a death is found.
MOST_NEEDLESS: Final = 1.0
MOST_MISSING: Final = 10.0
#: Deaths thought of in a year of a shop.
DEATHS: Final = 40 / 8760
#: The largest shops have orders enough with fewer of them.
_LARGE: Final = 500
_SAO_PAULO: Final = ZoneInfo("America/Sao_Paulo")
_FEWEST: Final = 150
_WEEKS: Final = timedelta(weeks=8)


def run(size: Size) -> list[Line]:
    lines: list[Line] = []
    for a_day in SIZES:
        seen = watch_shops(a_day, size.feed_shops)
        lines += _lines(f"{a_day:,.0f} orders a day", seen)
        say(f"{a_day:,.0f} a day: {lines[-2].note}")
    samples = folder()
    if samples is not None and (samples / "olist").is_dir():
        whole, sellers = olist(samples)
        lines += _lines("Olist as one shop", whole, real=True)
        lines += _lines("Olist's sellers", sellers, real=True)
    return lines


def watch_shops(a_day: float, seeds: int) -> Watched:
    """All shops of one size: so many in each country (a third of that of the largest)."""
    seeds = max(seeds // 3, 1) if a_day > _LARGE else seeds
    found = Watched()
    for country in COUNTRIES:
        for seed in range(seeds):
            shop = Shop(a_day, country, seed)
            found.add(watch(shop.year(), shop.zone, judged_from=YEAR, deaths=DEATHS, seed=seed))
    return found


def olist(samples: Path) -> tuple[Watched, Watched]:
    """Real orders' moments: the marketplace as one shop, and each seller of 150 orders or more."""
    by_seller: dict[str, list[datetime]] = defaultdict(list)
    for path in sorted((samples / "olist").glob("*.csv.gz")):
        with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                local = datetime.fromisoformat(row["purchased_at"]).replace(tzinfo=_SAO_PAULO)
                by_seller[row["seller"]].append(local.astimezone(UTC))
    everybody = sorted(at for times in by_seller.values() for at in times)
    sellers = Watched()
    for times in by_seller.values():
        if len(times) >= _FEWEST:
            sellers.add(_replay(sorted(times)))
    return _replay(everybody), sellers


def _replay(times: list[datetime]) -> Watched:
    judged_from = times[0] + _WEEKS
    return watch(_hours(times), _SAO_PAULO, judged_from=judged_from, deaths=2 * DEATHS)


def _hours(times: list[datetime]) -> Iterable[Hour]:
    """Hours of real orders; what was likely is what came."""
    start = times[0].replace(minute=0, second=0, microsecond=0)
    index = 0
    while start <= times[-1]:
        first = index
        while index < len(times) and times[index] < start + timedelta(hours=1):
            index += 1
        count = float(index - first)
        yield Hour(start, count, count, tuple(times[first:index]))
        start += timedelta(hours=1)


def _lines(name: str, seen: Watched, *, real: bool = False) -> list[Line]:
    needless = 1000 * len(seen.needless) / seen.orders
    what = "real orders" if real else "expected orders"
    kinds = [("silence alone", seen.missing), ("with the sweep", seen.swept)]
    if not real:
        kinds.insert(1, ("silence alone, sales and luck counted", seen.lost))
    note = "\n".join(_spread(kind, missing) for kind, missing in kinds)
    middle = percentile(seen.missing, 0.5)
    rest = percentile(seen.swept, 0.95)
    return [
        Line(
            f"watchdog: {name}, needless looks", needless, "in 1,000", None,
            f"≤ {MOST_NEEDLESS:g}", needless <= MOST_NEEDLESS,
            f"{len(seen.needless)} in {seen.orders:,} orders",
        ),
        Line(
            f"watchdog: {name}, missing by silence, median", middle, what, None,
            f"< {MOST_MISSING:g}", middle < MOST_MISSING, note,
        ),
        Line(
            f"watchdog: {name}, missing with the sweep, p95", rest, what, None,
            f"< {MOST_MISSING:g}", rest < MOST_MISSING,
        ),
    ]  # fmt: skip


def _spread(kind: str, missing: list[float]) -> str:
    over = sum(one > MOST_MISSING for one in missing) / len(missing)
    middle, most = (percentile(missing, share) for share in (0.5, 0.95))
    return (
        f"{kind}: median {middle:.1f}, p95 {most:.1f}, max {max(missing):.1f},"
        f" {100 * over:.0f} % over 10 ({len(missing)} deaths)"
    )
