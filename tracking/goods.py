"""What the handling of a parcel may depend on: where it leaves from, its tags, its SKUs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from edd.estimate import Rules
from edd.handling import folded
from tracking.models import Order, OrderItem, Shipment, ShipmentItem
from tracking.scans import Parcel


@dataclass(frozen=True, slots=True)
class Goods:
    """`edd.handling.Goods`, from rows."""

    warehouse: str = ""
    tags: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()


def goods_of(shipment: Shipment, order: Order, skus: Collection[str]) -> Goods:
    """The parcel's own ship-from place, else its order's: by its name, else by its city."""
    place = shipment.ship_from or order.ship_from
    return Goods(
        warehouse=folded(str(place.get("name") or place.get("city") or "")),
        tags=tuple(folded(str(tag)) for tag in order.tags),
        skus=tuple(dict.fromkeys(folded(sku) for sku in skus if sku)),
    )


def read_skus(parcels: Iterable[Parcel], rules: Rules) -> None:
    """Fill in the SKUs of these parcels, where a rule asks for them: two queries for all.

    A parcel whose contents nobody named may hold every line of its order.
    """
    if not any(rule.kind == "sku" for rule in rules.handling):
        return
    waiting = [one for one in parcels if one.skus is None and one.shipment.pk is not None]
    if not waiting:
        return
    inside: dict[int, list[str]] = defaultdict(list)
    contents = ShipmentItem.objects.filter(shipment_id__in=[one.shipment.pk for one in waiting])
    for shipment_id, sku in contents.order_by("pk").values_list("shipment_id", "item__sku"):
        inside[shipment_id].append(sku)
    unnamed = {one.shipment.order_id for one in waiting if one.shipment.pk not in inside}
    ordered: dict[int, list[str]] = defaultdict(list)
    lines = OrderItem.objects.filter(order_id__in=unnamed, quantity__gt=0).order_by("pk")
    for order_id, sku in lines.values_list("order_id", "sku"):
        ordered[order_id].append(sku)
    for one in waiting:
        found = inside.get(one.shipment.pk) or ordered.get(one.shipment.order_id, [])
        one.skus = tuple(found)
