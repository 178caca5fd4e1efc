"""How long one parcel may be silent before it counts as stalled, and what may be said of that.

The limit is what 19 of 20 parcels of its node wait at most (`tracking.silence`), a day at the
least and three times `tracking.flags.NORMAL_SILENCE` at the most; where nothing was learned, the
fixed figure. Days on which the carrier rests:

- Learned figures hold the ordinary week already, because most nodes see every weekday: a wait
  over a Sunday is among the 19. Public holidays they do not hold; those days do not count.
- A thin node may never have seen a weekend, and the fixed figures are of working days: there no
  rest day counts, as long as the limit is shorter than a week.
- Nobody stalls on a rest day: no one could be asked. The alarm waits for the next working day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from edd.calendars import Calendar, delivery_calendar
from edd.zones import destination_zone
from lib.vocabulary import TERMINAL, Status
from tracking.flags import NORMAL_SILENCE
from tracking.fold import ParcelState
from tracking.gap_history import lane_of
from tracking.gap_tables import GapTables
from tracking.gaps import stage_of
from tracking.models import Order, Shipment
from tracking.silence import FEWEST_TOLD, Scope, Silence, silence_of

SHORTEST_LIMIT: Final = timedelta(hours=24)
#: The limit is at most so many times the fixed figure.
MOST: Final = 3
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
#: So many rest days in a row end the search: such a calendar is configured wrongly.
_LONGEST_REST: Final = 60
#: With the sender still: its country's rest days count.
_NOT_HELD: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED})


def judge_silence(
    shipment: Shipment,
    order: Order,
    state: ParcelState,
    history: GapTables | None,
    *,
    followed_since: datetime,
) -> timedelta | None:
    """The limit from the last scan on, for `tracking.flags.flags`; None where nothing is awaited
    or there is no history at all.

    Sets `shipment.usual_silence`: what may be told of it, `{"hours": float, "n": int, "node":
    str}` (9 of 10 parcels, scans, `tracking.silence.Scope`), else None.
    """
    shipment.usual_silence = None
    stage = stage_of(state.sub_status, state.status)
    if history is None or stage is None or state.status in TERMINAL:
        return None
    usual = silence_of(
        history,
        carrier=shipment.carrier,
        service=shipment.service,
        lane=lane_of(order.ship_from_country, order.country),
        stage=stage,
        merchant=shipment.merchant_id,
    )
    if usual.is_told:
        shipment.usual_silence = _told(usual)
    zone = shipment.edd_zone or destination_zone(order.country, order.region, order.city)
    heard = (state.last_event_at or followed_since).astimezone(ZoneInfo(zone))
    country = order.country
    if state.status in _NOT_HELD:
        country = order.ship_from_country or country
    calendar = delivery_calendar(country, shipment.carrier, shipment.service)
    return stalls_at(heard, usual, state.status, calendar).astimezone(UTC) - heard.astimezone(UTC)


def _told(usual: Silence) -> dict[str, Any]:
    return {"hours": round(usual.q90, 1), "n": round(usual.n), "node": str(usual.node)}


def stalls_at(heard: datetime, usual: Silence, status: Status, calendar: Calendar) -> datetime:
    """The moment after `heard`, which is local, at which silence is no longer usual."""
    limit = _limit(usual, status)
    is_thin = usual.n < FEWEST_TOLD and limit < _WEEK
    counts = calendar.is_working if is_thin else _in_ordinary_week(calendar)
    ends = _after(heard, limit, counts)
    for _ in range(_LONGEST_REST):
        if calendar.is_working(ends.date()):
            break
        ends = datetime.combine(ends.date() + _DAY, heard.timetz())
    return ends


def _limit(usual: Silence, status: Status) -> timedelta:
    fixed = NORMAL_SILENCE.get(status, timedelta(days=4))
    if usual.node is Scope.USUAL:
        return fixed
    learned = max(timedelta(hours=usual.q95), SHORTEST_LIMIT)
    return min(learned, MOST * fixed)


def _in_ordinary_week(calendar: Calendar) -> Callable[[date], bool]:
    """Whether a day is no holiday: it is a working day, or its weekday rests as a rule."""

    def counts(day: date) -> bool:
        return calendar.is_working(day) or not (
            calendar.is_working(day - _WEEK) or calendar.is_working(day + _WEEK)
        )

    return counts


def _after(start: datetime, limit: timedelta, counts: Callable[[date], bool]) -> datetime:
    """`limit` after `start`, where the time of some days does not count."""
    at, left, rests = start, limit, 0
    while True:
        tomorrow = datetime.combine(at.date() + _DAY, at.min.time(), tzinfo=at.tzinfo)
        if counts(at.date()) or rests > _LONGEST_REST:
            rests = 0
            if left <= tomorrow - at:
                return at + left
            left -= tomorrow - at
        else:
            rests += 1
        at = tomorrow
