"""Cells as people write them become values, or say what was expected."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.csv.dates import evidence, read_time
from stores.csv.fields import FIELDS
from stores.csv.problems import Misread
from stores.csv.settings import Settings
from stores.csv.values import amount, read

DUBAI = ZoneInfo("Asia/Dubai")
SETTINGS = Settings("utf-8", ",", 1, ("Order",), day_first=True, zone="Asia/Dubai")


def moment(text: str, *, day_first: bool | None = None) -> str:
    return read_time(text, day_first=day_first, zone=DUBAI).isoformat(timespec="minutes")[:16]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-12", "2026-11-11T20:00"),
        ("2026-11-12T10:30:00Z", "2026-11-12T10:30"),
        ("2026-11-12 10:30:00 +0400", "2026-11-12T06:30"),
        ("2026/11/12 10:30", "2026-11-12T06:30"),
        ("25/11/2026 3:40 pm", "2026-11-25T11:40"),
        ("11-25-26", "2026-11-24T20:00"),
        ("12 Nov 2026", "2026-11-11T20:00"),
        ("Nov 12, 2026 12:05 AM", "2026-11-11T20:05"),
        ("12 نوفمبر 2026", "2026-11-11T20:00"),
        ("١٢ نوفمبر ٢٠٢٦ 3:40 م", "2026-11-12T11:40"),
        ("2026. 11. 12. 오후 3:40", "2026-11-12T11:40"),
        ("20261112", "2026-11-11T20:00"),
        ("46338.5", "2026-11-12T08:00"),
    ],
)
def test_dates_of_many_sheets_are_read(text: str, expected: str) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize("text", ["2026-12-03", "03/12/2026", "3 Dec 2026 11:30 pm", "46359"])
def test_day_is_read_as_it_is_written(text: str) -> None:
    assert read("day", text, SETTINGS) == date(2026, 12, 3)


def test_day_or_month_is_a_question_that_the_column_answers() -> None:
    with pytest.raises(Misread, match="day_or_month"):
        moment("03/04/2026")
    assert moment("03/04/2026", day_first=True)[:10] == "2026-04-02"
    assert moment("03/04/2026", day_first=False)[:10] == "2026-03-03"
    assert moment("04/04/2026")[:10] == "2026-04-03"


@pytest.mark.parametrize(
    ("text", "proof"),
    [("25/11/2026", "day"), ("11/25/2026", "month"), ("03/04/2026", "either"), ("2026-11-12", ""),
     ("33/44/2026", ""), ("hello", "")],
)  # fmt: skip
def test_evidence_of_one_date(text: str, proof: str) -> None:
    assert evidence(text) == proof


@pytest.mark.parametrize(("text", "code"), [("31/02/2026", "no_such_day"), ("soon", "time")])
def test_what_is_no_date_says_so(text: str, code: str) -> None:
    with pytest.raises(Misread, match=code):
        moment(text, day_first=True)


@pytest.mark.parametrize(
    ("text", "comma", "expected"),
    [
        ("149", False, "149"), ("1,299.50", False, "1299.5"), ("1.299,50", False, "1299.5"),
        ("1,29,999.00", False, "129999"), ("12,5", False, "12.5"), ("1,299", False, "1299"),
        ("1,299", True, "1.299"), ("1.299", True, "1299"), ("1.299", False, "1.299"),
        ("AED 149.00", False, "149"), ("149 د.إ.", False, "149"), ("₹1,299", False, "1299"),
        ("١٤٩٫٥", False, "149.5"), ("1.234.567", False, "1234567"),
    ],
)  # fmt: skip
def test_amounts_of_many_countries_are_read(text: str, comma: bool, expected: str) -> None:
    assert amount(text, decimal_comma=comma) == Decimal(expected)


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        ("country", "UAE", "AE"), ("country", "السعودية", "SA"), ("country", "sau", "SA"),
        ("country", "대한민국", "KR"), ("country", "India", "IN"),
        ("language", "Arabic", "ar"), ("language", "العربية", "ar"), ("language", "en_GB", "en-GB"),
        ("language", "Polish", "pl"), ("language", "Português (Brasil)", "pt-br"),
        ("language", "Chinese", "zh"), ("language", "简体中文", "zh-hans"),
        ("quantity", "٣", 3), ("quantity", "2.0", 2), ("currency", "aed", "AED"),
        ("currency", "₹", "INR"), ("number_text", "'OD123", "OD123"),
        ("phone", "٠٥٠ ١٢٣ ٤٥٦٧", "050 123 4567"), ("email", "b***@x.example", ""),
        ("tracking", "1Z12345E0205271688, 290000123456", ("1Z12345E0205271688", "290000123456")),
        ("pin", "25.2048, 55.2708", (25.2048, 55.2708)), ("degrees", "25,2048", 25.2048),
        ("tags", "gift, urgent،vip", ("gift", "urgent", "vip")),
    ],
)  # fmt: skip
def test_cells_become_values(kind: str, cell: str, expected: Any) -> None:
    assert read(kind, cell, SETTINGS) == expected


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("country", "Atlantis", "country"), ("language", "Klingonish words", "language"),
        ("quantity", "two", "quantity"), ("quantity", "1.5", "quantity"),
        ("amount", "free", "amount"),
        ("amount", "-5", "amount"), ("currency", "Dirhams!", "currency"),
        ("email", "sara@", "email"),
        ("phone", "123", "phone"), ("phone", "9.71502E+11", "shortened"),
        ("tracking", "1.23457E+12", "shortened"), ("tracking", "12", "tracking_short"),
        ("tracking", "see email", "tracking_no_digit"), ("pin", "the villa", "pin"),
        ("degrees", "200", "degrees"), ("number_text", "2.91E+11", "shortened"),
    ],
)  # fmt: skip
def test_wrong_cells_say_what_was_expected(kind: str, cell: str, code: str) -> None:
    with pytest.raises(Misread) as caught:
        read(kind, cell, SETTINGS)
    assert caught.value.code == code


@given(st.text(min_size=1), st.sampled_from(sorted({field.kind for field in FIELDS.values()})))
def test_any_cell_is_read_or_refused(cell: str, kind: str) -> None:
    try:
        found = read(kind, cell.strip() or "x", SETTINGS)
    except Misread:
        return
    assert found is not None
    assert not isinstance(found, datetime) or found.tzinfo is UTC
