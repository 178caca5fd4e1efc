"""What a shop said, in our words: the frozen values that store adapters hand out. No Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
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
    """Where it goes; `country` is ISO 3166-1 alpha-2, upper case.

    `district` is the area or neighbourhood. `makani` is Dubai's ten digits, `national_address`
    Saudi Arabia's short form (four letters, four digits), `pin` (latitude, longitude) in
    degrees, `what3words` three words with dots; all as given.
    """

    country: str
    name: str = ""
    line1: str = ""
    line2: str = ""
    landmark: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    phone: str = ""
    district: str = ""
    makani: str = ""
    national_address: str = ""
    what3words: str = ""
    pin: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it is sent from: a warehouse or a branch, as the shop names it."""

    name: str = ""
    line1: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class TimeWish:
    """When the shopper wants it: a day, hours of that day (local), and words."""

    day: date | None = None
    start: time | None = None
    end: time | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to, and where that was said.

    `channel` is "email", "sms" or "whatsapp"; `purpose` "marketing" or "tracking"; `source`
    the shop's own field, e.g. "shopify:email_marketing_consent".
    """

    channel: Literal["email", "sms", "whatsapp"]
    purpose: Literal["marketing", "tracking"]
    given: bool
    source: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back, by the shop's own id; `lines` are (item's external id, quantity)."""

    external_id: str
    amount: Decimal | None = None
    at: datetime | None = None
    reason: str = ""
    lines: tuple[tuple[str, int], ...] = ()


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
    url: str = ""


@dataclass(frozen=True, slots=True)
class FulfilmentUpdate:
    """One parcel the shop knows of: `carrier` is one of our slugs ("" when it is not known).

    `carrier_name` is the shop's own word for it, kept when we do not know the carrier.
    `contents` maps an item's external id to a quantity; empty means "not said". `withdrawn`
    says that the shop took this fulfilment back: the parcel ends unless somebody holds it.
    `ship_from` is where this parcel leaves from, where the shop says so.
    """

    tracking_number: str
    carrier: str = ""
    carrier_name: str = ""
    external_id: str = ""
    service: str = ""
    shipped_at: datetime | None = None
    contents: tuple[tuple[str, int], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    withdrawn: bool = False
    ship_from: Origin | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named beside the buyer, who is told as well: `role` is "receiver" or
    "front_desk"."""

    role: str
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class OrderUpdate:
    """Everything one payload says about one order. What it does not say is None or empty.

    `confirmed_at`, `packed_at`, `cancelled_at`: aware instants where the shop said so.
    `shop_status` is the shop's own word, for the merchant's mapping. `updated_at` is the
    shop's time of this version: an older one never overwrites a newer. `partial` marks a
    payload about something else (a fulfilment, a refund): it fills gaps and overwrites nothing.

    `cancelled_by` is who cancelled it, where the shop says so. `hold` is what the order waits for
    at the shop, where its payload says that beside a status: "" that it goes on, None nothing.

    `customer` is the buyer; who receives is `destination.name` and `.phone`. `is_gift`: the
    receiver is not to see prices; `gift_tells` is what they hear (`Order.GiftTells`). `recipients`
    are named beside the order. `replaces` is the external id of the order that this one
    makes good (an exchange, a re-shipment). `references` are the external id and the number that
    a fulfilment partner's order has in the shop where it was placed: its parcels join that order.
    `promised_first`, `promised_last` are the days of arrival that the shopper was told when buying,
    local to the destination; without a first one it is "by" the last. A day on which it is to be
    sent is none of these.
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
    ship_from: Origin | None = None
    language: str = ""
    shop_status: str = ""
    confirmed_at: datetime | None = None
    packed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: Literal["", "shop", "shopper"] = ""
    hold: Literal["", "on_hold", "out_of_stock"] | None = None
    tags: tuple[str, ...] = ()
    wish: TimeWish | None = None
    promised_first: date | None = None
    promised_last: date | None = None
    consents: tuple[Consent, ...] = ()
    refunds: tuple[Refund, ...] = ()
    is_gift: bool = False
    gift_tells: Literal["", "nothing", "delivery_day", "everything"] = ""
    recipients: tuple[Named, ...] = ()
    replaces: str = ""
    references: tuple[str, ...] = ()
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
class Fetch:
    """Something about this order changed; the payload holds no more than its id."""

    external_id: str


@dataclass(frozen=True, slots=True)
class Installed:
    """Our app was installed in a shop, and these are its credentials (Salla's easy mode).

    `shop` is the platform's name of it. `code` is what the merchant typed in the app's settings
    there, to say which of our merchants it belongs to; empty in a message without it.
    """

    shop: str
    credentials: tuple[tuple[str, str], ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """Our app was removed from the shop: nothing more may be asked or written."""

    shop: str


@dataclass(frozen=True, slots=True)
class Ping:
    """The platform tries the address; there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Understood, and nothing we keep; `why` in one sentence."""

    why: str


Reading = OrderUpdate | Fetch | ComplianceRequest | Installed | Uninstalled | Ping | Ignored
"""Everything a shop's payload can turn out to be."""
