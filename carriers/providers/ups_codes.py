"""What UPS's codes mean: status code, detailed code and type letter of an activity, read together.

The tables are UPS's "Track Response Codes" (https://developer.ups.com/tag/Tracking): status
codes, exceptions, delivery ("DIALS"), load ("ULD"), manifest, freight and Mail Innovations.
One code stands for different things in different tables, so the letter says where to look
first. Placing UPS's words under our sub-statuses is our judgement, row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Final, Literal

from carriers import code_maps
from lib.vocabulary import UNKNOWN, Status, status_of

Line = Literal["package", "freight", "mail"]
"""Which of UPS's businesses carries it: each has code lists of its own."""

#: `(table, code)` → sub-status; the columns of `ups_codes.csv`.
CODES: Final = code_maps.load("ups_codes.csv")

#: Codes that say nothing of where a parcel is: "not available", "test", a changed date.
SILENT: Final = frozenset({"000", "088", "148", "153", "154", "163"})

#: What a type letter says by itself. X (any irregularity, also good news) says nothing.
_TYPES: Final = {
    "M": "info.label_created",
    "MV": "cancelled.by_shipper",
    "P": "picked_up.accepted",
    "I": "transit.generic",
    "D": "delivered.generic",
    "RS": "returning.started",
    # Freight only: delivered at the freight station at either end, and stored.
    "DO": "transit.arrived_facility",
    "DD": "transit.at_delivery_depot",
    "W": "transit.arrived_facility",
}

_FREIGHT_TYPES: Final = frozenset({"DO", "DD", "W"})

#: The tables in which a letter's codes are looked up, in this order.
_TABLES: Final = {
    "M": ("manifest", "uld", "exception"),
    "MV": ("manifest", "uld"),
    "P": ("uld", "dials", "exception"),
    "I": ("uld", "dials", "exception"),
    "D": ("dials", "uld", "exception"),
}
_OTHER_TABLES: Final = ("exception", "dials", "uld")

#: Main statuses that a type letter can carry; a status code outside them is not believed.
_POSSIBLE: Final[Mapping[str, frozenset[Status]]] = {
    "M": frozenset({Status.INFO_RECEIVED, Status.CANCELLED}),
    "MV": frozenset({Status.CANCELLED}),
    # D is all of the delivery, from the loaded vehicle on.
    "D": frozenset(Status) - {Status.INFO_RECEIVED, Status.CANCELLED, Status.CUSTOMS},
    "RS": frozenset({Status.RETURNING, Status.RETURNED}),
}

#: Status codes so broad ("on the way", "delay", "exception") that the detailed code decides.
_BROAD: Final = frozenset({"transit.generic", "delay.generic", "exception.other"})

#: The codes that count: "first attempt made", or "a second attempt will be made".
_ATTEMPTS: Final = {
    **dict.fromkeys(("022", "48", "51", "G3", "G7"), 1),
    **dict.fromkeys(("023", "FM", "IQ", "KX", "L1"), 2),
}


def line_of(number: str, service: str, letters: Set[str]) -> Line:
    """The business, by the type letters of its activities, its numbers or its service's name."""
    if letters & _FREIGHT_TYPES:
        return "freight"
    is_mail = number.upper().startswith("MI") or "MAIL INNOVATIONS" in service.upper()
    return "mail" if is_mail else "package"


def attempt_of(code: str, number: str) -> int | None:
    """Which attempt failed, where UPS counts them."""
    return _ATTEMPTS.get(code.upper()) or _ATTEMPTS.get(number.zfill(3))


def meaning(letter: str, code: str, number: str, line: Line = "package") -> str:
    """The sub-status of an event: status code, then detailed code, then the type letter.

    A detailed code refines a broad status code, or one of the same main status; a
    status code that cannot go with the letter is not believed (UPS's own sample has
    "released by customs", type X, with the code of "label created").
    """
    letter, code = letter.upper(), code.upper()
    general = CODES.get(("status", number.zfill(3)), "") if number else ""
    detail = _detail(letter, code, line)
    if letter == "X" and general == "info.label_created":
        general = ""
    possible = _POSSIBLE.get(letter, frozenset(Status))
    general, detail = (
        sub if sub and status_of(sub) in possible else "" for sub in (general, detail)
    )
    if not general or not detail:
        return general or detail or _TYPES.get(letter, UNKNOWN)
    same = status_of(general) is status_of(detail)
    refines = general in _BROAD or (same and general.endswith(".generic"))
    return detail if refines else general


def _detail(letter: str, code: str, line: Line) -> str:
    """The detailed code's sub-status, or empty; the zero of "05" comes and goes."""
    tables = _TABLES.get(letter, _OTHER_TABLES)
    if line == "mail":
        tables = ("mail", *tables)
    elif line == "freight":
        tables = ("freight", "freight_exception", *tables)
    short = code[1:] if len(code) == 2 and code.startswith("0") else code
    for table in tables:
        found = CODES.get((table, code)) or CODES.get((table, short))
        if found:
            return found
    # Three digits are freight's alone.
    return CODES.get(("freight", code), "")
