"""What a shop takes back about a parcel: the parcel itself, or the number it gave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lib.folding import number_key
from tracking.candidates import Chooser, entries
from tracking.entering import first_ask
from tracking.ingest import review
from tracking.models import Shipment, Watch


def withdraw(shipments: Sequence[tuple[int, datetime | None]], *, now: datetime) -> None:
    """End these parcels as of an instant, or (None) follow them again; in the merchant's scope.

    One that somebody has scanned goes on: whoever holds it knows better than the shop.
    """
    if not shipments:
        return
    ids = []
    for shipment_id, at in shipments:
        ids.append(shipment_id)
        Shipment.objects.filter(pk=shipment_id).update(withdrawn_at=at)
    review(ids, now=now)
    for shipment in Shipment.objects.filter(pk__in=ids):
        ends = shipment.withdrawn_at is not None and shipment.picked_up_at is None
        when = None if ends else first_ask(shipment.carrier, now=now)
        Watch.objects.filter(shipment=shipment).update(next_ask_at=when)


def correct_number(shipment: Shipment, *, number: str, carrier: str, now: datetime) -> None:
    """The shop gave it another number before anybody scanned it; id, link and contents stay.

    `carrier` is a slug or "". In the merchant's scope.
    """
    key, order = number_key(number), shipment.order
    chosen = Chooser().choose(
        number=number,
        carrier=carrier,
        country=order.country,
        origin=order.ship_from_country,
        named=shipment.extra.get("carrier_name") or shipment.service,
    )
    same = Shipment.objects.filter(carrier=chosen.carrier, number_key=key).exclude(pk=shipment.pk)
    last = same.order_by("-generation").values_list("generation", flat=True).first()
    shipment.tracking_number, shipment.number_key = number, key
    shipment.carrier, shipment.generation = chosen.carrier, (last or 0) + 1
    Shipment.objects.filter(pk=shipment.pk).update(
        tracking_number=number,
        number_key=key,
        carrier=shipment.carrier,
        generation=shipment.generation,
        updated_at=now,
    )
    Watch.objects.filter(shipment=shipment).update(
        carrier=shipment.carrier,
        candidates=entries(chosen.candidates),
        next_ask_at=first_ask(shipment.carrier, now=now),
        failures=0, result="", problem="", digest="", registered_with=None, registration="",
    )  # fmt: skip
    review([shipment.pk], now=now)
