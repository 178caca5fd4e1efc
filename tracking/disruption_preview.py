"""What a disruption would do to a merchant's open parcels, before it is switched on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from edd.disruptions import Disruption
from edd.estimate import Rules
from edd.rules import load_rules
from tracking.derive import derive
from tracking.disrupting import is_there, open_parcels, scope_of
from tracking.models import Shipment
from tracking.outages import carriers_not_heard
from tracking.outbox import NewChange
from tracking.scans import Parcel, judge, load

_BATCH: Final = 500
#: So many parcels are compared at most, the newest; the others are only counted.
MOST_COMPARED: Final = 1000


@dataclass(frozen=True, slots=True)
class Touched:
    """`parcels`: open ones of this scope. Of those compared: `later` are expected later than
    before, `earlier` earlier, `told` orders' shoppers hear of it, `by_carrier` keep the
    carrier's own date. `left_out` parcels were not compared."""

    parcels: int = 0
    later: int = 0
    earlier: int = 0
    told: int = 0
    by_carrier: int = 0
    left_out: int = 0


def preview(
    wanted: Disruption,
    *,
    merchant_id: int,
    instead_of: Disruption | None = None,
    tells: Callable[[NewChange], bool],
    now: datetime,
) -> Touched:
    """What would come of it; `instead_of` is the one that it would replace. In the scope.

    `tells`: whether the shopper hears of an announced change.
    """
    scopes = [scope_of(one) for one in (wanted, instead_of) if one is not None]
    found = open_parcels(scopes).order_by("-pk")
    meant = [one for one in found if is_there(one, scopes)]
    rules = load_rules(merchant_id)
    others = tuple(one for one in rules.disruptions if (one.by, one.id) != (wanted.by, wanted.id))
    rules = replace(rules, disruptions=(*others, wanted))
    unheard = carriers_not_heard(now=now)
    compared = meant[:MOST_COMPARED]
    later = earlier = by_carrier = 0
    told: set[int] = set()
    for start in range(0, len(compared), _BATCH):
        for parcel in _loaded(compared[start : start + _BATCH]):
            shipment, before = parcel.shipment, parcel.shipment.edd_last
            changes = _derive(parcel, rules, is_unheard=shipment.carrier in unheard, now=now)
            if before is None or shipment.edd_last is None:
                continue
            later += shipment.edd_last > before
            earlier += shipment.edd_last < before
            by_carrier += shipment.edd_source == "carrier"
            if any(change.announce and tells(change) for change in changes):
                told.add(shipment.order_id)
    return Touched(
        len(meant), later, earlier, len(told), by_carrier, max(0, len(meant) - MOST_COMPARED)
    )


def _loaded(shipments: Sequence[Shipment]) -> list[Parcel]:
    parcels = {shipment.pk: Parcel(shipment) for shipment in shipments}
    load(parcels)
    for parcel in parcels.values():
        judge(parcel)
    return list(parcels.values())


def _derive(parcel: Parcel, rules: Rules, *, is_unheard: bool, now: datetime) -> list[NewChange]:
    """Derive in memory; what would change."""
    return derive(
        shipment=parcel.shipment,
        order=parcel.shipment.order,
        events=parcel.counted(),
        rules=rules,
        carrier_window=None,
        now=now,
        unheard=is_unheard,
    ).changes
