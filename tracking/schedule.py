"""When to ask a carrier next: by what is likely to happen, and by what just went wrong. Pure."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from lib.vocabulary import TERMINAL, Status

#: How often to ask in each status. Out for delivery is what shoppers watch.
INTERVALS: Final[dict[Status, timedelta]] = {
    Status.PENDING: timedelta(hours=2),
    Status.INFO_RECEIVED: timedelta(hours=2),
    Status.PICKED_UP: timedelta(hours=3),
    Status.IN_TRANSIT: timedelta(hours=3),
    Status.CUSTOMS: timedelta(hours=4),
    Status.OUT_FOR_DELIVERY: timedelta(minutes=20),
    Status.AVAILABLE_FOR_PICKUP: timedelta(hours=4),
    Status.ATTEMPT_FAILED: timedelta(hours=1),
    Status.EXCEPTION: timedelta(hours=3),
    Status.RETURNING: timedelta(hours=12),
    Status.LOST_OR_DESTROYED: timedelta(days=2),
    # Given up, but carriers do find parcels: a look every other day costs next to nothing.
    Status.EXPIRED: timedelta(days=2),
}
#: A new label is unknown to most carriers for a while: ask soon, then less.
NOT_FOUND_STEPS: Final = (
    timedelta(minutes=20),
    timedelta(minutes=40),
    timedelta(hours=1),
    timedelta(hours=2),
)
FIRST_RETRY: Final = timedelta(minutes=2)
LONGEST_RETRY: Final = timedelta(hours=6)
#: Spread, so that parcels imported together are not asked together for ever.
SPREAD: Final = 0.1


def after_answer(
    status: Status, *, now: datetime, factor: float = 1.0, found: bool = True, tries: int = 0
) -> datetime | None:
    """The next time after a readable answer; None once nothing more is expected.

    `tries` counts "not found" in a row; `factor` scales every interval.
    """
    if status in TERMINAL and status is not Status.LOST_OR_DESTROYED:
        return None
    interval = INTERVALS.get(status, timedelta(hours=4))
    if not found and status is Status.PENDING:
        interval = NOT_FOUND_STEPS[min(tries, len(NOT_FOUND_STEPS) - 1)]
    return now + _spread(interval * factor)


def after_failure(
    *, now: datetime, failures: int, retry_after: float | None, factor: float = 1.0
) -> datetime:
    """The next time after a failed call: what the carrier asked for, else 2, 4, 8 … minutes.

    Never None: a failure never loses a parcel from the schedule.
    """
    wait = min(FIRST_RETRY * 2 ** min(failures, 10), LONGEST_RETRY) * factor
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=min(retry_after, 86_400.0)))
    return now + _spread(wait)


def _spread(interval: timedelta) -> timedelta:
    jitter = random.uniform(0, SPREAD)  # noqa: S311 - not a secret
    return max(interval * (1 + jitter), timedelta(seconds=1))
