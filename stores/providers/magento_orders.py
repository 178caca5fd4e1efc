"""What an order of Magento says: the order itself with its shipments and credit memos.

https://developer.adobe.com/commerce/webapi/rest/quick-reference/ and the interfaces that it names
(OrderInterface, ShipmentInterface, CreditmemoInterface). Times are UTC without saying so. A
configurable product comes as two lines, of which the second is the variant: it is part of the
first. The contents of shipments name the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any, Final

from carriers.carrier_names import slug_of
from carriers.shapes import mapping, mappings, text
from stores.checkout_fields import parts_of, pin_of
from stores.payload import amount, country_of, instant, joined, need_text, part, pieces, rows
from stores.vocabulary import (
    Address,
    FulfilmentUpdate,
    Item,
    OrderUpdate,
    Origin,
    Person,
    Refund,
)

#: The core's method and those of two modules that many shops have.
_CASH: Final = frozenset({"cashondelivery", "phoenix_cashondelivery", "msp_cashondelivery"})
#: The carrier's code of a number that was typed in by hand: the title has the name.
_CUSTOM: Final = "custom"


def read_order(values: Mapping[str, Any]) -> OrderUpdate:
    """`values`: {"order", "shipments", "creditmemos", "sources" by code, "products" by id,
    "locale"}. Raises StoreError."""
    order = part(values, "order")
    state = text(order.get("state"))
    changed_at, placed_at = _time(order.get("updated_at")), _time(order.get("created_at"))
    destination = _address(shipping_address(order) or part(order, "billing_address"))
    lines = [row for row in rows(order, "items") if not is_variant(row)]
    known = {text(row.get("item_id")) for row in lines}
    locale = text(values.get("locale")).replace("_", "-")
    sources = part(values, "sources")
    shipments = rows(values, "shipments")
    return OrderUpdate(
        external_id=need_text(order, "entity_id"),
        number=text(order.get("increment_id")) or need_text(order, "entity_id"),
        placed_at=placed_at,
        customer=_buyer(order, locale),
        destination=destination,
        items=tuple(_item(row, part(values, "products")) for row in lines),
        parcels=tuple(one for row in shipments for one in _parcels(row, known, sources)),
        currency=text(order.get("order_currency_code")).upper()[:3],
        total=amount(order.get("grand_total")),
        cod_amount=_to_pay(order, state),
        payment_method=_payment(order),
        ship_from=next((_origin(row, sources) for row in shipments), None),
        language=locale,
        shop_status=text(order.get("status")),
        cancelled_at=(changed_at or placed_at) if state == "canceled" else None,
        refunds=tuple(_refund(row, known) for row in rows(values, "creditmemos")),
        is_gift=text(part(order, "extension_attributes").get("gw_allow_gift_receipt")) == "1",
        # An order that was edited is cancelled, and another one takes its place.
        replaces=text(order.get("relation_parent_id")),
        updated_at=changed_at,
    )


def is_variant(line: Mapping[str, Any]) -> bool:
    """Whether this line is a part of another one."""
    return text(line.get("parent_item_id")) not in {"", "0"}


def _time(value: object) -> datetime | None:
    return instant(text(value).replace(" ", "T", 1), utc=True)


def shipping_address(order: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first shipping address; empty for orders that are not shipped."""
    assigned = mappings(part(order, "extension_attributes").get("shipping_assignments"))
    found = (part(part(row, "shipping"), "address") for row in assigned)
    return next(filter(None, found), {})


def _buyer(order: Mapping[str, Any], locale: str) -> Person:
    billing = part(order, "billing_address")
    return Person(
        name=joined(order.get("customer_firstname"), order.get("customer_lastname"))
        or joined(billing.get("firstname"), billing.get("lastname")),
        email=text(order.get("customer_email")),
        phone=text(billing.get("telephone")),
        language=locale,
    )


def _address(values: Mapping[str, Any]) -> Address | None:
    code = country_of(values.get("country_id"))
    if not code:
        return None
    listed = values.get("street")
    street = [text(line) for line in listed] if isinstance(listed, list) else [text(listed)]
    own = [
        (text(row.get("attribute_code")), row.get("value"))
        for row in mappings(values.get("custom_attributes"))
    ]
    more = parts_of([*values.items(), *part(values, "extension_attributes").items(), *own])
    return Address(
        country=code,
        name=joined(values.get("firstname"), values.get("lastname")) or text(values.get("company")),
        line1=street[0] if street else "",
        line2=", ".join(filter(None, street[1:])),
        landmark=more.get("landmark", ""),
        city=text(values.get("city")),
        region=text(values.get("region")),
        postcode=text(values.get("postcode")),
        phone=text(values.get("telephone")),
        district=more.get("district", ""),
        makani=more.get("makani", ""),
        national_address=more.get("national_address", ""),
        what3words=more.get("what3words", ""),
        pin=pin_of(more),
    )


def _item(row: Mapping[str, Any], products: Mapping[str, Any]) -> Item:
    ordered, taken_off = amount(row.get("qty_ordered")), amount(row.get("qty_canceled"))
    left = f"{ordered - (taken_off or 0):f}" if ordered is not None else ""
    product = mapping(products.get(text(row.get("product_id"))))
    picture = next((text(one.get("url")) for one in mappings(product.get("images"))), "")
    price = amount(row.get("price_incl_tax"))
    return Item(
        title=unescape(text(row.get("name"))),
        quantity=pieces(left),
        external_id=text(row.get("item_id")),
        sku=text(row.get("sku")),
        price=price if price is not None else amount(row.get("price")),
        image_url=picture if picture.startswith("http") else "",
        url=text(product.get("url")) if text(product.get("url")).startswith("http") else "",
    )


def _parcels(
    shipment: Mapping[str, Any], known: set[str], sources: Mapping[str, Any]
) -> Iterator[FulfilmentUpdate]:
    """A shipment's numbers. Which of several holds which line is not said."""
    tracks = [row for row in rows(shipment, "tracks") if text(row.get("track_number"))]
    contents = tuple(_lines(shipment, known)) if len(tracks) == 1 else ()
    for row in tracks:
        code, title = text(row.get("carrier_code")), text(row.get("title"))
        code = "" if code == _CUSTOM else code
        yield FulfilmentUpdate(
            tracking_number=text(row.get("track_number")),
            carrier=slug_of(title) or slug_of(code),
            carrier_name=title or code,
            external_id=text(row.get("entity_id")),
            shipped_at=_time(shipment.get("created_at")),
            contents=contents,
            ship_from=_origin(shipment, sources),
        )


def _lines(values: Mapping[str, Any], known: set[str]) -> Iterator[tuple[str, int]]:
    for row in rows(values, "items"):
        line, count = text(row.get("order_item_id")), pieces(row.get("qty"))
        if line in known and count:
            yield line, count


def _origin(shipment: Mapping[str, Any], sources: Mapping[str, Any]) -> Origin | None:
    """The warehouse, where the shop has several (Multi Source Inventory)."""
    code = text(part(shipment, "extension_attributes").get("source_code"))
    source = mapping(sources.get(code))
    if not source:
        return None
    return Origin(
        name=text(source.get("name")) or code,
        line1=text(source.get("street")),
        city=text(source.get("city")),
        region=text(source.get("region")),
        postcode=text(source.get("postcode")),
        country=country_of(source.get("country_id")),
    )


def _payment(order: Mapping[str, Any]) -> str:
    """The method's name as the shopper saw it, else its code."""
    told = mappings(part(order, "extension_attributes").get("payment_additional_info"))
    named = {text(row.get("key")): text(row.get("value")) for row in told}
    payment = part(order, "payment")
    listed = payment.get("additional_information")
    first = text(listed[0]) if isinstance(listed, list) and listed else ""
    return named.get("method_title") or first or text(payment.get("method"))


def _to_pay(order: Mapping[str, Any], state: str) -> Decimal | None:
    if text(part(order, "payment").get("method")) not in _CASH:
        return None
    if state in {"canceled", "closed"}:
        return Decimal(0)
    due = amount(order.get("total_due"))
    return due if due is not None else amount(order.get("grand_total"))


def _refund(row: Mapping[str, Any], known: set[str]) -> Refund:
    said = (text(one.get("comment")) for one in mappings(row.get("comments")))
    return Refund(
        external_id=need_text(row, "entity_id"),
        amount=amount(row.get("grand_total")),
        at=_time(row.get("created_at")),
        reason=next(filter(None, said), ""),
        lines=tuple(_lines(row, known)),
    )
