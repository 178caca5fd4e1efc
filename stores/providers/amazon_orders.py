"""Amazon's orders in our words: Orders API, version 2026-01-01.

https://developer-docs.amazon.com/sp-api/reference/orders-v2026-01-01 (fields). Buyer and recipient
come only where the app has the role for personal data; else an order's country is that of its
marketplace. Buyers' e-mail addresses are Amazon's relays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from carriers.carrier_names import slug_of
from carriers.shapes import mappings, text
from edd.zones import destination_zone
from stores.payload import amount, country_of, instant, joined, need_text, part, pieces, rows
from stores.providers.amazon_markets import BY_ID, Market
from stores.vocabulary import (
    Address,
    FulfilmentUpdate,
    Item,
    OrderUpdate,
    Origin,
    Person,
    TimeWish,
)

_CANCELLED: Final = "cancelled"
_REPLACES: Final = "REPLACEMENT_ORIGINAL_ID"


def read_order(values: Mapping[str, Any]) -> OrderUpdate:
    """An order, whole. Raises StoreError."""
    order_id = need_text(values, "orderId")
    market = BY_ID.get(text(part(values, "salesChannel").get("marketplaceId")))
    buyer, updated_at = part(values, "buyer"), instant(values.get("lastUpdatedTime"))
    recipient, lines = part(values, "recipient"), rows(values, "orderItems")
    status, address = status_of(values), _address(part(recipient, "deliveryAddress"), market)
    promised_first, promised_last = _promised(part(values, "fulfillment"), address)
    total = part(part(values, "proceeds"), "grandTotal")
    is_cash = any(_wants_cash(row) for row in lines)
    parcels = tuple(_parcel(row) for row in mappings(values.get("packages")) if _number(row))
    origins = [parcel.ship_from for parcel in parcels if parcel.ship_from is not None]
    return OrderUpdate(
        external_id=order_id,
        number=order_id,
        placed_at=instant(values.get("createdTime")),
        customer=Person(name=text(buyer.get("buyerName")), email=text(buyer.get("buyerEmail"))),
        destination=address,
        items=tuple(_item(row, market, is_off=status == _CANCELLED) for row in lines),
        parcels=parcels,
        currency=text(total.get("currencyCode")).upper()[:3],
        total=amount(total.get("amount")),
        cod_amount=_to_pay(amount(total.get("amount")), status) if is_cash else None,
        payment_method="cash on delivery" if is_cash else "",
        ship_from_country=origins[0].country if origins else "",
        ship_from=origins[0] if origins else None,
        shop_status=status,
        cancelled_at=updated_at if status == _CANCELLED else None,
        wish=_wish(part(recipient, "deliveryPreference")),
        promised_first=promised_first,
        promised_last=promised_last,
        is_gift=any(_is_gift(row) for row in lines),
        replaces=_replaced(mappings(values.get("associatedOrders"))),
        updated_at=updated_at,
    )


def status_of(values: Mapping[str, Any]) -> str:
    """Amazon's word for how far the order is: "unshipped", "partially_shipped" …"""
    return text(part(values, "fulfillment").get("fulfillmentStatus")).lower()


def is_amazons(values: Mapping[str, Any]) -> bool:
    """Whether Amazon packs and sends it (FBA)."""
    return text(part(values, "fulfillment").get("fulfilledBy")).upper() == "AMAZON"


def _address(where: Mapping[str, Any], market: Market | None) -> Address | None:
    code = country_of(where.get("countryCode"), market.country if market else "")
    if not code:
        return None
    return Address(
        country=code,
        name=text(where.get("name")) or text(where.get("companyName")),
        line1=text(where.get("addressLine1")),
        line2=joined(where.get("addressLine2"), where.get("addressLine3")),
        city=text(where.get("city")) or text(where.get("municipality")),
        region=text(where.get("stateOrRegion")),
        postcode=text(where.get("postalCode")),
        phone=text(where.get("phone")),
        district=text(where.get("districtOrCounty")),
    )


def _promised(
    fulfillment: Mapping[str, Any], address: Address | None
) -> tuple[date | None, date | None]:
    """The days between which Amazon told the buyer that it arrives; instants on its side."""
    window = part(fulfillment, "deliverByWindow")
    first, last = (instant(window.get(f"{end}DateTime")) for end in ("earliest", "latest"))
    if last is None or address is None:
        return None, None
    clock = ZoneInfo(destination_zone(address.country, address.region, address.city))
    return first.astimezone(clock).date() if first else None, last.astimezone(clock).date()


def _wish(preference: Mapping[str, Any]) -> TimeWish | None:
    note = joined(preference.get("dropOffLocation"), preference.get("addressInstruction"))
    return TimeWish(note=note) if note else None


def _item(row: Mapping[str, Any], market: Market | None, *, is_off: bool) -> Item:
    product = part(row, "product")
    asin = text(product.get("asin"))
    is_product = market is not None and asin.isascii() and asin.isalnum()
    return Item(
        title=text(product.get("title")),
        quantity=0 if is_off else pieces(row.get("quantityOrdered")),
        external_id=text(row.get("orderItemId")),
        sku=text(product.get("sellerSku")),
        price=amount(part(part(product, "price"), "unitPrice").get("amount")),
        url=f"https://www.{market.domain}/dp/{asin}" if market and is_product else "",
    )


def _wants_cash(row: Mapping[str, Any]) -> bool:
    constraints = part(part(part(row, "fulfillment"), "shipping"), "shippingConstraints")
    return text(constraints.get("cashOnDelivery")).upper() == "MANDATORY"


def _to_pay(total: Decimal | None, status: str) -> Decimal | None:
    return Decimal(0) if status == _CANCELLED else total


def _is_gift(row: Mapping[str, Any]) -> bool:
    return bool(part(part(part(row, "fulfillment"), "packing"), "giftOption"))


def _replaced(associated: Sequence[Mapping[str, Any]]) -> str:
    found = (
        text(row.get("orderId"))
        for row in associated
        if text(row.get("associationType")).upper() == _REPLACES
    )
    return next(filter(None, found), "")


def _number(row: Mapping[str, Any]) -> str:
    return text(row.get("trackingNumber"))


def _parcel(row: Mapping[str, Any]) -> FulfilmentUpdate:
    company, where = text(row.get("carrier")), part(row, "shipFromAddress")
    lines = [
        (text(line.get("orderItemId")), pieces(line.get("quantity")))
        for line in mappings(row.get("packageItems"))
    ]
    return FulfilmentUpdate(
        tracking_number=_number(row),
        carrier=slug_of(company),
        carrier_name=company,
        external_id=text(row.get("packageReferenceId")),
        service=text(row.get("shippingService")),
        shipped_at=instant(row.get("shipTime")),
        contents=tuple((line, count) for line, count in lines if line and count),
        withdrawn=text(part(row, "packageStatus").get("status")).upper() == "CANCELLED",
        ship_from=_origin(where) if where else None,
    )


def _origin(where: Mapping[str, Any]) -> Origin:
    return Origin(
        name=text(where.get("name")),
        line1=text(where.get("addressLine1")),
        city=text(where.get("city")),
        region=text(where.get("stateOrRegion")),
        postcode=text(where.get("postalCode")),
        country=country_of(where.get("countryCode")),
    )
