"""BigCommerce's orders: what an order, its shipments and its refunds say.

https://developer.bigcommerce.com/docs/rest-management/orders (V2: orders with
`consignment_structure=object`, shipments, statuses) and …/orders/order-refunds (V3). What the V2
order says of refunded money is documented to be always 0. The caller puts what it asked for beside
the order, under names that BigCommerce does not use (`OWN`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final

from carriers.carrier_names import slug_of
from carriers.shapes import https, text
from stores.payload import (
    amount,
    country_of,
    instant,
    joined,
    need_text,
    part,
    pieces,
    rows,
)
from stores.vocabulary import (
    Address,
    Consent,
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Person,
    Refund,
)

#: Parts that we ask for beside the order.
SHIPMENTS: Final = "our_shipments"
REFUNDS: Final = "our_refunds"
PRODUCTS: Final = "our_products"

_INCOMPLETE: Final = "0"
_ENDED: Final = frozenset({"5", "6"})  # Cancelled, Declined
_PAID_UP: Final = frozenset({"4", "5", "6", "10"})  # Refunded, Cancelled, Declined, Completed
_REFUNDED: Final = frozenset({"4", "14"})
_MONEY_TAKEN: Final = frozenset({"captured", "paid", "partially refunded", "refunded"})


def read_order(values: Mapping[str, Any]) -> OrderUpdate | Ignored:
    """One order with what was asked for beside it. Raises StoreError."""
    status = text(values.get("status_id"))
    if status == _INCOMPLETE:
        return Ignored("The checkout was not completed.")
    if values.get("order_is_digital") is True:
        return Ignored("The order holds downloads only: nothing is shipped.")
    placed_at, changed_at = moment(values.get("date_created")), moment(values.get("date_modified"))
    buyer, lines = part(values, "billing_address"), order_lines(values)
    language = text(values.get("customer_locale")).replace("_", "-")
    paid = text(values.get("payment_status")).lower() in _MONEY_TAKEN
    cash = _is_cash(text(values.get("payment_method")))
    return OrderUpdate(
        external_id=need_text(values, "id"),
        number=need_text(values, "id"),
        placed_at=placed_at,
        customer=Person(
            name=_name(buyer),
            email=text(buyer.get("email")),
            phone=text(buyer.get("phone")),
            language=language,
        ),
        destination=_destination(values, buyer),
        items=tuple(_item(row, part(values, PRODUCTS)) for row in lines),
        parcels=tuple(parcel for row in rows(values, SHIPMENTS) for parcel in _parcel(row)),
        currency=_currency(values),
        total=amount(values.get("total_inc_tax")),
        cod_amount=_to_pay(values, status) if cash else None,
        payment_method=text(values.get("payment_method")),
        language=language,
        shop_status=text(values.get("status")),
        confirmed_at=placed_at if paid and not cash else None,
        cancelled_at=changed_at if status in _ENDED else None,
        consents=_consents(values, placed_at),
        refunds=tuple(_refund(row) for row in rows(values, REFUNDS)),
        is_gift=any(text(row.get("wrapping_name")) for row in lines),
        updated_at=changed_at,
    )


def moment(value: object) -> datetime | None:
    """A time as V2 writes it ("Wed, 10 Jan 2018 21:05:30 +0000"), or as ISO 8601."""
    try:
        found = parsedate_to_datetime(text(value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return instant(value, utc=True)
    if not 1970 <= found.year <= 9000:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def order_lines(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines of all consignments: shipped, picked up and downloaded."""
    consignments = part(values, "consignments")
    return [
        line
        for kind in ("shipping", "pickups", "downloads")
        for one in rows(consignments, kind)
        for line in rows(one, "line_items")
    ]


def has_refunds(values: Mapping[str, Any]) -> bool:
    """Whether money was given back, by the two places that say so."""
    return (
        "refunded" in text(values.get("payment_status")).lower()
        or text(values.get("status_id")) in _REFUNDED
    )


def _name(row: Mapping[str, Any]) -> str:
    return joined(row.get("first_name"), row.get("last_name")) or text(row.get("company"))


def _destination(values: Mapping[str, Any], buyer: Mapping[str, Any]) -> Address | None:
    shipping = rows(part(values, "consignments"), "shipping")
    source = shipping[0] if shipping else {}
    code = country_of(source.get("country_iso2"), source.get("country"))
    if not code:
        return None
    return Address(
        country=code,
        name=_name(source),
        line1=text(source.get("street_1")),
        line2=text(source.get("street_2")),
        city=text(source.get("city")),
        region=text(source.get("state")),
        postcode=text(source.get("zip")),
        phone=text(source.get("phone")) or text(buyer.get("phone")),
    )


def _item(row: Mapping[str, Any], products: Mapping[str, Any]) -> Item:
    product = part(products, text(row.get("product_id")))
    return Item(
        title=text(row.get("name_customer")) or text(row.get("name")),
        quantity=pieces(row.get("quantity")),
        external_id=text(row.get("id")),
        sku=text(row.get("sku")),
        price=amount(row.get("price_inc_tax")),
        image_url=https(product.get("image")),
        url=https(product.get("url")),
    )


def _parcel(row: Mapping[str, Any]) -> list[FulfilmentUpdate]:
    """A shipment may be saved without a number: it is no parcel yet."""
    number = text(row.get("tracking_number"))
    if not number:
        return []
    # The carrier of the tracking page is picked from a list; the provider quoted the rate.
    names = (text(row.get("tracking_carrier")), text(row.get("shipping_provider")))
    named = [name for name in names if name and not name.startswith("carrier_")]
    return [
        FulfilmentUpdate(
            tracking_number=number,
            carrier=next(filter(None, map(slug_of, named)), ""),
            carrier_name=named[0] if named else "",
            external_id=need_text(row, "id"),
            service=text(row.get("shipping_method")),
            shipped_at=moment(row.get("date_created")),
            contents=tuple(
                (text(line.get("order_product_id")), pieces(line.get("quantity")))
                for line in rows(row, "items")
                if text(line.get("order_product_id")) and pieces(line.get("quantity"))
            ),
        )
    ]


def _refund(row: Mapping[str, Any]) -> Refund:
    return Refund(
        external_id=need_text(row, "id"),
        amount=amount(row.get("total_amount")),
        at=instant(row.get("created"), utc=True),
        reason=text(row.get("reason")),
        lines=tuple(
            (text(line.get("item_id")), pieces(line.get("quantity")))
            for line in rows(row, "items")
            if text(line.get("item_type")).upper() == "PRODUCT" and text(line.get("item_id"))
        ),
    )


def _consents(values: Mapping[str, Any], at: datetime | None) -> tuple[Consent, ...]:
    given = values.get("is_email_opt_in")
    if not isinstance(given, bool):
        return ()
    return (Consent("email", "marketing", given, "bigcommerce:is_email_opt_in", at),)


def _currency(values: Mapping[str, Any]) -> str:
    """The default currency is the one that was paid in; the other is what was shown."""
    code = text(values.get("default_currency_code")) or text(values.get("currency_code"))
    return code.upper()[:3]


def _is_cash(method: str) -> bool:
    """The offline method is called "Cash on Delivery" until the merchant renames it."""
    words = method.casefold().replace("_", " ").replace("-", " ")
    return "cash on delivery" in words or "cod" in words.replace("(", " ").replace(")", " ").split()


def _to_pay(values: Mapping[str, Any], status: str) -> Decimal | None:
    """What is left at the door once store credit and gift certificates have paid their part."""
    paid = text(values.get("payment_status")).lower() in _MONEY_TAKEN
    if status in _PAID_UP or paid:
        return Decimal(0)
    total = amount(values.get("total_inc_tax"))
    if total is None:
        return None
    before = [amount(values.get(f"{name}_amount")) for name in ("store_credit", "gift_certificate")]
    return max(total - sum(filter(None, before), Decimal(0)), Decimal(0))
