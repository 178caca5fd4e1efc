"""Implausible scans are kept, set aside and not announced. Pure.

Carriers recycle tracking numbers, and some scanners live in the wrong year.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

#: A scan this much older than the order belongs to an earlier parcel with the same number.
OLDER_THAN_ORDER: Final = timedelta(days=60)
#: Local times without a zone can be ahead of us by at most about a day.
AHEAD: Final = timedelta(hours=36)


def quarantine_reason(at: datetime | None, *, placed_at: datetime, now: datetime) -> str:
    """Why this scan must not count, or "" when it may."""
    if at is None:
        return ""
    if at < placed_at - OLDER_THAN_ORDER:
        return "older than the order: the number was used before"
    if at > now + AHEAD:
        return "in the future"
    return ""
