"""Parcels that are handed on to another carrier: its legs, beside the first, asked beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from carriers.couriers import slug_told
from lib.folding import number_key
from tracking.candidates import UNKNOWN_CARRIER
from tracking.models import Leg, Shipment
from tracking.scans import Heard

#: A carrier that names another number in every answer must not fill the table.
_MOST: Final = 5
_LONGEST: Final = 60


def keep_legs(told: Iterable[tuple[Shipment, Heard]]) -> int:
    """Write down whom these parcels were handed on to; how many legs were new.

    The parcels are locked. A number that the parcel has already, as its own or as a leg's, is
    none; a carrier that nobody here knows by that name still gets its leg.
    """
    handed = [(shipment, one) for shipment, one in told if one.update.next_leg is not None]
    if not handed:
        return 0
    known: dict[int, list[Leg]] = defaultdict(list)
    for leg in Leg.objects.filter(shipment_id__in=[shipment.pk for shipment, _ in handed]):
        known[leg.shipment_id].append(leg)
    fresh = []
    for shipment, one in handed:
        found = _leg(shipment, one, known[shipment.pk])
        if found is not None:
            known[shipment.pk].append(found)
            fresh.append(found)
    Leg.objects.bulk_create(fresh)
    return len(fresh)


def _leg(shipment: Shipment, one: Heard, known: list[Leg]) -> Leg | None:
    following = one.update.next_leg
    if following is None or len(known) >= _MOST or len(following.number) > _LONGEST:
        return None
    key = number_key(following.number)
    if not key or key in {shipment.number_key, *(leg.number_key for leg in known)}:
        return None
    return Leg(
        merchant_id=shipment.merchant_id,
        shipment=shipment,
        position=1 + max((leg.position for leg in known), default=0),
        carrier=slug_told(following.carrier, hub=one.hub) or UNKNOWN_CARRIER,
        tracking_number=following.number.strip(),
        number_key=key,
    )
