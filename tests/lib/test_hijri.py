from __future__ import annotations

from datetime import date

from lib.hijri import hijri_range

THURSDAY = date(2026, 11, 12)


def test_range_names_its_month_once() -> None:
    assert hijri_range(THURSDAY, date(2026, 11, 14), "en") == "2 – 4 Jumada al-Akhirah 1448 AH"


def test_range_over_two_months_names_both() -> None:
    assert hijri_range(date(2026, 11, 9), THURSDAY, "en") == (
        "29 Jumada al-Ula 1448 AH – 2 Jumada al-Akhirah 1448 AH"
    )


def test_day_in_arabic() -> None:
    assert hijri_range(THURSDAY, THURSDAY, "ar-SA") == "2 جمادى الآخرة 1448 هـ"


def test_latin_names_keep_their_order_among_other_letters() -> None:
    assert hijri_range(THURSDAY, THURSDAY, "ur") == "\u20662 Jumada al-Akhirah 1448 AH\u2069"


def test_day_beyond_the_tables_is_not_named() -> None:
    assert hijri_range(date(2090, 1, 1), date(2090, 1, 2), "en") == ""
