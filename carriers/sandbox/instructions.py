"""What shoppers asked for after a failed attempt: judged when it comes, answered a little later.

As at real carriers, an instruction is first taken and then decided. A key that is known
already is the same instruction, whatever it says the second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from carriers.sandbox.journeys import View

#: A courier's round is planned no farther than this.
DAYS_AHEAD: Final = 6
_TEXTS: Final = ("address", "landmark", "phone", "remarks")


@dataclass(frozen=True, slots=True)
class Given:
    """One instruction. `refused` is why, in words, or ""; until `decided_at` nobody knows."""

    carrier: str
    key: str
    number: str
    given_at: datetime
    decided_at: datetime
    day: date | None = None
    refused: str = ""

    @property
    def reference(self) -> str:
        return f"SBX-{self.key[:8].upper()}"


class Instructions:
    """Given instructions by (carrier, key)."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Given] = {}

    def get(self, carrier: str, key: str) -> Given | None:
        return self._rows.get((carrier, key))

    def add(self, row: Given) -> None:
        self._rows[row.carrier, row.key] = row

    def all(self) -> list[Given]:
        return list(self._rows.values())


def judge(
    asked: Mapping[str, Any], view: View | None, *, carrier: str, key: str, now: datetime,
    gap: timedelta,
) -> Given:  # fmt: skip
    """The instruction with the carrier's decision; a refusal is known at once."""
    number = str(asked.get("trackingNumber", ""))
    wanted = str(asked.get("requestedDate", ""))
    day, problem = _day(wanted, view, now)
    if view is None:
        problem = "No parcel with this number is known here"
    elif view.latest is None or view.latest.kind != "attempt_failed":
        problem = "The parcel is not waiting after a delivery attempt"
    elif not wanted and not any(asked.get(name) for name in _TEXTS):
        problem = "The instruction asks for nothing"
    decided = now if problem else now + gap / 4
    return Given(carrier, key, number, now, decided, day, problem)


def _day(wanted: str, view: View | None, now: datetime) -> tuple[date | None, str]:
    """The asked day at the destination, tomorrow where none is named, and what is wrong with it."""
    zone = view.journey.destination.tzinfo if view is not None else None
    today = now.astimezone(zone).date()
    if not wanted:
        return today + timedelta(days=1), ""
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        return None, "requestedDate is not a date"
    if day < today:
        return day, "The requested date is in the past"
    if day > today + timedelta(days=DAYS_AHEAD):
        return day, f"The requested date is more than {DAYS_AHEAD} days ahead"
    return day, ""
