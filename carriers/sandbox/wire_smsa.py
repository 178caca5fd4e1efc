"""SMSA's e-commerce API as a server: `apikey` header, single and bulk tracking.

Newest scan first, local time with `ScanTimeZone` beside it. `DesinationCity` is SMSA's own
spelling; `isDelivered` and `ReceivedBy` are there only once it is delivered. No EDD.
A bulk answer leaves unknown waybills out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from carriers.sandbox.faces import Find, WireAnswer, WireCall, is_let_in, json_answer
from carriers.sandbox.journeys import JourneyStep, View
from carriers.sandbox.wording import told

BULK_PATH: Final = "/api/track/bulk"
SINGLE_PATH: Final = "/api/track/single/"

#: Kind of scan → SMSA's ScanType and what it says. Its public codes have none for a label, a
#: delay, a search, a loss or the return's end: a label is a waybill without scans, a loss is
#: never told, and the others are told with the nearest code.
CODES: Final[Mapping[str, tuple[str, str]]] = {
    "picked_up": ("PU", "Picked up"),
    "arrived": ("HIP", "Received at sorting facility"),
    "departed": ("HOP", "Departed sorting facility"),
    "left_country": ("ST77", "Departed origin country"),
    "entered_country": ("IC", "Arrived in destination country, in clearance"),
    "customs_started": ("IC", "In clearance"),
    "customs_information": ("CD", "Clearance delay"),
    "customs_cleared": ("CR", "Customs released"),
    "at_depot": ("AF", "Arrived at delivery facility"),
    "out_for_delivery": ("OD", "Out for delivery"),
    "ready_for_pickup": ("RTIN", "Awaiting collection at retail centre"),
    "attempt_failed": ("DEX08", "Delivery attempted, nobody available"),
    "delayed": ("ST68", "In transit, later than planned"),
    "refused": ("DE", "Delivery exception: refused by the consignee"),
    "investigated": ("DE", "Delivery exception: being searched for"),
    "delivered": ("DL", "Delivered"),
    "returning": ("DEX14", "In return process"),
    "returned": ("DEX14", "Return handed to the shipper"),
    "unmapped": ("ZX9", "Status update"),
}


def answer(call: WireCall, find: Find) -> WireAnswer:
    """One request to SMSA's tracking endpoints."""
    if not is_let_in(call.headers.get("apikey", "")):
        return json_answer({"Message": "Authorization has been denied"}, status=401)
    if call.path.rstrip("/") == BULK_PATH and call.method == "POST":
        return _bulk(call.body, find)
    if call.path.startswith(SINGLE_PATH) and call.method == "GET":
        view = find(unquote(call.path.removeprefix(SINGLE_PATH)))
        if view is None:
            return json_answer({"Message": "AWB not found"}, status=404, parcels=1)
        return json_answer(shipment(view), parcels=1)
    return json_answer({"Message": "No HTTP resource was found"}, status=404)


def render(view: View) -> bytes:
    """The body of a bulk answer for one parcel."""
    return json_answer([shipment(view)]).body


def shipment(view: View) -> dict[str, Any]:
    """One waybill of an answer."""
    journey = view.journey
    steps = [step for step in view.steps if step.kind in CODES]
    is_delivered = any(step.kind == "delivered" for step in steps)
    found: dict[str, Any] = {
        "AWB": journey.number,
        "Reference": f"ORDER-{journey.number[-6:]}",
        "Pieces": 1,
        "CODAmount": 0.0,
        "ContentDesc": "Online order",
        "RecipientName": "Sandbox Shopper",
        "OriginCity": journey.origin.city,
        "OriginCountry": journey.origin.country,
        "DesinationCity": journey.destination.city,
        "DesinationCountry": journey.destination.country,
    }
    if is_delivered:
        found["isDelivered"] = True
    found["Scans"] = [
        _scan(step, index, view) for index, step in reversed(list(enumerate(steps, start=1)))
    ]
    return found


def _bulk(body: bytes, find: Find) -> WireAnswer:
    try:
        numbers = json.loads(body)
    except ValueError:
        numbers = None
    if not isinstance(numbers, list) or not all(isinstance(n, str) for n in numbers):
        return json_answer({"Message": "The request is invalid."}, status=400)
    views = [find(number) for number in numbers]
    found = [shipment(view) for view in views if view is not None]
    return json_answer(found, parcels=len(numbers))


def _scan(step: JourneyStep, index: int, view: View) -> dict[str, Any]:
    code, english = CODES[step.kind]
    offset = step.at.strftime("%z")
    scan: dict[str, Any] = {"ReferenceID": 10_000 + index}
    if step.kind == "delivered":
        scan["ReceivedBy"] = "Sandbox Shopper"
    scan["City"] = step.spot.city
    scan["ScanType"] = code
    scan["ScanDescription"] = told(step, english, view.journey.destination.country)
    scan["ScanDateTime"] = f"{step.at:%Y-%m-%dT%H:%M:%S}"
    scan["ScanTimeZone"] = f"{offset[:3]}:{offset[3:]}"
    return scan
