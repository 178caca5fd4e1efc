"""Dates, ranges, times, money and numbers in a reader's language.

Names and patterns are CLDR's (through Babel); the languages in `_MARKS` are composed as the
design asks ("Thu 12 – Sat 14 Nov"; "بين الخميس 12 والسبت 14 نوفمبر"), others take
CLDR's own interval patterns. Digits are Western everywhere, hours of Arabic and English
are twelve with am/pm or ص/م. Nothing here ends in a full stop, so a sentence may end in any of it.

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
from typing import Final, Literal, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

Style = Literal["short", "long"]
"""Short weekday and month names ("Thu 12 Nov") or full ones; `_IN_FULL` has only full ones."""

_ARABIC_INDIC: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_DAY: Final = timedelta(days=1)
_BEFORE_DAY: Final = re.compile(r"(?:(?<=[\w.])|(?<=\.,)) (?=\d{1,2}\b)")


class _Marks(NamedTuple):
    """What follows the weekday and the day's number, and what precedes a month and a year."""

    name: str = ""
    number: str = ""
    month: str = ""
    year: str = ""


#: Of a language whose days we compose: the marks beside short names and beside full ones.
_MARKS: Final[dict[str, dict[Style, _Marks]]] = {
    **{
        name: {"short": _Marks(), "long": _Marks()}
        for name in ("en", "ar", "fr", "it", "nl", "tr", "hi", "ur", "sv", "el")
    },
    **{
        name: {"short": _Marks(","), "long": _Marks(",")}
        for name in ("pl", "ro", "ru", "uk", "id", "ms", "vi", "mr", "ta", "te")
    },
    **{
        name: {"short": _Marks(number="."), "long": _Marks(number=".")}
        for name in ("cs", "sk", "da", "nb", "fi")
    },
    "de": {"short": _Marks(",", "."), "long": _Marks(",", ".")},
    "es": {"short": _Marks(), "long": _Marks(month="de ", year="de ")},
    "pt": {"short": _Marks(month="de ", year="de "), "long": _Marks(",", "", "de ", "de ")},
    "hu": {"short": _Marks(number=".,"), "long": _Marks(number=".,")},
    "he": {"short": _Marks(",", month="ב"), "long": _Marks(",", month="ב")},
    "bn": {"short": _Marks(), "long": _Marks(",")},
    "th": {"short": _Marks(), "long": _Marks("ที่")},
}
#: How the parts of a composed day follow each other. Between a number and the weekday, a month is
#: named with each day of a range; before both, with the first one.
_WEEKDAY_FIRST: Final = ("name", "number", "month", "year")
_MONTH_SECOND: Final = ("number", "month", "year", "name")
_MONTH_FIRST: Final = ("year", "month", "number", "name")
_ORDERS: Final = {"tr": _MONTH_SECOND, "hu": _MONTH_FIRST}
#: Where a short month is a number or ends in a full stop, which a sentence has of its own.
_MONTHS_IN_FULL: Final = frozenset(
    {"fr", "de", "pt", "ro", "ru", "uk", "cs", "sk", "sv", "da", "nb", "fi", "ta", "th"}
)
#: Where digits stand beside letters of a currency; CLDR asks for a space there, Babel sets none.
_BESIDE_CODE: Final = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
#: One day, with its month and without: CLDR writes "11月12日 週四", "12 週四", "11月15日日曜日".
_DAYS: Final = {
    "zh": {True: "M月d日EEE", False: "d日EEE"},
    "ja": {True: "M月d日(EEE)", False: "d日(EEE)"},
}
_COMMAS: Final = {"ar": "، ", "fa": "، ", "ur": "، ", "zh": "，", "ja": "、"}
#: CLDR writes "PM 3:40", and "3:40 μ.μ." with a full stop.
_CLOCKS: Final = {"ko": "aaaa h:mm", "el": "HH:mm"}
#: Of those, where short names read like a table: "12 Kas Per", "गुरु 12 नव॰", "nov. 12., Cs".
_IN_FULL: Final = frozenset({"ar", "tr", "hi", "ur", "hu"})


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


def weekday(day: date, language: str) -> str:
    """The day's name: "Thursday", "الخميس"."""
    return _names(language, "long").days[day.weekday()]


def weekday_date(
    day: date, language: str, *, style: Style = "short", year: bool = False, month: bool = True
) -> str:
    """One day with its weekday: "Thu 12 Nov", "الخميس 12 نوفمبر".

    `month=False` leaves the month out where the sentence has named it, and where the language can:
    a German "12." would end in a full stop. `year=True` adds the year.
    """
    names = _names(language, style)
    if names.order:
        return names.day(day, year=year, month=month or names.needs_month)
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
    if not names.order:
        return _cldr_range(first, last, names.locale)
    new_year = first.year != last.year
    both = new_year or first.month != last.month or names.order is _MONTH_SECOND
    month = month or names.needs_month
    start = names.day(first, year=new_year, month=both or (month and names.order is _MONTH_FIRST))
    end = names.day(last, year=new_year, month=both or (month and names.order is not _MONTH_FIRST))
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
    between = " " if locale_of(language).language in {"zh", "ja", "ko"} else comma(language)
    return f"{weekday_date(moment.date(), language)}{between}{time_of_day(moment, language)}"


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
    return _BESIDE_CODE.sub("\N{NO-BREAK SPACE}", text.translate(_ARABIC_INDIC))


def listing(names: list[str], language: str, *, either: bool = False) -> str:
    """Names as one phrase, joined as the language does: "a, b and c"; "a, b or c"."""
    return format_list(names, style="or" if either else "standard", locale=locale_of(language))


def comma(language: str) -> str:
    """The comma with what follows it: ", ", "، ", "、"."""
    return _COMMAS.get(locale_of(language).language, ", ")


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
    """A language's names, read once; `order` of the parts where we put them together ourselves,
    else empty; `halves` of the day where the clock has twelve hours of our own."""

    locale: Locale
    days: tuple[str, ...]
    months: tuple[str, ...]
    halves: tuple[str, str] | None
    order: tuple[str, ...]
    marks: _Marks
    join: Callable[[str, str, bool], str]

    @property
    def needs_month(self) -> bool:
        """Whether a day without its month would be wrong at the end of a sentence."""
        return self.order is _MONTH_SECOND or self.marks.number == "."

    def day(self, day: date, *, year: bool, month: bool) -> str:
        """One day, its parts in order; the year only beside a month."""
        stop = "." if self.order is _MONTH_FIRST else ""
        parts = {
            "name": f"{self.days[day.weekday()]}{self.marks.name}",
            "number": f"{day.day}{self.marks.number}",
            "month": f"{self.marks.month}{self.months[day.month]}" if month else "",
            "year": f"{self.marks.year}{day.year}{stop}" if year and month else "",
        }
        return " ".join(parts[one] for one in self.order if parts[one])


@lru_cache(maxsize=256)
def _names(language: str, style: Style) -> _Names:
    locale = locale_of(language)
    spoken = locale.language
    width = "wide" if style == "long" or spoken in _IN_FULL else "abbreviated"
    months = locale.months["format"]["wide" if spoken in _MONTHS_IN_FULL else width]
    return _Names(
        locale=locale,
        days=tuple(locale.days["format"][width][n] for n in range(7)),
        months=("", *(months[n] for n in range(1, 13))),
        halves={"ar": ("ص", "م"), "en": ("am", "pm")}.get(spoken),
        order=_ORDERS.get(spoken, _WEEKDAY_FIRST) if spoken in _MARKS else (),
        marks=_MARKS.get(spoken, _MARKS["en"])[style],
        join=_join_arabic if spoken == "ar" else _join_with_dash,
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
