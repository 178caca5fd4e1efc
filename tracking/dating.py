"""The date of a parcel: estimated again, and held against what the shopper was told first. Pure.

Sets a shipment's attributes, saves nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from carriers.updates import DateWindow
from edd.disruptions import Reference, named_in
from edd.estimate import Estimate, Rules, estimate
from lib.vocabulary import TERMINAL
from tracking.dated_parcel import dated_parcel
from tracking.flags import Promised
from tracking.fold import ParcelState
from tracking.models import Order, Shipment


def hear_window(shipment: Shipment, said: DateWindow | None) -> None:
    """Keep the carrier's newest date, as far as it gives one."""
    if said is not None:
        shipment.carrier_first, shipment.carrier_last = said.first, said.last
        shipment.carrier_kind = said.kind


def apply_date(
    shipment: Shipment,
    order: Order,
    state: ParcelState,
    rules: Rules,
    skus: Collection[str],
    *,
    now: datetime,
) -> Estimate | None:
    """Estimate again and set the window; None once there is nothing to wait for.

    What the shopper was told first is frozen: the shop's own promise where it gave one, else
    the first window. A promise that the shop makes later counts as long as nobody was told
    anything about the parcel.
    """
    if shipment.promised_last is None or _told_nobody(shipment):
        _freeze(shipment, order.promised_first, order.promised_last)
    made = estimate(dated_parcel(shipment, order, state, skus), rules, now=now)
    _apply_disruption(shipment, named_in(made.why) if made else None)
    if made is None:
        return None
    shipment.edd_first, shipment.edd_last = made.first, made.last
    shipment.edd_zone, shipment.edd_source, shipment.edd_kind = made.zone, made.source, made.kind
    # An order imported with history has told nobody a date yet: its first scans come first.
    is_imported = order.announce_from > order.placed_at
    if shipment.promised_last is None and not (is_imported and state.last_event_at is None):
        shipment.promised_first, shipment.promised_last = made.first, made.last
    return made


def _apply_disruption(shipment: Shipment, found: Reference | None) -> None:
    """Which disruption the window was pushed back by, so that page and desk can say it."""
    shipment.operator_disruption_id = found.id if found and found.by == "operator" else None
    shipment.own_disruption_id = found.id if found and found.by == "merchant" else None


def promised(shipment: Shipment, made: Estimate | None) -> Promised | None:
    """What was told first beside what is known now, for the flags."""
    if shipment.promised_last is None or shipment.edd_last is None:
        return None
    risk = made.chances.risk_after(shipment.promised_last) if made and made.chances else None
    # A learned window ends where nine of ten have come: only one that begins later is surely late.
    learned = made is not None and made.source == "engine"
    return Promised(
        shipment.promised_last,
        shipment.edd_last,
        shipment.edd_zone,
        now_first_day=shipment.edd_first if learned else None,
        risk=risk,
    )


def _told_nobody(shipment: Shipment) -> bool:
    """Whether no message about this very parcel can have named a date."""
    return not (shipment.milestones or shipment.delayed or shipment.will_be_late)


def _freeze(shipment: Shipment, first: date | None, last: date | None) -> None:
    if last is not None:
        shipment.promised_first, shipment.promised_last = first or last, last


def other_dates(shipment: Shipment, order: Order) -> tuple[str, ...]:
    """What shop and carrier said and is not shown, and the risk; codes for `edd.reasons.explain`.

    Nothing that was said is hidden from the desk, and nothing is left over once it has arrived.
    """
    if shipment.status in TERMINAL:
        return ()
    found = []
    if order.promised_last is not None and shipment.edd_source != "merchant":
        said = _span(order.promised_first or order.promised_last, order.promised_last)
        found.append(f"shop_promised:{said}")
    if shipment.carrier_first and shipment.carrier_last and shipment.edd_source != "carrier":
        name = "carrier_differs" if shipment.picked_up_at else "carrier_at_label"
        found.append(f"{name}:{_span(shipment.carrier_first, shipment.carrier_last)}")
    if shipment.late_risk is not None:
        found.append(f"risk:{shipment.late_risk:.0f}")
    return tuple(found)


def _span(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first}..{last}"
