"""The rows of one order as what a shop said: an OrderUpdate, or what is wrong with them. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from carriers.carrier_names import slug_of
from lib.csv_cells import restored
from lib.folding import number_key
from stores.csv.fields import FIELDS
from stores.csv.problems import Misread, Problem
from stores.csv.reading import Record
from stores.csv.settings import Settings
from stores.csv.values import is_nothing, read
from stores.vocabulary import Address, FulfilmentUpdate, Item, OrderUpdate, Person

_LONGEST_KEY: Final = 100

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One row read: its values by field, its problems, and what tells it from another."""

    number: int
    values: Values
    problems: tuple[Problem, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """One order of the file: what its rows say, or what keeps it out.

    `digest` is the same for the same said again, in whichever file. `rows` are its rows' numbers.
    What is only assumed (`completed`) is not in `update`: it may overwrite nothing.
    """

    update: OrderUpdate | None
    problems: tuple[Problem, ...]
    rows: tuple[int, ...]
    digest: str = ""


def order_key(cells: Sequence[str], settings: Settings) -> str:
    """What rows of one order have in common; "" where the row names no order."""
    for name in ("external_id", "order_number"):
        column = settings.column_of(name)
        cell = _cell(cells, column, settings) if column is not None else ""
        if not is_nothing(cell):
            return cell.lstrip("'").strip()[:_LONGEST_KEY]
    return ""


def read_row(record: Record, settings: Settings) -> Row:
    """Read every mapped cell of one row; a cell that is empty says nothing."""
    values: Values = {}
    problems: list[Problem] = []
    for column, key in settings.columns.items():
        cell = _cell(record.cells, column, settings)
        if is_nothing(cell):
            continue
        try:
            values[key] = read(FIELDS[key].kind, cell, settings)
        except Misread as misread:
            header = settings.headers[column]
            problems.append(
                Problem(record.number, misread.code, header, cell[:200], misread.detail)
            )
    if any(cell.strip() for cell in record.cells[len(settings.headers) :]):
        problems.append(Problem(record.number, "more_cells"))
    if not values.get("order_number") and not values.get("external_id") and not problems:
        named = settings.column_of("order_number")
        header = settings.headers[named] if named is not None else ""
        problems.append(Problem(record.number, "no_order", header))
    return Row(record.number, values, tuple(problems), tuple(record.cells))


def _cell(cells: Sequence[str], column: int, settings: Settings) -> str:
    cell = cells[column].strip() if column < len(cells) else ""
    return restored(cell) if settings.is_ours else cell


def build(records: Sequence[Record], settings: Settings) -> Built:
    """One order of all its rows, wherever they stood. It goes in as a whole or not at all."""
    numbers = tuple(record.number for record in records)
    # A row that stands there twice says it once.
    rows = [read_row(record, settings) for record in _once(records)]
    problems = tuple(problem for row in rows for problem in row.problems)
    if problems:
        return Built(None, problems, numbers)
    first = _first_said(rows)
    if problem := _no_country(rows[0], first, settings):
        return Built(None, (problem,), numbers)
    said = _update(first, rows)
    assumed = (settings.source, settings.country, settings.currency)
    digest = hashlib.sha256(f"{assumed!r}\n{said!r}".encode()).hexdigest()
    return Built(said, (), numbers, digest)


def _once(records: Sequence[Record]) -> list[Record]:
    return list({tuple(record.cells): record for record in reversed(records)}.values())[::-1]


def _first_said(rows: Sequence[Row]) -> Values:
    """What concerns the order, from the first row that says it."""
    said: Values = {}
    for row in rows:
        for key, value in row.values.items():
            said.setdefault(key, value)
    return said


def _no_country(row: Row, said: Values, settings: Settings) -> Problem | None:
    """An address without a country leads nowhere."""
    if said.get("country") or settings.country:
        return None
    return Problem(row.number, "no_country") if _has_address(said) else None


def _has_address(said: Values) -> bool:
    return any(FIELDS[key].group == "address" for key in said)


def _update(said: Values, rows: Sequence[Row]) -> OrderUpdate:
    number = said.get("order_number") or said["external_id"]
    items, contents = _items(rows)
    promised = sorted(said[key] for key in ("promised_first", "promised_last") if key in said)
    return OrderUpdate(
        external_id=said.get("external_id") or number,
        number=number,
        placed_at=said.get("placed_at"),
        customer=Person(
            name=_customer(said),
            email=said.get("customer_email", ""),
            phone=said.get("customer_phone", ""),
            language=said.get("language", ""),
        ),
        destination=_address(said),
        items=items,
        parcels=_parcels(rows, contents),
        currency=said.get("currency", ""),
        total=said.get("total"),
        cod_amount=said.get("cod_amount"),
        payment_method=said.get("payment_method", ""),
        language=said.get("language", ""),
        shop_status=said.get("store_status", ""),
        promised_first=promised[0] if len(promised) > 1 else None,
        promised_last=promised[-1] if promised else None,
        tags=_tags(rows),
    )


def _customer(said: Values) -> str:
    whole = str(said.get("customer_name", ""))
    parts = [said.get("customer_first_name", ""), said.get("customer_last_name", "")]
    return whole or " ".join(filter(None, parts))


def _address(said: Values) -> Address | None:
    """Where it goes, as far as the rows say; its country may be missing yet."""
    if not _has_address(said):
        return None
    pin = said.get("pin")
    if pin is None and "latitude" in said and "longitude" in said:
        pin = (said["latitude"], said["longitude"])
    names = ("line1", "line2", "landmark", "district", "city", "region", "postcode", "makani",
             "national_address")  # fmt: skip
    return Address(
        country=said.get("country", ""),
        name=said.get("recipient_name", ""),
        phone=said.get("recipient_phone", ""),
        pin=pin,
        **{name: said[name] for name in names if name in said},
    )


def _tags(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for row in rows for tag in row.values.get("tags", ())))


@dataclass(slots=True)
class _Line:
    item: Item
    quantity: int = 0
    packed: dict[str, int] = field(default_factory=dict)


def _items(rows: Sequence[Row]) -> tuple[tuple[Item, ...], Mapping[str, list[tuple[str, int]]]]:
    """The order's lines, and by tracking number what each parcel holds of them.

    Rows of the same line are added up: a line that is split over two parcels has two rows.
    """
    lines: dict[str, _Line] = {}
    for row in rows:
        item = _item(row.values)
        if item is None:
            continue
        line = lines.setdefault(item.external_id, _Line(item))
        line.quantity += item.quantity
        numbers = row.values.get("tracking_number", ())
        if len(numbers) == 1:  # of several parcels in one row nobody knows what is in which
            line.packed[numbers[0]] = line.packed.get(numbers[0], 0) + item.quantity
    contents: dict[str, list[tuple[str, int]]] = {}
    for name, line in lines.items():
        for number, quantity in line.packed.items():
            contents.setdefault(number, []).append((name, quantity))
    return tuple(replace(line.item, quantity=line.quantity) for line in lines.values()), contents


def _item(said: Values) -> Item | None:
    title = " · ".join(filter(None, (said.get("item_title", ""), said.get("item_variant", ""))))
    sku = said.get("item_sku", "")
    if not title and not sku:
        return None
    price: Decimal | None = said.get("item_price")
    return Item(
        title=title or sku,
        quantity=said.get("item_quantity", 1),
        external_id=(said.get("item_id") or sku or title)[:_LONGEST_KEY],
        sku=sku,
        price=price,
    )


#: A file names few carriers, on every row.
_slug: Final = lru_cache(maxsize=1024)(slug_of)


def _parcels(
    rows: Sequence[Row], contents: Mapping[str, list[tuple[str, int]]]
) -> tuple[FulfilmentUpdate, ...]:
    """Every parcel once, by its number, with what the rows say of it together."""
    parcels: dict[str, FulfilmentUpdate] = {}
    for row in rows:
        said = row.values
        for number in said.get("tracking_number", ()):
            known = parcels.get(number_key(number))
            name = said.get("carrier", "") or (known.carrier_name if known else "")
            parcels[number_key(number)] = FulfilmentUpdate(
                tracking_number=known.tracking_number if known else number,
                carrier=_slug(name),
                carrier_name=name,
                service=said.get("service", "") or (known.service if known else ""),
                shipped_at=said.get("shipped_at") or (known.shipped_at if known else None),
                contents=tuple(contents.get(number, ())),
            )
    return tuple(parcels.values())


def completed(update: OrderUpdate, settings: Settings) -> OrderUpdate:
    """A new order with what its rows leave open: country, currency, and when it was placed.

    Without a date it was placed when it was shipped at the latest, else on the day that the
    merchant named.
    """
    where = update.destination
    if where is None and settings.country:
        where = Address(settings.country)
    elif where is not None and not where.country:
        where = replace(where, country=settings.country)
    return replace(
        update,
        destination=where,
        currency=update.currency or settings.currency,
        placed_at=update.placed_at or _placed_at(update, settings),
    )


def _placed_at(update: OrderUpdate, settings: Settings) -> datetime | None:
    shipped = [parcel.shipped_at for parcel in update.parcels if parcel.shipped_at]
    if shipped or not settings.undated:
        return min(shipped, default=None)
    day = datetime.fromisoformat(settings.undated).date()
    noon = datetime.combine(day, time(12), tzinfo=ZoneInfo(settings.zone))
    return noon.astimezone(UTC)
