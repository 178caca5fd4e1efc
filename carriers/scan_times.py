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


def read_as(value: str, *formats: str) -> datetime | None:
    """A time in one of these `strptime` formats (`"%d-%m-%Y %H%M"`), as written; None when in none.

    Only formats of digits: names of months depend on the process's locale (see `read_words`).
    """
    for form in formats:
        try:
            found = datetime.strptime(value.strip(), form)  # noqa: DTZ007 zoned by caller
        except ValueError:
            continue
        return found if found.year in _YEARS else None
    return None


_MONTHS: Final = {
    name: f"{number:02d}"
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def read_words(value: str, *formats: str) -> datetime | None:
    """`read_as` for English names of months ("Nov 9, 2015 3:20 pm"); write `%m` for them."""
    words = re.sub(r"[A-Za-z]{3,9}", lambda m: _MONTHS.get(m[0][:3].lower(), m[0]), value)
    return read_as(words, *formats)


def read_epoch(value: object) -> datetime | None:
    """Seconds or milliseconds since 1970 (a number, or its digits), in UTC; None for others."""
    digits = str(value).strip().removesuffix(".0") if not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{9,14}", digits):
        return None
    number = int(digits)
    found = datetime.fromtimestamp(number / 1000 if number >= 10**11 else number, UTC)
    return found if found.year in _YEARS else None


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
    found: datetime | None, place: Place, offset: tzinfo | None = None, *, home: str = ""
) -> tuple[datetime | None, ZoneSource]:
    """Make a time aware: its own zone, else the carrier's `offset`, else the place's, else `home`.

    `home` is the IANA zone of the carrier's country. It is a guess, and "assumed" says so,
    as does UTC, which is left where there is no home.
    """
    if found is None:
        return None, "assumed"
    if found.tzinfo is not None:
        return _fixed(found), "carrier"
    if offset is not None:
        return found.replace(tzinfo=offset), "carrier"
    name = zone_name(place)
    if name:
        return _fixed(found.replace(tzinfo=ZoneInfo(name))), "facility"
    return _fixed(found.replace(tzinfo=ZoneInfo(home or "UTC"))), "assumed"


def _fixed(found: datetime) -> datetime:
    shift = found.utcoffset()
    return found if shift is None else found.replace(tzinfo=timezone(shift) if shift else UTC)
