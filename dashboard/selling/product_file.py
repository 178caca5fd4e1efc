"""A CSV file of products: which column is what, and each row as a product or as what is wrong.

The columns are known by their names, in English or Arabic; columns of other names are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from lib.csv_cells import restored
from lib.folding import western_digits
from selling.catalogue import Listed
from stores.csv.encodings import find_encoding
from stores.csv.fields import header_key
from stores.csv.problems import FileProblem, Misread, Problem
from stores.csv.reading import Record, find_delimiter, records
from stores.csv.values import amount

MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 20_000
MOST_DAYS: Final = 1_000
_NAMES: Final = {
    "title": ("title", "name", "product", "product name", "item", "الاسم", "اسم المنتج", "المنتج"),
    "sku": ("sku", "variant sku", "code", "رمز المنتج", "الرمز"),
    "external_id": ("id", "product id", "رقم المنتج"),
    "url": ("url", "link", "address", "permalink", "product url", "الرابط", "رابط المنتج"),
    "image_url": ("image", "image url", "image src", "images", "picture", "الصورة", "رابط الصورة"),
    "price": ("price", "variant price", "regular price", "السعر"),
    "currency": ("currency", "العملة"),
    "lasts_days": ("lasts days", "days", "lasts", "يكفي لأيام", "عدد الأيام"),
    "goes_with": ("goes with", "related", "cross sells", "مع", "منتجات ملائمة"),
}
_BY_NAME: Final = {header_key(name): key for key, names in _NAMES.items() for name in names}
_LONGEST: Final = {"title": 300, "sku": 120, "external_id": 100, "url": 500, "image_url": 500}


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: its products, what goes with each (as typed), and what is wrong."""

    listed: list[Listed] = field(default_factory=list)
    goes_with: list[tuple[str, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(content: bytes, *, languages: Sequence[str]) -> Read:
    """The products of a file; `languages` are those whose titles ("title ar") it may have.

    Raises FileProblem, also "no_titles" where no column has names of products.
    """
    encoding = find_encoding(lambda: iter((content,)))
    delimiter = find_delimiter((content,), encoding)
    rows = (
        row
        for row in records((content,), encoding=encoding, delimiter=delimiter)
        if not row.is_blank
    )
    head = next(rows, None)
    if head is None:
        raise FileProblem("empty")
    columns = _columns(head.cells, languages)
    if "title" not in columns.values():
        raise FileProblem("no_titles", row=head.number)
    found = Read()
    for row in rows:
        if row.number > MOST_ROWS:
            raise FileProblem("many_products")
        _take(found, row, head.cells, columns)
    if not found.listed and not found.problems:
        raise FileProblem("no_products", row=head.number)
    return found


def _columns(headers: Iterable[str], languages: Sequence[str]) -> dict[int, str]:
    """What each column is; of two of a kind the first counts."""
    names = _BY_NAME | {f"title {code}": f"title:{code}" for code in languages}
    found: dict[int, str] = {}
    for place, header in enumerate(headers):
        key = names.get(header_key(header), "")
        if key and key not in found.values():
            found[place] = key
    return found


def _take(into: Read, row: Record, headers: Sequence[str], columns: dict[int, str]) -> None:
    values: dict[str, Any] = {}
    wrong: list[Problem] = []
    for place, key in columns.items():
        cell = restored(row.cells[place]).strip() if place < len(row.cells) else ""
        try:
            values[key] = _value(key, cell) if cell else None
        except Misread as error:
            wrong.append(Problem(row.number, error.code, headers[place], cell, error.detail))
    if not values.get("title") and not wrong:
        wrong.append(Problem(row.number, "no_title"))
    if wrong:
        into.problems.extend(wrong)
        return
    titles = {
        key.partition(":")[2]: text
        for key, text in values.items()
        if key.startswith("title:") and text
    }
    into.listed.append(
        Listed(
            title=values["title"],
            titles=titles or None,
            sku=values.get("sku") or "",
            external_id=values.get("external_id") or "",
            url=values.get("url") or "",
            image_url=values.get("image_url") or "",
            currency=values.get("currency") or "",
            price=values.get("price"),
            lasts_days=values.get("lasts_days"),
        )
    )
    into.goes_with.append(values.get("goes_with") or ())


def _value(key: str, cell: str) -> str | int | Decimal | tuple[str, ...]:
    if key in {"url", "image_url"}:
        return _web(cell, secure=key == "image_url")
    if key == "price":
        return amount(cell, decimal_comma=False)
    if key == "currency":
        if len(cell) != 3 or not cell.isalpha() or not cell.isascii():
            raise Misread("currency")
        return cell.upper()
    if key == "lasts_days":
        return days(cell)
    if key == "goes_with":
        return tuple(word for part in cell.replace("،", ",").split(",") if (word := part.strip()))
    return cell[: _LONGEST.get(key, 300)]


def days(text: str) -> int:
    """A number of days. Raises Misread."""
    plain = western_digits(text)
    if not (plain.isascii() and plain.isdigit() and len(plain) < 5 and 0 < int(plain) <= MOST_DAYS):
        raise Misread("days")
    return int(plain)


def _web(cell: str, *, secure: bool) -> str:
    begins = ("https://",) if secure else ("https://", "http://")
    if not cell.startswith(begins) or len(cell) > _LONGEST["url"] or any(map(str.isspace, cell)):
        raise Misread("web_address")
    return cell
