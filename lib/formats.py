"""Dates, ranges, times, money and numbers in a reader's language.

Names and patterns are CLDR's (through Babel); the languages in `_MARKS` are composed as the
design asks ("Thu 12 – Sat 14 Nov"; "بين الخميس 12 والسبت 14 نوفمبر"), others take
CLDR's own interval patterns. Digits are Western everywhere, hours of Arabic and English
are twelve with am/pm or ص/م.

`language` is a tag such as "en", "ar" or "ar-JO"; an unknown one reads as English. A
country in the tag decides month names: ar-JO, ar-LB and ar-SY use the Levantine ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

Style = Literal["short", "long"]
"""Short weekday and month names ("Thu 12 Nov") or full ones; `_IN_FULL` has only full ones."""

_ARABIC_INDIC: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_DAY: Final = timedelta(days=1)
_BEFORE_DAY: Final = re.compile(r"(?:(?<=[\w.])|(?<=\.,)) (?=\d{1,2}\b)")
#: Of a language whose days we compose: what follows the weekday and the day's number, and what
#: precedes a month and a year that stand beside full names.
_MARKS: Final[dict[str, dict[Style, tuple[str, str, str]]]] = {
    **{
        name: {"short": ("", "", ""), "long": ("", "", "")}
        for name in ("en", "ar", "fr", "it", "nl", "tr", "hi", "ur")
    },
    "de": {"short": (",", ".", ""), "long": (",", ".", "")},
    "es": {"short": ("", "", ""), "long": ("", "", "de ")},
    "pt": {"short": ("", "", ""), "long": (",", "", "de ")},
}
#: Where a sum begins with letters; CLDR asks for a space there, Babel sets none.
_AFTER_CODE: Final = re.compile(r"(?<=[A-Z])(?=\d)")
#: One day, with its month and without: CLDR writes "11月12日 週四", "12 週四", "11月15日日曜日".
_DAYS: Final = {
    "zh": {True: "M月d日EEE", False: "d日EEE"},
    "ja": {True: "M月d日(EEE)", False: "d日(EEE)"},
}
#: CLDR writes "PM 3:40".
_CLOCKS: Final = {"ko": "aaaa h:mm"}
#: Of those, where short names read like a table: "12 Kas Per", "गुरु 12 नव॰".
_IN_FULL: Final = frozenset({"ar", "tr", "hi", "ur"})


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """Babel's locale for a language tag; English where there is none."""
    try:
        return Locale.parse(language.replace("_", "-") or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        base = language.replace("_", "-").partition("-")[0]
        return locale_of(base) if base not in {"", language, "en"} else Locale("en")


def language_name(tag: str, language: str) -> str:
    """What a language is called in another: "Arabic (Saudi Arabia)", "Chinese (Simplified)"."""
    return str(locale_of(tag).get_display_name(locale_of(language)) or tag)


def is_rtl(language: str) -> bool:
    """Whether this language is written from right to left."""
    return locale_of(language).text_direction == "rtl"


def weekday(day: date, language: str, *, style: Style = "long") -> str:
    """The day's name: "Thursday", "الخميس"."""
    return _names(language, style).days[day.weekday()]


def weekday_date(
    day: date, language: str, *, style: Style = "short", year: bool = False, month: bool = True
) -> str:
    """One day with its weekday: "Thu 12 Nov", "الخميس 12 نوفمبر".

    `month=False` leaves the month out where the sentence has named it; `year=True` adds it.
    """
    names = _names(language, style)
    if names.compose:
        after_name, after_number, of = names.marks
        month = month or names.day_last
        parts = [f"{day.day}{after_number}"]
        parts += [f"{of}{names.months[day.month]}"] if month else []
        parts += [f"{of}{day.year}"] if year and month else []
        name = f"{names.days[day.weekday()]}{after_name}"
        return " ".join([*parts, name] if names.day_last else [name, *parts])
    if not year and (patterns := _DAYS.get(names.locale.language)):
        return format_date(day, patterns[month], locale=names.locale)
    skeleton = ("EEEE" if style == "long" else "EEE") + ("dMMM" if month else "d")
    text = format_skeleton(
        ("y" if year and month else "") + skeleton, day, locale=names.locale, fuzzy=True
    )
    return text.translate(_ARABIC_INDIC)


def date_range(
    first: date, last: date, language: str, *, style: Style = "short", month: bool = True
) -> str:
    """A window, both days included; a single day reads as one.

    English "Thu 12 – Sat 14 Nov", Arabic "بين الخميس 12 والسبت 14 نوفمبر", adjacent days in
    Arabic "الخميس 12 أو الجمعة 13 نوفمبر". The year appears only where the two differ.
    """
    if first == last:
        return weekday_date(first, language, style=style, month=month)
    names = _names(language, style)
    if not names.compose:
        return _cldr_range(first, last, names.locale)
    new_year = first.year != last.year
    same_month = not new_year and first.month == last.month
    start = weekday_date(first, language, style=style, month=not same_month, year=new_year)
    end = weekday_date(last, language, style=style, month=month or not same_month, year=new_year)
    return names.join(start, end, last - first == _DAY)


def time_of_day(moment: datetime | time, language: str) -> str:
    """The local hour: "3:40 pm", "3:40 م"; aware datetimes are shown in their own zone."""
    clock = moment.timetz().replace(tzinfo=None) if isinstance(moment, datetime) else moment
    names = _names(language, "long")
    if names.halves:
        half = names.halves[clock.hour >= 12]
        return f"{clock.hour % 12 or 12}:{clock.minute:02d} {half}"
    pattern = _CLOCKS.get(names.locale.language, "short")
    return format_time(clock, pattern, locale=names.locale).translate(_ARABIC_INDIC)


def day_and_time(moment: datetime, language: str) -> str:
    """A scan's moment: "Thu 12 Nov, 3:40 pm"; "الخميس 12 نوفمبر، 3:40 م"; "11月12日周四 15:40"."""
    spoken = locale_of(language).language
    comma = "،" if spoken in {"ar", "fa", "ur"} else ","
    if spoken in {"zh", "ja", "ko"}:
        comma = ""
    day = weekday_date(moment.date(), language)
    return f"{day}{comma} {time_of_day(moment, language)}"


def ago(then: datetime, now: datetime, language: str) -> str:
    """How long ago: "12 minutes ago", "قبل 12 دقيقة"; under a minute counts as one minute."""
    past = max(now - then, timedelta(minutes=1))
    text = format_timedelta(-past, add_direction=True, threshold=0.95, locale=locale_of(language))
    return text.translate(_ARABIC_INDIC)


def money(amount: Decimal, currency: str, language: str) -> str:
    """An amount with its currency and the currency's decimals: "AED 149.00", "149.00 د.إ."."""
    locale = locale_of(language)
    pattern = "¤\N{NO-BREAK SPACE}#,##0.00" if locale.language == "en" else None
    text = format_currency(amount, currency, format=pattern, locale=locale)
    return _AFTER_CODE.sub("\N{NO-BREAK SPACE}", text.translate(_ARABIC_INDIC))


def listing(names: list[str], language: str, *, either: bool = False) -> str:
    """Names as one phrase, joined as the language does: "a, b and c"; "a, b or c"."""
    return format_list(names, style="or" if either else "standard", locale=locale_of(language))


def colon(language: str) -> str:
    """The colon after a label; French sets a space before it."""
    return "\N{NO-BREAK SPACE}:" if locale_of(language).language == "fr" else ":"


def number(value: int | Decimal, language: str) -> str:
    """A number with the language's separators and Western digits."""
    return format_decimal(value, locale=locale_of(language)).translate(_ARABIC_INDIC)


def unbroken(text: str) -> str:
    """The text with every day number tied to the word before it, so that no line ends between."""
    return _BEFORE_DAY.sub("\N{NO-BREAK SPACE}", text)


@dataclass(frozen=True, slots=True)
class _Names:
    """A language's names, read once; `compose` where we put the parts together ourselves, `halves`
    of the day where the clock has twelve hours of our own, `day_last` where the weekday stands
    after the month, which then is always named."""

    locale: Locale
    days: tuple[str, ...]
    months: tuple[str, ...]
    halves: tuple[str, str] | None
    compose: bool
    marks: tuple[str, str, str]
    day_last: bool
    join: Callable[[str, str, bool], str]


@lru_cache(maxsize=256)
def _names(language: str, style: Style) -> _Names:
    locale = locale_of(language)
    arabic = locale.language == "ar"
    width = "wide" if style == "long" or locale.language in _IN_FULL else "abbreviated"
    months = locale.months["format"][width]
    return _Names(
        locale=locale,
        days=tuple(locale.days["format"][width][n] for n in range(7)),
        months=("", *(months[n] for n in range(1, 13))),
        halves={"ar": ("ص", "م"), "en": ("am", "pm")}.get(locale.language),
        compose=locale.language in _MARKS,
        marks=_MARKS.get(locale.language, _MARKS["en"])[style],
        day_last=locale.language == "tr",
        join=_join_arabic if arabic else _join_with_dash,
    )


def _join_with_dash(start: str, end: str, adjacent: bool) -> str:
    return f"{start} – {end}"


def _join_arabic(start: str, end: str, adjacent: bool) -> str:
    # The conjunction و is written onto the next word.
    return f"{start} أو {end}" if adjacent else f"بين {start} و{end}"


@lru_cache(maxsize=2048)
def _cldr_range(first: date, last: date, locale: Locale) -> str:
    skeleton = "yMMMEd" if first.year != last.year else "MMMEd"
    text = format_interval(first, last, skeleton=skeleton, locale=locale)
    # CLDR's thin spaces are missing from many system fonts.
    text = text.replace("\N{THIN SPACE}", " ")
    return text.translate(_ARABIC_INDIC) or format_date(last, locale=locale)
