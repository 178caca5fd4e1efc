"""Shopify: order, fulfilment and compliance webhooks.

https://shopify.dev/docs/api/webhooks (topics, headers),
https://shopify.dev/docs/api/admin-rest/latest/resources/order and …/fulfillment (payloads),
https://shopify.dev/docs/apps/build/privacy-law-compliance (the three mandatory topics).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from carriers.carrier_names import slug_of
from carriers.shapes import text
from stores.base import Secret, Store, StoreError
from stores.payload import (
    amount,
    country_of,
    instant,
    joined,
    need_text,
    part,
    pieces,
    read_object,
    rows,
)
from stores.vocabulary import (
    Address,
    ComplianceRequest,
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Person,
    Reading,
)

_ORDERS: Final = frozenset({"orders/create", "orders/updated", "orders/cancelled"})
_FULFILMENTS: Final = frozenset({"fulfillments/create", "fulfillments/update"})
#: Money was taken, whatever was given back later: the shop accepted the order.
_PAID: Final = frozenset({"paid", "partially_refunded", "refunded"})
#: Fulfilments that never became, or are no longer, a parcel.
_NO_PARCEL: Final = frozenset({"cancelled", "error", "failure"})


class Shopify(Store):
    slug: ClassVar[str] = "shopify"
    name: ClassVar[str] = "Shopify"
    documentation: ClassVar[str] = "https://shopify.dev/docs/api/webhooks"
    topics: ClassVar[tuple[str, ...]] = (*sorted(_ORDERS), *sorted(_FULFILMENTS))
    app_topics: ClassVar[tuple[str, ...]] = (
        "customers/data_request",
        "customers/redact",
        "shop/redact",
    )
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("secret", "Webhook signing secret"),)
    signature_header: ClassVar[str] = "x-shopify-hmac-sha256"
    topic_header: ClassVar[str] = "x-shopify-topic"
    key_header: ClassVar[str] = "x-shopify-webhook-id"
    shop_header: ClassVar[str] = "x-shopify-shop-domain"
    kept_headers: ClassVar[tuple[str, ...]] = ("x-shopify-",)

    def read(self, topic: str, body: bytes) -> Reading:
        values = read_object(body)
        if topic in _ORDERS:
            return _order(values)
        if topic in _FULFILMENTS:
            return _fulfilled(values)
        if topic == "shop/redact":
            return ComplianceRequest("erase_shop", shop=_shop(values))
        if topic == "customers/redact":
            return _about_person("erase", values, "orders_to_redact")
        if topic == "customers/data_request":
            return _about_person("export", values, "orders_requested")
        return Ignored(f"We do not need the topic {topic or '(none)'}.")


def _order(values: Mapping[str, Any]) -> OrderUpdate:
    financial = text(values.get("financial_status")).lower()
    placed_at = instant(values.get("processed_at")) or instant(values.get("created_at"))
    cash = _is_cash(values)
    # Cash is booked as paid after the door: that says nothing of when the shop accepted.
    accepted = financial in _PAID and not cash
    return OrderUpdate(
        external_id=need_text(values, "id"),
        number=_number(values),
        placed_at=placed_at,
        customer=_customer(values),
        destination=_address(part(values, "shipping_address") or part(values, "billing_address")),
        items=tuple(_item(row, "current_quantity") for row in rows(values, "line_items")),
        parcels=tuple(parcel for row in rows(values, "fulfillments") for parcel in _parcels(row)),
        currency=text(values.get("currency")).upper()[:3],
        total=amount(values.get("total_price")),
        cod_amount=_to_pay(values, financial) if cash else None,
        payment_method=", ".join(_gateways(values)),
        language=text(values.get("customer_locale")),
        shop_status=text(values.get("fulfillment_status")).lower() or financial,
        confirmed_at=placed_at if accepted else None,
        cancelled_at=instant(values.get("cancelled_at")),
        tags=tuple(tag.strip() for tag in text(values.get("tags")).split(",") if tag.strip()),
        updated_at=instant(values.get("updated_at")),
    )


def _number(values: Mapping[str, Any]) -> str:
    """The order's name as the shopper knows it, with the shop's own prefix ("#1001")."""
    return text(values.get("name")) or text(values.get("order_number")) or need_text(values, "id")


def _customer(values: Mapping[str, Any]) -> Person:
    person, billing = part(values, "customer"), part(values, "billing_address")
    shipping = part(values, "shipping_address")
    phones = (source.get("phone") for source in (values, person, billing, shipping))
    return Person(
        name=joined(person.get("first_name"), person.get("last_name"))
        or text(billing.get("name"))
        or text(shipping.get("name")),
        email=text(values.get("email"))
        or text(values.get("contact_email"))
        or text(person.get("email")),
        phone=next(filter(None, (text(phone) for phone in phones)), ""),
        language=text(values.get("customer_locale")),
    )


def _address(values: Mapping[str, Any]) -> Address | None:
    code = country_of(values.get("country_code"), values.get("country"))
    if not code:
        return None
    return Address(
        country=code,
        name=text(values.get("name"))
        or joined(values.get("first_name"), values.get("last_name"))
        or text(values.get("company")),
        line1=text(values.get("address1")),
        line2=text(values.get("address2")),
        city=text(values.get("city")),
        region=text(values.get("province")),
        postcode=text(values.get("zip")),
        phone=text(values.get("phone")),
    )


def _item(row: Mapping[str, Any], quantity: str) -> Item:
    # `current_quantity` is what edits and removals left; older shops do not send it.
    count = row.get(quantity) if row.get(quantity) is not None else row.get("quantity")
    return Item(
        title=text(row.get("name")) or text(row.get("title")),
        quantity=pieces(count),
        external_id=text(row.get("id")),
        sku=text(row.get("sku")),
        price=amount(row.get("price")),
    )


def _parcels(row: Mapping[str, Any]) -> list[FulfilmentUpdate]:
    """One fulfilment's parcels: it may name several tracking numbers, all of one carrier."""
    if text(row.get("status")).lower() in _NO_PARCEL:
        return []
    listed = row.get("tracking_numbers")
    numbers = [text(number) for number in listed] if isinstance(listed, list) else []
    numbers = list(dict.fromkeys(filter(None, [*numbers, text(row.get("tracking_number"))])))
    company = text(row.get("tracking_company"))
    # Which of several numbers holds which line is not said.
    contents = _contents(row) if len(numbers) == 1 else ()
    return [
        FulfilmentUpdate(
            tracking_number=number,
            carrier=slug_of(company),
            carrier_name=company,
            external_id=text(row.get("id")),
            shipped_at=instant(row.get("created_at")),
            contents=contents,
        )
        for number in numbers
    ]


def _contents(row: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    lines = [
        (text(line.get("id")), pieces(line.get("quantity"))) for line in rows(row, "line_items")
    ]
    return tuple((line, count) for line, count in lines if line and count)


def _fulfilled(values: Mapping[str, Any]) -> OrderUpdate:
    """A fulfilment on its own: it may arrive before its order, so it carries what it knows."""
    where = part(values, "destination")
    destination = _address(where)
    shipped_at: datetime | None = instant(values.get("created_at"))
    return OrderUpdate(
        external_id=need_text(values, "order_id"),
        # A fulfilment is named after its order: "#1001.1".
        number=text(values.get("name")).rpartition(".")[0],
        placed_at=shipped_at,
        customer=Person(
            name=destination.name if destination else "",
            email=text(values.get("email")),
            phone=text(where.get("phone")),
        ),
        destination=destination,
        items=tuple(_item(row, "quantity") for row in rows(values, "line_items")),
        parcels=tuple(_parcels(values)),
        partial=True,
    )


def _gateways(values: Mapping[str, Any]) -> list[str]:
    listed = values.get("payment_gateway_names")
    names = [text(name) for name in listed] if isinstance(listed, list) else []
    return [name for name in names if name] or list(filter(None, [text(values.get("gateway"))]))


def _is_cash(values: Mapping[str, Any]) -> bool:
    """Shopify's own manual method is called "Cash on Delivery (COD)"; apps shorten it."""
    for name in _gateways(values):
        words = name.casefold().replace("_", " ").replace("-", " ")
        if (
            "cash on delivery" in words
            or "cod" in words.replace("(", " ").replace(")", " ").split()
        ):
            return True
    return False


def _to_pay(values: Mapping[str, Any], financial: str) -> Decimal | None:
    if financial in _PAID or financial == "voided":
        return Decimal(0)
    outstanding = amount(values.get("total_outstanding"))
    return outstanding if outstanding is not None else amount(values.get("total_price"))


def _shop(values: Mapping[str, Any]) -> str:
    return need_text(values, "shop_domain").lower()


def _about_person(demand: Any, values: Mapping[str, Any], order_list: str) -> ComplianceRequest:
    person = part(values, "customer")
    listed = values.get(order_list)
    if listed is not None and not isinstance(listed, list):
        raise StoreError(f"{order_list}: expected a list of order ids")
    return ComplianceRequest(
        demand,
        shop=_shop(values),
        email=text(person.get("email")),
        phone=text(person.get("phone")),
        order_ids=tuple(filter(None, (text(number) for number in listed or []))),
    )
