"""WooCommerce: order webhooks, with the parcels of the two usual tracking plug-ins.

https://developer.woocommerce.com/docs/best-practices/urls-and-routing/webhooks/ (headers, ping),
https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties (payload),
https://woocommerce.com/document/shipment-tracking/ (the meta key that Shipment Tracking and
Advanced Shipment Tracking share).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from typing import Any, ClassVar, Final

from carriers.carrier_names import slug_of
from carriers.shapes import text
from stores.base import Headers, Secret, Store
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
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Person,
    Reading,
)

#: The one body that WooCommerce sends unsigned, when a webhook is saved.
_PING: Final = re.compile(rb"webhook_id=\d{1,20}")
_TRACKING: Final = "_wc_shipment_tracking_items"
#: Core statuses at which the shop works on the order: cash orders get there without payment.
_ACCEPTED: Final = frozenset({"processing", "completed"})
#: A basket that was never sent off.
_DRAFTS: Final = frozenset({"auto-draft", "checkout-draft", "draft", "trash"})
_LANGUAGES: Final = ("wpml_language", "_wpml_language", "_order_language")


class WooCommerce(Store):
    slug: ClassVar[str] = "woocommerce"
    name: ClassVar[str] = "WooCommerce"
    documentation: ClassVar[str] = (
        "https://developer.woocommerce.com/docs/best-practices/urls-and-routing/webhooks/"
    )
    topics: ClassVar[tuple[str, ...]] = ("order.created", "order.updated")
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("secret", "Webhook secret"),)
    signature_header: ClassVar[str] = "x-wc-webhook-signature"
    topic_header: ClassVar[str] = "x-wc-webhook-topic"
    key_header: ClassVar[str] = "x-wc-webhook-delivery-id"
    kept_headers: ClassVar[tuple[str, ...]] = ("x-wc-webhook-",)

    def is_ping(self, *, body: bytes, headers: Headers) -> bool:
        return _PING.fullmatch(body.strip()) is not None

    def read(self, topic: str, body: bytes) -> Reading:
        values = read_object(body)
        if topic not in self.topics:
            return Ignored(f"We do not need the topic {topic or '(none)'}.")
        status = _status(values)
        if status in _DRAFTS:
            return Ignored(f"The order is a draft ({status}), not placed yet.")
        return _order(values, status)


def _status(values: Mapping[str, Any]) -> str:
    return text(values.get("status")).lower().removeprefix("wc-")


def _order(values: Mapping[str, Any], status: str) -> OrderUpdate:
    billing, shipping = part(values, "billing"), part(values, "shipping")
    changed_at = _time(values, "date_modified")
    placed_at = _time(values, "date_created")
    accepted = _time(values, "date_paid")
    if accepted is None and status in _ACCEPTED:
        accepted = changed_at or placed_at
    meta = _meta(values)
    return OrderUpdate(
        external_id=need_text(values, "id"),
        number=text(values.get("number")) or need_text(values, "id"),
        placed_at=placed_at,
        customer=Person(
            name=joined(billing.get("first_name"), billing.get("last_name"))
            or text(billing.get("company")),
            email=text(billing.get("email")),
            phone=text(billing.get("phone")),
            language=_language(meta),
        ),
        destination=_address(shipping, billing),
        items=tuple(_item(row) for row in rows(values, "line_items")),
        parcels=tuple(_parcels(meta.get(_TRACKING))),
        currency=text(values.get("currency")).upper()[:3],
        total=amount(values.get("total")),
        cod_amount=_to_pay(values, status),
        payment_method=unescape(text(values.get("payment_method_title")))
        or text(values.get("payment_method")),
        language=_language(meta),
        shop_status=status,
        confirmed_at=accepted,
        cancelled_at=(changed_at or placed_at) if status == "cancelled" else None,
        updated_at=changed_at,
    )


def _time(values: Mapping[str, Any], name: str) -> datetime | None:
    """WooCommerce gives local time without offset, and the same in UTC as `…_gmt`."""
    return instant(values.get(f"{name}_gmt"), utc=True)


def _meta(values: Mapping[str, Any]) -> dict[str, Any]:
    return {text(row.get("key")): row.get("value") for row in rows(values, "meta_data")}


def _language(meta: Mapping[str, Any]) -> str:
    """The shopper's language where a multilingual plug-in noted it."""
    return next(filter(None, (text(meta.get(key)) for key in _LANGUAGES)), "").replace("_", "-")


def _address(shipping: Mapping[str, Any], billing: Mapping[str, Any]) -> Address | None:
    """Where it goes; WooCommerce leaves `shipping` blank when it equals `billing`."""
    source = shipping if text(shipping.get("country")) or text(shipping.get("city")) else billing
    code = country_of(source.get("country"), billing.get("country"))
    if not code:
        return None
    return Address(
        country=code,
        name=joined(source.get("first_name"), source.get("last_name"))
        or text(source.get("company")),
        line1=text(source.get("address_1")),
        line2=text(source.get("address_2")),
        city=text(source.get("city")),
        region=text(source.get("state")),
        postcode=text(source.get("postcode")),
        phone=text(source.get("phone")) or text(billing.get("phone")),
    )


def _item(row: Mapping[str, Any]) -> Item:
    source = text(part(row, "image").get("src"))
    return Item(
        # Names come as HTML text: "Mug &ndash; Blue".
        title=unescape(text(row.get("name"))),
        quantity=pieces(row.get("quantity")),
        external_id=text(row.get("id")),
        sku=text(row.get("sku")),
        price=amount(row.get("price")),
        image_url=source if source.startswith(("https://", "http://")) else "",
    )


def _parcels(tracking: object) -> list[FulfilmentUpdate]:
    """The plug-ins keep a list; PHP turns one with holes into an object."""
    found = list(tracking.values()) if isinstance(tracking, dict) else tracking
    parcels: dict[str, FulfilmentUpdate] = {}
    for row in found if isinstance(found, list) else []:
        if not isinstance(row, dict):
            continue
        number = text(row.get("tracking_number"))
        # The shop's own entry comes with the picked provider empty.
        name = text(row.get("tracking_provider")) or text(row.get("custom_tracking_provider"))
        if number:
            parcels[number] = FulfilmentUpdate(
                tracking_number=number,
                carrier=slug_of(name),
                carrier_name=name,
                external_id=text(row.get("tracking_id")),
                shipped_at=_unix(row.get("date_shipped")),
            )
    return list(parcels.values())


def _unix(value: object) -> datetime | None:
    """Seconds since 1970 as text or number; the plug-ins store the day's midnight."""
    digits = text(value)
    if not digits.isdecimal() or not 8 <= len(digits) <= 10:
        return None
    return datetime.fromtimestamp(int(digits), tz=UTC)


def _to_pay(values: Mapping[str, Any], status: str) -> Decimal | None:
    """The core's cash-on-delivery method is "cod"; a completed order has been paid."""
    if text(values.get("payment_method")).lower() != "cod":
        return None
    if status in {"completed", "cancelled", "refunded"} or _time(values, "date_paid"):
        return Decimal(0)
    return amount(values.get("total"))
