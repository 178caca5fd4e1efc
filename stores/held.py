"""Everything we hold of one order, in memory: read for many orders at once, changed there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from lib.vocabulary import Milestone
from stores.models import OrderVersion
from stores.saying import COLUMNS, LINE, is_nothing
from stores.stamps import Stamps, instant
from stores.vocabulary import FulfilmentUpdate
from tracking.models import (
    Change,
    Consent,
    Order,
    OrderItem,
    Recipient,
    Refund,
    Shipment,
    ShipmentItem,
    Watch,
)
from tracking.needed_fields import NEEDS_FIELD

Contents = dict[int, int]
"""What a parcel holds: the line's place in `Held.lines` to a quantity."""


#: How `Stamps` calls what the order waits for at the shop.
HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Correction:
    """The shop gave a parcel another number."""

    shipment: Shipment
    said: FulfilmentUpdate


@dataclass(slots=True)
class Held:
    """One order with all that hangs on it. Nothing here saves; `stores.writing` does."""

    order: Order
    is_new: bool = False
    #: A parcel of it is on its way.
    is_moving: bool = False
    version: OrderVersion | None = None
    stamps: Stamps = field(default_factory=Stamps)
    lines: list[OrderItem] = field(default_factory=list)
    people: dict[str, Recipient] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    consents: dict[tuple[str, str], Consent] = field(default_factory=dict)
    #: By the number's key; also under the numbers that wait to be written.
    parcels: dict[str, Shipment] = field(default_factory=dict)
    contents: dict[str, Contents] = field(default_factory=dict)
    #: Parcels of which it is not certain who carries them; whose carrier waits for a field.
    undecided: set[int] = field(default_factory=set)
    lacking: list[Shipment] = field(default_factory=list)

    #: What is to be written: columns of rows we have, by table and id.
    touched: dict[tuple[type[Model], int], tuple[Model, set[str]]] = field(default_factory=dict)
    reached: list[tuple[Milestone, datetime]] = field(default_factory=list)
    arriving: dict[str, FulfilmentUpdate] = field(default_factory=dict)
    renamed: list[Correction] = field(default_factory=list)
    #: Who carries a parcel of which that was not certain.
    named: list[tuple[Shipment, str]] = field(default_factory=list)
    withdrawn: dict[int, datetime | None] = field(default_factory=dict)
    packed: set[str] = field(default_factory=set)
    #: Who cancelled the order, as the update that did it says.
    cancelled_by: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether anything is to be written but what rank said it."""
        return bool(
            self.is_new or self.touched or self.reached or self.arriving or self.renamed
            or self.named or self.withdrawn or self.packed or any(self.fresh_rows())
        )  # fmt: skip

    def fresh_rows(self) -> Iterator[Model]:
        """Rows beside the order that are not in the database yet."""
        for rows in (self.lines, self.people.values(), self.refunds.values(),
                     self.consents.values()):  # fmt: skip
            yield from (row for row in rows if row.pk is None)

    def put(self, row: Model, column: str, value: Any) -> None:
        """Set a column and remember that it changed."""
        if getattr(row, column) == value:
            return
        setattr(row, column, value)
        if row.pk is not None:
            self.touched.setdefault((type(row), row.pk), (row, set()))[1].add(column)

    def parts(self) -> Iterator[str]:
        """Everything that is not empty, by the names that `Stamps` knows."""
        order = self.order
        yield from (name for name in COLUMNS if not is_nothing(getattr(order, name)))
        for line in self.lines:
            prefix = line_part(line, "")
            yield from (prefix + name for name in LINE if getattr(line, name) not in {"", None})
        yield from (f"refund/{name}" for name in self.refunds)
        for key, shipment in self.parcels.items():
            yield fulfilment_part(shipment.external_id, key)
        yield from (f"in/{key}" for key in self.contents)
        if order.hold:
            yield HOLD


def line_part(line: OrderItem, column: str) -> str:
    """How `Stamps` calls a line's column: by the shop's id, else by its place."""
    return f"{line.external_id or f'@{line.position}'}/{column}"


def fulfilment_part(external_id: str, key: str) -> str:
    return f"parcel/{external_id or f'#{key}'}"


def held(source: str, external_ids: Sequence[str]) -> dict[str, Held]:
    """The known ones of these orders, locked, with all that hangs on them; by external id."""
    orders = list(
        Order.objects.select_for_update()
        .filter(source=source, external_id__in=external_ids)
        .order_by("pk")
    )
    found = {order.pk: Held(order) for order in orders}
    if found:
        _hang(found)
    return {one.order.external_id: one for one in found.values()}


def _hang(found: dict[int, Held]) -> None:
    """Nine queries, whatever the number of orders."""
    ids = list(found)
    for line in OrderItem.objects.filter(order_id__in=ids).order_by("position", "pk"):
        found[line.order_id].lines.append(line)
    for person in Recipient.objects.filter(order_id__in=ids):
        found[person.order_id].people[person.role] = person
    for refund in Refund.objects.filter(order_id__in=ids):
        found[refund.order_id].refunds[refund.external_id] = refund
    for consent in Consent.objects.filter(order_id__in=ids):
        found[consent.order_id].consents[consent.channel, consent.purpose] = consent
    for version in OrderVersion.objects.filter(order_id__in=ids):
        one = found[version.order_id]
        one.version = version
        one.stamps = Stamps(instant(version.said_at), dict(version.stamps), dict(version.waiting))
    _hang_parcels(found)
    moving = Change.objects.filter(
        order_id__in=ids, shipment__isnull=False, kind=Change.Kind.MILESTONE
    )
    for order_id in moving.values_list("order_id", flat=True).distinct():
        found[order_id].is_moving = True


def _hang_parcels(found: dict[int, Held]) -> None:
    whose: dict[int, tuple[Held, str]] = {}
    shipments: dict[int, Shipment] = {}
    for shipment in Shipment.objects.filter(order_id__in=list(found)).order_by("pk"):
        one = found[shipment.order_id]
        # The same number twice in one order: the first one is meant.
        if one.parcels.setdefault(shipment.number_key, shipment) is shipment:
            whose[shipment.pk] = one, shipment.number_key
            shipments[shipment.pk] = shipment
    watches = Watch.objects.filter(shipment_id__in=list(whose))
    open_ones = watches.filter(~Q(candidates=[]) | Q(result=NEEDS_FIELD))
    for shipment_id, candidates in open_ones.values_list("shipment_id", "candidates"):
        one, _ = whose[shipment_id]
        if candidates:
            one.undecided.add(shipment_id)
        else:
            one.lacking.append(shipments[shipment_id])
    places = {line.pk: n for one in found.values() for n, line in enumerate(one.lines)}
    inside = ShipmentItem.objects.filter(shipment_id__in=list(whose))
    for shipment_id, item_id, quantity in inside.values_list("shipment_id", "item_id", "quantity"):
        one, key = whose[shipment_id]
        one.contents.setdefault(key, {})[places[item_id]] = quantity
