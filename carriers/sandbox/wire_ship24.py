"""Ship24's API as a server: `Authorization: Bearer`, register in bulk, results by tracker.

https://docs.ship24.com. A tracker's id is made of its number, so that the server need keep
none. Times are the place's own clock without a zone, `utcOffset` beside them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from carriers.sandbox.faces import Find, WireAnswer, WireCall, is_let_in, json_answer
from carriers.sandbox.journeys import JourneyStep, View
from carriers.sandbox.wording import told

BULK_PATH: Final = "/public/v1/trackers/bulk"
COURIERS_PATH: Final = "/public/v1/couriers"
_TRACKERS: Final = "/public/v1/trackers/"
_ID: Final = "tracker-"

#: Kind of scan → Ship24's milestone, its status code (most scans have none), what it says.
CODES: Final[Mapping[str, tuple[str, str, str]]] = {
    "label_created": ("info_received", "data_order_created", "Shipment information received"),
    "picked_up": ("in_transit", "transit_handover", "Parcel handed over to the carrier"),
    "arrived": ("in_transit", "", "Arrived at facility"),
    "departed": ("in_transit", "", "Departed from facility"),
    "left_country": ("in_transit", "transit_origin_country_departure", "Left the origin country"),
    "entered_country": ("in_transit", "destination_arrival", "Arrived in destination country"),
    "customs_started": ("in_transit", "customs_received", "Presented to customs"),
    "customs_information": ("exception", "customs_exception", "Held by customs"),
    "customs_cleared": ("in_transit", "customs_cleared", "Cleared by customs"),
    "at_depot": ("in_transit", "", "Arrived at delivery depot"),
    "out_for_delivery": (
        "out_for_delivery", "delivery_out_for_delivery", "Out for delivery",
    ),
    "ready_for_pickup": (
        "available_for_pickup", "delivery_available_for_pickup", "Ready for collection",
    ),
    "attempt_failed": ("failed_attempt", "delivery_attempted", "Delivery attempted"),
    "delayed": ("in_transit", "", "Delayed"),
    "refused": ("exception", "delivery_refused", "Refused by the receiver"),
    "investigated": ("exception", "delivery_exception", "Being searched for"),
    "delivered": ("delivered", "delivery_delivered", "Delivered"),
    "returning": ("exception", "exception_return", "On its way back to the sender"),
    "returned": ("exception", "exception_return", "Back at the sender"),
    "lost": ("exception", "exception_lost", "Lost"),
    "unmapped": ("", "new_code", "Status update"),
}  # fmt: skip

#: Some of the carriers that such a hub lists: code, name, country.
COURIERS: Final = (
    ("an-post", "An Post", "IE"),
    ("cainiao", "Cainiao", "CN"),
    ("correos", "Correos", "ES"),
    ("ctt", "CTT Expresso", "PT"),
    ("cse", "Courier Service Express", "RU"),
    ("egypt-post", "Egypt Post", "EG"),
    ("evri", "Evri", "GB"),
    ("inpost-pl", "InPost", "PL"),
    ("israel-post", "Israel Post", "IL"),
    ("kenya-post", "Posta Kenya", "KE"),
    ("ninjavan-my", "Ninja Van Malaysia", "MY"),
    ("nova-poshta", "Nova Poshta", "UA"),
    ("oman-post", "Oman Post", "OM"),
    ("poste-italiane", "Poste Italiane", "IT"),
    ("ptt", "PTT Kargo", "TR"),
    ("qatar-post", "Qatar Post", "QA"),
    ("sg-post", "Singapore Post", "SG"),
    ("thailand-post", "Thailand Post", "TH"),
    ("ukrposhta", "Ukrposhta", "UA"),
    ("yodel", "Yodel", "GB"),
)


def answer(call: WireCall, find: Find) -> WireAnswer:
    """One request to Ship24's API."""
    if not is_let_in(call.headers.get("Authorization", "").removeprefix("Bearer ")):
        return _refused(401, "auth_invalid_api_key", "The API key is wrong.")
    if call.path == COURIERS_PATH and call.method == "GET":
        rows = [
            {"courierCode": code, "courierName": name, "countryCode": land, "isDeprecated": False}
            for code, name, land in COURIERS
        ]
        return json_answer({"data": {"couriers": rows}})
    if call.path == BULK_PATH and call.method == "POST":
        return _register(call.body)
    if call.path.startswith(_TRACKERS) and call.path.endswith("/results"):
        wanted = unquote(call.path.removeprefix(_TRACKERS).removesuffix("/results"))
        number = wanted.removeprefix(_ID).removeprefix("search/")
        view = find(number)
        rows = [tracking(view)] if view else [_nothing_yet(number)]
        return json_answer({"data": {"trackings": rows}}, parcels=1)
    return _refused(404, "not_found", "There is nothing at this address.")


def render(view: View) -> bytes:
    """The answer's body for one parcel."""
    return json_answer({"data": {"trackings": [tracking(view)]}}).body


def tracking(view: View) -> dict[str, Any]:
    """One tracker with its shipment and scans, as in results and pushes."""
    journey = view.journey
    steps = [step for step in view.steps if step.kind in CODES]
    events = [_event(step, index, journey.destination.country) for index, step in enumerate(steps)]
    latest = max(steps, key=lambda step: step.at, default=None)
    return {
        "tracker": {"trackerId": _ID + journey.number, "trackingNumber": journey.number},
        "shipment": {
            "shipmentId": f"shipment-{journey.number}",
            "statusMilestone": CODES[latest.kind][0] if latest else None,
            "originCountryCode": journey.origin.country,
            "destinationCountryCode": journey.destination.country,
            "delivery": {
                "estimatedDeliveryDate": view.estimate.isoformat() if view.estimate else None
            },
            "trackingNumbers": [{"tn": journey.number}],
        },
        "events": events[::-1],
    }


def _event(step: JourneyStep, index: int, destination: str) -> dict[str, Any]:
    milestone, code, english = CODES[step.kind]
    offset = step.at.strftime("%z")
    return {
        "eventId": f"event-{index}",
        "status": told(step, english, destination),
        "occurrenceDatetime": step.at.replace(tzinfo=None).isoformat(timespec="seconds"),
        "utcOffset": f"{offset[:3]}:{offset[3:]}" if offset else None,
        "order": index,
        "location": step.spot.city,
        "statusCode": code or None,
        "statusMilestone": milestone or None,
    }


def _register(body: bytes) -> WireAnswer:
    try:
        wanted = json.loads(body)
    except ValueError:
        return _refused(400, "validation_error", "The body is not JSON.")
    rows = [
        {
            "status": "success",
            "inputData": one,
            "tracker": {
                "trackerId": _ID + str(one.get("trackingNumber")),
                "trackingNumber": one.get("trackingNumber"),
            },
        }
        for one in wanted
        if isinstance(one, dict)
    ]
    return json_answer({"data": rows}, status=201, parcels=len(rows))


def _nothing_yet(number: str) -> dict[str, Any]:
    return {
        "tracker": {"trackerId": _ID + number, "trackingNumber": number},
        "shipment": {"statusMilestone": "pending"},
        "events": [],
    }


def _refused(status: int, code: str, message: str) -> WireAnswer:
    return json_answer(
        {"errors": [{"code": code, "message": message}], "data": None}, status=status
    )
