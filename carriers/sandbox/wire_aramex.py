"""Aramex's Tracking API as a server: TrackShipments, in SOAP and in JSON, many waybills a call.

https://www.aramex.com/us/en/developers-solution-center/aramex-apis. Errors come with HTTP
200 (`HasErrors`, ERR01 for a wrong user or password); newest scan first; SOAP times are
local to the place they name, JSON times are instants with the place's offset. No EDD.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from carriers.sandbox.faces import Find, WireAnswer, WireCall, is_let_in, json_answer
from carriers.sandbox.journeys import JourneyStep, View
from carriers.sandbox.wording import told

SOAP_PATH: Final = "/ShippingAPI.V2/Tracking/Service_1_0.svc"
JSON_PATH: Final = f"{SOAP_PATH}/json/TrackShipments"

_ARRAYS: Final = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
_SCHEMA: Final = "http://www.w3.org/2001/XMLSchema-instance"
_ERROR: Final = ("ERR01", "ClientInfo - Invalid username or password")

#: Kind of scan → Aramex's UpdateCode and what it says. Aramex has no known code for leaving a
#: country or for a search: the nearest ones stand in.
CODES: Final[Mapping[str, tuple[str, str]]] = {
    "label_created": ("SH014", "Record created"),
    "picked_up": ("SH012", "Picked up from shipper"),
    "arrived": ("SH047", "Received at facility"),
    "departed": ("SH022", "Departed facility"),
    "left_country": ("SH022", "Departed origin country"),
    "entered_country": ("SH222", "Arrived in destination country"),
    "customs_started": ("SH469", "Customs clearance started"),
    "customs_information": ("SH156", "Customs need documents from the consignee"),
    "customs_cleared": ("SH041", "Released by customs"),
    "at_depot": ("SH110", "At the delivery station"),
    "out_for_delivery": ("SH003", "Out for delivery"),
    "ready_for_pickup": ("SH164", "Ready for collection"),
    "attempt_failed": ("SH157", "Delivery attempted, consignee not available"),
    "delayed": ("SH044", "Delayed"),
    "refused": ("SH033", "Refused by the consignee"),
    "investigated": ("SH275", "On hold, being searched for"),
    "delivered": ("SH005", "Delivered"),
    "returning": ("SH474", "Return to shipper started"),
    "returned": ("SH069", "Returned to shipper"),
    "lost": ("SH280", "Declared lost"),
    "unmapped": ("SH999", "Status update"),
}


def answer(call: WireCall, find: Find) -> WireAnswer:
    """One request to TrackShipments, in either form."""
    if call.method == "POST" and call.path == JSON_PATH:
        return _answer_json(call.body, find)
    if call.method == "POST" and call.path == SOAP_PATH:
        return _answer_soap(call.body, find)
    return WireAnswer(b"Endpoint not found.", status=404, content_type="text/html")


def render(view: View) -> bytes:
    """The JSON answer's body for one waybill."""
    return json_answer(_reply_json([view], [])).body


def render_soap(views: Sequence[View], missing: Sequence[str] = ()) -> bytes:
    """The SOAP answer for these waybills; `missing` are those Aramex never heard of."""
    rows = "".join(_group(view) for view in views)
    unknown = "".join(f"<a:string>{escape(number)}</a:string>" for number in missing)
    return _envelope(
        f"<Notifications/><HasErrors>false</HasErrors>"
        f'<TrackingResults xmlns:a="{_ARRAYS}">{rows}</TrackingResults>'
        f'<NonExistingWaybills xmlns:a="{_ARRAYS}">{unknown}</NonExistingWaybills>'
    )


def _answer_json(body: bytes, find: Find) -> WireAnswer:
    try:
        asked = json.loads(body)
        client, numbers = asked["ClientInfo"], asked["Shipments"]
        who = (str(client.get("UserName") or ""), str(client.get("Password") or ""))
        numbers = [str(number) for number in numbers]
    except (ValueError, TypeError, KeyError, AttributeError):
        return WireAnswer(b"Request Error", status=400, content_type="text/html")
    if not is_let_in(*who):
        notes = [{"Code": _ERROR[0], "Message": _ERROR[1]}]
        return json_answer(_reply_json([], [], notes), parcels=len(numbers))
    views, missing = _look_up(numbers, find)
    return json_answer(_reply_json(views, missing), parcels=len(numbers))


def _answer_soap(body: bytes, find: Find) -> WireAnswer:
    try:
        root: Element = defusedxml.ElementTree.fromstring(body)
    except (ParseError, DefusedXmlException, ValueError):
        return WireAnswer(b"Bad Request", status=400, content_type="text/html")
    texts = {_local(element): (element.text or "").strip() for element in root.iter()}
    numbers = [
        (item.text or "").strip()
        for element in root.iter()
        if _local(element) == "Shipments"
        for item in element
    ]
    if not is_let_in(texts.get("UserName", ""), texts.get("Password", "")):
        refused = _envelope(
            f"<Notifications><Notification><Code>{_ERROR[0]}</Code>"
            f"<Message>{_ERROR[1]}</Message></Notification></Notifications>"
            "<HasErrors>true</HasErrors><TrackingResults/><NonExistingWaybills/>"
        )
        return WireAnswer(refused, content_type="text/xml", parcels=len(numbers))
    views, missing = _look_up(numbers, find)
    return WireAnswer(render_soap(views, missing), content_type="text/xml", parcels=len(numbers))


def _look_up(numbers: Sequence[str], find: Find) -> tuple[list[View], list[str]]:
    found = {number: find(number) for number in numbers}
    views = [view for view in found.values() if view is not None]
    return views, [number for number, view in found.items() if view is None]


def _reply_json(
    views: Sequence[View], missing: Sequence[str], notes: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    return {
        "Transaction": None,
        "Notifications": list(notes),
        "HasErrors": bool(notes),
        "TrackingResults": [
            {"Key": view.journey.number, "Value": [_row(step, view) for step in view.steps[::-1]]}
            for view in views
        ],
        "NonExistingWaybills": list(missing),
    }


def _row(step: JourneyStep, view: View) -> dict[str, str]:
    milliseconds = int(step.at.timestamp() * 1000)
    return _fields(step, view, f"/Date({milliseconds}{step.at:%z})/")


def _fields(step: JourneyStep, view: View, moment: str) -> dict[str, str]:
    code, english = CODES[step.kind]
    return {
        "WaybillNumber": view.journey.number,
        "UpdateCode": code,
        "UpdateDescription": told(step, english, view.journey.destination.country),
        "UpdateDateTime": moment,
        "UpdateLocation": f"{step.spot.city}, {step.spot.country_name}",
        "Comments": "",
        "ProblemCode": "",
        "GrossWeight": "1.2",
        "ChargeableWeight": "1.5",
        "WeightUnit": "KG",
    }


def _group(view: View) -> str:
    kind = "KeyValueOfstringArrayOfTrackingResultmFAkxlpY"
    rows = "".join(_element(step, view) for step in view.steps[::-1])
    key = escape(view.journey.number)
    return f"<a:{kind}><a:Key>{key}</a:Key><a:Value>{rows}</a:Value></a:{kind}>"


def _element(step: JourneyStep, view: View) -> str:
    fields = _fields(step, view, f"{step.at:%Y-%m-%dT%H:%M:%S}")
    inner = "".join(
        f"<{name}>{escape(value)}</{name}>" if value else f"<{name}/>"
        for name, value in fields.items()
    )
    return f"<TrackingResult>{inner}</TrackingResult>"


def _envelope(inner: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<ShipmentTrackingResponse xmlns="http://ws.aramex.net/ShippingAPI/v1/">'
        f'<Transaction xmlns:i="{_SCHEMA}" i:nil="true"/>{inner}'
        "</ShipmentTrackingResponse></s:Body></s:Envelope>"
    ).encode()


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
