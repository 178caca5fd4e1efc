"""When people are left in peace: quiet hours at their place, budgets, old news. Pure.

Quiet hours bind channels that ring (`Kind.rings`); a letter waits in its mailbox anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from edd.calendars import ramadan

#: The budget counts what was sent within this time.
DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Peace:
    """A merchant's settings, as plain values. Equal hours: no quiet ones.

    `ramadan_from` and `ramadan_to` replace the hours in Ramadan, whose nights are awake, in
    countries that keep it; None where they do not differ.
    """

    quiet_from: time = time(21)
    quiet_to: time = time(8)
    ramadan_from: time | None = None
    ramadan_to: time | None = None
    most_a_day: int = 3
    skip_seen: bool = True
    oldest: timedelta = timedelta(hours=48)

    def hours(self, at: datetime, country: str) -> tuple[time, time]:
        """The quiet hours of this local moment."""
        if (
            self.ramadan_from
            and self.ramadan_to
            and country in FASTING
            and at.date() in ramadan(at.year)
        ):
            return self.ramadan_from, self.ramadan_to
        return self.quiet_from, self.quiet_to


#: Where Ramadan turns day and night around for most people.
FASTING: Final = frozenset(
    {"AE", "BH", "DZ", "EG", "IQ", "JO", "KW", "LB", "LY", "MA", "OM", "PK", "PS", "QA", "SA",
     "SD", "SY", "TN", "YE"}
)  # fmt: skip


def quiet_until(now: datetime, zone: ZoneInfo, peace: Peace, *, country: str = "") -> datetime:
    """The first moment from `now` on that is not quiet in this zone; `now` itself by day."""
    local = now.astimezone(zone)
    first, last = peace.hours(local, country)
    clock = local.time()
    if first == last:
        return now
    by_night = first <= clock or clock < last if first > last else first <= clock < last
    if not by_night:
        return now
    day = local.date() + timedelta(days=1 if first > last and clock >= first else 0)
    return datetime.combine(day, last, tzinfo=zone).astimezone(now.tzinfo)


def is_too_old(happened: datetime, *, learned: datetime, peace: Peace) -> bool:
    """The catch-up rule: whether we learned of it too late to tell it."""
    return peace.oldest > timedelta(0) and learned - happened > peace.oldest
