"""TNT (FedEx), ExpressConnect Tracking 3.1: XML in a form field, many consignments a call.

https://express.tnt.com/expresswebservices-website/app/documentation.html. TNT publishes codes
and texts together, each text belonging to its code: the 17 codes are those of published
answers, the texts below them TNT's own wording for codes that we have not seen (compared
whole). Numbers are used again after some time, so one number can have several consignments.
Times are local to a depot that names no country; deliveries are in the destination's.
SummaryCode CNF is "consignment not found".
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_xml
from carriers.scan_times import placed, read_digits
from carriers.shapes import country, scans, whole
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first
from carriers.xml_shapes import fields, first, named, words
from lib.vocabulary import UNKNOWN, Status, status_of

_CODES: Final = {
    "PU": "picked_up.accepted",
    "CI": "picked_up.accepted",
    **dict.fromkeys(("OS", "TR"), "transit.generic"),
    **dict.fromkeys(("AS", "IR", "IS"), "transit.arrived_facility"),
    **dict.fromkeys(("CDB", "FDB"), "transit.problem_resolved"),
    **dict.fromkeys(("NR", "LAA"), "delay.generic"),
    **dict.fromkeys(("LAC", "MLA"), "delay.carrier_operational"),
    "OD": "out.on_vehicle",
    "AA": "exception.other",
    **dict.fromkeys(("OK", "PA"), "delivered.generic"),
}
_TEXTS: Final = {
    "customer not home. follow up actions underway": "attempt.nobody_home",
    "customs clearance in progress": "customs.started",
    "delay. recovery action underway": "delay.generic",
    "pre-arrival customs clearance in progress": "customs.started",
    "released by customs": "customs.cleared",
    "shipment arrived at tnt location": "transit.arrived_facility",
    "shipment rerouted. recovery actions underway": "delay.missorted",
}
#: What a whole consignment is, where no status is listed.
_SUMMARIES: Final = {
    "DEL": "delivered.generic",
    "EXC": "exception.other",
    "INT": "transit.generic",
}
_BAD_CREDENTIALS: Final = frozenset({"9000", "9001"})


class Tnt(Carrier):
    slug: ClassVar[str] = "tnt"
    name: ClassVar[str] = "TNT"
    name_ar: ClassVar[str] = "تي إن تي"
    countries: ClassVar[tuple[str, ...]] = ("NL", "GB", "IT", "DE", "FR", "BE", "ES", "AE")
    website: ClassVar[str] = "https://www.tnt.com/express/en_us/site/tracking.html"
    documentation: ClassVar[str] = (
        "https://express.tnt.com/expresswebservices-website/app/documentation.html"
    )
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 10
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name", secret=False),
        Secret("password", "Password"),
    )
    base_url: ClassVar[str] = "https://necta.az.fxei.fedex.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        root = Element("TrackRequest", {"locale": "en_US", "version": "3.1"})
        searched = SubElement(root, "SearchCriteria", {"marketType": "INTERNATIONAL"})
        for ask in asks:
            SubElement(searched, "ConsignmentNumber").text = ask.number
        detail = SubElement(root, "LevelOfDetail")
        SubElement(detail, "Complete", {"originAddress": "true", "destinationAddress": "true"})
        written = tostring(root, encoding="utf-8", xml_declaration=True).decode()
        pair = f"{credentials['username']}:{credentials['password']}"
        return HttpCall(
            "POST",
            "/ectrack/track",
            headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
            form={"xml_in": written},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a consignment, found or not."""
        root = read_xml(body)
        updates = [_consignment(row) for row in named(root, "Consignment")]
        if updates:
            return updates
        error = first(root, "Error")
        code, reason = words(error, "Code"), words(error, "Message")
        if not (code or reason):
            raise CarrierError("The answer holds no consignment of TNT", kind="unreadable")
        said = f"TNT says: {reason or 'no reason given'} ({code})"
        if code in _BAD_CREDENTIALS:
            raise CarrierError(said, kind="credentials", permanent=True)
        raise CarrierError(said, kind="unavailable")


def _consignment(row: Element) -> TrackingUpdate:
    said = fields(row)
    number, summary = said.get("ConsignmentNumber", ""), said.get("SummaryCode", "").upper()
    if summary == "CNF":
        return TrackingUpdate(number, problem="TNT does not know this consignment", not_found=True)
    destination = Place(
        city=said.get("DeliveryTown", ""),
        country=country(words(row, "DestinationCountry", "CountryCode")),
    )
    events = scans([_event(fields(one), destination) for one in named(row, "StatusData")])
    if not events and summary in _SUMMARIES:
        events = [_summed(summary, said, destination)]
    signer = said.get("Signatory", "") if summary == "DEL" else ""
    return TrackingUpdate(
        number,
        events=oldest_first(events[::-1]),
        problem=None if events else "TNT knows this consignment but sent no statuses yet",
        origin=Place(
            city=said.get("OriginDepotName", ""),
            country=country(words(row, "OriginCountry", "CountryCode")),
        ),
        destination=destination,
        proof=Proof(signed_by=signer) if signer else None,
        pieces=whole(said.get("PieceQuantity")),
    )


def _event(said: Mapping[str, str], destination: Place) -> CarrierEvent:
    code, description = said.get("StatusCode", ""), said.get("StatusDescription", "")
    day, hour = said.get("LocalEventDate", ""), said.get("LocalEventTime", "")
    known = " ".join(description.rstrip(".").casefold().split())
    meaning = _CODES.get(code.upper()) or _TEXTS.get(known, UNKNOWN)
    is_last_mile = status_of(meaning) in {Status.DELIVERED, Status.OUT_FOR_DELIVERY}
    place = Place(city=said.get("DepotName", ""), code=said.get("Depot", ""))
    local = read_digits(day, f"{hour}00") if hour else None
    at, source = placed(local, destination if is_last_mile else place)
    return CarrierEvent(
        code=code,
        sub_status=meaning,
        description=description,
        at=at,
        raw_time=f"{day} {hour}".strip(),
        zone_source=source,
        place=place,
    )


def _summed(summary: str, said: Mapping[str, str], destination: Place) -> CarrierEvent:
    day, hour = said.get("DeliveryDate", ""), said.get("DeliveryTime", "")
    is_done = summary == "DEL"
    at, source = placed(read_digits(day, f"{hour}00") if is_done and hour else None, destination)
    return CarrierEvent(
        code=summary,
        sub_status=_SUMMARIES[summary],
        at=at,
        raw_time=f"{day} {hour}".strip() if is_done else "",
        zone_source=source,
        place=destination if is_done else Place(),
    )
