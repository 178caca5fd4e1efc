"""Encoding, delimiter, header and rows are found; what is no CSV file says what it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.csv_cells import line, restored
from stores.csv.encodings import find_encoding
from stores.csv.problems import FileProblem
from stores.csv.reading import find_delimiter, records
from stores.csv.survey import survey

ARABIC = "رقم الطلب,اسم العميل,المدينة\n1001,سارة المنصوري,دبي\n1002,محمد العتيبي,الرياض\n"
TEXTS = {
    "cp1256": ARABIC,
    "cp949": "상품주문번호,주문번호,수취인명\n2026,1001,김서연\n2027,1002,박지훈\n",
    "gb18030": "订单号,收件人,城市\n1001,王小明,上海市浦东新区\n1002,李芳,北京市朝阳区\n",
    "cp932": "注文番号,名前,住所\n1001,佐藤さくら,東京都渋谷区\n1002,鈴木ハルト,大阪市北区\n",
    "cp1252": "Order,Name,City\n1001,Zoë Müller,Köln\n1002,José Peña,Málaga\n",
    "utf-16": ARABIC,
    "utf-16-le": "Order,Name\n1001,Sara\n1002,Omar\n",
    "utf-16-be": "Order,Name\n1001,Sara\n1002,Omar\n",
    "utf-8-sig": ARABIC,
}


@pytest.mark.parametrize("codec", TEXTS)
def test_encoding_is_found(codec: str) -> None:
    body = TEXTS[codec].encode(codec)
    assert find_encoding(lambda: [body[:7], body[7:]]) == codec


def test_utf_8_needs_no_mark() -> None:
    assert find_encoding(lambda: [ARABIC.encode()]) == "utf-8-sig"


def test_file_that_is_utf_8_only_at_first_is_not() -> None:
    body = b"Order,Name\n" + b"1,Sara\n" * 50_000 + "2,Zoë\n".encode("cp1252")
    assert find_encoding(lambda: [body]) == "cp1252"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"\n\n  \r\n", "empty"),
        (b"PK\x03\x04\x14\x00", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "workbook"),
        (b"%PDF-1.7", "pdf"),
        (b"<!doctype html><table>", "html"),
        (bytes(range(256)) * 20, "not_text"),
        (b"Order,Name\n" + b"\x00" * 5000, "not_text"),
    ],
)
def test_other_files_say_what_they_are(body: bytes, code: str) -> None:
    with pytest.raises(FileProblem) as caught:
        survey(lambda: [body])
    assert caught.value.code == code


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_though_others_stand_in_cells(delimiter: str) -> None:
    rows = [["Order", "Address", "Total"], ["1", '"Street 4, Villa 7; gate|B"', "12,50"],
            ["2", '"He said ""hi"", twice"', "3,00"]]  # fmt: skip
    body = "\n".join(delimiter.join(row) for row in rows).replace("12,50", '"12,50"')
    assert find_delimiter([body.replace("3,00", '"3,00"').encode()], "utf-8") == delimiter


def test_excels_own_word_for_the_delimiter_counts_as_no_row() -> None:
    body = b"sep=;\r\nOrder;Name\r\n1;Sara\r\n"
    found = survey(lambda: [body])
    assert (found.delimiter, found.header_row, found.headers) == (";", 1, ("Order", "Name"))


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    body = b'Order,Note\r\n\r\n1,"two\nlines"\r\n2,x\r\n'
    found = records([body], encoding="utf-8", delimiter=",")
    assert [(row.number, row.is_blank) for row in found] == [
        (1, False), (2, True), (3, False), (4, False),
    ]  # fmt: skip


def test_header_below_a_title_is_found() -> None:
    body = "My orders\n2026-11-01 to 2026-11-30,,\nOrder ID,Customer,City\n1,Sara,Dubai\n"
    found = survey(lambda: [body.encode()])
    assert (found.header_row, found.rows) == (3, 1)


def test_columns_know_samples_and_what_dates_prove() -> None:
    body = 'Order,Date,Total\n1,03/04/2026,"1,5"\n2,25/04/2026,"12,50"\n'
    found = survey(lambda: [body.encode()])
    assert found.columns[1].samples == ["03/04/2026", "25/04/2026"]
    assert dict(found.columns[1].dates) == {"either": 1, "day": 1}
    assert found.decimal_comma


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"Order,Name\n", "no_rows"),
        (b"just one column\nof words\n", "no_columns"),
        (b"x" * 10_000_000, "long_line"),
        (b'Order,Name\n1,"never closed\n' + b"2,x\n" * 60_000, "long_cell"),
        (b",".join(b"c%d" % n for n in range(5000)) + b"\n" + b"," * 4999, "many_columns"),
    ],
)
def test_hostile_file_is_refused_with_a_reason(body: bytes, code: str) -> None:
    with pytest.raises(FileProblem) as caught:
        survey(lambda: [body[n : n + 65_536] for n in range(0, len(body), 65_536)])
    assert caught.value.code == code


def test_nul_within_text_is_taken_out() -> None:
    body = b"Order,Name\n" + b"1,Sara Al Mansoori\n" * 40 + b"2,O\x00mar\n"
    last = list(records([body], encoding="utf-8", delimiter=","))[-1]
    assert last.cells == ["2", "Omar"]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        found = survey(lambda: [body])
    except FileProblem:
        return
    assert found.rows > 0


PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@settings(deadline=None)
@given(
    st.lists(
        st.lists(PRINTABLE, min_size=3, max_size=3),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_what_we_write_we_read(rows: list[list[str]]) -> None:
    body = "".join(line(row) for row in rows).encode()
    read = list(records([body], encoding="utf-8", delimiter=","))
    assert [[restored(cell) for cell in row.cells] for row in read] == rows
