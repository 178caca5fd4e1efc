"""What USPS's event codes and words mean; also for the formats that pass them on.

The codes are those of USPS's scan events (https://postalpro.usps.com, "Product Tracking and
Reporting"), as far as recorded answers and public client code show them. USPS writes the
reason and the place of an event into its words ("Delivered, Parcel Locker") and documents
them as its vocabulary, so a reviewed table of their beginnings refines a broad code and
stands in for a code that we do not know.
"""

from __future__ import annotations

from typing import Final

from lib.vocabulary import UNKNOWN, status_of

CODES: Final = {
    **dict.fromkeys(("MA", "GX", "GC", "NP", "83", "89"), "info.label_created"),
    **dict.fromkeys(("03", "80", "AD", "OA", "PA", "TM", "UA"), "picked_up.accepted"),
    **dict.fromkeys(("10", "19", "41", "81", "A1"), "transit.arrived_facility"),
    **dict.fromkeys(("82", "EF", "SF", "T1"), "transit.departed_facility"),
    "TL": "transit.generic",
    **dict.fromkeys(("07", "PC"), "transit.at_delivery_depot"),
    "42": "transit.handed_to_partner",
    "06": "transit.forwarded_new_address",
    "DX": "delay.generic",
    **dict.fromkeys(("08", "15"), "delay.missorted"),
    "71": "out.rescheduled",
    "OF": "out.on_vehicle",
    **dict.fromkeys(("14", "16"), "pickup.ready"),
    **dict.fromkeys(("02", "52"), "attempt.generic"),
    **dict.fromkeys(("30", "53"), "attempt.access_restricted"),
    "51": "attempt.business_closed",
    **dict.fromkeys(("54", "55"), "attempt.no_safe_place"),
    "56": "attempt.nobody_home",
    "04": "exception.refused",
    **dict.fromkeys(("05", "21", "22", "25", "26"), "exception.address"),
    **dict.fromkeys(("23", "24"), "exception.recipient_moved"),
    "01": "delivered.generic",
    **dict.fromkeys(("17", "43"), "delivered.collected"),
    **dict.fromkeys(("09", "27", "28", "29", "31", "44"), "returning.started"),
    "11": "lost.declared",
}

#: How events begin, the longer before the shorter.
_WORDS: Final = (
    ("delivered, to original sender", "returned.received"),
    ("delivered, front desk", "delivered.neighbour_reception_locker"),
    ("delivered, parcel locker", "delivered.neighbour_reception_locker"),
    ("delivered, neighbor", "delivered.neighbour_reception_locker"),
    ("delivered, to agent", "delivered.neighbour_reception_locker"),
    ("delivered to agent", "delivered.neighbour_reception_locker"),
    ("delivered, individual picked up", "delivered.collected"),
    ("delivered", "delivered.generic"),
    ("notice left (business closed)", "attempt.business_closed"),
    ("notice left (receptacle blocked)", "attempt.access_restricted"),
    ("notice left (receptacle full", "attempt.no_safe_place"),
    ("notice left (no secure location", "attempt.no_safe_place"),
    ("notice left (no authorized recipient", "attempt.nobody_home"),
    ("notice left", "attempt.generic"),
    ("delivery attempted - no access", "attempt.access_restricted"),
    ("delivery exception, local weather", "delay.weather"),
    ("delivery exception, animal interference", "attempt.generic"),
    ("reminder to schedule redelivery", "pickup.last_days"),
    ("available for pickup", "pickup.ready"),
    ("available for redelivery or pickup", "pickup.ready"),
    ("held at post office, at customer request", "pickup.ready"),
    ("redelivery scheduled", "out.rescheduled"),
    ("rescheduled to next delivery day", "out.rescheduled"),
    ("out for delivery", "out.on_vehicle"),
    ("arriving late", "delay.generic"),
    ("in transit, arriving late", "delay.generic"),
    ("in transit", "transit.generic"),
    ("arrived at post office", "transit.at_delivery_depot"),
    ("arrived", "transit.arrived_facility"),
    ("departed", "transit.departed_facility"),
    ("inbound into customs", "customs.started"),
    ("inbound out of customs", "customs.cleared"),
    ("customs clearance processing complete", "customs.cleared"),
    ("customs clearance", "customs.started"),
    ("accepted", "picked_up.accepted"),
    ("usps in possession of item", "picked_up.accepted"),
    ("shipping label created", "info.label_created"),
    ("pre-shipment", "info.label_created"),
    ("origin post is preparing shipment", "info.label_created"),
    ("forwarded", "transit.forwarded_new_address"),
    ("missent", "delay.missorted"),
    ("refused", "exception.refused"),
    ("insufficient address", "exception.address"),
    ("no such number", "exception.address"),
    ("addressee unknown", "exception.address"),
    ("vacant", "exception.address"),
    ("moved, left no address", "exception.recipient_moved"),
    ("forward expired", "exception.recipient_moved"),
    ("unclaimed/being returned to sender", "returning.started"),
    ("return to sender", "returning.started"),
    ("dead mail", "lost.declared"),
)


def meaning(code: str, words: str) -> str:
    """The sub-status of an event: its code, refined by its words or replaced by them."""
    general = CODES.get(code.upper(), "")
    event = words.casefold().strip()
    detail = next((sub for start, sub in _WORDS if event.startswith(start)), "")
    if not general or detail == "returned.received":
        return detail or general or UNKNOWN
    same = bool(detail) and status_of(detail) is status_of(general)
    return detail if same and general.endswith(".generic") else general


def spot(words: str) -> str:
    """Where it was left: "Delivered, In/At Mailbox" → "In/At Mailbox"."""
    start, _, place = words.partition(", ")
    return place.strip() if start.casefold() == "delivered" else ""
