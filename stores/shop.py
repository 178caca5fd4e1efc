"""What passes between our side and a shop's API, as frozen values. No Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from stores.payload import StoreError
from stores.vocabulary import Address, Ignored, OrderUpdate

WriteKind = Literal["parcel", "address", "tags", "note"]
Mended = Literal["", "made", "switched on", "moved"]


@dataclass(frozen=True, slots=True)
class App:
    """Our own app at a platform, as the operator registered it; empty where there is none.

    `hook_secret` signs its webhooks where that is not the client secret; `listing_id` is the
    app's name on the consent page where that is not the client id.
    """

    client_id: str = ""
    client_secret: str = ""
    hook_secret: str = ""
    listing_id: str = ""

    def __bool__(self) -> bool:
        return bool(self.client_id and self.client_secret)

    @property
    def signing_secret(self) -> str:
        """What proves that a webhook is the platform's."""
        return self.hook_secret or self.client_secret


@dataclass(frozen=True, slots=True)
class Shop:
    """One connected shop, as an adapter sees it.

    `name` is the platform's own name of it (`noor.myshopify.com`), or the address of a shop
    that runs on its own server. `api_url` is empty where the platform's usual address is meant.
    """

    name: str
    credentials: Mapping[str, str]
    now: datetime
    app: App = field(default_factory=App)
    api_url: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """What the merchant brought back from the platform's consent page.

    `params` are the query's, `back` the address they were sent to, `verifier` PKCE's secret.
    """

    params: Mapping[str, str]
    back: str
    verifier: str = ""


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What a shop says of itself. `external_id` is its name for app-wide webhooks.

    `learned` is what later calls must know of this shop (where its API lies, its own clock); it
    is kept with the credentials and comes back in `Shop.credentials`.
    """

    external_id: str = ""
    name: str = ""
    country: str = ""
    currency: str = ""
    time_zone: str = ""
    email: str = ""
    learned: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """Which orders: created or updated in [since, until), oldest first where the shop can."""

    by: Literal["created", "updated"]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Unread:
    """A row of the shop's answer that is no order we can read; kept raw, shown, replayed."""

    why: str
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of orders. `next` continues it ("" at the end), `total` of the window if told."""

    orders: tuple[OrderUpdate, ...] = ()
    unread: tuple[Unread, ...] = ()
    next: str = ""
    total: int | None = None


def page_of(
    rows: Iterable[Mapping[str, Any]],
    read: Callable[[Mapping[str, Any]], OrderUpdate | Ignored],
    *,
    next: str = "",  # noqa: A002 - the name of the field
    total: int | None = None,
) -> Page:
    """Read each row by itself: one odd order costs none of its neighbours."""
    orders: list[OrderUpdate] = []
    unread: list[Unread] = []
    for row in rows:
        try:
            found = read(row)
        except StoreError as error:
            unread.append(Unread(str(error), row))
            continue
        if isinstance(found, OrderUpdate):
            orders.append(found)
    return Page(tuple(orders), tuple(unread), next, total)


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook at the shop. `mended` says what was done to it just now.

    `secret` is what the shop signs with from now on, where it made the webhook just now and names
    the secret this once.
    """

    topic: str
    external_id: str
    is_active: bool = True
    mended: Mended = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class ParcelNews:
    """A milestone of a parcel, for shops with a place for it.

    `status` is one of `lib.vocabulary.Status`; `first` and `last` our date as days in `zone`.
    `fulfilment_id` is the shop's own, empty when the shop does not know this parcel yet.
    """

    order_id: str
    tracking_number: str
    status: str
    at: datetime
    sub_status: str = ""
    fulfilment_id: str = ""
    carrier: str = ""
    carrier_name: str = ""
    page_url: str = ""
    city: str = ""
    country: str = ""
    first: date | None = None
    last: date | None = None
    zone: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class AddressChange:
    """The address as it is to be from now on, whole."""

    order_id: str
    address: Address


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags to put on an order and to take off; others stay."""

    order_id: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the shop's own people, on the order."""

    order_id: str
    text: str


ShopChange = ParcelNews | AddressChange | Tags | Note
"""What can be written back. `WriteKind` names them, in this order."""
