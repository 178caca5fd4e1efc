"""What was known of past orders at each moment, read in bulk and played forward in memory.

The rows of a parcel say how it stands now. A dry run needs how it stood when something happened, so
its state is taken back to the beginning and set again by each change as it was learned. Nothing
here is ever saved.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Final

from lib.vocabulary import Status, status_of
from notifications.calm import DAY
from notifications.facts import Facts, Shop
from notifications.models import PageView
from notifications.ways import places_of
from tracking.models import Change, Link, Order, Recipient, Shipment

_ORDER: Final = (
    "id", "merchant_id", "source", "number", "placed_at", "confirmed_at", "packed_at",
    "cancelled_at", "announce_from", "currency", "total", "cod_amount", "language", "tags",
    "is_gift", "hold", "city", "region", "country",
)  # fmt: skip
_SHIPMENT: Final = (
    "id", "merchant_id", "order_id", "carrier", "tracking_number", "status", "delayed",
    "will_be_late", "stalled", "delivered_at", "edd_zone", "operator_disruption_id",
    "own_disruption_id",
)  # fmt: skip
_HOLDS: Final = frozenset({"on_hold", "out_of_stock"})
_FLAGS: Final = frozenset({"delayed", "will_be_late", "stalled"})
#: A link as long as real ones: it is only measured and looked at.
_TOKEN: Final = "x" * 22


class Past(Facts):
    """Facts of some orders as of a moment that moves on (`learn`)."""

    def __init__(self, shop: Shop, order_ids: Sequence[int], *, now: datetime) -> None:
        """In the merchant's scope; a handful of queries."""
        orders = Order.objects.only(*_ORDER).in_bulk(order_ids)
        rows = Shipment.objects.only(*_SHIPMENT).filter(order_id__in=orders)
        super().__init__(orders, {row.pk: row for row in rows}, now=now)
        self.learned: dict[int, list[Change]] = defaultdict(list)
        self.delivered = {pk: row.delivered_at for pk, row in self.shipments.items()}
        self._cancelled = {pk: row.cancelled_at for pk, row in orders.items()}
        self._seen: dict[tuple[int, int], datetime] = {}
        self._told: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        self._parcels: dict[int, list[Shipment]] = defaultdict(list)
        for row in self.shipments.values():
            self._parcels[row.order_id].append(row)
        self.read_bans(
            [
                place
                for group in self.recipients.values()
                for one in group
                for place in places_of(
                    one, merchant=shop.merchant, kinds=shop.kinds.values(), facts=self
                )
            ]
        )

    @cached_property
    def announced(self) -> Mapping[int, list[Change]]:
        """By order, what was to be told so far."""
        return self.learned

    @cached_property
    def told_lately(self) -> Counter[int]:
        """Of the order that is played, as of the moment (`at`)."""
        return Counter()

    @cached_property
    def incomplete(self) -> frozenset[int]:
        """An address was asked for when it lacked something."""
        return frozenset(self.orders)

    def awaits_cash(self, order_id: int) -> bool:
        """A question about cash was open when it was asked."""
        return True

    @cached_property
    def seen(self) -> Mapping[tuple[int, int], datetime]:
        """When each person of the order that is played last saw the page, as of the moment."""
        return self._seen

    @cached_property
    def _looks(self) -> Mapping[tuple[int, int], Sequence[datetime]]:
        """Every moment at which somebody really looked, in order."""
        found: dict[tuple[int, int], list[datetime]] = defaultdict(list)
        rows = PageView.objects.filter(
            order_id__in=self.orders, recipient_id__isnull=False, seen_at__isnull=False
        )
        for order_id, recipient_id, at in rows.order_by("seen_at").values_list(
            "order_id", "recipient_id", "seen_at"
        ):
            found[order_id, recipient_id].append(at)
        return found

    def looked(self, order_id: int, recipient_id: int, *, since: datetime, until: datetime) -> bool:
        """Whether this person saw the page between the two."""
        looks = self._looks.get((order_id, recipient_id), ())
        return any(since <= at <= until for at in looks)

    def link(self, recipient: Recipient) -> Link:
        """One that is no row: nobody gets it."""
        return Link(token=_TOKEN, merchant_id=recipient.merchant_id, order_id=recipient.order_id)

    @cached_property
    def changes(self) -> Mapping[int, Sequence[Change]]:
        """By order, all that ever happened, as it was learned."""
        found: dict[int, list[Change]] = defaultdict(list)
        rows = Change.objects.filter(order_id__in=self.orders).order_by("order_id", "id")
        for change in rows.iterator(chunk_size=5000):
            found[change.order_id].append(change)
        return found

    def begin(self, order: Order) -> None:
        """Back to when nothing had happened to this order."""
        self.learned[order.pk] = []
        order.cancelled_at, order.hold = None, ""
        for parcel in self._parcels[order.pk]:
            parcel.status = Status.PENDING
            parcel.delayed = parcel.will_be_late = parcel.stalled = False
        for one in self.recipients.get(order.pk, ()):
            self._told.pop(one.pk, None)

    def moments(self, order: Order) -> Iterator[tuple[datetime, Sequence[Change]]]:
        """What was learned together, moment by moment."""
        for moment, group in groupby(self.changes.get(order.pk, ()), attrgetter("created_at")):
            yield moment, list(group)

    def learn(self, order: Order, changes: Sequence[Change]) -> None:
        """Set the order's and its parcels' state by these changes."""
        for change in changes:
            if change.announce and change.kind != Change.Kind.ORDER:
                self.learned[order.pk].append(change)
            if change.kind == Change.Kind.ORDER and change.key == "cancelled":
                order.cancelled_at = self._cancelled[order.pk]
            elif change.kind == Change.Kind.ORDER and change.key.partition(":")[0] in _HOLDS:
                order.hold = change.key.partition(":")[0]
            elif change.shipment_id is not None:
                _set(self.shipments[change.shipment_id], change)

    def at(self, order: Order, now: datetime) -> None:
        """From here on it is `now`."""
        self.told_lately.clear()
        self._seen.clear()
        for one in self.recipients.get(order.pk, ()):
            looks = [at for at in self._looks.get((order.pk, one.pk), ()) if at <= now]
            if looks:
                self._seen[order.pk, one.pk] = looks[-1]
            told = {change for at, change in self._told.get(one.pk, ()) if at > now - DAY}
            if told:
                self.told_lately[one.pk] = len(told)

    def tell(self, recipient: Recipient, change: Change, *, at: datetime) -> None:
        """Remember that this person was told something that is not urgent."""
        self._told[recipient.pk].append((at, change.pk))


def _set(parcel: Shipment, change: Change) -> None:
    if change.kind == Change.Kind.STATUS:
        status = status_of(change.key.partition("@")[0])
        parcel.status = status or parcel.status
    elif change.kind == Change.Kind.FLAG:
        name, verb, *_ = change.key.split(":")
        if name in _FLAGS:
            setattr(parcel, name, verb == "raised")
