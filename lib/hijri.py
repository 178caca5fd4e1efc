"""Days by the Hijri calendar of Umm al-Qura, by `hijridate`, in words."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from hijridate import Gregorian, Hijri

from lib.formats import is_rtl, locale_of

_Names = Literal["en", "ar", "bn", "tr"]
#: The languages that `hijridate` writes the months in.
_NAMES: Final[dict[str, _Names]] = {"ar": "ar", "bn": "bn", "tr": "tr"}


def hijri_range(first: date, last: date, language: str) -> str:
    """Both days included: "2 – 4 Jumada al-Akhirah 1448 AH".

    The names are English where we have none of the language. "" beyond the calendar's tables
    (1924 to 2077).
    """
    try:
        start, end = _hijri(first), _hijri(last)
    except OverflowError:
        return ""
    if start == end:
        return _written(end, language)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} – {_written(end, language)}"
    return f"{_written(start, language)} – {_written(end, language)}"


def _hijri(day: date) -> Hijri:
    return Gregorian(day.year, day.month, day.day).to_hijri()


def _written(day: Hijri, language: str) -> str:
    names = _NAMES.get(locale_of(language).language, "en")
    text = f"{day.day} {day.month_name(names)} {day.year} {day.notation(names)}"
    # Latin letters keep their order in a line that runs the other way.
    return f"\u2066{text}\u2069" if names == "en" and is_rtl(language) else text
