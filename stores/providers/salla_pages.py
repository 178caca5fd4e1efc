"""Salla's lists, page by page: orders whole, what changed, shipments.

https://docs.salla.dev/421124m0 (pages), https://docs.salla.dev/5394146e0 (orders by day of
creation), https://docs.salla.dev/5394147e0 (the light form), https://docs.salla.dev/5565737e0
(items of an order), https://docs.salla.dev/5578809e0 (shipments by day).

No list can be asked by time of change: a sweep reads the orders that are new, the status of those
of the last days, and new shipments of any.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from carriers.shapes import mapping, text
from stores.payload import part
from stores.providers import salla_orders
from stores.shop import Page, Window, page_of
from stores.talk import Answer, Call, Talk
from stores.vocabulary import Ignored, OrderUpdate

#: Each order of a page takes up to three calls more.
_HISTORY_PAGE: Final = "10"
_ROWS: Final = "30"
#: A sweep looks at the status of orders so old; older ones are left to webhooks.
_RECENT: Final = timedelta(days=3)
_MOST_PAGES: Final = 100


def page(window: Window, cursor: str) -> Talk[Page]:
    """One page. The cursor is "orders:N" or "shipments:N"."""
    stage, _, number = cursor.partition(":")
    if stage == "shipments":
        return (yield from _shipments(window, number))
    if window.by == "created":
        return (yield from _history(window, number or "1"))
    return (yield from _changes(window, number or "1"))


def _history(window: Window, number: str) -> Talk[Page]:
    answer = yield _orders(window.since, window.until, number, _HISTORY_PAGE)
    whole: list[Mapping[str, Any]] = []
    for row in answer.listing("data"):
        if not _is_within(row.get("date"), window):
            continue
        values = yield from whole_order(text(row.get("id")))
        if values is not None:
            whole.append(values)
    total = part(answer.mapping(), "pagination").get("total")
    return page_of(
        whole,
        salla_orders.read_order,
        next=_next(answer, "orders", number),
        total=total if isinstance(total, int) and total >= 0 else None,
    )


def _changes(window: Window, number: str) -> Talk[Page]:
    """New orders whole, and of known ones the row: their status."""
    answer = yield _orders(window.since - _RECENT, window.until, number, _ROWS)
    whole: list[Mapping[str, Any]] = []
    rows: list[Mapping[str, Any]] = []
    for row in answer.listing("data"):
        if _is_within(row.get("date"), window) or _is_within(row.get("updated_at"), window, False):
            values = yield from whole_order(text(row.get("id")))
            whole += [values] if values is not None else []
        elif not mapping(row.get("updated_at")):
            rows.append(row)

    def light(row: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return salla_orders.light_order(row, said_at=window.until)

    found, known = page_of(whole, salla_orders.read_order), page_of(rows, light)
    following = _next(answer, "orders", number) or "shipments:1"
    return Page(found.orders + known.orders, found.unread + known.unread, following)


def _shipments(window: Window, number: str) -> Talk[Page]:
    answer = yield Call(
        "GET", "/shipments", params=_days(window.since, window.until, number, _ROWS)
    )

    def read(row: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return salla_orders.read_shipment(row, said_at=None)

    return page_of(answer.listing("data"), read, next=_next(answer, "shipments", number))


def whole_order(order_id: str) -> Talk[dict[str, Any] | None]:
    """The order with its items and shipments; None when Salla knows it no more."""
    answer = yield Call("GET", f"/orders/{order_id}", readable=frozenset({404, 410}))
    if answer.status in {404, 410}:
        return None
    values = dict(part(answer.mapping(), "data"))
    asked = (("order_id", order_id),)
    if values.get("items") is None:
        values["items"] = yield from all_rows("/orders/items", asked)
    if values.get("shipments") is None:
        values["shipments"] = yield from all_rows("/shipments", asked)
    return values


def all_rows(path: str, params: tuple[tuple[str, str], ...] = ()) -> Talk[list[dict[str, Any]]]:
    """Every row of a short list."""
    found: list[dict[str, Any]] = []
    for number in range(1, _MOST_PAGES + 1):
        answer = yield Call(
            "GET", path, params=(*params, ("page", str(number)), ("per_page", _ROWS))
        )
        found += answer.listing("data")
        if not _next(answer, "", str(number)):
            break
    return found


def _orders(since: datetime, until: datetime, number: str, size: str) -> Call:
    return Call("GET", "/orders", params=_days(since, until, number, size))


def _days(since: datetime, until: datetime, number: str, size: str) -> tuple[tuple[str, str], ...]:
    """Whole days of Salla's clock around the window; the last one may count or not."""
    first = since.astimezone(salla_orders.RIYADH).date()
    last = until.astimezone(salla_orders.RIYADH).date() + timedelta(days=1)
    return (
        ("from_date", first.isoformat()),
        ("to_date", last.isoformat()),
        ("page", number),
        ("per_page", size),
    )


def _is_within(value: object, window: Window, unknown: bool = True) -> bool:
    at = salla_orders.read_time(value)
    return unknown if at is None else window.since <= at < window.until


def _next(answer: Answer, stage: str, number: str) -> str:
    """The cursor behind this page, by Salla's own count of pages."""
    said = part(answer.mapping(), "pagination")
    last = text(said.get("totalPages"))
    has_more = last.isdecimal() and number.isdecimal() and int(number) < int(last)
    return f"{stage}:{int(number) + 1}" if has_more else ""
