"""What the sandbox remembers: registered parcels, how each carrier fails, who called.

Parcels are kept as they were registered; their journeys are built on first sight and come
out the same after a restart. With a path, every change is written to a JSON file at once.
"""

from __future__ import annotations

import json
import os
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from carriers.sandbox.instructions import Given, Instructions
from carriers.sandbox.journeys import Journey, View, build, resumed, visible
from carriers.sandbox.places import spot

FailureMode = Literal["none", "429", "500", "silence", "garbage", "html", "truncated", "reset"]
MODES: Final[tuple[str, ...]] = get_args(FailureMode)
RECENT_CALLS: Final = 100


@dataclass(frozen=True, slots=True)
class Registration:
    """A parcel as it was registered; times are aware. `to_city` and the like are as typed."""

    carrier: str
    number: str
    scenario: str
    from_city: str
    from_country: str
    to_city: str
    to_country: str
    registered_at: datetime
    played_until: int | str | None = None
    live_gap_seconds: float = 20.0

    def journey(self) -> Journey:
        """Its journey. Raises ValueError where `journeys.build` does."""
        return build(
            self.scenario,
            number=self.number,
            registered_at=self.registered_at,
            origin=spot(self.from_city, self.from_country),
            destination=spot(self.to_city, self.to_country),
            played_until=self.played_until,
            live_gap_seconds=self.live_gap_seconds,
        )


@dataclass(slots=True)
class Failure:
    """How one carrier fails now: until a moment, for so many requests, or until told otherwise."""

    mode: FailureMode
    retry_after: float | None = None
    for_requests: int | None = None
    until: datetime | None = None


class Parcels:
    """Registered parcels by (carrier, number)."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Registration] = {}
        self._journeys: dict[tuple[str, str], Journey] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Registration) -> bool:
        """Keep a parcel; False when its carrier has that number already (the first one stays)."""
        key = (row.carrier, row.number)
        if key in self._rows:
            return False
        self._rows[key] = row
        return True

    def all(self) -> list[Registration]:
        return list(self._rows.values())

    def get(self, carrier: str, number: str) -> Registration | None:
        return self._rows.get((carrier, number))

    def journey(self, carrier: str, number: str) -> Journey | None:
        """The dated journey of a registered parcel."""
        key = (carrier, number)
        if key not in self._journeys:
            row = self._rows.get(key)
            if row is None:
                return None
            self._journeys[key] = row.journey()
        return self._journeys[key]

    def resume(self, given: Given) -> None:
        """Send an accepted parcel on its way again; nothing for one that is not here."""
        row, journey = (
            self.get(given.carrier, given.number),
            self.journey(given.carrier, given.number),
        )
        if row is None or journey is None or given.day is None:
            return
        self._journeys[given.carrier, given.number] = resumed(
            journey, at=given.decided_at, day=given.day, gap_seconds=row.live_gap_seconds
        )

    def seen(self, carrier: str, number: str, now: datetime) -> View | None:
        """What the carrier tells about it now; None without a registration or a first scan."""
        journey = self.journey(carrier, number)
        if journey is None:
            return None
        view = visible(journey, now)
        return view if view.steps else None


class Failures:
    """Which carriers fail, and how. A carrier without an entry works."""

    def __init__(self) -> None:
        self._by_carrier: dict[str, Failure] = {}

    def set(self, carrier: str, failure: Failure) -> None:
        if failure.mode == "none":
            self._by_carrier.pop(carrier, None)
        else:
            self._by_carrier[carrier] = failure

    def current(self, carrier: str, now: datetime) -> Failure | None:
        """The failure in force, without using it up."""
        failure = self._by_carrier.get(carrier)
        if failure is not None and failure.until is not None and now >= failure.until:
            del self._by_carrier[carrier]
            return None
        return failure

    def take(self, carrier: str, now: datetime) -> Failure | None:
        """The failure that the next request meets; counts it."""
        failure = self.current(carrier, now)
        if failure is not None and failure.for_requests is not None:
            failure.for_requests -= 1
            if failure.for_requests <= 0:
                del self._by_carrier[carrier]
        return failure

    def all(self, now: datetime) -> dict[str, Failure]:
        found = {carrier: self.current(carrier, now) for carrier in list(self._by_carrier)}
        return {carrier: failure for carrier, failure in found.items() if failure is not None}


class Calls:
    """Who asked what: totals a carrier, and the most recent requests."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.parcels: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.recent: deque[dict[str, Any]] = deque(maxlen=RECENT_CALLS)

    def note(self, carrier: str, row: dict[str, Any]) -> None:
        """`row`: time, method, path, parcels, status (None for no answer), failure."""
        self.requests[carrier] += 1
        self.parcels[carrier] += row["parcels"]
        if row["status"] is None or row["status"] >= 400:
            self.refused[carrier] += 1
        self.recent.append({"carrier": carrier, **row})

    def report(self) -> dict[str, Any]:
        """Plain values; `recent` newest first."""
        carriers = {
            carrier: {
                "requests": count,
                "parcels": self.parcels[carrier],
                "refused": self.refused[carrier],
            }
            for carrier, count in sorted(self.requests.items())
        }
        return {"carriers": carriers, "recent": list(reversed(self.recent))}


class State:
    """Everything remembered, with its file. Raises ValueError for a file that is not ours."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.parcels = Parcels()
        self.failures = Failures()
        self.calls = Calls()
        self.instructions = Instructions()
        if path is not None and path.exists():
            self._load(path)

    def take(self, given: Given) -> None:
        """Keep an instruction; one that was not refused moves its parcel."""
        self.instructions.add(given)
        if not given.refused:
            self.parcels.resume(given)

    def save(self, now: datetime) -> None:
        """Write the file whole and put it in place at once; nothing without a path."""
        if self.path is None:
            return
        kept = {
            "version": 1,
            "parcels": [asdict(row) for row in self.parcels.all()],
            "failures": {name: asdict(row) for name, row in self.failures.all(now).items()},
            "instructions": [asdict(row) for row in self.instructions.all()],
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.write_text(json.dumps(kept, default=_iso, ensure_ascii=False, indent=1))
        os.replace(fresh, self.path)  # noqa: PTH105

    def _load(self, path: Path) -> None:
        try:
            kept = json.loads(path.read_text())
            for row in kept["parcels"]:
                registered_at = datetime.fromisoformat(row.pop("registered_at"))
                self.parcels.add(Registration(registered_at=registered_at, **row))
            for carrier, row in kept["failures"].items():
                until = row.pop("until")
                ends = datetime.fromisoformat(until) if until else None
                self.failures.set(carrier, Failure(until=ends, **row))
            for row in kept.get("instructions", []):
                self.take(_given(row))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path} is not a sandbox's state: {error!r}") from error


def _iso(moment: date) -> str:
    return moment.isoformat()


def _given(row: dict[str, Any]) -> Given:
    day = row.pop("day")
    return Given(
        day=date.fromisoformat(day) if day else None,
        given_at=datetime.fromisoformat(row.pop("given_at")),
        decided_at=datetime.fromisoformat(row.pop("decided_at")),
        **row,
    )
