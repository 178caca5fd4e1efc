"""A parcel as `edd.estimate` wants it: from its rows, and what is known of its way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from carriers.updates import DateWindow
from edd.estimate import Parcel
from edd.quotes import prefix_of
from edd.vocabulary import Promise
from edd.zones import destination_zone
from lib.vocabulary import Status
from tracking.gaps import stage_of
from tracking.goods import goods_of
from tracking.models import Order, Shipment


class Way(Protocol):
    """How far it came: a folded state, or a stored parcel's own columns."""

    @property
    def status(self) -> str: ...

    @property
    def sub_status(self) -> str: ...

    @property
    def picked_up_at(self) -> datetime | None: ...

    @property
    def last_event_at(self) -> datetime | None: ...


def dated_parcel(shipment: Shipment, order: Order, way: Way, skus: Collection[str]) -> Parcel:
    """`skus` are of what is in it, where a rule of the merchant asks for them."""
    zone = destination_zone(order.country, order.region, order.city)
    window = None
    if shipment.carrier_first and shipment.carrier_last:
        window = DateWindow(
            shipment.carrier_first,
            shipment.carrier_last,
            zone,
            shipment.carrier_kind or "estimated",  # type: ignore[arg-type]
        )
    promise = None
    if order.promised_last is not None:
        promise = Promise(order.promised_first, order.promised_last)
    shown = None
    if shipment.edd_first and shipment.edd_last and shipment.edd_source == "engine":
        shown = (shipment.edd_first, shipment.edd_last)
    goods = goods_of(shipment, order, skus)
    return Parcel(
        placed_at=order.placed_at,
        status=Status(way.status),
        carrier=shipment.carrier,
        service=shipment.service,
        from_country=order.ship_from_country,
        to_country=order.country,
        to_zone=zone,
        picked_up_at=way.picked_up_at,
        last_event_at=way.last_event_at,
        carrier_window=window,
        sub_status=way.sub_status,
        warehouse=goods.warehouse,
        tags=goods.tags,
        skus=goods.skus,
        promise=promise,
        told_last=shipment.promised_last,
        was_doubted=shipment.will_be_late,
        to_region=order.region or order.city,
        to_prefix=prefix_of(order.postcode),
        stage=stage_of(way.sub_status, Status(way.status)) or "",
        shown=shown,
    )
