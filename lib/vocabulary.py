"""The words everybody uses: statuses, sub-statuses, milestones.

Pure data, no Django. The table of sub-statuses is the one that counts: an adapter
maps a vendor's code to one of its codes, and everything else (main status, who must
act next, who is at fault, milestone) follows from here.

Sources: the vendors' public vocabularies laid beside each other (AfterShip tags and
sub-tags, 17TRACK v2.4, EasyPost tracker details, Shippo substatuses, Karrio incident
reasons). Placing a vendor's code under one of ours is our judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """The 15 main statuses of a parcel."""

    PENDING = "pending"
    INFO_RECEIVED = "info_received"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    CUSTOMS = "customs"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    ATTEMPT_FAILED = "attempt_failed"
    EXCEPTION = "exception"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST_OR_DESTROYED = "lost_or_destroyed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Milestone(StrEnum):
    """The nine milestones. The first three belong to the order, the others to the parcel."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    PACKED = "packed"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    ATTEMPT_FAILED = "attempt_failed"


class Party(StrEnum):
    """Who must act next."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"
    CARRIER = "carrier"
    NOBODY = "nobody"


class Fault(StrEnum):
    """Who caused an incident."""

    NOBODY = "nobody"
    CARRIER = "carrier"
    RETAILER = "retailer"
    CONSIGNEE = "consignee"
    CUSTOMS = "customs"
    WEATHER = "weather"


class Doubt(StrEnum):
    """Why a scan is set aside: `tracking.guards` has the rules, `lib.words` the sentences."""

    BEFORE_ORDER = "before_order"
    EARLIER_PARCEL = "earlier_parcel"
    IN_FUTURE = "in_future"
    GHOST_DELIVERY = "ghost_delivery"
    DELIVERED_ELSEWHERE = "delivered_elsewhere"
    IMPOSSIBLE_PLACE = "impossible_place"
    OTHER_CARRIER = "other_carrier"


#: Breaks ties between events of the same instant; never used to order different instants.
RANK: Final[dict[Status, int]] = {
    Status.PENDING: 0,
    Status.INFO_RECEIVED: 10,
    Status.PICKED_UP: 20,
    Status.IN_TRANSIT: 30,
    Status.CUSTOMS: 35,
    Status.EXCEPTION: 40,
    Status.ATTEMPT_FAILED: 45,
    Status.OUT_FOR_DELIVERY: 50,
    Status.AVAILABLE_FOR_PICKUP: 55,
    Status.RETURNING: 60,
    Status.DELIVERED: 90,
    Status.LOST_OR_DESTROYED: 92,
    Status.CANCELLED: 93,
    Status.RETURNED: 95,
    Status.EXPIRED: -1,
}

TERMINAL: Final[frozenset[Status]] = frozenset(
    {Status.DELIVERED, Status.RETURNED, Status.LOST_OR_DESTROYED, Status.CANCELLED}
)

#: Statuses that only a physical scan can yield: somebody held the parcel.
PHYSICAL: Final[frozenset[Status]] = frozenset(
    {
        Status.PICKED_UP,
        Status.IN_TRANSIT,
        Status.CUSTOMS,
        Status.OUT_FOR_DELIVERY,
        Status.AVAILABLE_FOR_PICKUP,
        Status.ATTEMPT_FAILED,
        Status.RETURNING,
        Status.RETURNED,
        Status.DELIVERED,
    }
)

ORDER_MILESTONES: Final = (Milestone.PLACED, Milestone.CONFIRMED, Milestone.PACKED)

#: The rail of the page, in order. `delayed` and `attempt_failed` are incidents on it.
RAIL: Final = (
    Milestone.PLACED,
    Milestone.CONFIRMED,
    Milestone.PACKED,
    Milestone.SHIPPED,
    Milestone.IN_TRANSIT,
    Milestone.OUT_FOR_DELIVERY,
    Milestone.DELIVERED,
)

#: The sub-status of a vendor's code that has no place in our table.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class SubStatus:
    """One row of the vocabulary: what happened, in which main status, who acts, whose fault."""

    code: str
    status: Status
    who: Party = Party.NOBODY
    fault: Fault = Fault.NOBODY


def _table() -> dict[str, SubStatus]:
    s, p, f = Status, Party, Fault
    rows = [
        SubStatus("pending.not_registered", s.PENDING),
        SubStatus("pending.bad_number", s.PENDING, p.MERCHANT, f.RETAILER),
        SubStatus("pending.awaiting_extra_field", s.PENDING, p.MERCHANT, f.RETAILER),
        SubStatus("info.label_created", s.INFO_RECEIVED),
        SubStatus("info.pickup_scheduled", s.INFO_RECEIVED, p.CARRIER),
        SubStatus("info.pickup_failed", s.INFO_RECEIVED, p.MERCHANT, f.RETAILER),
        SubStatus("picked_up.accepted", s.PICKED_UP),
        SubStatus("transit.generic", s.IN_TRANSIT),
        SubStatus("transit.arrived_facility", s.IN_TRANSIT),
        SubStatus("transit.departed_facility", s.IN_TRANSIT),
        SubStatus("transit.departed_origin_country", s.IN_TRANSIT),
        SubStatus("transit.arrived_destination_country", s.IN_TRANSIT),
        SubStatus("transit.at_delivery_depot", s.IN_TRANSIT),
        SubStatus("transit.handed_to_partner", s.IN_TRANSIT),
        SubStatus("transit.forwarded_new_address", s.IN_TRANSIT),
        SubStatus("transit.problem_resolved", s.IN_TRANSIT),
        SubStatus("customs.started", s.CUSTOMS),
        SubStatus("customs.cleared", s.CUSTOMS),
        SubStatus("customs.information_required", s.CUSTOMS, p.SHOPPER, f.CUSTOMS),
        SubStatus("customs.delay", s.CUSTOMS, p.CARRIER, f.CUSTOMS),
        SubStatus("customs.duties_unpaid", s.CUSTOMS, p.SHOPPER, f.CONSIGNEE),
        SubStatus("customs.prohibited", s.CUSTOMS, p.MERCHANT, f.RETAILER),
        SubStatus("delay.generic", s.IN_TRANSIT, p.CARRIER, f.CARRIER),
        SubStatus("delay.weather", s.IN_TRANSIT, p.NOBODY, f.WEATHER),
        SubStatus("delay.disaster_strike", s.IN_TRANSIT, p.NOBODY, f.WEATHER),
        SubStatus("delay.carrier_operational", s.IN_TRANSIT, p.CARRIER, f.CARRIER),
        SubStatus("delay.capacity", s.IN_TRANSIT, p.CARRIER, f.CARRIER),
        SubStatus("delay.missorted", s.IN_TRANSIT, p.CARRIER, f.CARRIER),
        SubStatus("out.on_vehicle", s.OUT_FOR_DELIVERY, p.SHOPPER),
        SubStatus("out.customer_contacted", s.OUT_FOR_DELIVERY, p.SHOPPER),
        SubStatus("out.appointment_scheduled", s.OUT_FOR_DELIVERY, p.SHOPPER),
        SubStatus("out.rescheduled", s.OUT_FOR_DELIVERY, p.SHOPPER),
        SubStatus("out.reschedule_needed", s.OUT_FOR_DELIVERY, p.SHOPPER),
        SubStatus("pickup.ready", s.AVAILABLE_FOR_PICKUP, p.SHOPPER),
        SubStatus("pickup.last_days", s.AVAILABLE_FOR_PICKUP, p.SHOPPER),
        SubStatus("pickup.missed", s.AVAILABLE_FOR_PICKUP, p.SHOPPER, f.CONSIGNEE),
        SubStatus("attempt.generic", s.ATTEMPT_FAILED, p.SHOPPER),
        SubStatus("attempt.nobody_home", s.ATTEMPT_FAILED, p.SHOPPER, f.CONSIGNEE),
        SubStatus("attempt.business_closed", s.ATTEMPT_FAILED, p.SHOPPER, f.CONSIGNEE),
        SubStatus("attempt.access_restricted", s.ATTEMPT_FAILED, p.SHOPPER, f.CONSIGNEE),
        SubStatus("attempt.no_safe_place", s.ATTEMPT_FAILED, p.SHOPPER, f.CONSIGNEE),
        SubStatus("attempt.id_or_otp_failed", s.ATTEMPT_FAILED, p.SHOPPER, f.CONSIGNEE),
        SubStatus("attempt.cod_not_paid", s.ATTEMPT_FAILED, p.SHOPPER, f.CONSIGNEE),
        SubStatus("attempt.unreachable", s.ATTEMPT_FAILED, p.SHOPPER, f.CONSIGNEE),
        SubStatus("attempt.disputed_by_shopper", s.ATTEMPT_FAILED, p.CARRIER, f.CARRIER),
        SubStatus("exception.address", s.EXCEPTION, p.SHOPPER, f.CONSIGNEE),
        SubStatus("exception.out_of_area", s.EXCEPTION, p.MERCHANT, f.RETAILER),
        SubStatus("exception.address_id_missing", s.EXCEPTION, p.SHOPPER, f.RETAILER),
        SubStatus("exception.recipient_moved", s.EXCEPTION, p.SHOPPER, f.CONSIGNEE),
        SubStatus("exception.refused", s.EXCEPTION, p.MERCHANT, f.CONSIGNEE),
        SubStatus("exception.damaged", s.EXCEPTION, p.MERCHANT, f.CARRIER),
        SubStatus("exception.rejected_by_carrier", s.EXCEPTION, p.MERCHANT, f.RETAILER),
        SubStatus("exception.held", s.EXCEPTION, p.CARRIER),
        SubStatus("exception.under_investigation", s.EXCEPTION, p.CARRIER, f.CARRIER),
        SubStatus("exception.other", s.EXCEPTION, p.CARRIER),
        SubStatus("delivered.generic", s.DELIVERED),
        SubStatus("delivered.collected", s.DELIVERED),
        SubStatus("delivered.signed", s.DELIVERED),
        SubStatus("delivered.cod_collected", s.DELIVERED),
        SubStatus("delivered.neighbour_reception_locker", s.DELIVERED, p.SHOPPER),
        SubStatus("delivered.disputed_by_shopper", s.DELIVERED, p.MERCHANT),
        SubStatus("returning.started", s.RETURNING, p.MERCHANT),
        SubStatus("returned.received", s.RETURNED, p.MERCHANT),
        SubStatus("lost.declared", s.LOST_OR_DESTROYED, p.MERCHANT, f.CARRIER),
        SubStatus("lost.destroyed", s.LOST_OR_DESTROYED, p.MERCHANT, f.CARRIER),
        SubStatus("cancelled.by_shipper", s.CANCELLED, p.NOBODY, f.RETAILER),
        SubStatus("expired.silent", s.EXPIRED, p.MERCHANT),
    ]
    return {row.code: row for row in rows}


SUB_STATUSES: Final[dict[str, SubStatus]] = _table()


def status_of(sub_status: str) -> Status | None:
    """Main status of a sub-status code; `None` for `unknown`.

    Raises KeyError for a code that is neither in the table nor `unknown`.
    """
    return None if sub_status == UNKNOWN else SUB_STATUSES[sub_status].status


#: What a main status means when nothing finer is said. Pending and expired are ours to find out.
PLAIN: Final[dict[Status, str]] = {
    Status.INFO_RECEIVED: "info.label_created",
    Status.PICKED_UP: "picked_up.accepted",
    Status.IN_TRANSIT: "transit.generic",
    Status.CUSTOMS: "customs.started",
    Status.OUT_FOR_DELIVERY: "out.on_vehicle",
    Status.AVAILABLE_FOR_PICKUP: "pickup.ready",
    Status.ATTEMPT_FAILED: "attempt.generic",
    Status.EXCEPTION: "exception.other",
    Status.DELIVERED: "delivered.generic",
    Status.RETURNING: "returning.started",
    Status.RETURNED: "returned.received",
    Status.LOST_OR_DESTROYED: "lost.declared",
    Status.CANCELLED: "cancelled.by_shipper",
}
