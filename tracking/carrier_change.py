"""The parcel's carrier becomes another one; its id, its link and its story stay."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from carriers import registry
from lib.vocabulary import Doubt
from tracking.candidates import UNKNOWN_CARRIER
from tracking.ingest import review
from tracking.models import Event, Shipment, Watch
from tracking.orders import touch


class AlreadyFollowed(Exception):
    """Another parcel of this merchant has this number with that carrier: `order_id` is its."""

    def __init__(self, other: Shipment) -> None:
        super().__init__(f"{other.tracking_number} is followed with {other.carrier} already")
        self.order_id = other.order_id


def settle(
    shipment: Shipment, carrier: str, *, now: datetime, stays_registered: bool = False
) -> None:
    """The evidence decided: nobody needs to be asked for that any more. In the merchant's scope.

    Where an earlier parcel had the number with that carrier, this is the number's next life.
    `stays_registered`: whoever follows the parcel for us said so, and goes on following it.
    """
    same = Shipment.objects.filter(carrier=carrier, number_key=shipment.number_key)
    others = same.exclude(pk=shipment.pk)
    generation = shipment.generation
    if others.filter(generation=generation).exists():
        generation = others.aggregate(last=Max("generation"))["last"] + 1
    _write(shipment, carrier, generation, now=now, stays_registered=stays_registered)


def believe(shipment: Shipment, carrier: str, *, now: datetime) -> None:
    """The shop says now who carries it: that counts while nothing is certain, and only then."""
    is_open = Watch.objects.filter(shipment=shipment).exclude(candidates=[]).exists()
    if is_open or shipment.carrier == UNKNOWN_CARRIER:
        settle(shipment, carrier, now=now)


def correct(*, shipment_id: int, carrier: str, now: datetime) -> Shipment:
    """A person says who carries it: it is asked about at once. In the merchant's scope.

    Scans of the carrier that it was not are set aside, until the new one tells them too; dates
    and status are derived again, and nobody is told. The same carrier again only ends the asking
    around. Raises AlreadyFollowed and Shipment.DoesNotExist.
    """
    with transaction.atomic():
        shipment = Shipment.objects.select_for_update().get(pk=shipment_id)
        same = Shipment.objects.filter(
            carrier=carrier, number_key=shipment.number_key, generation=shipment.generation
        )
        other = same.exclude(pk=shipment.pk).first()
        if other is not None:
            raise AlreadyFollowed(other)
        is_changed = shipment.carrier != carrier
        _write(shipment, carrier, shipment.generation, now=now)
        if is_changed:
            heard = Event.objects.filter(shipment=shipment, leg=0, source__in=["poll", "push"])
            heard.filter(ruling="").update(quarantined=Doubt.OTHER_CARRIER)
            review([shipment.pk], now=now, silent=True)
        return shipment


def _write(
    shipment: Shipment,
    carrier: str,
    generation: int,
    *,
    now: datetime,
    stays_registered: bool = False,
) -> None:
    watched: dict[str, object] = {"carrier": carrier, "candidates": []}
    if carrier != shipment.carrier and not stays_registered:
        watched |= {"digest": "", "registered_with": None, "registration": ""}
    adapter = registry.CARRIERS.get(carrier)
    # A fleet of one's own only pushes; for a carrier without an adapter a hub may be asked.
    when = now if adapter is None or adapter.is_asked else None
    watched |= {"next_ask_at": when, "failures": 0, "result": "", "problem": ""}
    shipment.carrier, shipment.generation, shipment.updated_at = carrier, generation, now
    Shipment.objects.filter(pk=shipment.pk).update(
        carrier=carrier, generation=generation, updated_at=now
    )
    Watch.objects.filter(shipment=shipment).update(**watched)
    touch(shipment.order_id, now=now)
