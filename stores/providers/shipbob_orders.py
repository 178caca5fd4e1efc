"""ShipBob's orders as it tells them: one order, its shipments, and the parcels they became.

https://developer.shipbob.com/api/orders/get-order (API 2026-01). A shipment is complete when it
was picked, packed and labelled (`actual_fulfillment_date`); who carries it and under which number
is known from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from carriers.carrier_names import slug_of
from carriers.shapes import text
from stores.payload import amount, country_of, instant, need_text, part, pieces, rows
from stores.vocabulary import (
    Address,
    FulfilmentUpdate,
    Item,
    OrderUpdate,
    Origin,
    Person,
)

#: Shipments that never leave.
_GONE: Final = frozenset({"Cancelled", "CleanSweeped"})
#: Shipments that wait for somebody: the merchant sees them before the order's own status.
_STUCK: Final = ("Exception", "OnHold")
#: Shipments whose address ShipBob still takes: nobody has begun to label them.
_OPEN: Final = frozenset({"None", "Processing", "OnHold", "Exception", "ImportReview"})


def read_order(values: Mapping[str, Any]) -> OrderUpdate:
    """One order. Raises StoreError."""
    shipments = rows(values, "shipments")
    who = part(values, "recipient")
    where = _address(who)
    updated_at = _last_word(values, shipments)
    status = text(values.get("status"))
    number = text(values.get("order_number")) or text(values.get("reference_id"))
    total = amount(part(values, "financials").get("total_price")) or None
    return OrderUpdate(
        external_id=need_text(values, "id"),
        number=number or need_text(values, "id"),
        placed_at=instant(values.get("purchase_date"), utc=True)
        or instant(values.get("created_date"), utc=True),
        customer=Person(
            name=text(who.get("name")),
            email=text(who.get("email")),
            phone=text(who.get("phone_number")),
        ),
        destination=where,
        items=_items(values, shipments),
        parcels=tuple(_parcels(shipments)),
        # ShipBob says of this sum that it is in dollars.
        currency="USD" if total else "",
        total=total,
        ship_from=_origin(shipments),
        shop_status=_status(status, shipments),
        packed_at=_packed_at(shipments),
        cancelled_at=updated_at if status == "Cancelled" else None,
        tags=_tags(values),
        references=tuple(
            filter(None, (text(values.get("reference_id")), text(values.get("order_number"))))
        ),
        updated_at=updated_at,
    )


def open_shipments(values: Mapping[str, Any]) -> list[str]:
    """The ids of the shipments of an order whose address may still be changed."""
    return [
        need_text(row, "id")
        for row in rows(values, "shipments")
        if text(row.get("status")) in _OPEN and not _number(row)
    ]


def _last_word(
    values: Mapping[str, Any], shipments: Sequence[Mapping[str, Any]]
) -> datetime | None:
    """ShipBob dates shipments, not orders: the latest of all that is dated."""
    said = [instant(values.get("created_date"), utc=True)]
    for row in shipments:
        said += [
            instant(row.get(name), utc=True)
            for name in ("created_date", "last_update_at", "last_tracking_update_at")
        ]
    return max(filter(None, said), default=None)


def _status(status: str, shipments: Sequence[Mapping[str, Any]]) -> str:
    found = {text(row.get("status")) for row in shipments}
    return next((word for word in _STUCK if word in found), status)


def _packed_at(shipments: Sequence[Mapping[str, Any]]) -> datetime | None:
    """When the last shipment was ready; none while one is still being worked on."""
    going = [row for row in shipments if text(row.get("status")) not in _GONE]
    ready = [instant(row.get("actual_fulfillment_date"), utc=True) for row in going]
    return max(filter(None, ready), default=None) if ready and all(ready) else None


def _address(who: Mapping[str, Any]) -> Address | None:
    source = part(who, "address")
    code = country_of(source.get("country"))
    if not code:
        return None
    return Address(
        country=code,
        name=text(who.get("name")) or text(source.get("company_name")),
        line1=text(source.get("address1")),
        line2=text(source.get("address2")),
        city=text(source.get("city")),
        region=text(source.get("state")),
        postcode=text(source.get("zip_code")),
        phone=text(who.get("phone_number")),
    )


def _items(values: Mapping[str, Any], shipments: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    """The order's products; their names stand in the shipments only."""
    names = {
        text(product.get("id")): text(product.get("name"))
        for row in shipments
        for product in rows(row, "products")
    }
    return tuple(
        Item(
            title=names.get(text(row.get("id")), "") or _sku(row),
            quantity=pieces(row.get("quantity")),
            external_id=text(row.get("id")),
            sku=_sku(row),
            price=amount(row.get("unit_price")) or None,
        )
        for row in rows(values, "products")
    )


def _sku(row: Mapping[str, Any]) -> str:
    return text(row.get("sku")) or text(row.get("reference_id"))


def _parcels(shipments: Sequence[Mapping[str, Any]]) -> list[FulfilmentUpdate]:
    parcels = []
    for row in shipments:
        number, tracking = _number(row), part(row, "tracking")
        gone = text(row.get("status")) in _GONE
        if not number and not gone:
            continue
        carrier = text(tracking.get("carrier"))
        parcels.append(
            FulfilmentUpdate(
                tracking_number=number,
                carrier=slug_of(carrier),
                carrier_name=carrier,
                external_id=need_text(row, "id"),
                service=text(tracking.get("carrier_service")) or text(row.get("ship_option")),
                shipped_at=instant(tracking.get("shipping_date"), utc=True)
                or instant(row.get("actual_fulfillment_date"), utc=True),
                contents=_contents(row),
                withdrawn=gone,
                ship_from=_place(row),
            )
        )
    return parcels


def _number(row: Mapping[str, Any]) -> str:
    tracking = part(row, "tracking")
    return text(tracking.get("tracking_number")) or text(tracking.get("pro_number"))


def _contents(row: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """What is inside: by the product's own count, else by its only inventory item's.

    A bundle of several items does not say how many bundles they make.
    """
    found: list[tuple[str, int]] = []
    for product in rows(row, "products"):
        parts = rows(product, "inventory_items")
        count = product.get("quantity")
        if count is None and len(parts) == 1:
            count = parts[0].get("quantity")
        line = text(product.get("id"))
        if line and count is not None and pieces(count):
            found.append((line, pieces(count)))
    return tuple(found)


def _place(row: Mapping[str, Any]) -> Origin | None:
    name = text(part(row, "location").get("name"))
    return Origin(name=name) if name else None


def _origin(shipments: Sequence[Mapping[str, Any]]) -> Origin | None:
    """Where the order leaves from, when all of it leaves from one place."""
    places = {place for place in map(_place, shipments) if place}
    return places.pop() if len(places) == 1 else None


def _tags(values: Mapping[str, Any]) -> tuple[str, ...]:
    named = (text(row.get("name")) for row in rows(values, "tags"))
    return tuple(filter(None, named))
