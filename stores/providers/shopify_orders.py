"""Reading Shopify's orders, fulfilments and refunds, in the shape that its webhooks send.

https://shopify.dev/docs/api/admin-rest/latest/resources/order, …/fulfillment and …/refund. What
the GraphQL API answers is brought into the same shape first (`shopify_graph.as_webhook`): there
is one reader. An exchange needs no link to another order: Shopify adds the new lines to the same
one and leaves the returned ones with a `current_quantity` of 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from carriers.carrier_names import slug_of
from carriers.shapes import https, mappings, text
from stores.payload import amount, country_of, instant, joined, need_text, part, pieces, rows
from stores.providers.shopify_address import read_address
from stores.providers.shopify_notes import Notes, read_notes
from stores.vocabulary import (
    Consent,
    FulfilmentUpdate,
    Item,
    OrderUpdate,
    Origin,
    Person,
    Refund,
)

#: Money was taken, whatever was given back later: the shop accepted the order.
_PAID: Final = frozenset({"paid", "partially_refunded", "refunded"})
#: Fulfilments that never became a parcel.
_NO_PARCEL: Final = frozenset({"error", "failure"})
#: https://shopify.dev/docs/api/admin-graphql/latest/enums/CustomerEmailMarketingState
_AGREED: Final = {
    "subscribed": True,
    "pending": False,  # asked for, and not confirmed by the person
    "not_subscribed": False,
    "unsubscribed": False,
}


def read_order(values: Mapping[str, Any]) -> OrderUpdate:
    """A whole order. Raises StoreError."""
    financial = text(values.get("financial_status")).lower()
    placed_at = instant(values.get("processed_at")) or instant(values.get("created_at"))
    cash = _is_cash(values)
    notes = _notes(values)
    parcels = tuple(parcel for row in rows(values, "fulfillments") for parcel in _parcels(row))
    ship_from = _ship_from(values, parcels)
    # Cash is booked as paid after the door: that says nothing of when the shop accepted.
    accepted = financial in _PAID and not cash
    where = part(values, "shipping_address") or part(values, "billing_address")
    return OrderUpdate(
        external_id=need_text(values, "id"),
        number=_number(values),
        placed_at=placed_at,
        customer=_customer(values),
        destination=read_address(where, notes),
        items=tuple(_item(row, "current_quantity") for row in rows(values, "line_items")),
        parcels=parcels,
        currency=text(values.get("currency")).upper()[:3],
        total=amount(values.get("total_price")),
        cod_amount=_to_pay(values, financial) if cash else None,
        payment_method=", ".join(_gateways(values)),
        ship_from_country=ship_from.country if ship_from else "",
        ship_from=ship_from,
        language=text(values.get("customer_locale")),
        shop_status=text(values.get("fulfillment_status")).lower() or financial,
        confirmed_at=placed_at if accepted else None,
        cancelled_at=instant(values.get("cancelled_at")),
        cancelled_by=_cancelled_by(values),
        hold=_hold(values),
        tags=tuple(tag.strip() for tag in text(values.get("tags")).split(",") if tag.strip()),
        wish=notes.wish,
        consents=_consents(values),
        refunds=tuple(_refund(row) for row in rows(values, "refunds")),
        is_gift=notes.is_gift,
        updated_at=instant(values.get("updated_at")),
    )


def read_fulfilment(values: Mapping[str, Any]) -> OrderUpdate:
    """A fulfilment on its own: it may arrive before its order, so it carries what it knows."""
    where = part(values, "destination")
    destination = read_address(where, Notes())
    return OrderUpdate(
        external_id=need_text(values, "order_id"),
        # A fulfilment is named after its order: "#1001.1".
        number=text(values.get("name")).rpartition(".")[0],
        placed_at=instant(values.get("created_at")),
        customer=Person(
            name=destination.name if destination else "",
            email=text(values.get("email")),
            phone=text(where.get("phone")),
        ),
        destination=destination,
        items=tuple(_item(row, "quantity") for row in rows(values, "line_items")),
        parcels=tuple(_parcels(values)),
        updated_at=instant(values.get("updated_at")),
        partial=True,
    )


def read_refund(values: Mapping[str, Any]) -> OrderUpdate:
    """A refund on its own; how many of each line are left is said by the order."""
    return OrderUpdate(
        external_id=need_text(values, "order_id"),
        number="",
        refunds=(_refund(values),),
        updated_at=instant(values.get("processed_at")) or instant(values.get("created_at")),
        partial=True,
    )


def _number(values: Mapping[str, Any]) -> str:
    """The order's name as the shopper knows it, with the shop's own prefix ("#1001")."""
    return text(values.get("name")) or text(values.get("order_number")) or need_text(values, "id")


def _cancelled_by(values: Mapping[str, Any]) -> Literal["", "shop", "shopper"]:
    """https://shopify.dev/docs/api/admin-graphql/latest/enums/OrderCancelReason"""
    reason = text(values.get("cancel_reason")).lower()
    if not reason or reason == "other":
        return ""
    return "shopper" if reason == "customer" else "shop"


def _hold(values: Mapping[str, Any]) -> Literal["", "on_hold", "out_of_stock"] | None:
    """Only the API says it: a webhook's order looks the same whether it is held or not."""
    said = values.get("hold")
    return said if said in ("", "on_hold", "out_of_stock") else None


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
        language=text(values.get("customer_locale")) or text(person.get("locale")),
    )


def _notes(values: Mapping[str, Any]) -> Notes:
    pairs = ((row.get("name"), row.get("value")) for row in mappings(values.get("note_attributes")))
    return read_notes((text(name), text(value)) for name, value in pairs)


def _item(row: Mapping[str, Any], quantity: str) -> Item:
    # `current_quantity` is what edits and removals left; older shops do not send it.
    count = row.get(quantity) if row.get(quantity) is not None else row.get("quantity")
    return Item(
        title=text(row.get("name")) or text(row.get("title")),
        quantity=pieces(count),
        external_id=text(row.get("id")),
        sku=text(row.get("sku")),
        price=amount(row.get("price")),
        image_url=https(row.get("image_url")),
        url=https(row.get("url")),
    )


def _parcels(row: Mapping[str, Any]) -> list[FulfilmentUpdate]:
    """One fulfilment's parcels: it may name several tracking numbers, all of one carrier."""
    status = text(row.get("status")).lower()
    if status in _NO_PARCEL:
        return []
    listed = row.get("tracking_numbers")
    numbers = [text(number) for number in listed] if isinstance(listed, list) else []
    numbers = list(dict.fromkeys(filter(None, [*numbers, text(row.get("tracking_number"))])))
    withdrawn = status == "cancelled"
    if withdrawn and not numbers:
        numbers = [""]  # the fulfilment is known by its id
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
            withdrawn=withdrawn,
            ship_from=_origin(row.get("origin_address")),
        )
        for number in numbers
    ]


def _contents(row: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    lines = [
        (text(line.get("id")), pieces(line.get("quantity"))) for line in rows(row, "line_items")
    ]
    return tuple((line, count) for line, count in lines if line and count)


def _ship_from(values: Mapping[str, Any], parcels: tuple[FulfilmentUpdate, ...]) -> Origin | None:
    """Where the shop means to send it from, else where a parcel of it was sent from."""
    lines = (_origin(row.get("origin_location")) for row in rows(values, "line_items"))
    places = [_origin(values.get("origin")), *lines]
    places += [parcel.ship_from for parcel in parcels if not parcel.withdrawn]
    return next(filter(None, places), None)


def _origin(value: object) -> Origin | None:
    """A location's address; Shopify sends it alone or in a list."""
    row = next(iter(mappings(value)), {})
    country = country_of(row.get("country_code"), row.get("country"))
    if not country:
        return None
    return Origin(
        name=text(row.get("name")),
        line1=text(row.get("address1")),
        city=text(row.get("city")),
        region=text(row.get("province")) or text(row.get("province_code")),
        postcode=text(row.get("zip")),
        country=country,
    )


def _consents(values: Mapping[str, Any]) -> tuple[Consent, ...]:
    """What the customer agreed to; at the checkout of this order, where nothing newer is said."""
    person = part(values, "customer")
    found: list[Consent] = []
    channels: tuple[tuple[Literal["email", "sms"], str], ...] = (
        ("email", "email_marketing_consent"),
        ("sms", "sms_marketing_consent"),
    )
    for channel, field in channels:
        said = part(person, field)
        given = _AGREED.get(text(said.get("state")).lower())
        if given is not None:
            at = instant(said.get("consent_updated_at"))
            found.append(Consent(channel, "marketing", given, f"shopify:{field}", at))
    if values.get("buyer_accepts_marketing") is True and not any(
        one.channel == "email" for one in found
    ):
        at = instant(values.get("created_at"))
        found.append(Consent("email", "marketing", True, "shopify:buyer_accepts_marketing", at))
    return tuple(found)


def _refund(row: Mapping[str, Any]) -> Refund:
    given_back = [
        money
        for one in rows(row, "transactions")
        if text(one.get("kind")).lower() == "refund"
        and text(one.get("status")).lower() in {"success", ""}
        and (money := amount(one.get("amount"))) is not None
    ]
    lines = [
        (text(line.get("line_item_id")), pieces(line.get("quantity")))
        for line in rows(row, "refund_line_items")
    ]
    return Refund(
        external_id=need_text(row, "id"),
        amount=sum(given_back, Decimal(0)) if given_back else None,
        at=instant(row.get("processed_at")) or instant(row.get("created_at")),
        reason=text(row.get("note")),
        lines=tuple((line, count) for line, count in lines if line and count),
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
