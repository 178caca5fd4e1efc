"""What a WooCommerce order says: of webhooks and of the REST API, which have the same shape.

https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties,
https://woocommerce.com/document/shipment-tracking/ (the meta key that Shipment Tracking and
Advanced Shipment Tracking share).

Orders that we asked for carry more: `refunds` with their lines, `fulfillments` (of WooCommerce
10.1 and later, where they are switched on) and `products` by id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any, Final

from carriers.carrier_names import slug_of
from carriers.shapes import mapping, mappings, text
from stores.checkout_fields import pin_of
from stores.payload import (
    StoreError,
    amount,
    country_of,
    instant,
    joined,
    need_text,
    part,
    pieces,
    rows,
)
from stores.providers import woocommerce_fields as fields
from stores.vocabulary import (
    Address,
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Person,
    Refund,
)

_TRACKING: Final = "_wc_shipment_tracking_items"
#: A basket that was never sent off.
_DRAFTS: Final = frozenset({"auto-draft", "checkout-draft", "draft", "new"})
#: The shop took the order back, or threw it away.
_GONE: Final = frozenset({"cancelled", "trash"})


def read_order(values: Mapping[str, Any]) -> OrderUpdate | Ignored:
    """Raises StoreError for what is no order, e.g. the error that a webhook of a deleted user
    sends in its place."""
    if "id" not in values and text(values.get("message")):
        raise StoreError(f"an error instead of an order: {text(values['message'])[:120]}")
    status = status_of(values)
    if status in _DRAFTS:
        return Ignored(f"The order is a draft ({status}), not placed yet.")
    billing = part(values, "billing")
    changed_at, placed_at = _time(values, "date_modified"), _time(values, "date_created")
    meta = _meta(values)
    language = fields.language(values, meta)
    return OrderUpdate(
        external_id=need_text(values, "id"),
        number=text(values.get("number")) or need_text(values, "id"),
        placed_at=placed_at,
        customer=Person(
            name=joined(billing.get("first_name"), billing.get("last_name"))
            or text(billing.get("company")),
            email=text(billing.get("email")),
            phone=text(billing.get("phone")),
            language=language,
        ),
        destination=_address(part(values, "shipping"), billing, meta),
        items=tuple(_item(row, part(values, "products")) for row in rows(values, "line_items")),
        parcels=(*_tracked(meta.get(_TRACKING)), *_fulfilled(values)),
        currency=text(values.get("currency")).upper()[:3],
        total=amount(values.get("total")),
        cod_amount=_to_pay(values, status),
        payment_method=unescape(text(values.get("payment_method_title")))
        or text(values.get("payment_method")),
        language=language,
        shop_status=status,
        confirmed_at=_time(values, "date_paid"),
        cancelled_at=(changed_at or placed_at) if status in _GONE else None,
        wish=fields.wish(meta),
        consents=fields.consents(meta, at=placed_at),
        refunds=tuple(_refunds(values)),
        updated_at=changed_at,
    )


def status_of(values: Mapping[str, Any]) -> str:
    """The shop's word for where the order stands."""
    return text(values.get("status")).lower().removeprefix("wc-")


def _time(values: Mapping[str, Any], name: str) -> datetime | None:
    """WooCommerce gives local time without offset, and the same in UTC as `…_gmt`."""
    return instant(values.get(f"{name}_gmt"), utc=True)


def _meta(values: Mapping[str, Any]) -> dict[str, Any]:
    """The last of repeated keys; PHP turns a list with holes into an object."""
    found = values.get("meta_data")
    listed = mappings(list(found.values()) if isinstance(found, dict) else found)
    return {text(row.get("key")): row.get("value") for row in listed}


def _address(
    shipping: Mapping[str, Any], billing: Mapping[str, Any], meta: Mapping[str, Any]
) -> Address | None:
    """Where it goes; WooCommerce leaves `shipping` blank when it equals `billing`."""
    own = bool(text(shipping.get("country")) or text(shipping.get("city")))
    source = shipping if own else billing
    code = country_of(source.get("country"), billing.get("country"))
    if not code:
        return None
    more = fields.address_parts(source, meta, "shipping" if own else "billing")
    return Address(
        country=code,
        name=joined(source.get("first_name"), source.get("last_name"))
        or text(source.get("company")),
        line1=text(source.get("address_1")),
        line2=text(source.get("address_2")),
        landmark=more.get("landmark", ""),
        city=text(source.get("city")),
        region=text(source.get("state")),
        postcode=text(source.get("postcode")),
        phone=text(source.get("phone")) or text(billing.get("phone")),
        district=more.get("district", ""),
        makani=more.get("makani", ""),
        national_address=more.get("national_address", ""),
        what3words=more.get("what3words", ""),
        pin=pin_of(more),
    )


def _item(row: Mapping[str, Any], products: Mapping[str, Any]) -> Item:
    product = mapping(products.get(text(row.get("product_id"))))
    pictures = [part(row, "image"), *mappings(product.get("images"))]
    return Item(
        # Names come as HTML text: "Mug &ndash; Blue".
        title=unescape(text(row.get("name"))),
        quantity=pieces(row.get("quantity")),
        external_id=text(row.get("id")),
        sku=text(row.get("sku")),
        price=amount(row.get("price")),
        image_url=next(filter(None, (_web(one.get("src")) for one in pictures)), ""),
        url=_web(product.get("permalink")),
    )


def _web(value: object) -> str:
    address = text(value)
    return address if address.startswith(("https://", "http://")) else ""


def _tracked(tracking: object) -> Iterator[FulfilmentUpdate]:
    """The plug-ins keep a list; PHP turns one with holes into an object."""
    found = list(tracking.values()) if isinstance(tracking, dict) else tracking
    parcels: dict[str, FulfilmentUpdate] = {}
    for row in found if isinstance(found, list) else []:
        if not isinstance(row, dict) or not text(row.get("tracking_number")):
            continue
        number = text(row.get("tracking_number"))
        # The shop's own entry comes with the picked provider empty.
        name = text(row.get("tracking_provider")) or text(row.get("custom_tracking_provider"))
        parcels[number] = FulfilmentUpdate(
            tracking_number=number,
            carrier=slug_of(name),
            carrier_name=name,
            external_id=text(row.get("tracking_id")),
            shipped_at=fields.unix(row.get("date_shipped")),
            contents=_contents(row.get("products_list")),
        )
    yield from parcels.values()


def _fulfilled(values: Mapping[str, Any]) -> Iterator[FulfilmentUpdate]:
    """WooCommerce's own fulfilments. One that is not fulfilled yet is a merchant's draft."""
    for row in rows(values, "fulfillments"):
        meta = _meta(row)
        number = text(meta.get("_tracking_number"))
        gone = bool(text(row.get("date_deleted")))
        if not number or not (gone or row.get("is_fulfilled") is True):
            continue
        name = text(meta.get("_provider_name")) or text(meta.get("_shipment_provider"))
        shipped_at = text(meta.get("_date_fulfilled")).replace(" ", "T", 1)
        yield FulfilmentUpdate(
            tracking_number=number,
            carrier=slug_of(name),
            carrier_name=name,
            external_id=text(row.get("id")),
            shipped_at=instant(shipped_at, utc=True),
            contents=_contents(meta.get("_items")),
            withdrawn=gone,
        )


def _contents(listed: object) -> tuple[tuple[str, int], ...]:
    """[{"item_id", "qty"}], as both WooCommerce and Advanced Shipment Tracking keep it."""
    found = listed if isinstance(listed, list) else []
    lines = ((text(row.get("item_id")), pieces(row.get("qty"))) for row in mappings(found))
    return tuple((line, count) for line, count in lines if line and count)


def _to_pay(values: Mapping[str, Any], status: str) -> Decimal | None:
    """The core's cash-on-delivery method is "cod"; a completed order has been paid."""
    if text(values.get("payment_method")).lower() != "cod":
        return None
    if status in {"completed", "refunded", *_GONE} or _time(values, "date_paid"):
        return Decimal(0)
    return amount(values.get("total"))


def _refunds(values: Mapping[str, Any]) -> Iterator[Refund]:
    """In full where we asked for them; else the order's own summary, whose `total` is negative."""
    for row in rows(values, "refunds"):
        total = amount(row.get("amount") if "amount" in row else row.get("total"))
        if text(row.get("id")):
            yield Refund(
                external_id=text(row.get("id")),
                amount=abs(total) if total is not None else None,
                at=_time(row, "date_created"),
                reason=text(row.get("reason")),
                lines=tuple(_refunded(row)),
            )


def _refunded(row: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for line in rows(row, "line_items"):
        item = text(_meta(line).get("_refunded_item_id"))
        # Given back is less than nothing: "-2".
        count = pieces(text(line.get("quantity")).lstrip("-"))
        if item and count:
            yield item, count
