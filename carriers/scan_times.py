"""Turns carriers' times into aware ones, and says who named the zone.

Time is the commonest trap of tracking: naive local times, zones in fields of their own,
offsets in five spellings. Everything comes out with a fixed offset, because datetimes
that share one ZoneInfo compare by their wall clocks, wrongly across a change of hour.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from carriers.updates import Place, ZoneSource
from carriers.zones import zone_name

_OFFSET: Final = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?")

#: Outside these years a "time" is a default value or rubbish, not a scan.
_YEARS: Final = range(1995, 2100)


def read_offset(value: str) -> tzinfo | None:
    """`+03:00`, `+0300`, `+3`, `GMT-06:00`, `Z`, `UTC`; None for anything else."""
    text = value.strip().upper()
    if text in {"Z", "UTC", "GMT"}:
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    hours, minutes = int(match[2]), int(match[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    sign = -1 if match[1] == "-" else 1
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def read_iso(value: str) -> datetime | None:
    """An ISO 8601 date and time, naive or aware as written; None when it is not one."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return found if found.year in _YEARS and "T" in value.upper().replace(" ", "T") else None


def read_digits(date_text: str, time_text: str) -> datetime | None:
    """`20240320` and `190838` or `19:08:38` (a lost leading zero is put back), naive."""
    digits = time_text.replace(":", "").zfill(6)
    if not re.fullmatch(r"[0-9]{8}", date_text) or not re.fullmatch(r"[0-9]{6}", digits):
        return None
    try:
        found = datetime.strptime(date_text + digits, "%Y%m%d%H%M%S")  # noqa: DTZ007 zoned by caller
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def in_zone(found: datetime | None, offset: tzinfo | None) -> datetime | None:
    """An instant shown at the carrier's offset (an unknown offset leaves it as it is)."""
    return found if found is None or offset is None else found.astimezone(offset)


def placed(
    found: datetime | None, place: Place, offset: tzinfo | None = None
) -> tuple[datetime | None, ZoneSource]:
    """Make a time aware: its own zone, else the carrier's `offset`, else the place's, else UTC."""
    if found is None:
        return None, "assumed"
    if found.tzinfo is not None:
        return _fixed(found), "carrier"
    if offset is not None:
        return found.replace(tzinfo=offset), "carrier"
    name = zone_name(place)
    if name:
        return _fixed(found.replace(tzinfo=ZoneInfo(name))), "facility"
    return found.replace(tzinfo=UTC), "assumed"


def _fixed(found: datetime) -> datetime:
    shift = found.utcoffset()
    return found if shift is None else found.replace(tzinfo=timezone(shift) if shift else UTC)
