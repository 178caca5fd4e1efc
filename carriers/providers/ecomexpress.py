"""Ecom Express (India; since 2025 a part of Delhivery): tracking of many waybills in XML, and its
push.

https://docs.ecomexpress.in (given to customers; `track_me/api/mawbd`). Parcels move over to
Delhivery's waybills: connect Delhivery for new ones. The reason codes are the list of its
documents as integrators publish it, each placed by its text; five-digit ones are the finer reasons
of a three-digit one. 210 is "COD amount not ready" in its own list and "refused" in one
integrator's: its own counts. A return has a waybill of its own (`ref_awb`), and its outcome stands
beside the parcel's in the fields `rts_…`; what is delivered after code 777, or of a parcel that
is itself a return (`rts_shipment`), is delivered to the shop. Naive times are India's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers import code_maps
from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Secret,
    read_json,
    read_xml,
)
from carriers.scan_times import placed, read_as, read_words
from carriers.shapes import https, mapping, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    NextLeg,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.xml_shapes import local
from lib.vocabulary import UNKNOWN, Status

_CODES: Final = code_maps.load("ecomexpress_codes.csv")
_ZONE: Final = "Asia/Kolkata"
_ROOT: Final = "ecomexpress-objects"


class EcomExpress(Carrier):
    slug: ClassVar[str] = "ecomexpress"
    name: ClassVar[str] = "Ecom Express"
    countries: ClassVar[tuple[str, ...]] = ("IN",)
    website: ClassVar[str] = "https://ecomexpress.in/tracking/"
    documentation: ClassVar[str] = "https://docs.ecomexpress.in"
    home_zone: ClassVar[str] = _ZONE
    proven: ClassVar[Proven] = "recorded"
    push: ClassVar[bool] = True
    push_reply: ClassVar[bytes] = b'{"status": true}'
    batch_size: ClassVar[int] = 100
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=4)  # it publishes none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name of the API", secret=False),
        Secret("password", "Password of the API"),
    )
    base_url: ClassVar[str] = "https://plapi.ecomexpress.in"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            "/track_me/api/mawbd/",
            params={
                "awb": ",".join(ask.number for ask in asks),
                "username": credentials["username"],
                "password": credentials["password"],
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill; what it does not know is left out of its answer."""
        root = read_xml(body)
        if local(root) != _ROOT:
            said = text(root.text)
            if "auth" in said.lower() or "user" in said.lower():
                raise CarrierError(
                    f"Ecom Express says: {said[:200]}", kind="credentials", permanent=True
                )
            raise CarrierError("The answer is not one of Ecom Express's", kind="unreadable")
        return [_waybill(one) for one in root if _fields(one).get("awb_number")]

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One scan of one waybill."""
        row = mapping(read_json(body))
        number, code = text(row.get("awb")), text(row.get("reason_code_number"))
        if not number or not code:
            raise CarrierError("The push holds no scan of Ecom Express", kind="unreadable")
        scan = _event(
            code,
            text(row.get("datetime")),
            Place(city=text(row.get("city")), country="IN", code=text(row.get("location"))),
            text(row.get("status")) or text(row.get("reason_code")),
        )
        return [TrackingUpdate(number, events=(scan,))]


def _fields(element: Element) -> dict[str, str]:
    """`<field name="awb_number">…</field>` as name → text; "None" is the vendor's empty."""
    found: dict[str, str] = {}
    for one in element:
        said = text(one.text)
        found.setdefault(text(one.get("name")), "" if said == "None" else said)
    return found


def _waybill(element: Element) -> TrackingUpdate:
    row = _fields(element)
    events = scans(
        [_scan(_fields(one)) for one in element.iter() if one.get("model") == "scan_stages"]
    )
    if not events:  # a short answer: the last scan stands in the header
        place = Place(city=row.get("city", ""), region=row.get("state", ""), country="IN")
        stamp = row.get("last_update_datetime") or row.get("last_update_date", "")
        words = row.get("tracking_status") or row.get("status", "")
        events = [_event(row.get("reason_code_number", ""), stamp, place, words)]
    if row.get("rts_reason_code_number"):
        back = _event(
            row["rts_reason_code_number"], row.get("rts_last_update", ""), Place(country="IN"), ""
        )
        meaning = "returned.received" if back.status is Status.DELIVERED else "returning.started"
        events.append(replace(back, sub_status=meaning, code=f"rts/{back.code}"))
    is_return = row.get("rts_shipment", "0") not in {"", "0"}
    ordered = _with_return(oldest_first(scans(events)), is_return=is_return)
    delivered = bool(ordered) and ordered[-1].status is Status.DELIVERED
    signed = row.get("receiver", "")
    photo = https(row.get("delivery_pod_image")) or https(row.get("delivery_pod_signature"))
    proof = Proof(signed_by="" if signed.lower() == "sign" else signed, photo_url=photo)
    return TrackingUpdate(
        tracking_number=row["awb_number"],
        events=ordered,
        edd=_promised(row.get("expected_date", "")),
        problem=None if ordered else "Ecom Express knows this waybill but sent no scans yet",
        origin=Place(city=row.get("origin", "").partition(" - ")[0], country="IN"),
        destination=Place(
            row.get("city", ""), row.get("state", ""), row.get("pincode", ""), country="IN"
        ),
        proof=proof if delivered and proof != Proof() else None,
        next_leg=NextLeg("Ecom Express", row["ref_awb"]) if row.get("ref_awb") else None,
    )


def _scan(row: Mapping[str, str]) -> CarrierEvent:
    place = Place(
        city=row.get("city_name") or row.get("location_city", ""),
        country="IN",
        code=row.get("location", ""),
    )
    words = row.get("status") or row.get("reason_code", "")
    return _event(row.get("reason_code_number", ""), row.get("updated_on", ""), place, words)


def _event(code: str, stamp: str, place: Place, words: str) -> CarrierEvent:
    at, source = placed(_when(stamp), place, home=_ZONE)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(("reason", code), UNKNOWN),
        description=words,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _when(stamp: str) -> datetime | None:
    """`11 Dec, 2017, 17:27` of a scan, `11-Dec-2017 17:27` of the header, ISO of the push."""
    return read_words(
        stamp, "%d %m, %Y, %H:%M", "%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"
    )


def _with_return(events: tuple[CarrierEvent, ...], *, is_return: bool) -> tuple[CarrierEvent, ...]:
    """What is delivered once it goes back is delivered to the shop."""
    told = []
    for event in events:
        is_return = is_return or event.status is Status.RETURNING
        back = is_return and event.status is Status.DELIVERED
        told.append(replace(event, sub_status="returned.received") if back else event)
    return tuple(told)


def _promised(said: str) -> DateWindow | None:
    found = read_words(said, "%d-%m-%Y") or read_as(said, "%Y-%m-%d")
    return DateWindow(found.date(), found.date(), _ZONE) if found else None
