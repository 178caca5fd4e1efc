"""What FedEx's codes mean: one vocabulary for its REST, SOAP and web answers.

The two-letter codes are FedEx's "Track status codes"
(https://developer.fedex.com/api/en-us/guides/api-reference.html); movement, regulatory and
possession codes share letters, and movement is what an event says. FedEx lists no exception
codes: those here are in its mock tracking numbers on the same page (007, 083, 03, 099), in
recorded answers, or in public client code (07, 08, 17). Ground's have three digits, Express's
two: 07 is no 007.
"""

from __future__ import annotations

from typing import Final

from lib.vocabulary import UNKNOWN, Status, status_of

CODES: Final = {
    # Before it moves
    **dict.fromkeys(("OC", "IN", "SH", "RP", "RG"), "info.label_created"),
    **dict.fromkeys(("AP", "DS", "EP", "PD"), "info.pickup_scheduled"),
    "DR": "info.pickup_failed",
    **dict.fromkeys(("CA", "LP", "RD"), "cancelled.by_shipper"),
    **dict.fromkeys(("PU", "PX", "IP"), "picked_up.accepted"),
    # On the way
    **dict.fromkeys(("AA", "AR", "OF", "PL", "SF"), "transit.arrived_facility"),
    **dict.fromkeys(("DP", "LO"), "transit.departed_facility"),
    **dict.fromkeys(("AF", "FD"), "transit.at_delivery_depot"),
    **dict.fromkeys(("AC", "AX", "TP", "TR"), "transit.handed_to_partner"),
    "CH": "transit.forwarded_new_address",
    **dict.fromkeys(
        ("AO", "EA", "EO", "IT", "IX", "OW", "OX", "PF", "PM", "RC", "RM", "RR", "SP"),
        "transit.generic",
    ),
    **dict.fromkeys(("DD", "DY"), "delay.generic"),
    # Customs
    **dict.fromkeys(("BR", "CP", "CU"), "customs.started"),
    "CC": "customs.cleared",
    "CD": "customs.delay",
    # The last mile
    **dict.fromkeys(("AD", "ED", "OD"), "out.on_vehicle"),
    **dict.fromkeys(("HL", "HP"), "pickup.ready"),
    **dict.fromkeys(("DE", "SE"), "exception.other"),
    "DL": "delivered.generic",
    "RS": "returning.started",
}

#: Exception codes that say more than the event they come with; the event's code first.
_EXCEPTIONS: Final = {
    **dict.fromkeys((("DE", "007"), ("DE", "08"), ("DE", "15")), "attempt.nobody_home"),
    ("DE", "03"): "exception.address",
    ("DE", "07"): "exception.refused",
    ("DE", "17"): "exception.held",
    ("DE", "083"): "delay.generic",
    ("DE", "A13"): "transit.forwarded_new_address",
    ("DL", "005"): "delivered.collected",
    **dict.fromkeys((("IT", "72"), ("IT", "A25")), "customs.started"),
}

#: `delayDetail.type` of a delay.
_DELAYS: Final = {
    "WEATHER": "delay.weather",
    "OPERATIONAL": "delay.carrier_operational",
    "CLEARANCE": "customs.delay",
}


def deciding(code: str, derived: str) -> str:
    """Which of the event's code and FedEx's own summary says what it is: the code, as long as
    we know it and both agree whether the parcel is delivered."""
    own, general = CODES.get(code.upper(), ""), CODES.get(derived.upper(), "")
    agree = bool(own) and _is_delivered(own) is _is_delivered(general)
    return code if agree or not general else derived


def meaning(code: str, exception: str = "", *, delay: str = "") -> str:
    """The sub-status of an event's code, refined by its exception or its kind of delay."""
    found = _EXCEPTIONS.get((code.upper(), exception.upper())) or CODES.get(code.upper(), UNKNOWN)
    return _DELAYS.get(delay.upper(), found) if found == "delay.generic" else found


def signer(name: str) -> str:
    """Who signed; FedEx writes "Signature not required" where nobody did."""
    return "" if name.casefold() == "signature not required" else name


def _is_delivered(sub_status: str) -> bool:
    return bool(sub_status) and status_of(sub_status) is Status.DELIVERED
