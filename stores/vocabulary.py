"""What a shop said, in our words: the frozen values that store adapters hand out. No Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal


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
    """One line. `external_id` is the shop's own, by which parcels name their contents.

    A `quantity` of 0 says that the line was taken off the order.
    """

    title: str
    quantity: int = 1
    external_id: str = ""
    sku: str = ""
    price: Decimal | None = None
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class FulfilmentUpdate:
    """One parcel the shop knows of: `carrier` is one of our slugs ("" when it is not known).

    `carrier_name` is the shop's own word for it, kept when we do not know the carrier.
    `contents` maps an item's external id to a quantity; empty means "not said".
    """

    tracking_number: str
    carrier: str = ""
    carrier_name: str = ""
    external_id: str = ""
    service: str = ""
    shipped_at: datetime | None = None
    contents: tuple[tuple[str, int], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OrderUpdate:
    """Everything one payload says about one order. What it does not say is None or empty.

    `confirmed_at`, `packed_at`, `cancelled_at`: aware instants where the shop said so.
    `shop_status` is the shop's own word, for the merchant's mapping. `updated_at` is the
    shop's time of this version: an older one never overwrites a newer. `partial` marks a
    payload about something else (a fulfilment): it fills gaps and overwrites nothing.
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
    updated_at: datetime | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class ComplianceRequest:
    """A platform's demand about personal data.

    `shop` is the platform's name for the shop, as the signed body gives it; `order_ids`
    are the shop's own. "erase_shop" concerns everybody who bought there.
    """

    demand: Literal["export", "erase", "erase_shop"]
    shop: str
    email: str = ""
    phone: str = ""
    order_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ping:
    """The platform tries the address; there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Understood, and nothing we keep; `why` in one sentence."""

    why: str


Reading = OrderUpdate | ComplianceRequest | Ping | Ignored
"""Everything a shop's payload can turn out to be."""
