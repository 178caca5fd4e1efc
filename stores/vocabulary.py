"""What a shop said, in our words: the frozen values that store adapters hand out. No Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Person:
    """A buyer or receiver; every part may be empty. `phone` as given, `language` BCP 47."""

    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where it goes; `country` is ISO 3166-1 alpha-2, upper case."""

    country: str
    name: str = ""
    line1: str = ""
    line2: str = ""
    landmark: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line. `external_id` is the shop's own, by which parcels name their contents."""

    title: str
    quantity: int = 1
    external_id: str = ""
    sku: str = ""
    price: Decimal | None = None
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class FulfilmentUpdate:
    """One parcel the shop knows of: `carrier` as the shop names it ("" when it does not).

    `contents` maps an item's external id to a quantity; empty means "not said".
    """

    tracking_number: str
    carrier: str = ""
    external_id: str = ""
    service: str = ""
    shipped_at: datetime | None = None
    contents: tuple[tuple[str, int], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OrderUpdate:
    """Everything one payload says about one order. What it does not say is None or empty.

    `confirmed_at`, `packed_at`, `cancelled_at`: aware instants where the shop said so.
    `shop_status` is the shop's own word, for the merchant's mapping.
    """

    external_id: str
    number: str
    placed_at: datetime | None = None
    customer: Person = field(default_factory=Person)
    destination: Address | None = None
    items: tuple[Item, ...] = ()
    parcels: tuple[FulfilmentUpdate, ...] = ()
    currency: str = ""
    total: Decimal | None = None
    cod_amount: Decimal | None = None
    payment_method: str = ""
    ship_from_country: str = ""
    language: str = ""
    shop_status: str = ""
    confirmed_at: datetime | None = None
    packed_at: datetime | None = None
    cancelled_at: datetime | None = None
    tags: tuple[str, ...] = ()
