"""Real journeys to replay: what a carrier would have said at each moment. No Django.

Found through HOMEWARD_SAMPLES, as the tests do; the sandbox's are always there.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from carriers.sandbox import journeys as sandbox
from carriers.sandbox.places import Spot
from carriers.sandbox.scenarios import SCENARIOS
from config.local_servers import ROOT
from lib.vocabulary import RANK, TERMINAL, Status, status_of
from tracking.gaps import Gap, Seen, gaps_of

#: FedEx's scan codes in these journeys, https://developer.fedex.com/api/en-us/guides/api-reference.html
#: (tracking events). AR and AF are the facility that delivers; DE says that it did not work out.
_FEDEX: Final = {
    "OC": "info.label_created",
    "PU": "picked_up.accepted",
    "DP": "transit.departed_facility",
    "IT": "transit.generic",
    "AR": "transit.at_delivery_depot",
    "AF": "transit.at_delivery_depot",
    "OD": "out.on_vehicle",
    "DE": "attempt.generic",
    "SE": "exception.other",
    "AS": "exception.address",
    "DL": "delivered.generic",
}
_BRAZIL: Final = timedelta(hours=-3)


@dataclass(frozen=True, slots=True)
class Journey:
    """One parcel: its scans from the first on, of different instants; the last one ends it.

    `last` is the last day that was promised, where one was known from the beginning.
    """

    name: str
    carrier: str
    lane: str
    scans: tuple[Seen, ...]
    last: date | None = None

    @property
    def gaps(self) -> list[Gap]:
        return gaps_of(self.scans, since=None, until=self.scans[-1].at + timedelta(seconds=1))


def folder() -> Path | None:
    """The samples' folder, or None where there is none."""
    found = Path(os.environ.get("HOMEWARD_SAMPLES", ROOT.parent / "shared" / "data"))
    return found if found.is_dir() else None


def part(name: str, parts: int) -> int:
    """Which of `parts` a parcel belongs to: the same in every run."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) % parts


def fedex(samples: Path) -> list[Journey]:
    """Parcels with every scan, of `journeys/*.csv`; without those that never arrived."""
    scans: Mapping[str, list[Seen]] = defaultdict(list)
    for path in sorted((samples / "journeys").glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                at = datetime.fromisoformat(row["at_ist"])
                sub_status = _FEDEX.get(row["event"], "unknown")
                offset = at.utcoffset() or timedelta()
                scans[f"{path.stem}:{row['shipment']}"].append(
                    Seen(at.astimezone(UTC), sub_status, offset)
                )
    found = (_journey(name, "fedex", "IN>IN", told) for name, told in scans.items())
    return [journey for journey in found if journey is not None]


def olist(samples: Path) -> Iterator[Journey]:
    """Orders of a marketplace, of `olist/orders*.csv.gz`, in the order of purchase.

    The label is made when the order is approved; hand-over and delivery are what a carrier
    would tell.
    """
    for path in sorted((samples / "olist").glob("orders*.csv.gz")):
        with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                moments = ("approved_at", "handed_to_carrier_at", "delivered_at")
                if not all(row[name] for name in moments):
                    continue
                words = ("info.label_created", "picked_up.accepted", "delivered.generic")
                told = [
                    Seen(
                        datetime.fromisoformat(row[name]).replace(tzinfo=UTC) - _BRAZIL,
                        word,
                        _BRAZIL,
                    )
                    for name, word in zip(moments, words, strict=True)
                ]
                if not told[0].at < told[1].at < told[2].at:
                    continue
                last = date.fromisoformat(row["promise_date"][:10]) if row["promise_date"] else None
                journey = _journey(row["purchased_at"], "olist", "BR>BR", told, last)
                if journey is not None:
                    yield journey


def played(parcels: int) -> list[Journey]:
    """The sandbox's journeys that end, a number of parcels of each scenario."""
    ends = [name for name, story in SCENARIOS.items() if story.ends in TERMINAL]
    dubai = Spot("Dubai", "AE", zone="Asia/Dubai")
    ways = (
        (dubai, Spot("Abu Dhabi", "AE", zone="Asia/Dubai")),
        (dubai, Spot("Riyadh", "SA", zone="Asia/Riyadh")),
    )
    found = []
    for scenario in ends:
        for turn in range(parcels):
            origin, destination = ways[turn % len(ways)]
            story = sandbox.build(
                scenario,
                number=f"{scenario}-{turn}",
                registered_at=datetime(2026, 3, 2, 6, tzinfo=UTC) + turn * timedelta(hours=5),
                origin=origin,
                destination=destination,
            )
            told = [
                Seen(step.at.astimezone(UTC), step.sub_status, step.at.utcoffset() or timedelta())
                for step in story.steps
            ]
            lane = f"{origin.country}>{destination.country}"
            journey = _journey(f"sandbox:{story.number}", "sandbox", lane, told)
            if journey is not None:
                found.append(journey)
    return found


def _journey(
    name: str, carrier: str, lane: str, told: list[Seen], last: date | None = None
) -> Journey | None:
    """Scans by instant, the furthest of each, up to the first that ends the journey."""
    ordered = sorted(told, key=lambda scan: (scan.at, RANK[_status(scan)]))
    scans: dict[datetime, Seen] = {}
    for scan in ordered:
        scans[scan.at] = scan
        if _status(scan) in TERMINAL:
            return Journey(name, carrier, lane, tuple(scans.values()), last)
    return None


def _status(scan: Seen) -> Status:
    return status_of(scan.sub_status) or Status.IN_TRANSIT
