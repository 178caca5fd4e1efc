"""What one page tells, read from the database: one query for `Stamp`, three for `load`.

The stamp alone answers "has anything changed?"; a page that has not is not built.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, OuterRef, Subquery, Sum
from django.db.models.functions import JSONObject

from edd.zones import destination_zone
from lib.vocabulary import Milestone, Status
from merchants.models import Brand, Merchant
from storefront_pages.edition import edition
from tracking.models import Event, Link, Order, OrderItem, Recipient, Shipment, ShipmentItem, Watch
from tracking.orders import order_status

#: Scans of one order that a page shows; the newest. A page must stay light.
MOST_EVENTS = 150


@dataclass(frozen=True, slots=True)
class Stamp:
    """The order, its brand, and what tells one version of the page from the next.

    `brand` has version, logo_type, footer_links; empty for a merchant without a brand.
    `recipient_language` is "" where the link is the order's own.
    """

    order: Order
    brand: dict[str, Any]
    recipient_language: str
    versions: tuple[object, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the destination."""
        order = self.order
        return ZoneInfo(destination_zone(order.country, order.region, order.city))

    def etag(self, *, language: str, now: datetime) -> str:
        """Weak, because compression changes the bytes. The day is in it: "expected today"."""
        today = now.astimezone(self.zone).date()
        text = repr((self.order.pk, self.versions, language, today, edition()))
        return f'W/"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


@dataclass(slots=True)
class Parcel:
    """One parcel with what is in it, its scans (newest first) and how we ask about it."""

    shipment: Shipment
    watch: Watch | None
    contents: list[tuple[OrderItem, int]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def status(self) -> Status:
        return Status(self.shipment.status)


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the page says. `loose` are items that no parcel is known to hold."""

    merchant: Merchant
    order: Order
    parcels: Sequence[Parcel]
    loose: Sequence[tuple[OrderItem, int]]
    zone: ZoneInfo
    now: datetime
    language: str

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def tag(self) -> str:
        """The tag dates are written by: Arabic month names differ from country to country."""
        return f"ar-{self.order.country}" if self.language == "ar" else self.language

    @property
    def speaker(self) -> Parcel | None:
        """The parcel that speaks for the order: the worst status, and of those the latest date."""
        if not self.parcels:
            return None
        status = order_status(parcel.shipment.status for parcel in self.parcels)
        same = [parcel for parcel in self.parcels if parcel.status is status]
        return max(same, key=lambda parcel: parcel.shipment.edd_last or date.min)

    @property
    def order_milestone(self) -> Milestone:
        if self.order.packed_at:
            return Milestone.PACKED
        return Milestone.CONFIRMED if self.order.confirmed_at else Milestone.PLACED

    @property
    def status(self) -> Status:
        """The order's status as the page tells it."""
        if self.order.cancelled_at and not self.parcels:
            return Status.CANCELLED
        return order_status(parcel.shipment.status for parcel in self.parcels)

    def local(self, moment: datetime) -> datetime:
        """The moment on the destination's clock."""
        return moment.astimezone(self.zone)


def stamp(link: Link) -> Stamp | None:
    """The order behind a link and its versions, in one query; None when the order is gone."""
    brands = Brand.objects.values(
        data=JSONObject(version="version", logo_type="logo_type", footer_links="footer_links")
    )
    recipient = Recipient.objects.filter(pk=link.recipient_id or 0).values("language")
    order = (
        Order.objects.filter(pk=link.order_id)
        .annotate(
            brand=Subquery(brands[:1]),
            recipient_language=Subquery(recipient[:1]),
            parcel_count=Count("shipments"),
            parcel_versions=Sum("shipments__version"),
            asked_at=Max("shipments__watch__asked_at"),
            next_ask_at=Max("shipments__watch__next_ask_at"),
        )
        .first()
    )
    if order is None:
        return None
    brand: dict[str, Any] = order.brand or {}
    versions = (
        order.updated_at,
        order.parcel_count,
        order.parcel_versions,
        _minute(order.asked_at),
        _minute(order.next_ask_at),
        brand.get("version"),
    )
    return Stamp(order, brand, order.recipient_language or "", versions)


def load(*, stamp: Stamp, merchant: Merchant, language: str, now: datetime | None = None) -> Story:
    """Parcels, items and scans of the stamped order: three queries, however many parcels."""
    order = stamp.order
    shipments = list(
        Shipment.objects.filter(order_id=order.pk).select_related("watch").order_by("pk")
    )
    held, loose = _items(order, [shipment.pk for shipment in shipments])
    events: dict[int, list[Event]] = defaultdict(list)
    rows = Event.objects.filter(shipment__order_id=order.pk, quarantined="")
    for event in rows.order_by("-at", "-received_at", "-pk")[:MOST_EVENTS]:
        events[event.shipment_id].append(event)
    parcels = [
        Parcel(shipment, _watch(shipment), held[shipment.pk], events[shipment.pk])
        for shipment in shipments
    ]
    return Story(
        merchant=merchant,
        order=order,
        parcels=parcels,
        loose=loose,
        zone=stamp.zone,
        now=now or datetime.now(UTC),
        language=language,
    )


Items = list[tuple[OrderItem, int]]


def _items(order: Order, shipment_ids: Sequence[int]) -> tuple[dict[int, Items], Items]:
    """Which parcel holds how many of which line, and what is in none."""
    held: dict[int, Items] = defaultdict(list)
    loose: Items = []
    contents = ShipmentItem.objects.filter(item_id=OuterRef("pk")).values(
        data=JSONObject(shipment="shipment_id", quantity="quantity")
    )
    rows = OrderItem.objects.filter(order_id=order.pk).annotate(contents=ArraySubquery(contents))
    for item in rows:
        left = item.quantity
        for part in item.contents:
            held[part["shipment"]].append((item, part["quantity"]))
            left -= part["quantity"]
        if left > 0:
            loose.append((item, left))
    if len(shipment_ids) == 1 and not held:
        # Shops that send everything at once do not say what is in the parcel.
        held[shipment_ids[0]], loose = loose, []
    return held, loose


def _watch(shipment: Shipment) -> Watch | None:
    found: Watch | None = getattr(shipment, "watch", None)
    return found


def _minute(moment: datetime | None) -> str:
    """The page says minutes, so that a look within the same one changes nothing."""
    return moment.isoformat(timespec="minutes") if moment else ""
