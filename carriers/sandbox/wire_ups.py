"""UPS Tracking API v1 as a server: OAuth 2 client credentials, one number a call.

https://developer.ups.com/tag/Tracking. Newest activity first; each has the local time and
the same instant in GMT with the facility's offset. The house carrier speaks it as well.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

from carriers.sandbox.faces import REFUSED, Find, WireAnswer, WireCall, is_let_in, json_answer
from carriers.sandbox.journeys import JourneyStep, View
from carriers.sandbox.places import Spot
from carriers.sandbox.wording import told

TOKEN_PATH: Final = "/security/v1/oauth/token"  # noqa: S105
DETAILS_PATH: Final = "/api/track/v1/details/"
_TOKEN: Final = "sandbox-access-token"  # noqa: S105

#: Kind of scan → UPS's type letter, code and status code, and what it says.
CODES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "label_created": ("M", "MP", "003", "The shipper made a label; not yet with the carrier"),
    "picked_up": ("P", "PU", "038", "Picked up from the shipper"),
    "arrived": ("I", "AR", "005", "Arrived at facility"),
    "departed": ("I", "DP", "005", "Departed from facility"),
    "left_country": ("I", "EP", "005", "Export scan"),
    "entered_country": ("I", "IP", "005", "Import scan"),
    "customs_started": ("X", "4C", "012", "Being prepared for clearance"),
    "customs_information": ("X", "1W", "058", "Clearance needs information from the receiver"),
    "customs_cleared": ("X", "SR", "014", "Released by the customs agency"),
    "at_depot": ("I", "DS", "071", "At the local facility, being prepared for delivery"),
    "out_for_delivery": ("I", "OT", "021", "Out for delivery"),
    "ready_for_pickup": ("I", "ZP", "040", "Ready for pickup by the receiver"),
    "attempt_failed": ("X", "48", "022", "Nobody was there to receive it; a second try follows"),
    "delayed": ("X", "", "046", "Delivery is delayed"),
    "refused": ("X", "KT", "064", "The receiver refused the delivery"),
    "investigated": ("X", "UO", "129", "A search for the package was opened"),
    "delivered": ("D", "FS", "011", "Delivered"),
    "returning": ("X", "UF", "035", "On its way back to the sender"),
    "returned": ("RS", "UA", "034", "Returned to the sender"),
    "lost": ("X", "J0", "029", "It could not be found and will not be delivered"),
    "unmapped": ("X", "Q99", "998", "Status update"),
}


def answer(call: WireCall, find: Find) -> WireAnswer:
    """One request to UPS's token or tracking endpoint."""
    if call.path == TOKEN_PATH and call.method == "POST":
        return _token(call)
    if not call.path.startswith(DETAILS_PATH) or call.method != "GET":
        return _error("404", "The requested resource does not exist", 404)
    if not is_authorised(call):
        return unauthorised()
    number = unquote(call.path.removeprefix(DETAILS_PATH))
    view = find(number)
    if view is None:
        return json_answer(_unknown(number), parcels=1)
    return json_answer(reply(view), parcels=1)


def is_authorised(call: WireCall) -> bool:
    """Whether the call brings the token that this server gives out."""
    return call.headers.get("Authorization") == f"Bearer {_TOKEN}"


def unauthorised() -> WireAnswer:
    return _error("250002", "Invalid Authentication Information.", 401)


def render(view: View) -> bytes:
    """The answer's body for one parcel."""
    return json_answer(reply(view)).body


def reply(view: View) -> dict[str, Any]:
    """The answer for one parcel, before it becomes JSON."""
    journey, latest = view.journey, view.latest
    package: dict[str, Any] = {
        "trackingNumber": journey.number,
        "deliveryDate": _dates(view),
        "activity": [_activity(step, view) for step in reversed(view.steps)],
        "packageAddress": [
            {"type": "ORIGIN", "address": _address(journey.origin)},
            {"type": "DESTINATION", "address": _address(journey.destination)},
        ],
        "packageCount": 1,
        "service": {"code": "011", "description": "Standard"},
    }
    if latest is not None:
        package["currentStatus"] = _status(latest, view)
        window = _window(view, latest)
        if window:
            package["deliveryTime"] = window
    return {
        "trackResponse": {"shipment": [{"inquiryNumber": journey.number, "package": [package]}]}
    }


def _token(call: WireCall) -> WireAnswer:
    scheme, _, encoded = call.headers.get("Authorization", "").partition(" ")
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        client, secret = "", REFUSED
    if scheme != "Basic" or not is_let_in(client, secret):
        return _error("10401", "ClientId is Invalid", 401)
    token = {
        "token_type": "Bearer",
        "client_id": client,
        "access_token": _TOKEN,
        "expires_in": "14399",
        "status": "approved",
    }
    return json_answer(token)


def _error(code: str, message: str, status: int) -> WireAnswer:
    return json_answer(
        {"response": {"errors": [{"code": code, "message": message}]}}, status=status
    )


def _unknown(number: str) -> dict[str, Any]:
    warning = {"code": "TW0001", "message": "Tracking Information Not Found"}
    return {"trackResponse": {"shipment": [{"inquiryNumber": number, "warnings": [warning]}]}}


def _activity(step: JourneyStep, view: View) -> dict[str, Any]:
    # Slices of ISO text: a third of what formatting costs, and this runs for every scan.
    local = step.at.isoformat(timespec="seconds")
    gmt = step.at.astimezone(UTC).isoformat(timespec="seconds")
    return {
        "location": {"address": _address(step.spot), "slic": _facility(step.spot.city)},
        "status": _status(step, view),
        "date": local[:10].replace("-", ""),
        "time": local[11:19].replace(":", ""),
        "gmtDate": gmt[:10].replace("-", ""),
        "gmtOffset": local[19:],
        "gmtTime": gmt[11:19],
    }


def _status(step: JourneyStep, view: View) -> dict[str, str]:
    letter, code, number, english = CODES[step.kind]
    description = told(step, english, view.journey.destination.country)
    return {"type": letter, "code": code, "statusCode": number, "description": description}


def _address(spot: Spot) -> dict[str, str]:
    address = {"city": spot.city, "countryCode": spot.country, "country": spot.country}
    if spot.region:
        address["stateProvince"] = spot.region
    return address


@lru_cache(maxsize=4096)
def _facility(city: str) -> str:
    """A four-digit facility number, the same for a city every time."""
    return f"{sum(city.encode()) * 37 % 10000:04d}"


def _dates(view: View) -> list[dict[str, str]]:
    """SDD: the first promise. RDD: a later one. DEL: the day it was delivered."""
    promised = [step.estimate for step in view.journey.steps if step.kind == "picked_up"]
    dates: list[dict[str, str]] = []
    if view.estimate is not None:
        kind = "SDD" if view.estimate in promised else "RDD"
        dates.append({"type": kind, "date": f"{view.estimate:%Y%m%d}"})
    delivered = [step for step in view.steps if step.kind == "delivered"]
    if delivered:
        dates.append({"type": "DEL", "date": f"{delivered[-1].at:%Y%m%d}"})
    return dates


def _window(view: View, latest: JourneyStep) -> dict[str, str] | None:
    if latest.kind == "delivered":
        return {"type": "DEL", "endTime": f"{latest.at:%H%M%S}"}
    if latest.kind == "out_for_delivery":
        return {"type": "EDW", "startTime": "120000", "endTime": "180000"}
    return {"type": "EOD", "endTime": "235900"} if view.estimate else None
