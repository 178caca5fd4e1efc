"""A window that the last scan alone tells: with the courier, or after a visit in vain. Pure."""

from __future__ import annotations

from datetime import time
from typing import Final

from edd.lanes import Transit
from edd.vocabulary import Estimate, Parcel
from edd.windows.days import DAY, Days, not_past
from lib.vocabulary import Status

#: Couriers ring no bells after this local hour.
_ROUNDS_END: Final = time(22)
_MOVED_VISIT: Final = frozenset(
    {"out.appointment_scheduled", "out.rescheduled", "out.reschedule_needed"}
)
#: Statuses whose next visit follows from the scan: delivery days from it, first and last.
_BY_SCAN: Final = {
    Status.ATTEMPT_FAILED: Transit(1, 2),
    Status.OUT_FOR_DELIVERY: Transit(1, 3),
    Status.EXCEPTION: Transit(1, 5),
}


def with_courier(parcel: Parcel) -> bool:
    """Whether it is on its last round now; then nobody else is heard."""
    return parcel.status is Status.OUT_FOR_DELIVERY and parcel.sub_status not in _MOVED_VISIT


def waits_for_visit(parcel: Parcel) -> bool:
    """Whether another visit follows; then only the carrier is heard beside the scan."""
    return parcel.status in _BY_SCAN


def comes_today(days: Days) -> Estimate:
    """Today while the rounds last; a parcel that did not arrive comes on the next delivery day."""
    same_day = days.last_scan == days.today
    if same_day and days.hour < _ROUNDS_END:
        return days.estimate(days.today, days.today, "scan", (f"out_for_delivery:{days.today}",))
    day = days.calendar.next_working(days.last_scan + DAY)
    first, last, _ = not_past(day, day, days.earliest(), days.calendar)
    return days.estimate(first, last, "scan", (f"out_for_delivery:{days.last_scan}",))


def next_visit(parcel: Parcel, days: Days) -> Estimate:
    """The delivery days after the scan in which another visit is usual."""
    left = _BY_SCAN[parcel.status]
    # Counted from the scan's own day, whether or not that was a delivery day.
    start = days.calendar.next_working(days.last_scan + DAY)
    first = days.calendar.add_working_days(start, left.fastest - 1)
    last = days.cautious.add_working_days(start, left.slowest - 1)
    first, last, _ = not_past(first, last, days.earliest(), days.calendar)
    return days.estimate(first, last, "scan", (f"{parcel.status.value}:{days.last_scan}",))
