"""What time adds to a state: late, likely late, stalled, expired … Pure; takes `now`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from edd.lateness import is_doubtful
from lib.vocabulary import SUB_STATUSES, TERMINAL, Party, Status
from tracking.fold import ParcelState

#: How long a carrier is normally silent in each status, until lanes are learned.
NORMAL_SILENCE: Final[dict[Status, timedelta]] = {
    Status.PENDING: timedelta(days=4),
    Status.INFO_RECEIVED: timedelta(days=3),
    Status.PICKED_UP: timedelta(days=3),
    Status.IN_TRANSIT: timedelta(days=4),
    Status.CUSTOMS: timedelta(days=6),
    Status.OUT_FOR_DELIVERY: timedelta(hours=36),
    Status.AVAILABLE_FOR_PICKUP: timedelta(days=7),
    Status.ATTEMPT_FAILED: timedelta(days=3),
    Status.EXCEPTION: timedelta(days=3),
    Status.RETURNING: timedelta(days=10),
}
#: After this silence we expect nothing more, say so, and ask every other day only.
EXPIRES_AFTER: Final = timedelta(days=45)

#: From this hour on at the destination an open parcel is looked at again, within an hour.
MORNING: Final = time(6)

#: How soon a flag that is held during an outage is judged again.
HELD_LOOK: Final = timedelta(minutes=15)

_ASKS_SHOPPER: Final = frozenset(
    {Status.CUSTOMS, Status.ATTEMPT_FAILED, Status.EXCEPTION, Status.AVAILABLE_FOR_PICKUP}
)


@dataclass(frozen=True, slots=True)
class Promised:
    """The last day told first, and the last day we expect now; local dates in `zone`.

    `now_first_day` is given where the window is learned: its end alone then says little.
    `risk` is the chance (0–1) that it comes after the last day told first; None: not known.
    """

    first_last_day: date
    now_last_day: date
    zone: str
    now_first_day: date | None = None
    risk: float | None = None

    @property
    def moved_back(self) -> bool:
        """Whether the day told first is given up."""
        return (self.now_first_day or self.now_last_day) > self.first_last_day

    @property
    def per_cent(self) -> float | None:
        """The risk as it is kept: per cent with one decimal."""
        return None if self.risk is None else round(100 * self.risk, 1)


@dataclass(frozen=True, slots=True)
class Flags:
    """Orthogonal to the status. `review_at`: when time alone may change them, None if never.

    `delayed` is certain: the day has passed, the window lies behind it, or the carrier says so.
    `will_be_late` is likely, before that.
    """

    delayed: bool = False
    will_be_late: bool = False
    stalled: bool = False
    action_required: bool = False
    expired: bool = False
    review_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unheard:
    """Its carrier's feed is dead: silence says nothing. What was raised before it stays."""

    was_delayed: bool
    was_stalled: bool


def flags(
    state: ParcelState,
    promised: Promised | None,
    *,
    now: datetime,
    followed_since: datetime,
    normal_silence: timedelta | None = None,
    was_likely_late: bool = False,
    unheard: Unheard | None = None,
) -> Flags:
    """Flags of one parcel at `now`.

    `followed_since` starts the clock of a parcel without scans; `normal_silence` is the
    lane's own where it is known. `was_likely_late`: the flag as it was, so that it does not
    flicker. While the parcel's carrier is `unheard`, time alone raises no flag; it is looked at
    again in a quarter of an hour.
    """
    if state.status in TERMINAL:
        return Flags()
    too_long_at = stalls_at(state, followed_since=followed_since, normal_silence=normal_silence)
    expires_at = (state.last_event_at or followed_since) + EXPIRES_AFTER
    late_at = end_of_day(promised) if promised else None
    is_late = late_at is not None and now >= late_at
    moved_back = promised is not None and promised.moved_back
    on_way_back = state.return_leg
    row = SUB_STATUSES[state.sub_status]
    looks = (late_at, too_long_at, expires_at, _next_morning(promised, followed_since, now))
    moments = [moment for moment in looks if moment and moment > now]
    likely = promised is not None and _is_likely_late(promised, was=was_likely_late)
    by_time, stalled = is_late or moved_back, now >= too_long_at
    if unheard is not None and (by_time or stalled):
        moments.append(now + HELD_LOOK)
        by_time, stalled = by_time and unheard.was_delayed, stalled and unheard.was_stalled
    delayed = not on_way_back and (by_time or _says_delay(state, promised))
    heard_or_was = unheard is None or was_likely_late
    return Flags(
        delayed=delayed,
        will_be_late=likely and heard_or_was and not (delayed or is_late or on_way_back),
        stalled=stalled,
        action_required=row.who is Party.SHOPPER and state.status in _ASKS_SHOPPER,
        expired=now >= expires_at,
        review_at=min(moments) if moments else None,
    )


def stalls_at(
    state: ParcelState, *, followed_since: datetime, normal_silence: timedelta | None
) -> datetime:
    """When its silence is longer than is normal, if nothing is heard until then."""
    silence = normal_silence or NORMAL_SILENCE.get(state.status, timedelta(days=4))
    return (state.last_event_at or followed_since) + silence


def _is_likely_late(promised: Promised, *, was: bool) -> bool:
    return promised.risk is not None and is_doubtful(promised.risk, was=was)


def _next_morning(
    promised: Promised | None, followed_since: datetime, now: datetime
) -> datetime | None:
    """When a parcel with a promise is looked at each day; its own minute spreads a shop's parcels.

    Between scans the days alone change how likely it is late, and which window can be kept.
    """
    if promised is None:
        return None
    here = now.astimezone(ZoneInfo(promised.zone or "UTC"))
    look = MORNING.replace(minute=followed_since.minute, second=followed_since.second)
    day = here.date() if here.time() < look else here.date() + timedelta(days=1)
    return datetime.combine(day, look, tzinfo=here.tzinfo)


def _says_delay(state: ParcelState, promised: Promised | None) -> bool:
    """The carrier's own word of a delay, unless it will still be earlier than we promised."""
    in_time = promised is not None and promised.now_last_day < promised.first_last_day
    return state.sub_status.startswith("delay.") and not in_time


def end_of_day(promised: Promised) -> datetime:
    """The first instant after the promised last day, there."""
    after = promised.first_last_day + timedelta(days=1)
    zone = ZoneInfo(promised.zone or "UTC")
    return datetime(after.year, after.month, after.day, tzinfo=zone)
