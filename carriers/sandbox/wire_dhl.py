"""DHL's unified Shipment Tracking API as a server: `DHL-API-Key` header, one number a call.

https://developer.dhl.com/api-reference/shipment-tracking. Speaks as DHL eCommerce: each
event has one of four words in `statusCode` and the service's own code in `status`;
newest first; an unknown number is a 404 with a problem document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from carriers.sandbox.faces import Find, WireAnswer, WireCall, is_let_in, json_answer
from carriers.sandbox.journeys import JourneyStep, View
from carriers.sandbox.places import Spot
from carriers.sandbox.wording import told

PATH: Final = "/track/shipments"
SERVICE: Final = "ecommerce"
_MISSING: Final = "No shipment with given tracking number found."

#: Kind of scan → DHL's word, DHL eCommerce's status code, and what it says.
CODES: Final[Mapping[str, tuple[str, str, str]]] = {
    "label_created": ("pre-transit", "238", "Label created"),
    "picked_up": ("transit", "130", "Picked up"),
    "arrived": ("transit", "470", "Arrived at terminal"),
    "departed": ("transit", "399", "Departed from facility"),
    "left_country": ("transit", "518", "Departed from export facility"),
    "entered_country": ("transit", "360", "Arrived in destination country"),
    "customs_started": ("transit", "441", "Arrived at customs"),
    "customs_information": ("failure", "443", "Held at customs, information required"),
    "customs_cleared": ("transit", "442", "Cleared customs"),
    "at_depot": ("transit", "494", "Arrived at delivery facility"),
    "out_for_delivery": ("transit", "597", "Out for delivery"),
    "ready_for_pickup": ("transit", "585", "Available for pickup"),
    "attempt_failed": ("failure", "613", "No one home"),
    "delayed": ("transit", "592", "Delivery may be delayed"),
    "refused": ("failure", "610", "Refused by the receiver"),
    "investigated": ("failure", "358", "Held in facility, awaiting instructions"),
    "delivered": ("delivered", "600", "Delivered"),
    "returning": ("failure", "808", "Return initiated"),
    "returned": ("delivered", "860", "Return delivered to the sender"),
    "lost": ("failure", "690", "Reported missing"),
    "unmapped": ("unknown", "ZX9", "Status update"),
}


def answer(call: WireCall, find: Find) -> WireAnswer:
    """One request to DHL's tracking endpoint."""
    if not is_let_in(call.headers.get("DHL-API-Key", "")):
        return _problem(401, "Unauthorized", "Unauthorized for given resource.")
    if call.path != PATH or call.method != "GET":
        return _problem(404, "Not found", "There is nothing at this address.")
    number = call.query.get("trackingNumber", "")
    if not number:
        return _problem(400, "Bad request", "trackingNumber is required.")
    view = find(number)
    if view is None:
        return _problem(404, "No result found", _MISSING, parcels=1, instance=f"/shipment/{number}")
    return json_answer(reply(view), parcels=1)


def render(view: View) -> bytes:
    """The answer's body for one parcel."""
    return json_answer(reply(view)).body


def reply(view: View) -> dict[str, Any]:
    """The answer for one parcel, before it becomes JSON."""
    journey, latest = view.journey, view.latest
    shipment: dict[str, Any] = {
        "id": journey.number,
        "service": SERVICE,
        "origin": _location(journey.origin),
        "destination": _location(journey.destination),
    }
    if latest is not None:
        shipment["status"] = _event(latest, view)
    if view.estimate is not None and (latest is None or latest.kind != "delivered"):
        # Early evening at the destination: the same day to a reader that forgets the zone.
        shipment["estimatedTimeOfDelivery"] = f"{view.estimate:%Y-%m-%d}T18:00:00"
        shipment["estimatedTimeOfDeliveryRemark"] = "By end of day"
    shipment["details"] = {"product": {"productName": "Parcel"}, "totalNumberOfPieces": 1}
    shipment["events"] = [_event(step, view) for step in reversed(view.steps)]
    return {"shipments": [shipment], "possibleAdditionalShipmentsUrl": []}


def _event(step: JourneyStep, view: View) -> dict[str, Any]:
    word, code, english = CODES[step.kind]
    return {
        "timestamp": step.at.isoformat(timespec="seconds"),
        "location": _location(step.spot),
        "statusCode": word,
        "status": code,
        "description": told(step, english, view.journey.destination.country),
    }


def _location(spot: Spot) -> dict[str, Any]:
    locality = f"{spot.city}, {spot.region}" if spot.region else spot.city
    return {"address": {"countryCode": spot.country, "addressLocality": locality}}


def _problem(
    status: int, title: str, detail: str, *, parcels: int = 0, instance: str = ""
) -> WireAnswer:
    problem: dict[str, Any] = {"title": title, "detail": detail, "status": status}
    if instance:
        problem["instance"] = instance
    found = json_answer(problem, status=status)
    return WireAnswer(found.body, status, "application/problem+json", parcels)
