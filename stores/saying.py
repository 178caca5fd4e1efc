"""What an update says, as columns of our rows; what it does not say is left out."""

from __future__ import annotations

from dataclasses import asdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from lib.folding import western_digits
from stores.vocabulary import Address, Item, OrderUpdate, Origin, Refund, TimeWish
from tracking.models import Order


def _lengths(model: type[models.Model]) -> dict[str, int]:
    fields = model._meta.concrete_fields
    return {field.name: most for field in fields if (most := getattr(field, "max_length", None))}


_THOUSANDTH: Final = Decimal("0.001")
_LENGTHS: Final = _lengths(Order)

#: The column of each part of an address.
_ADDRESS: Final = {
    "country": "country",
    "name": "ship_to_name",
    "phone": "ship_to_phone",
    "line1": "line1",
    "line2": "line2",
    "landmark": "landmark",
    "district": "district",
    "city": "city",
    "region": "region",
    "postcode": "postcode",
    "makani": "makani",
    "national_address": "national_address",
    "what3words": "what3words",
}
#: Typed on Arabic or Persian keyboards as well: kept with Western digits.
_NUMBERS: Final = frozenset({"phone", "postcode", "makani", "national_address"})
#: The columns of an address: another one is taken as a whole.
ADDRESS: Final = (*_ADDRESS.values(), "latitude", "longitude")
#: Everything of an order that an update can say.
COLUMNS: Final = (
    "number", "placed_at", "cancelled_at", "currency", "total", "cod_amount", "payment_method",
    "language", "tags", "shop_status", "is_gift", "gift_tells", "replaces", "customer_name",
    "customer_email", "customer_phone", "ship_from_country", "ship_from", "wish", "promised_first",
    "promised_last", *ADDRESS,
)  # fmt: skip
#: Everything of a line.
LINE: Final = ("external_id", "sku", "title", "quantity", "price", "image_url", "url")
#: What says nothing. 0 does (nothing left to pay).
NOTHING: Final[tuple[Any, ...]] = ("", None, [], {}, False)


def is_nothing(value: object) -> bool:
    """Whether a column with this value says nothing."""
    return value is False or (value != 0 and value in NOTHING)


def clip(column: str, value: str) -> str:
    """Text no longer than the order's column takes."""
    return value.strip()[: _LENGTHS.get(column)]


def order_fields(update: OrderUpdate) -> dict[str, Any]:
    """What the update says of the order but for its address, by column."""
    person, origin = update.customer, update.ship_from
    said: dict[str, Any] = {
        "number": clip("number", update.number),
        "placed_at": update.placed_at,
        "cancelled_at": update.cancelled_at,
        "currency": update.currency if len(update.currency) == 3 else "",
        "total": money(update.total),
        "cod_amount": money(update.cod_amount),
        "payment_method": clip("payment_method", update.payment_method),
        "language": clip("language", update.language or person.language),
        "tags": [tag[:60] for tag in update.tags[:50]],
        "shop_status": clip("shop_status", update.shop_status),
        "is_gift": update.is_gift,
        "gift_tells": update.gift_tells,
        "replaces": clip("replaces", update.replaces),
        "customer_name": clip("customer_name", person.name),
        "customer_email": email_or_nothing(person.email),
        "customer_phone": clip("customer_phone", western_digits(person.phone)),
        "ship_from_country": clip(
            "ship_from_country", update.ship_from_country or (origin.country if origin else "")
        ),
        "ship_from": origin_value(origin),
        "wish": _wish(update.wish),
        "promised_first": update.promised_first,
        "promised_last": update.promised_last,
    }
    return {name: value for name, value in said.items() if not is_nothing(value)}


def address_fields(address: Address) -> dict[str, Any]:
    """The parts of the address that are said, by column."""
    said: dict[str, Any] = {}
    for part, column in _ADDRESS.items():
        value = getattr(address, part)
        if value:
            said[column] = clip(column, western_digits(value) if part in _NUMBERS else value)
    if address.pin is not None:
        said["latitude"], said["longitude"] = address.pin
    return {column: value for column, value in said.items() if value != ""}


def item_fields(item: Item) -> dict[str, Any]:
    """A line by column. One that is taken off (a quantity of 0) says nothing else."""
    if not item.quantity:
        return {"quantity": 0}
    said = {
        "external_id": item.external_id[:100],
        "sku": item.sku[:120],
        "title": title_of(item),
        "quantity": item.quantity,
        "price": money(item.price),
        "image_url": item.image_url if len(item.image_url) <= 500 else "",
        "url": item.url if len(item.url) <= 500 else "",
    }
    return {name: value for name, value in said.items() if value not in {"", None}}


def title_of(item: Item) -> str:
    return item.title[:300] or item.sku[:120] or "–"


def refund_fields(refund: Refund) -> dict[str, Any]:
    return {
        "amount": money(refund.amount),
        "at": refund.at,
        "reason": refund.reason[:300],
        "lines": [[line[:100], count] for line, count in refund.lines],
    }


def money(amount: Decimal | None) -> Decimal | None:
    """An amount with the three decimals that its column keeps, rounded as PostgreSQL rounds."""
    if amount is None or not amount.is_finite():
        return None
    return amount.quantize(_THOUSANDTH, rounding=ROUND_HALF_UP)


def origin_value(origin: Origin | None) -> dict[str, str]:
    """Where it is sent from, as its column keeps it."""
    if origin is None:
        return {}
    return {part: text.strip()[:120] for part, text in asdict(origin).items() if text.strip()}


def _wish(wish: TimeWish | None) -> dict[str, str]:
    if wish is None:
        return {}
    said = {
        "day": wish.day.isoformat() if wish.day else "",
        "start": wish.start.isoformat("minutes") if wish.start else "",
        "end": wish.end.isoformat("minutes") if wish.end else "",
        "note": wish.note.strip()[:300],
    }
    return {part: text for part, text in said.items() if text}


def email_or_nothing(text: str) -> str:
    """The address when a message could be sent to it; a shop's odd text is not kept."""
    address = text.strip()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""
