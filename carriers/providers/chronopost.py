"""Chronopost, TrackingServiceWS: SOAP, one parcel a call, no account needed.

https://ws.chronopost.fr/tracking-cxf/TrackingServiceWS?wsdl (trackSkybillV2). The full list
of event codes is given to customers only: the eight placed here are those of a published
answer with Chronopost's own English texts; the rest stays unknown. An unknown parcel is an
answer without events. What more an event has to say (who signed, the partner's number)
hangs below it as name and value, in the language asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, read_xml
from carriers.scan_times import placed, read_iso
from carriers.shapes import scans, text
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first
from carriers.xml_shapes import fault, fields, first, named, soap, words
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "DC": "info.label_created",
    "DB": "picked_up.accepted",
    "DY": "picked_up.accepted",
    "SC": "transit.arrived_facility",
    "TS": "transit.generic",
    "SD": "transit.at_delivery_depot",
    "TA": "out.on_vehicle",
    "D": "delivered.generic",
}
_LANGUAGE: Final = "en_GB"
_SIGNER: Final = frozenset({"consignee's name", "nom du destinataire"})


class Chronopost(Carrier):
    slug: ClassVar[str] = "chronopost"
    name: ClassVar[str] = "Chronopost"
    countries: ClassVar[tuple[str, ...]] = ("FR", "MC")
    website: ClassVar[str] = "https://www.chronopost.fr/tracking-no-cms/suivi-page"
    documentation: ClassVar[str] = "https://ws.chronopost.fr/tracking-cxf/TrackingServiceWS?wsdl"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    base_url: ClassVar[str] = "https://ws.chronopost.fr"
    home_zone: ClassVar[str] = "Europe/Paris"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        content = {"language": _LANGUAGE, "skybillNumber": asks[0].number}
        return HttpCall(
            "POST",
            "/tracking-cxf/TrackingServiceWS",
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'},
            body=soap(
                "trackSkybillV2", content, namespace="http://cxf.tracking.soap.chronopost.fr/"
            ),
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update: the parcel's events, or that it is unknown (without a number)."""
        root = read_xml(body)
        if (reason := fault(root)) is not None:
            raise CarrierError(f"Chronopost says: {reason}", kind="unavailable")
        answer = first(root, "return")
        code = words(answer, "errorCode")
        if answer is None or not code:
            raise CarrierError("The answer is not one of Chronopost's", kind="unreadable")
        if code != "0":
            reason = words(answer, "errorMessage") or "no reason given"
            raise CarrierError(f"Chronopost says: {reason} ({code})", kind="unavailable")
        listed = first(answer, "listEventInfoComp")
        number = words(listed, "skybillNumber")
        rows = list(named(listed, "events")) if listed is not None else []
        events = scans([_event(row) for row in rows])
        if not events:
            return [TrackingUpdate(number, problem="Chronopost does not know it", not_found=True)]
        return [TrackingUpdate(number, events=oldest_first(events), proof=_proof(rows))]


def _event(row: Element) -> CarrierEvent:
    said = fields(row)
    code, stamp, postcode = (said.get(key, "") for key in ("code", "eventDate", "zipCode"))
    # Only offices in France have a number (NPC, their department).
    place = Place(
        city=said.get("officeLabel", ""),
        postcode=postcode,
        country="FR" if said.get("NPC") and len(postcode) == 5 else "",
    )
    at, source = placed(read_iso(stamp), place, home=Chronopost.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=said.get("eventLabel", ""),
        language=_LANGUAGE.partition("_")[0],
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _proof(rows: Sequence[Element]) -> Proof | None:
    """Whose name was taken at the door, from the event of the delivery."""
    for row in rows:
        if words(row, "code").upper() != "D":
            continue
        for more in named(row, "infoCompList"):
            if words(more, "name").casefold() in _SIGNER and text(words(more, "value")):
                return Proof(signed_by=words(more, "value"))
    return None
