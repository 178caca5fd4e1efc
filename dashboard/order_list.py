"""The list of orders: views, filters, cursor pages, and one row as it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carriers import registry
from dashboard import attention
from dashboard.addresses.panel import lacking_words
from dashboard.clock import Clock
from dashboard.parcels.identity import missing_words
from lib import formats
from lib.vocabulary import Status
from lib.words import place_name
from tracking.address_check import incomplete_orders
from tracking.models import Order, Shipment

PAGE: Final = 50
#: What a search shows at most; whoever needs more types more.
SEARCHED: Final = 50

#: Name in the address, what the tab says, and whether it always has a tab.
VIEWS: Final[dict[str, tuple[Promise, bool]]] = {
    "": (pgettext_lazy("orders", "All"), True),
    "needs": (_("Needs you"), True),
    "late": (pgettext_lazy("orders", "Late"), True),
    "likely": (_("Probably late"), True),
    "stalled": (_("No movement"), True),
    "attempts": (_("Attempt failed"), True),
    "address": (_("Address incomplete"), True),
    "shopper": (_("Customer must act"), False),
    "shop": (_("Shop must act"), False),
    "unasked": (_("Carrier not connected"), False),
    "fields": (_("Carrier needs more"), False),
    "unreadable": (_("Unreadable update"), False),
    "open": (_("On their way"), False),
}
_QUESTIONS: Final[dict[str, Q]] = {
    "needs": attention.NEEDS,
    "late": attention.LATE,
    "likely": attention.LIKELY,
    "stalled": attention.STALLED,
    "attempts": attention.ATTEMPTS,
    "shopper": attention.SHOPPER,
    "shop": attention.SHOP,
    "fields": attention.FIELDS,
    "unreadable": attention.UNREADABLE,
    "open": Q(),
}


#: Flags that a status says already: in a dense table they are left out.
_SAID: Final[dict[str, tuple[str, ...]]] = {
    Status.RETURNING: ("is_return_leg",),
    Status.RETURNED: ("is_return_leg",),
    Status.ATTEMPT_FAILED: ("action_required",),
    Status.AVAILABLE_FOR_PICKUP: ("action_required",),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; empty values filter nothing."""

    view: str = ""
    status: str = ""
    carrier: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        """Read the address; what is not one of ours is left out."""
        view, status = query.get("view", ""), query.get("status", "")
        carrier = query.get("carrier", "")
        return cls(
            view=view if view in VIEWS else "",
            status=status if status in set(Status) else "",
            carrier=carrier if carrier.replace("_", "").isalnum() else "",
        )

    def items(self) -> list[tuple[str, str]]:
        pairs = (("view", self.view), ("status", self.status), ("carrier", self.carrier))
        return [(name, value) for name, value in pairs if value]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Rows newest first, and the cursors before and after them ("" where there is no more)."""

    rows: Sequence[Order]
    newer: str = ""
    older: str = ""


def matching(filters: Filters) -> QuerySet[Order]:
    """Orders of a view and its filters, without an order of their own."""
    orders = Order.objects.all()
    if filters.status:
        orders = orders.filter(status=filters.status)
    view = filters.view
    if view == "address":  # of the order itself: it may have no parcel yet
        orders, view = orders.filter(pk__in=incomplete_orders().values("pk")), ""
    if view or filters.carrier:
        parcels = attention.open_parcels() if view else Shipment.objects.all()
        if view == "unasked":
            parcels = parcels.filter(attention.unasked())
        elif view:
            parcels = parcels.filter(_QUESTIONS[view])
        if filters.carrier:
            parcels = parcels.filter(carrier=filters.carrier)
        orders = orders.filter(pk__in=parcels.values("order_id"))
    return orders


def page_of(orders: QuerySet[Order], *, after: str = "", before: str = "") -> OrderPage:
    """Fifty orders after (older than) or before (newer than) a cursor; two queries."""
    back = read_cursor(before)
    place = back or read_cursor(after)
    if place is not None:
        at, pk = place
        side = "gt" if back else "lt"
        orders = orders.filter(
            Q(**{f"placed_at__{side}": at}) | Q(placed_at=at, **{f"pk__{side}": pk})
        )
    signs = ("placed_at", "pk") if back else ("-placed_at", "-pk")
    found = list(with_parcels(orders).order_by(*signs)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    if not found:
        return OrderPage([])
    has_newer = more if back else place is not None
    has_older = place is not None if back else more
    return OrderPage(
        found,
        newer=cursor_of(found[0]) if has_newer else "",
        older=cursor_of(found[-1]) if has_older else "",
    )


def by_ids(ids: Sequence[int]) -> list[Order]:
    """These orders in this order; ids that are gone are left out."""
    found = {order.pk: order for order in with_parcels(Order.objects.filter(pk__in=ids))}
    return [found[pk] for pk in ids if pk in found]


def with_parcels(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders without their search text, with the check of their address, and with their parcels
    in one further query."""
    found = Shipment.objects.select_related("watch").order_by("pk")
    parcels = Prefetch("shipments", found, to_attr="parcels")
    found_orders = orders.select_related("address_check").defer("search_text")
    return found_orders.prefetch_related(parcels)


def cursor_of(order: Order) -> str:
    """Where this order stands: microseconds and id. Nothing personal, it is in addresses."""
    return f"{int(order.placed_at.timestamp() * 1_000_000)}-{order.pk}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """Read `cursor_of`; None for everything else."""
    stamp, _dash, pk = text.partition("-")
    if not (stamp.isascii() and stamp.isdigit() and pk.isascii() and pk.isdigit()):
        return None
    if len(stamp) > 17 or len(pk) > 18:
        return None
    seconds, micro = divmod(int(stamp), 1_000_000)
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=micro), int(pk)


def row(order: Order, clock: Clock, url: str, *, home: str) -> dict[str, Any]:
    """One line of the table; `order` comes from `with_parcels`, `home` is the shop's country."""
    parcels: list[Shipment] = order.parcels
    carriers = {parcel.carrier for parcel in parcels}
    first, last, late = _expected(parcels)
    return {
        "number": order.number,
        "url": url,
        "customer": order.customer_name or order.customer_email or "–",
        "destination": destination(order, clock.language, home=home),
        "status": order.status,
        "flags": _worst_flag(order.status, flags_of(parcels)),
        "missing": next(filter(None, map(missing_words, parcels)), "") or lacking_words(order),
        "parcels": len(parcels),
        "carrier": registry.name_of(carriers.pop(), language=clock.language)
        if len(carriers) == 1
        else "",
        "window": clock.brief(first, last),
        "late": late,
        "updated": clock.day(order.updated_at.astimezone(clock.zone).date()),
        "updated_iso": clock.iso(order.updated_at),
    }


def destination(order: Order, language: str, *, home: str) -> str:
    """ "Riyadh, Saudi Arabia" in the reader's language; at home the city alone."""
    country = country_name(order.country, language)
    city = place_name(order.city) if order.city else ""
    comma = "، " if formats.is_rtl(language) else ", "
    if city and order.country == home:
        return city
    # Some countries are cities too (Singapore): they are not said twice.
    return comma.join(dict.fromkeys(part for part in (city, country) if part))


def country_name(code: str, language: str) -> str:
    names: Mapping[str, str] = formats.locale_of(language).territories
    return names.get(code.upper(), code)


def flags_of(parcels: Sequence[Shipment]) -> list[str]:
    """Flags that some parcel has, as the pill component names them."""
    names = (
        ("delayed", "delayed"),
        ("will_be_late", "will_be_late"),
        ("stalled", "stalled"),
        ("action_required", "action_required"),
        ("disputed", "disputed"),
        ("return_leg", "is_return_leg"),
    )
    return [key for column, key in names if any(getattr(parcel, column) for parcel in parcels)]


def _worst_flag(status: str, flags: Sequence[str]) -> list[str]:
    """The one flag a dense row has room for; lateness is marked at the date as well."""
    left = [name for name in flags if name not in _SAID.get(status, ())]
    others = [name for name in left if name not in {"delayed", "will_be_late"}]
    return (others or left)[:1]


def _expected(parcels: Sequence[Shipment]) -> tuple[date | None, date | None, bool]:
    """The window of the parcel that comes last among those still on their way."""
    waiting = [p for p in parcels if p.status in attention.OPEN and p.edd_last and not p.return_leg]
    if not waiting:
        return None, None, False
    slowest = max(waiting, key=lambda parcel: (parcel.edd_last, parcel.pk))
    return slowest.edd_first, slowest.edd_last, slowest.is_late
