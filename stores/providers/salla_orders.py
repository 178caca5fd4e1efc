"""Salla's orders and shipments in our words, as webhooks and the API give them.

https://docs.salla.dev/433804m0 (order events), https://docs.salla.dev/433807m0 (shipments),
https://docs.salla.dev/5394147e0 (order details; apps made after August 2024 get the light form,
without items and shipments), https://docs.salla.dev/5394150e0 (statuses: Salla's own have a slug,
a shop's custom ones stand under one of them).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from carriers.carrier_names import slug_of
from carriers.scan_times import read_words
from carriers.shapes import mapping, mappings, text
from stores.gulf import country_in, pin_of, with_plus
from stores.payload import amount, instant, joined, need_text, part, pieces, rows
from stores.vocabulary import (
    Address,
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Origin,
    Person,
    Refund,
)

#: Salla's clock, where a time comes without its zone.
RIYADH: Final = ZoneInfo("Asia/Riyadh")
_ZONE: Final = re.compile(r"[A-Za-z]+(?:/[A-Za-z_+-]+){1,2}")
_CANCELLED: Final = frozenset({"canceled", "cancelled"})
#: Money went back, whatever else becomes of the order.
_REFUNDED: Final = frozenset({"restored", "refunded"})
#: Nothing is left to be paid at the door.
_SETTLED: Final = frozenset({"delivered", *_CANCELLED, *_REFUNDED})
#: What stands for "no number yet".
_NO_NUMBER: Final = frozenset({"", "0"})


def read_time(value: object) -> datetime | None:
    """A time of Salla's: {date, timezone}, ISO 8601, its clock's, or JavaScript's long form."""
    if isinstance(value, dict):
        name = text(value.get("timezone"))
        return _in_zone(text(value.get("date")), name if _ZONE.fullmatch(name) else "")
    said = text(value)
    # "Sun Jun 26 2022 12:21:48 GMT+0300"
    words = said.partition(" (")[0].partition(" ")[2]
    long = read_words(words, "%m %d %Y %H:%M:%S GMT%z")
    return long.astimezone(UTC) if long is not None else _in_zone(said, "")


def _in_zone(said: str, name: str) -> datetime | None:
    aware = instant(said)
    if aware is not None:
        return aware
    try:
        naive = datetime.fromisoformat(said)
        zone = ZoneInfo(name) if name else RIYADH
    except (ValueError, OSError, LookupError):  # no time, or no such zone
        return None
    return instant(naive.replace(tzinfo=zone).isoformat())


def read_order(
    values: Mapping[str, Any], *, said_at: datetime | None = None
) -> OrderUpdate | Ignored:
    """An order, whole. `said_at` is when a webhook told of it, where the order has no time of
    its last change. Raises StoreError."""
    if values.get("draft") is True or values.get("is_price_quote") is True:
        return Ignored("It is a draft or a quotation, not an order yet.")
    order_id = need_text(values, "id")
    base, slug = _status(values)
    changed_at = read_time(values.get("updated_at")) or said_at
    shipping = part(values, "shipping")
    destination = _destination(values, shipping)
    origin = _pickup(shipping)
    method = text(values.get("payment_method")).lower()
    total = _money(part(values, "amounts").get("total")) or _money(values.get("total"))
    is_cancelled = bool(_CANCELLED & {base, slug})
    return OrderUpdate(
        external_id=order_id,
        number=text(values.get("reference_id")) or order_id,
        placed_at=read_time(values.get("date")),
        customer=_customer(part(values, "customer")),
        destination=destination,
        items=tuple(_item(row) for row in rows(values, "items")),
        parcels=_parcels(values, shipping),
        currency=_currency(values),
        total=total,
        cod_amount=_to_pay(total, base) if method == "cod" else None,
        payment_method=method,
        ship_from_country=origin.country if origin else "",
        ship_from=origin,
        shop_status=slug,
        cancelled_at=changed_at if is_cancelled else None,
        tags=_tags(values.get("tags")),
        refunds=(_refund(order_id, changed_at),) if _REFUNDED & {base, slug} else (),
        updated_at=changed_at,
    )


def refunded(order: OrderUpdate, at: datetime | None) -> OrderUpdate:
    """The order of an event that says it was refunded, whatever its status says."""
    return replace(order, refunds=(_refund(order.external_id, at),))


def cancelled(order: OrderUpdate, at: datetime | None) -> OrderUpdate:
    """The order of an event that says it was cancelled or deleted, whatever its status says."""
    return replace(order, cancelled_at=order.cancelled_at or at)


def light_order(values: Mapping[str, Any], *, said_at: datetime) -> OrderUpdate | Ignored:
    """A row of the list of orders, for a known order: its status, which no version dates."""
    found = read_order({**values, "items": None}, said_at=said_at)
    if isinstance(found, Ignored):
        return found
    return replace(found, partial=True, updated_at=None)


def _refund(order_id: str, at: datetime | None) -> Refund:
    """Salla names no refund of its own and no amount: the order has one, once."""
    return Refund(external_id=f"order:{order_id}", at=at)


def _status(values: Mapping[str, Any]) -> tuple[str, str]:
    """Salla's own slug, and that of the shop's custom status where it has one."""
    said = values.get("status")
    if not isinstance(said, dict):
        word = text(said).lower()
        return word, word
    base = text(said.get("slug")).lower()
    custom = part(said, "customized")
    return base, text(custom.get("slug")).lower() or base or text(said.get("name"))


def _money(value: object) -> Decimal | None:
    """{amount, currency}, or a bare number."""
    return amount(value.get("amount")) if isinstance(value, dict) else amount(value)


def _currency(values: Mapping[str, Any]) -> str:
    total = mapping(part(values, "amounts").get("total")) or part(values, "total")
    return (text(values.get("currency")) or text(total.get("currency"))).upper()[:3]


def _to_pay(total: Decimal | None, base: str) -> Decimal | None:
    """All of the total, which includes Salla's fee for cash, until it was handed over."""
    return Decimal(0) if base in _SETTLED else total


def _customer(person: Mapping[str, Any]) -> Person:
    return Person(
        name=joined(person.get("first_name"), person.get("last_name")) or text(person.get("name")),
        email=text(person.get("email")),
        phone=_mobile(person),
        language=text(person.get("locale")) or text(person.get("lang")),
    )


def _mobile(person: Mapping[str, Any]) -> str:
    """`mobile` is whole ("+971…"), or national with `mobile_code` before it."""
    number, code = text(person.get("mobile")), text(person.get("mobile_code"))
    if not number or number.startswith(("+", "00")) or not code:
        return with_plus(number)
    return f"+{code.lstrip('+')}{number.lstrip('0')}"


def _destination(values: Mapping[str, Any], shipping: Mapping[str, Any]) -> Address | None:
    """The order's address, or the newest shipment's; nobody's where nothing is shipped."""
    receiver = part(values, "receiver") or part(shipping, "receiver")
    where = part(shipping, "address")
    if not where:
        sent = [row for row in mappings(values.get("shipments")) if part(row, "ship_to")]
        where = part(sent[-1], "ship_to") if sent else {}
    return _address(where, receiver)


def _address(where: Mapping[str, Any], receiver: Mapping[str, Any]) -> Address | None:
    code = country_in(where.get("country_code"), where.get("country"))
    if not code:
        return None
    street = text(where.get("street_number")) or text(where.get("street"))
    whole = text(where.get("address_line")) or text(where.get("shipping_address"))
    building = joined(where.get("building_number"), street)
    return Address(
        country=code,
        name=text(receiver.get("name")) or text(where.get("name")),
        line1=building or whole,
        line2=joined(where.get("additional_number"), where.get("unit_number")),
        city=text(where.get("city")),
        postcode=text(where.get("postal_code")),
        phone=with_plus(receiver.get("phone")) or with_plus(where.get("phone")),
        district=text(where.get("district")) or text(where.get("block")),
        national_address=text(where.get("short_address")).upper(),
        pin=pin_of(part(where, "geo_coordinates"), "lat", "lng"),
    )


def _pickup(shipping: Mapping[str, Any]) -> Origin | None:
    where = part(shipping, "pickup_address")
    if not where:
        return None
    name = text(part(shipping, "shipper").get("company_name"))
    return _origin(where, name or text(part(shipping, "shipper").get("name")))


def _origin(where: Mapping[str, Any], name: str) -> Origin:
    return Origin(
        name=name,
        line1=text(where.get("street_number")) or text(where.get("address_line")),
        city=text(where.get("city")),
        postcode=text(where.get("postal_code")),
        country=country_in(where.get("country_code"), where.get("country")),
    )


def _item(row: Mapping[str, Any]) -> Item:
    product = part(row, "product")
    images = mappings(row.get("images"))
    return Item(
        title=text(row.get("name")) or text(product.get("name")),
        quantity=pieces(row.get("quantity")),
        external_id=text(row.get("id")),
        sku=text(row.get("sku")) or text(product.get("sku")),
        price=_money(part(row, "amounts").get("price_without_tax")),
        image_url=_web(
            row.get("thumbnail"),
            row.get("product_thumbnail"),
            product.get("thumbnail"),
            *(image.get("image") for image in images),
        ),
        url=_web(row.get("url"), product.get("url")),
    )


def _web(*values: object) -> str:
    return next((url for url in map(text, values) if url.startswith("https://")), "")


def _tags(value: object) -> tuple[str, ...]:
    """Names, or objects with a name."""
    listed = value if isinstance(value, list) else []
    names = (text(tag.get("name")) if isinstance(tag, dict) else text(tag) for tag in listed)
    return tuple(filter(None, names))


# --- parcels -------------------------------------------------------------------------


def _parcels(
    values: Mapping[str, Any], shipping: Mapping[str, Any]
) -> tuple[FulfilmentUpdate, ...]:
    """`shipments`, and what orders had before there were several: `shipping.shipment`."""
    found = [parcel_of(row) for row in mappings(values.get("shipments"))]
    parcels = [parcel for parcel in found if parcel is not None]
    one = part(shipping, "shipment")
    number = text(one.get("tracking_number")) or text(one.get("id"))
    if parcels or number in _NO_NUMBER:
        return tuple(parcels)
    company = text(shipping.get("company"))
    return (
        FulfilmentUpdate(tracking_number=number, carrier=slug_of(company), carrier_name=company),
    )


def parcel_of(row: Mapping[str, Any]) -> FulfilmentUpdate | None:
    """A shipment on its way to the buyer; None for a return, and for one without a number."""
    number = text(row.get("tracking_number"))
    if number in _NO_NUMBER:
        number = text(row.get("shipping_number"))
    if number in _NO_NUMBER or text(row.get("type")).lower() == "return":
        return None
    company = text(row.get("courier_name")) or text(part(row, "courier").get("name"))
    sent_from = part(row, "ship_from")
    return FulfilmentUpdate(
        tracking_number=number,
        carrier=slug_of(company),
        carrier_name=company,
        external_id=text(row.get("id")),
        service=joined(*_words(row.get("service_types"))),
        contents=_contents(row),
        withdrawn=shipment_status(row) in _CANCELLED,
        ship_from=_origin(sent_from, text(sent_from.get("name"))) if sent_from else None,
    )


def shipment_status(row: Mapping[str, Any]) -> str:
    """A word, or an object with a slug."""
    said = row.get("status")
    return (text(said.get("slug")) if isinstance(said, dict) else text(said)).lower()


def _words(value: object) -> list[str]:
    return [text(word) for word in value] if isinstance(value, list) else []


def _contents(row: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    lines = [
        (text(line.get("item_id")), pieces(line.get("quantity")))
        for line in mappings(row.get("packages"))
    ]
    return tuple((line, count) for line, count in lines if line and count)


def read_shipment(values: Mapping[str, Any], *, said_at: datetime | None) -> OrderUpdate | Ignored:
    """A shipment on its own: it says of its order what it must, and no more. Raises StoreError."""
    order_id = need_text(values, "order_id")
    parcel = parcel_of(values)
    if parcel is None:
        return Ignored("It is a return, or has no number yet.")
    where = part(values, "ship_to")
    return OrderUpdate(
        external_id=order_id,
        number=text(values.get("order_reference_id")),
        placed_at=read_time(values.get("created_at")) or said_at,
        destination=_address(where, where),
        parcels=(parcel,),
        partial=True,
    )


def withdrawn_shipment(values: Mapping[str, Any]) -> OrderUpdate | Ignored:
    """An order's shipment was cancelled: the event names the order and the number."""
    number = text(values.get("shipping_number"))
    if number in _NO_NUMBER:
        return Ignored("It names no shipment.")
    return OrderUpdate(
        external_id=need_text(values, "id"),
        number=text(values.get("reference_id")),
        parcels=(FulfilmentUpdate(tracking_number=number, withdrawn=True),),
        partial=True,
    )
