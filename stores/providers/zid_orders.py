"""Zid's orders in our words, as webhooks and the API give them.

https://docs.zid.sa/webhook-order-schema and https://docs.zid.sa/get-order-by-id (fields),
https://docs.zid.sa/list-of-orders (orders of other marketplaces come with masked buyers).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from carriers.carrier_names import slug_of
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
)

_CASH: Final = "zid_cod"
_CANCELLED: Final = frozenset({"cancelled", "canceled"})
_SETTLED: Final = frozenset({"delivered", *_CANCELLED})
#: What Zid writes where there is nothing.
_NOTHING: Final = frozenset({"na", "n/a"})


def order_in(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The order itself, which answers put under `order`, and some senders under `payload`."""
    return part(values, "order") or part(values, "payload") or values


def read_order(values: Mapping[str, Any]) -> OrderUpdate | Ignored:
    """An order, whole. Raises StoreError."""
    order_id = need_text(values, "id")
    updated_at = instant(values.get("updated_at"), utc=True)
    shipping, method = part(values, "shipping"), part(part(values, "payment"), "method")
    base = status_of(values)
    total = amount(values.get("order_total"))
    is_cash = text(method.get("code")).lower() == _CASH
    is_paid = text(values.get("payment_status")).lower() == "paid"
    origin = _origin(values, shipping)
    parcel = _parcel(values)
    return OrderUpdate(
        external_id=order_id,
        number=text(values.get("invoice_number")) or order_id,
        placed_at=instant(values.get("created_at"), utc=True),
        customer=_person(part(values, "customer"), language=text(values.get("language"))),
        destination=_address(values, part(shipping, "address")),
        items=tuple(_item(row) for row in rows(values, "products")),
        parcels=(parcel,) if parcel else (),
        currency=text(values.get("currency_code")).upper()[:3],
        total=total,
        cod_amount=_to_pay(total, base, is_paid=is_paid) if is_cash else None,
        payment_method=text(method.get("name")) or text(method.get("code")),
        ship_from_country=origin.country if origin else "",
        ship_from=origin,
        language=text(values.get("language")),
        shop_status=text(part(values, "display_status").get("code")).lower() or base,
        cancelled_at=_cancelled_at(values, base, updated_at),
        tags=tuple(filter(None, (text(tag.get("name")) for tag in mappings(values.get("tags"))))),
        is_gift=values.get("is_gift_order") in (True, 1, "1"),
        updated_at=updated_at,
    )


def status_of(values: Mapping[str, Any]) -> str:
    """Zid's own status, under which a shop's custom one stands."""
    return text(part(values, "order_status").get("code")).lower()


def number_in(values: Mapping[str, Any]) -> str:
    """The tracking number of the order's one parcel, if it has one yet."""
    method = part(part(values, "shipping"), "method")
    return text(part(method, "tracking").get("number")) or text(method.get("waybill_tracking_id"))


def _cancelled_at(
    values: Mapping[str, Any], base: str, updated_at: datetime | None
) -> datetime | None:
    if base not in _CANCELLED:
        return None
    return updated_at or instant(values.get("created_at"), utc=True)


def _to_pay(total: Decimal | None, base: str, *, is_paid: bool) -> Decimal | None:
    return Decimal(0) if is_paid or base in _SETTLED else total


def _person(values: Mapping[str, Any], *, language: str = "") -> Person:
    return Person(
        name=_clear(values.get("name")),
        email=_clear(values.get("email")),
        phone=with_plus(_clear(values.get("mobile"))),
        language=language,
    )


def _clear(value: object) -> str:
    """Nothing where it is masked: "J*** D***" is nobody's name, "***00" nobody's phone."""
    said = text(value)
    return "" if "**" in said else said


def _address(values: Mapping[str, Any], where: Mapping[str, Any]) -> Address | None:
    country = part(where, "country")
    code = country_in(country.get("code"), country.get("name"), where.get("country"))
    if not code:
        return None
    differs = values.get("has_different_consignee") in (True, 1, "1")
    receiver = _person(part(values, "consignee" if differs else "customer"))
    meta = mapping(where.get("meta"))
    building = _said(where.get("building_number")) or _said(meta.get("building_number"))
    street = joined(building, _said(where.get("street")))
    return Address(
        country=code,
        name=receiver.name,
        line1=street or _said(where.get("formatted_address")),
        line2=_said(where.get("additional_number")) or _said(meta.get("additional_number")),
        city=_said(part(where, "city").get("name")) or _said(where.get("city")),
        region=_said(where.get("state")),
        postcode=_said(where.get("postal_code")) or _said(meta.get("postcode")),
        phone=receiver.phone,
        district=_said(where.get("district")),
        national_address=_said(where.get("short_address")).upper(),
        pin=pin_of(where, "lat", "lng"),
    )


def _said(value: object) -> str:
    said = text(value)
    return "" if said.lower() in _NOTHING or said.startswith("Masked ") else said


def _origin(values: Mapping[str, Any], shipping: Mapping[str, Any]) -> Origin | None:
    where = part(values, "inventory_address") or part(part(shipping, "method"), "inventory_address")
    if not where:
        return None
    address = part(where, "address") or where
    city = address.get("city")
    country = part(address, "country") or part(mapping(city), "country")
    return Origin(
        name=text(where.get("name")),
        line1=text(address.get("full_address")) or text(address.get("street")),
        city=text(city.get("name")) if isinstance(city, dict) else text(city),
        country=country_in(country.get("code"), country.get("name")),
    )


def _item(row: Mapping[str, Any]) -> Item:
    images = mappings(row.get("images"))
    first = images[0] if images else {}
    pictures = (part(first, "thumbs").get("medium"), first.get("origin"))
    return Item(
        title=text(row.get("name")),
        quantity=pieces(row.get("quantity")),
        external_id=text(row.get("id")),
        sku=text(row.get("sku")),
        price=amount(row.get("price_with_additions")) or amount(row.get("price")),
        image_url=next((url for url in map(text, pictures) if url.startswith("https://")), ""),
    )


def _parcel(values: Mapping[str, Any]) -> FulfilmentUpdate | None:
    number = number_in(values)
    if not number:
        return None
    method = part(part(values, "shipping"), "method")
    courier = method.get("courier")
    company = text(courier.get("name")) if isinstance(courier, dict) else text(courier)
    name = company or text(method.get("name"))
    return FulfilmentUpdate(tracking_number=number, carrier=slug_of(name), carrier_name=name)
