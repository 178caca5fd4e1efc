"""Purolator E-Ship Web Services, TrackPackagesByPin (SOAP).

https://eship.purolator.com/SITE/en/content/eship_web_services.aspx. `ScanType` is a closed
list of five, and coarse: "Undeliverable" stands for a failed attempt, a delay and even
"arrived at sort facility". What a scan is stands in its fixed sentences, so a reviewed table
of them goes before the type. Depots are named, not addressed; times are local.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_xml
from carriers.providers.canadapost import HOME
from carriers.scan_times import placed, read_digits
from carriers.shapes import scans
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first
from carriers.xml_shapes import child, fault, first, named, soap, words
from lib.vocabulary import UNKNOWN, Status

_NAMESPACE: Final = "http://purolator.com/pws/datatypes/v1"

_TYPES: Final = {
    "ProofOfPickUp": "picked_up.accepted",
    "OnDelivery": "out.on_vehicle",
    "Delivery": "delivered.generic",
    "Undeliverable": "exception.other",
    "Other": "transit.generic",
}

#: How Purolator's sentences begin, in lower case.
_SENTENCES: Final = (
    ("shipper created a label", "info.label_created"),
    ("shipment created", "info.label_created"),
    ("new tracking number assigned", "transit.generic"),  # relabelled at a sort centre
    ("label information electronically submitted", "info.label_created"),
    ("picked up by purolator", "picked_up.accepted"),
    ("received by purolator for processing", "picked_up.accepted"),
    ("arrived at sort facility", "transit.arrived_facility"),
    ("departed sort facility", "transit.departed_facility"),
    ("shipment in transit", "transit.generic"),
    ("shipment redirected", "transit.forwarded_new_address"),
    ("resolution complete - shipment redirected", "transit.forwarded_new_address"),
    ("transferring to shipping centre", "transit.generic"),
    ("on vehicle for delivery", "out.on_vehicle"),
    ("available for pickup", "pickup.ready"),
    ("item held for pickup at locker", "pickup.ready"),
    ("item available for receiver to pick up at post office", "pickup.ready"),
    ("shipment available for pickup", "pickup.ready"),
    ("receiver contacted. shipment available for pickup", "pickup.ready"),
    ("receiver contacted, no answer. shipment available for pickup", "pickup.ready"),
    ("shipper contacted. shipment available for pickup", "pickup.ready"),
    ("receiver advised they will pick up shipment", "exception.held"),
    ("shipment delivered", "delivered.generic"),
    ("delivered to customer by locker", "delivered.collected"),
    ("package removed from locker", "delivered.collected"),
    ("shipment unclaimed - to be returned to sender", "returning.started"),
    ("shipment undeliverable - returned to sender", "returning.started"),
    ("unable to deliver - item returned to se", "returning.started"),
    ("unable to deliver - item returned to sh", "returning.started"),
    ("returned to sender. shipment no longer available for pickup", "returning.started"),
)


class Purolator(Carrier):
    slug: ClassVar[str] = "purolator"
    name: ClassVar[str] = "Purolator"
    countries: ClassVar[tuple[str, ...]] = ("CA",)
    website: ClassVar[str] = "https://www.purolator.com/en/shipping/tracker"
    documentation: ClassVar[str] = (
        "https://eship.purolator.com/SITE/en/content/eship_web_services.aspx"
    )
    proven: ClassVar[Proven] = "documented"
    home_zone: ClassVar[str] = HOME
    batch_size: ClassVar[int] = 10
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "Production key", secret=False),
        Secret("password", "Production key password"),
        Secret("user_token", "Activation (user) token", optional=True),
    )
    base_url: ClassVar[str] = "https://webservices.purolator.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['username']}:{credentials['password']}"
        context = {
            "v:Version": "1.2",
            "v:Language": "en",
            "v:GroupID": "",
            "v:RequestReference": "",
            "v:UserToken": credentials.get("user_token", ""),
        }
        body = soap(
            "TrackPackagesByPinRequest",
            {"v:PINs": {"v:PIN": [{"v:Value": ask.number} for ask in asks]}},
            namespace=_NAMESPACE,
            header={"v:RequestContext": context},
        )
        return HttpCall(
            "POST",
            "/PWS/V1/Tracking/TrackingService.asmx",
            headers={
                "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                "Content-Type": "text/xml; charset=utf-8",
                "SOAPAction": '"http://purolator.com/pws/service/v1/TrackPackagesByPin"',
            },
            body=body,
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a PIN."""
        root = read_xml(body)
        refused = fault(root)
        if refused is not None:
            raise CarrierError(f"Purolator says: {refused}", kind="bad_request", permanent=True)
        reply = first(root, "TrackPackagesByPinResponse")
        if reply is None:
            raise CarrierError("The answer is no tracking of Purolator", kind="unreadable")
        updates = [_parcel(info) for info in named(reply, "TrackingInformation")]
        if updates:
            return updates
        said = _errors(child(reply, "ResponseInformation")) or "no tracking and no reason"
        raise CarrierError(f"Purolator says: {said}", kind="bad_request", permanent=True)


def _errors(information: Element | None) -> str:
    error = first(information, "Error") if information is not None else None
    said, code = words(error, "Description"), words(error, "Code")
    return f"{said} ({code})" if said and code else said or code


def _parcel(info: Element) -> TrackingUpdate:
    rows = list(named(info, "Scan"))
    events = scans([_event(row) for row in rows])
    signed = next(
        filter(None, (words(row, "ScanDetails", "DeliverySignature") for row in rows)), ""
    )
    done = any(event.status is Status.DELIVERED for event in events)
    said = _errors(child(info, "ResponseInformation"))
    return TrackingUpdate(
        tracking_number=words(info, "PIN", "Value"),
        events=oldest_first(events[::-1]),
        problem=None if events else f"Purolator says: {said or 'no scans for this PIN'}",
        not_found=not events and not said,
        proof=Proof(signed_by=signed) if done and signed else None,
    )


def _event(row: Element) -> CarrierEvent:
    kind, said = words(row, "ScanType"), words(row, "Description")
    place = _depot(words(row, "Depot", "Name"))
    day, clock = words(row, "ScanDate"), words(row, "ScanTime")
    at, source = placed(read_digits(day.replace("-", ""), clock), place, home=HOME)
    return CarrierEvent(
        code=kind,
        sub_status=_meaning(kind, said),
        description=said,
        at=at,
        raw_time=f"{day} {clock}".strip(),
        zone_source=source,
        place=place,
    )


def _meaning(kind: str, said: str) -> str:
    """The sentence, where we know it; else the type."""
    plain = re.sub(r"\s+", " ", said).casefold()
    sentence = next((sub for start, sub in _SENTENCES if plain.startswith(start)), "")
    return sentence or _TYPES.get(kind, UNKNOWN)


def _depot(name: str) -> Place:
    """ "MONTREAL SORT CTR/CTR TRIE, PQ": its province, Quebec in its old letters."""
    where, _, province = name.rpartition(", ")
    if len(province) != 2:
        return Place(city=name, country="CA" if name else "")
    return Place(city=where, region="QC" if province == "PQ" else province, country="CA")
