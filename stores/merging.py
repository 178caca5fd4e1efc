"""What an update says, as columns of an order; and which of them may be taken over."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from stores.vocabulary import Address, OrderUpdate
from tracking.models import Order

_LENGTHS: Final = {
    field.name: field.max_length
    for field in Order._meta.concrete_fields
    if getattr(field, "max_length", None)
}

#: The column of each part of an address.
_ADDRESS: Final = {
    "country": "country",
    "name": "ship_to_name",
    "line1": "line1",
    "line2": "line2",
    "landmark": "landmark",
    "city": "city",
    "region": "region",
    "postcode": "postcode",
}


def clip(column: str, value: str) -> str:
    """Text no longer than the order's column takes."""
    return value.strip()[: _LENGTHS.get(column)]


def order_fields(update: OrderUpdate) -> dict[str, Any]:
    """What the update says, by column; what it does not say is left out."""
    said: dict[str, Any] = {
        "number": clip("number", update.number),
        "placed_at": update.placed_at,
        "cancelled_at": update.cancelled_at,
        "currency": update.currency if len(update.currency) == 3 else "",
        "total": update.total,
        "cod_amount": update.cod_amount,
        "payment_method": clip("payment_method", update.payment_method),
        "language": clip("language", update.language or update.customer.language),
        "tags": [tag[:60] for tag in update.tags[:50]],
        "customer_name": clip("customer_name", update.customer.name),
        "customer_email": email_or_nothing(update.customer.email),
        "customer_phone": clip("customer_phone", update.customer.phone),
        "ship_from_country": clip("ship_from_country", update.ship_from_country),
    }
    if update.destination is not None:
        said |= address_fields(update.destination, blanks=False)
    # 0 is something said (nothing left to pay); "", None and no tags are not.
    return {name: value for name, value in said.items() if value not in ("", None, [])}


def receiver_fields(update: OrderUpdate) -> dict[str, str]:
    """The receiver as the buyer, for orders that name no buyer: gaps are filled with it."""
    where = update.destination
    said = {"customer_name": where.name, "customer_phone": where.phone} if where else {}
    return {column: clip(column, value) for column, value in said.items() if value}


def address_fields(address: Address, *, blanks: bool) -> dict[str, str]:
    """The address by column; `blanks` keeps the empty parts, which then empty the column."""
    said = {column: clip(column, getattr(address, part)) for part, column in _ADDRESS.items()}
    return {column: value for column, value in said.items() if value or blanks}


def replaces_address(order: Order, address: Address) -> bool:
    """Whether this is a full address that differs from the known one in street or town."""
    street = clip("line1", address.line1)
    return bool(street) and (street, clip("city", address.city)) != (order.line1, order.city)


def fills_gap(order: Order, column: str) -> bool:
    """Whether the order has nothing in this column yet."""
    return getattr(order, column) in ("", None, [])


def email_or_nothing(text: str) -> str:
    """The address when a message could be sent to it; a shop's odd text is not kept."""
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""
