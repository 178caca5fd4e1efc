"""Dates and times as sheets write them. Pure.

03/04/2026 is one day or another: whether the day or the month comes first is told by the whole
column (`evidence`), and asked where the column does not tell.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from lib.folding import fold, western_digits
from stores.csv.problems import Misread

_NUMERIC: Final = re.compile(r"(\d{1,2})[/.\-]\s?(\d{1,2})[/.\-]\s?(\d{4}|\d{2})(?:\D|$)")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[/.\-]\s?(\d{1,2})[/.\-]\s?(\d{1,2})(?:\D|$)")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?$")
_WORDED: Final = re.compile(r"(\d{1,2})\D{1,3}?([^\W\d_]{3,})\W+(\d{4}|\d{2})(?:\D|$)")
_WORD_FIRST: Final = re.compile(r"([^\W\d_]{3,})\W+(\d{1,2})(?:st|nd|rd|th)?\W+(\d{4})(?:\D|$)")
_CLOCK: Final = re.compile(
    r"(?:^|[\sT,])(?:(오전|오후)\s*)?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(am|pm|a\.m\.|p\.m\.|ص|م)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_SERIAL: Final = re.compile(r"[345]\d{4}(?:\.\d+)?$")
#: Day 0 of spreadsheets' counting, as they count after their leap day of 1900.
_SERIAL_FROM: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a count of days has no zone
_MONTHS: Final = {
    fold(name): number
    for number, names in enumerate(
        (
            "january jan يناير كانون_الثاني", "february feb فبراير شباط", "march mar مارس آذار",
            "april apr أبريل إبريل نيسان", "may مايو أيار", "june jun يونيو حزيران",
            "july jul يوليو تموز", "august aug أغسطس آب", "september sep sept سبتمبر أيلول",
            "october oct أكتوبر", "november nov نوفمبر", "december dec ديسمبر",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def evidence(text: str) -> str:
    """What one cell says about its column: "day" or "month" comes first, "either", or ""."""
    found = _NUMERIC.match(text)
    if found is None or _YEAR_FIRST.match(text):
        return ""
    first, second = int(found[1]), int(found[2])
    if first > 31 or second > 31 or not first or not second:
        return ""
    if first > 12:
        return "day" if second <= 12 else ""
    return "month" if second > 12 else "either"


def read_time(text: str, *, day_first: bool | None, zone: tzinfo) -> datetime:
    """The moment a cell names, in UTC. A time without an offset is `zone`'s, a day its midnight.

    Raises Misread: "time" for no date at all, "no_such_day", "day_or_month" where `day_first` is
    needed and None.
    """
    plain = western_digits(text).strip()
    if _SERIAL.match(plain):
        local = _SERIAL_FROM + timedelta(days=float(plain))
        return _in_utc(local.replace(microsecond=0), zone)
    year, month, day, rest = _day(plain, day_first)
    hour, minute, second, offset = _clock(rest)
    try:
        local = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone follows
    except ValueError as error:
        raise Misread("no_such_day") from error
    if not 1990 <= year <= 2100:
        raise Misread("no_such_day")
    return local.replace(tzinfo=UTC) - offset if offset is not None else _in_utc(local, zone)


def _in_utc(local: datetime, zone: tzinfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


def _day(plain: str, day_first: bool | None) -> tuple[int, int, int, str]:
    """Year, month, day, and what stands behind them."""
    if found := _YEAR_FIRST.match(plain):
        return int(found[1]), int(found[2]), int(found[3]), plain[found.end(3) :]
    if found := _NUMERIC.match(plain):
        first, second = int(found[1]), int(found[2])
        if evidence(plain) == "either" and first != second and day_first is None:
            raise Misread("day_or_month")
        is_day_first = first > 12 or (second <= 12 and day_first is not False)
        day, month = (first, second) if is_day_first else (second, first)
        return _full_year(found[3]), month, day, plain[found.end(3) :]
    if found := _COMPACT.match(plain):
        clock = f" {found[4]}:{found[5]}:{found[6] or '00'}" if found[4] else ""
        return int(found[1]), int(found[2]), int(found[3]), clock
    if (found := _WORDED.search(plain)) and (month := _MONTHS.get(fold(found[2]), 0)):
        return _full_year(found[3]), month, int(found[1]), plain[found.end(3) :]
    if (found := _WORD_FIRST.search(plain)) and (month := _MONTHS.get(fold(found[1]), 0)):
        return int(found[3]), month, int(found[2]), plain[found.end(3) :]
    raise Misread("time")


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _clock(rest: str) -> tuple[int, int, int, timedelta | None]:
    """Hour, minute, second, and the offset from UTC where one is written."""
    found = _CLOCK.search(rest)
    if found is None:
        return 0, 0, 0, None
    hour, half = int(found[2]), (found[1] or found[5] or "").lower()
    if half:
        is_afternoon = half[0] in {"p", "م"} or half == "오후"
        hour = hour % 12 + (12 if is_afternoon else 0)
    return hour, int(found[3]), int(found[4] or 0), _offset(found[6])


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text[0] not in "+-":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -span if text[0] == "-" else span
