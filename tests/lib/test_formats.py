"""Dates, times and money in a reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lib import formats
from lib.languages import SHOPPERS

STYLES: tuple[formats.Style, ...] = ("short", "long")
NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
AGES = (timedelta(minutes=2), timedelta(hours=3), timedelta(days=2), timedelta(days=40))
THURSDAY, FRIDAY, SATURDAY = date(2026, 11, 12), date(2026, 11, 13), date(2026, 11, 14)


@pytest.mark.parametrize(
    ("last", "language", "expected"),
    [
        (SATURDAY, "en", "Thu 12 – Sat 14 Nov"),
        (FRIDAY, "en", "Thu 12 – Fri 13 Nov"),
        (THURSDAY, "en", "Thu 12 Nov"),
        (SATURDAY, "ar", "بين الخميس 12 والسبت 14 نوفمبر"),
        (FRIDAY, "ar", "الخميس 12 أو الجمعة 13 نوفمبر"),
        (THURSDAY, "ar", "الخميس 12 نوفمبر"),
        (SATURDAY, "ar-SA", "بين الخميس 12 والسبت 14 نوفمبر"),
        (SATURDAY, "ar-JO", "بين الخميس 12 والسبت 14 تشرين الثاني"),
        (SATURDAY, "de", "Do., 12. – Sa., 14. November"),
        (THURSDAY, "de", "Do., 12. November"),
        (SATURDAY, "fr", "jeu. 12 – sam. 14 novembre"),
        (SATURDAY, "es", "jue 12 – sáb 14 nov"),
        (THURSDAY, "es", "jue 12 nov"),
        (SATURDAY, "pt", "qui. 12 – sáb. 14 de novembro"),
        (THURSDAY, "pt-PT", "quinta 12 de novembro"),
        (SATURDAY, "it", "gio 12 – sab 14 nov"),
        (SATURDAY, "zh-hant", "11月12日週四至14日週六"),
        (THURSDAY, "zh-hant", "11月12日週四"),
        (THURSDAY, "zh-hans", "11月12日周四"),
        (SATURDAY, "nl", "do 12 – za 14 nov"),
        (SATURDAY, "tr", "12 Kasım Perşembe – 14 Kasım Cumartesi"),
        (THURSDAY, "tr", "12 Kasım Perşembe"),
        (SATURDAY, "hi", "गुरुवार 12 – शनिवार 14 नवंबर"),
        (SATURDAY, "ur", "جمعرات 12 – ہفتہ 14 نومبر"),
        (SATURDAY, "fa", "پنجشنبه 12 نوامبر تا شنبه 14 نوامبر"),
        (SATURDAY, "he", "יום ה׳, 12 – שבת, 14 בנוב׳"),
        (SATURDAY, "pl", "czw., 12 – sob., 14 lis"),
        (SATURDAY, "cs", "čt 12. – so 14. listopadu"),
        (SATURDAY, "sk", "št 12. – so 14. novembra"),
        (SATURDAY, "hu", "november 12., csütörtök – 14., szombat"),
        (SATURDAY, "xx", "Thu 12 – Sat 14 Nov"),
    ],
)
def test_date_range(last: date, language: str, expected: str) -> None:
    assert formats.date_range(THURSDAY, last, language) == expected


def test_range_over_a_month_names_both_and_over_a_year_both_years() -> None:
    over_month = formats.date_range(date(2026, 11, 30), date(2026, 12, 2), "en")
    over_year = formats.date_range(date(2026, 12, 31), date(2027, 1, 2), "ar")
    assert over_month == "Mon 30 Nov – Wed 2 Dec"
    assert over_year == "بين الخميس 31 ديسمبر 2026 والسبت 2 يناير 2027"


def test_long_style_writes_names_out() -> None:
    text = formats.date_range(THURSDAY, SATURDAY, "en", style="long")
    assert text == "Thursday 12 – Saturday 14 November"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "jeudi 12 – samedi 14 novembre"),
        ("de", "Donnerstag, 12. – Samstag, 14. November"),
        ("es", "jueves 12 – sábado 14 de noviembre"),
        ("pt", "quinta-feira, 12 – sábado, 14 de novembro"),
        ("it", "giovedì 12 – sabato 14 novembre"),
        ("pl", "czwartek, 12 – sobota, 14 listopada"),
        ("cs", "čtvrtek 12. – sobota 14. listopadu"),
        ("sk", "štvrtok 12. – sobota 14. novembra"),
        ("hu", "november 12., csütörtök – 14., szombat"),
        ("he", "יום חמישי, 12 – יום שבת, 14 בנובמבר"),
        ("ru", "четверг, 12 – суббота, 14 ноября"),
    ],
)
def test_long_style_joins_names_as_the_language_does(language: str, expected: str) -> None:
    assert formats.date_range(THURSDAY, SATURDAY, language, style="long") == expected


def test_hours_are_twenty_four_outside_english_and_arabic() -> None:
    assert [formats.time_of_day(time(15, 40), each) for each in ("fr", "de", "pt")] == ["15:40"] * 3


def test_french_sets_a_space_before_a_colon() -> None:
    assert [formats.colon(each) for each in ("fr-CA", "de", "en")] == ["\u00a0:", ":", ":"]


def test_day_number_stays_with_a_shortened_weekday() -> None:
    assert formats.unbroken("jeu. 12 nov.") == "jeu.\u00a012 nov."
    assert formats.unbroken("Do., 12. Nov.") == "Do.,\u00a012. Nov."


def test_dutch_long_style_writes_names_out() -> None:
    text = formats.date_range(THURSDAY, SATURDAY, "nl", style="long")
    assert text == "donderdag 12 – zaterdag 14 november"


def test_turkish_names_the_month_of_every_day() -> None:
    assert formats.weekday_date(THURSDAY, "tr", month=False) == "12 Kasım Perşembe"
    assert formats.weekday_date(THURSDAY, "tr", year=True) == "12 Kasım 2026 Perşembe"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("nl", "15:40"), ("tr", "15:40"), ("hi", "3:40 pm"), ("ur", "3:40 PM")],
)
def test_clock_is_the_language_s_own(language: str, expected: str) -> None:
    assert formats.time_of_day(time(15, 40), language) == expected


def test_month_is_named_where_the_number_has_a_full_stop() -> None:
    assert formats.weekday_date(THURSDAY, "de", month=False) == "Do., 12. November"
    assert formats.date_range(THURSDAY, SATURDAY, "cs", month=False) == "čt 12. – so 14. listopadu"


@pytest.mark.parametrize("language", SHOPPERS)
def test_nothing_ends_in_a_full_stop(language: str) -> None:
    """A sentence that ends in a date has a full stop of its own."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 366, 3)]
    told = {
        text
        for day in days
        for style in STYLES
        for text in (
            formats.weekday_date(day, language, style=style),
            formats.weekday_date(day, language, style=style, month=False),
            formats.weekday_date(day, language, style=style, year=True),
            formats.date_range(day, day + timedelta(days=2), language, style=style),
            formats.date_range(day, day + timedelta(days=2), language, month=False),
        )
    }
    told |= {formats.weekday(day, language) for day in days[:7]}
    told |= {formats.time_of_day(time(hour, 40), language) for hour in (9, 15)}
    told |= {formats.ago(NOON - back, NOON, language) for back in AGES}
    assert [text for text in told if text.endswith(".")] == []


def test_weekdays_are_the_language_s_own_whatever_was_read_before() -> None:
    names = [formats.weekday(THURSDAY, each) for each in ("ur", "ar", "fr")]
    assert names == ["جمعرات", "الخميس", "jeudi"]


def test_month_can_be_left_to_the_sentence() -> None:
    assert formats.weekday_date(THURSDAY, "en", month=False) == "Thu 12"
    assert formats.weekday_date(THURSDAY, "zh-hant", month=False) == "12日週四"
    assert formats.date_range(THURSDAY, SATURDAY, "ar", month=False) == "بين الخميس 12 والسبت 14"


@pytest.mark.parametrize(
    ("clock", "english", "arabic"),
    [
        (time(0, 5), "12:05 am", "12:05 ص"),
        (time(12, 0), "12:00 pm", "12:00 م"),
        (time(15, 40), "3:40 pm", "3:40 م"),
    ],
)
def test_time_of_day_has_twelve_hours(clock: time, english: str, arabic: str) -> None:
    assert formats.time_of_day(clock, "en") == english
    assert formats.time_of_day(clock, "ar") == arabic


def test_aware_moment_is_shown_in_its_own_zone() -> None:
    moment = datetime(2026, 11, 12, 11, 40, tzinfo=UTC).astimezone(ZoneInfo("Asia/Dubai"))
    assert formats.day_and_time(moment, "en") == "Thu 12 Nov, 3:40 pm"
    assert formats.day_and_time(moment, "ar") == "الخميس 12 نوفمبر، 3:40 م"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hans", "11月12日周四 15:40"),
        ("zh-hant", "11月12日週四 下午3:40"),
        ("ko", "11월 12일 목요일 오후 3:40"),
        ("ja", "11月12日(木) 15:40"),
    ],
)
def test_east_asian_moment_has_no_comma(language: str, expected: str) -> None:
    assert formats.day_and_time(datetime(2026, 11, 12, 15, 40, tzinfo=UTC), language) == expected


def test_comma_is_the_language_s_own() -> None:
    commas = [formats.comma(one) for one in ("en", "ar", "he", "ja", "zh-hant")]
    assert commas == [", ", "، ", ", ", "、", "，"]


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("149", "AED", "en", "AED\u00a0149.00"),
        ("1499.5", "SAR", "en", "SAR\u00a01,499.50"),
        ("1.5", "KWD", "en", "KWD\u00a01.500"),
        ("149", "AED", "ar", "\u200f149.00\u00a0د.إ.\u200f"),
        ("149", "AED", "ja", "AED\u00a0149.00"),
        ("1149", "AED", "tr", "AED\u00a01.149,00"),
        ("149", "CNY", "zh-hans", "¥149.00"),
        ("149", "AED", "bn", "149.00\u00a0AED"),
        ("149", "BDT", "bn", "149.00৳"),
        ("149", "AED", "ar-EG", "\u200f149.00\u00a0د.إ.\u200f"),
    ],
)
def test_money(amount: str, currency: str, language: str, expected: str) -> None:
    assert formats.money(Decimal(amount), currency, language) == expected


def test_ago_counts_at_least_one_minute() -> None:
    now = datetime(2026, 11, 12, 8, tzinfo=UTC)
    assert formats.ago(now, now, "en") == "1 minute ago"
    assert formats.ago(now - timedelta(minutes=12), now, "ar") == "قبل 12 دقيقة"


def test_direction_follows_the_script() -> None:
    assert [formats.is_rtl(one) for one in ("ar", "ar-SA", "fa", "he", "en", "xx")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_day_number_is_tied_to_its_weekday() -> None:
    text = formats.unbroken("was Tue 10, now Thu 12 – Sat 14 Nov 2026")
    assert text == "was Tue\u00a010, now Thu\u00a012 – Sat\u00a014 Nov 2026"


def test_names_are_listed_as_each_language_does() -> None:
    assert formats.listing(["Aramex", "SMSA", "UPS"], "en") == "Aramex, SMSA, and UPS"
    assert formats.listing(["أرامكس", "سمسا"], "ar") == "أرامكس وسمسا"
