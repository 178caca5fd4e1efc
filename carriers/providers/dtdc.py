"""DTDC (India): tracking of one consignment in JSON, and its push with the same codes.

https://www.dtdc.in (API documents are given to customers: tracking API v4, push API). The token
is the customer's own, of the form `GL…_trk_json:…`; `GET /dtdc-api/api/dtdc/authenticate` with the
API user and password gives it once. The event codes and the reasons of a failed delivery are its
"domestic track events" sheet as integrators publish it. A consignment that it does not know is
answered with `statusFlag` false. Times are India's: ddmmyyyy, and HHMM in answers but HHMMSS in
pushes. `sTrRemarks` is DTDC's own spelling; there stands "DLK|OFFICE CLOSED…", why it was not
delivered. Codes of the return begin with RTO, and it has a number of its own (`strRtoNumber`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_as
from carriers.shapes import mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    NextLeg,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from lib.signing import same
from lib.vocabulary import UNKNOWN, Status

_MOVES: Final = [
    "IPMF",
    "OPMF",
    "ORMF",
    "IBMD",
    "OBMD",
    "IBMN",
    "OBMN",
    "IMBM",
    "OMBM",
    "IRBO",
    "ORBO",
    "CDIN",
    "CDOUT",
]
_CODES: Final = {
    # The label and the pick-up
    **dict.fromkeys(("SPL", "BKD"), "info.label_created"),
    **dict.fromkeys(("PCAW", "PCSC", "PCRA", "DRAW", "DRSC"), "info.pickup_scheduled"),
    "PCNO": "info.pickup_failed",
    **dict.fromkeys(("PCUP", "DRCOM"), "picked_up.accepted"),
    **dict.fromkeys(("PCAN", "DRCAN", "DRREC"), "cancelled.by_shipper"),
    # On the way: DTDC calls them all "In Transit"
    **dict.fromkeys((*_MOVES, "ARAP"), "transit.generic"),
    "IRMF": "delay.missorted",
    "LNRC": "exception.under_investigation",
    "CHLD": "customs.delay",
    "CSCL": "customs.cleared",
    **dict.fromkeys(("RELHLD", "REVOKESTOPDLV"), "transit.problem_resolved"),
    **dict.fromkeys(("INSCAN", "RADCDIN", "PREPERD"), "transit.at_delivery_depot"),
    **dict.fromkeys(("HLDUP", "HELDUP", "STOPDLV"), "exception.held"),
    "SUI": "exception.under_investigation",
    # The door
    "OUTDLV": "out.on_vehicle",
    "NONDLV": "attempt.generic",
    "DLV": "delivered.generic",
    # Back
    **dict.fromkeys(
        (
            *(f"RTO{code}" for code in (*_MOVES, "IRMF", "INSCAN", "RADCDIN", "OUTDLV", "NONDLV")),
            *("SETRTO", "RTOW", "IRTO", "RTO", "RTOBKD", "RETURND", "RTORETURND"),
        ),
        "returning.started",
    ),
    "RTODLV": "returned.received",
}
#: Why it was not delivered: DTDC's code, the words it writes in older answers, and our meaning.
_REASONS: Final = (
    ("ADR", "ADDRESS INCOMPLETE OR WRONG-(CIR)", "exception.address"),
    ("CAD", "RECEIVER REQUESTED DELIVERY ON ANOTHER DATE-(CIR)", "out.rescheduled"),
    ("CAN", "COLLECTION AMOUNT NOT READY-(CIR)", "attempt.cod_not_paid"),
    ("CNA", "COVID19 COULD NOT ATTEMPT", "delay.disaster_strike"),
    ("COC", "COVID 19 - CUSTOMER REFUSED TO ACCEPT", "exception.refused"),
    ("COL", "COVID 19 - OFFICE CLOSED/DOOR LOCKED", "attempt.nobody_home"),
    ("CWP", "ADDRESS CORRECT AND PINCODE WRONG-(CIR)", "exception.address"),
    ("DLK", "OFFICE CLOSED OR DOOR LOCK-(CIR)", "attempt.nobody_home"),
    ("DNM", "CONTACT NAME / DEPT NOT MENTIONED-(CIR)", "exception.address"),
    ("DTD", "RECEIVER REFUSE DELIVERY DUE TO DAMAGE-(DIR)", "exception.refused"),
    ("KYC", "", "attempt.id_or_otp_failed"),
    ("LDO", "LAST DATE OVER FOR SUBMISSION-(OTR)", "exception.other"),
    ("LHL", "LOCAL HOLIDAY-(OTR)", "delay.generic"),
    ("LST", "CONSIGNMENT LOST-(OTR)", "lost.declared"),
    ("MIS", "LAST MILE MISROUTE-(OTR)", "delay.missorted"),
    ("NSP", "ADDRESS OK BUT NO SUCH PERSON-(CIR)", "exception.address"),
    ("NSR", "AREA NON SERVICEABLE-(DIR)", "exception.out_of_area"),
    ("PCC", "CUSTOMER WILL SELF COLLECT-(CIR)", "pickup.ready"),
    ("PNA", "RECEIVER NOT AVAILABLE-(CIR)", "attempt.nobody_home"),
    ("PRF", "RECEIVER REFUSED DELIVERY(CIR)", "exception.refused"),
    ("PSF", "RECEIVER SHIFTED FROM GIVEN ADDRESS-(CIR)", "exception.recipient_moved"),
    ("PWR", "PAPERWORK REQUIRED-(OTR)", "exception.held"),
    ("REA", "RESTRICTED ENTRY-(OTR)", "attempt.access_restricted"),
    ("RRT", "CONSIGNOR REFUSED RTO SHIPMENT-(CIR)", "returning.started"),
    ("RWO", "RECEIVER WANTS OPEN DELIVERY-(CIR)", "attempt.generic"),
    ("UAT", "COULD NOT ATTEMPT-(DIR)", "delay.carrier_operational"),
)
_BY_REASON: Final = {
    **{code: meaning for code, _, meaning in _REASONS},
    **{words: meaning for _, words, meaning in _REASONS if words},
}
_ZONE: Final = "Asia/Kolkata"


class Dtdc(Carrier):
    slug: ClassVar[str] = "dtdc"
    name: ClassVar[str] = "DTDC"
    countries: ClassVar[tuple[str, ...]] = ("IN",)
    website: ClassVar[str] = "https://www.dtdc.com/track-your-shipment/"
    documentation: ClassVar[str] = "https://www.dtdc.in"
    home_zone: ClassVar[str] = _ZONE
    proven: ClassVar[Proven] = "recorded"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)  # it publishes none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("access_token", "Tracking token (GL…_trk_json:…)"),
        Secret(
            "push_token", "What DTDC sends in the Authorization header of its push", optional=True
        ),
    )
    base_url: ClassVar[str] = "https://blktracksvc.dtdc.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "POST",
            "/dtdc-api/rest/JSONCnTrk/getTrackDetails",
            headers={"x-access-token": credentials["access_token"], "Accept": "application/json"},
            json={"trkType": "cnno", "strcnno": asks[0].number, "addtnlDtl": "Y"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """The consignment asked for; one that DTDC does not know comes back without a number."""
        reply = mapping(read_json(body))
        header = mapping(reply.get("trackHeader"))
        if text(header.get("strShipmentNo")):
            return [_consignment(header, mappings(reply.get("trackDetails")), "sTrRemarks")]
        said = {
            text(row.get("name")).lower(): text(row.get("value"))
            for row in mappings(reply.get("errorDetails"))
        }
        problem = said.get("strerror") or said.get("error") or ""
        if "no data found" in problem.lower():
            return [TrackingUpdate("", problem="DTDC does not know this number", not_found=True)]
        if reply.get("statusFlag") is not False:
            raise CarrierError("The answer holds no consignment of DTDC", kind="unreadable")
        if "token" in problem.lower() or "auth" in problem.lower():
            raise CarrierError(f"DTDC says: {problem}", kind="credentials", permanent=True)
        raise CarrierError(f"DTDC says: {problem or 'no reason given'}", kind="unavailable")

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """The push: the same scans under other names, one or a list."""
        reply = mapping(read_json(body))
        header, told = mapping(reply.get("shipment")), mappings(reply.get("shipmentStatus"))
        if not text(header.get("strShipmentNo")) or not told:
            raise CarrierError("The push holds no scan of DTDC", kind="unreadable")
        rows = [
            dict(row) | {"strCode": row.get("strAction"), "strAction": row.get("strActionDesc")}
            for row in told
        ]
        return [_consignment(header, rows, "strRemarks")]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        agreed = credentials.get("push_token", "")
        return not agreed or same(headers.get("authorization", ""), agreed)


def _consignment(
    header: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], remarks: str
) -> TrackingUpdate:
    events = [_scan(row, text(row.get(remarks))) for row in rows]
    ordered = _numbered(oldest_first(scans(events)), whole(header.get("strNoOfAttempts")) or 0)
    last = ordered[-1] if ordered else None
    signed = text(rows[-1].get(remarks)) if rows else ""
    named = last is not None and last.status is Status.DELIVERED and signed not in {"", "SIGN"}
    back = text(header.get("strRtoNumber"))
    return TrackingUpdate(
        tracking_number=text(header.get("strShipmentNo")),
        events=ordered,
        edd=_promised(header),
        problem=None if ordered else "DTDC knows this number but sent no scans yet",
        service=text(header.get("strCNProduct")),
        origin=Place(city=text(header.get("strOrigin")), country="IN"),
        destination=Place(city=text(header.get("strDestination")), country="IN"),
        proof=Proof(signed_by=signed) if named else None,
        pieces=whole(header.get("strPieces")),
        next_leg=NextLeg("DTDC", back) if back else None,
    )


def _scan(row: Mapping[str, Any], remarks: str) -> CarrierEvent:
    code, words = text(row.get("strCode")), text(row.get("strAction"))
    place = Place(
        city=text(row.get("strOrigin")), country="IN", code=text(row.get("strOriginCode"))
    )
    stamp = f"{text(row.get('strActionDate'))} {text(row.get('strActionTime'))}".strip()
    at, source = placed(_when(stamp), place, home=_ZONE)
    reason = remarks.partition("|")[0].strip() if code == "NONDLV" else ""
    return CarrierEvent(
        code="/".join(part for part in (code, reason) if part),
        sub_status=_BY_REASON.get(reason.upper()) or _CODES.get(code.upper(), UNKNOWN),
        description=f"{words}: {remarks.rpartition('|')[2]}" if reason else words,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _numbered(events: tuple[CarrierEvent, ...], attempts: int) -> tuple[CarrierEvent, ...]:
    """Failed attempts with their number; the header counts also those no longer told."""
    failed = [event for event in events if event.status is Status.ATTEMPT_FAILED]
    number = max(attempts - len(failed), 0) if failed and failed[-1] is events[-1] else 0
    told = []
    for event in events:
        counts = event.status is Status.ATTEMPT_FAILED
        number += counts
        told.append(replace(event, attempt=number) if counts else event)
    return tuple(told)


def _when(stamp: str) -> datetime | None:
    """`27112025 133952`, `21062017 1530`, `21062017 15:30:25`."""
    day, _, hour = stamp.partition(" ")
    digits = hour.replace(":", "")
    return read_as(day + digits, "%d%m%Y%H%M%S" if len(digits) == 6 else "%d%m%Y%H%M")


def _promised(header: Mapping[str, Any]) -> DateWindow | None:
    for name in ("strRevExpectedDeliveryDate", "strExpectedDeliveryDate"):
        found = read_as(text(header.get(name)), "%d%m%Y")
        if found is not None:
            return DateWindow(found.date(), found.date(), _ZONE)
    return None
