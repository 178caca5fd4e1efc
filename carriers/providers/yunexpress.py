"""YunExpress (Yuntu, from China to the world): its open platform's track service.

https://openapi.yunexpress.cn (documentation behind its log-in; the shape is that of public
clients and of its own published examples). A token, then each call signed over its moment
and address. Odd: `process_utc_time` is the instant, `process_time` the same moment as the
place's wall clock however it is marked, so the two together give the offset. Also odd:
READY_FOR_PICKUP is freight waiting for the next carrier, not for the shopper, and
DELIVERY_ATTEMPT stands both for "out for delivery" and for an attempt, and is read as the
milder one. The signature of pushes is not described anywhere, so there are none.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar, Final

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Secret,
    Token,
    read_json,
)
from carriers.scan_times import in_zone, placed, read_as, read_iso
from carriers.shapes import country, https, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    NextLeg,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN


def _nodes(sub_status: str, nodes: str) -> dict[str, str]:
    return dict.fromkeys(nodes.split(), sub_status)


_NODES: Final = {
    **_nodes("info.label_created", "ORDER_CREATION PRE_INFO PRE_ADVICING YB/XD"),
    **_nodes("picked_up.accepted", "PICKED_UP XD/ZC XD/CS"),
    **_nodes("transit.arrived_facility", "FIRST_MILE_ARRIVE TRANSIT_IN ARRIVE_CONFIRM_OC"),
    **_nodes("transit.departed_facility", "FIRST_MILE_DEPART TRANSIT_OUT DEPART_CONFIRM_OC"),
    **_nodes("transit.departed_origin_country", "MAIN_LINE_DEPART"),
    **_nodes("transit.arrived_destination_country", "MAIN_LINE_ARRIVE MD/DD"),
    **_nodes("transit.handed_to_partner", "TRANSITHUB_ARRIVE CARRIER_PICKUP"),
    **_nodes(
        "transit.generic",
        "EXPORT_CUSTOMS_COMPLETE AIRPORT_RELEASE READY_FOR_PICKUP PICKUP_CARGO_TERMINAL"
        " IN_TRANSIT READY_FOR_OUTBOUND IN_TRANSIT_CARRIER",
    ),
    **_nodes("customs.started", "ARRIVE_ORIN_CUSTOMS CUSTOMS_PROCESSING"),
    **_nodes("customs.cleared", "CUSTOMS_COMPLETE CUSTOMS_RELEASE"),
    **_nodes("customs.delay", "CUSTOMS_DELAY CUSTOMS_HOLD CUSTOMS_INSPCTION CUSTOMS_EXCEPTION"),
    **_nodes("delay.generic", "AIRPORT_HOLD AIRPORT_INSPECTION"),
    **_nodes("out.on_vehicle", "DELIVERY_ATTEMPT"),
    **_nodes("attempt.generic", "DELIVERY_FAILURE"),
    **_nodes("delivered.generic", "DELIVERED MD/TT"),
    **_nodes("exception.other", "PACKAGE_EXCEPTION OTHER"),
    **_nodes("lost.declared", "PACKAGE_LOST"),
    **_nodes("returning.started", "RETURNED RETURNED_BACK"),
    **_nodes("returned.received", "RETURNED_TO_SENDER"),
}
_PACKAGE: Final = {
    "F": "info.label_created",
    "T": "transit.generic",
    "D": "delivered.generic",
    "E": "exception.other",
    "R": "returning.started",
    "C": "cancelled.by_shipper",
}
_PATH: Final = "/v1/track-service/info/get"


class YunExpress(Carrier):
    slug: ClassVar[str] = "yunexpress"
    name: ClassVar[str] = "YunExpress"
    countries: ClassVar[tuple[str, ...]] = ("CN",)
    website: ClassVar[str] = "https://www.yunexpress.com"
    documentation: ClassVar[str] = "https://openapi.yunexpress.cn"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("app_id", "App ID", secret=False),
        Secret("app_secret", "App secret"),
        Secret("source_key", "Source key"),
    )
    base_url: ClassVar[str] = "https://openapi.yunexpress.cn"
    home_zone: ClassVar[str] = "Asia/Shanghai"

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall:
        return HttpCall(
            "POST",
            "/openapi/oauth2/token",
            json={
                "grantType": "client_credentials",
                "appId": credentials["app_id"],
                "appSecret": credentials["app_secret"],
                "sourceKey": credentials["source_key"],
            },
        )

    def parse_token(self, body: bytes) -> Token:
        reply = mapping(read_json(body))
        granted = mapping(reply.get("result")) or reply
        if not text(granted.get("accessToken")):
            raise CarrierError("The token answer has no accessToken", kind="unreadable")
        return Token(text(granted["accessToken"]), float(whole(granted.get("expiresIn")) or 7200))

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        moment = str(int(time.time() * 1000))
        signed = f"date={moment}&method=GET&uri={_PATH}"
        mac = hmac.new(credentials["app_secret"].encode(), signed.encode(), hashlib.sha256)
        return HttpCall(
            "GET",
            _PATH,
            params={"order_number": asks[0].number},
            headers={
                "token": token or "",
                "date": moment,
                "sign": base64.b64encode(mac.digest()).decode(),
                "Accept-Language": "en-US",
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a parcel of `result`."""
        reply = mapping(read_json(body))
        reply = mapping(reply.get("response")) or reply
        parcels = mappings(reply.get("result"))
        if parcels:
            return [_update(parcel) for parcel in parcels]
        if reply.get("success") is True:
            return [TrackingUpdate("", problem="YunExpress has no such parcel", not_found=True)]
        said, code = text(reply.get("msg")), text(reply.get("code"))
        if not said and not code:
            raise CarrierError("The answer holds no parcel of YunExpress", kind="unreadable")
        raise CarrierError(f"YunExpress says: {said} ({code or 'no code'})", kind="bad_request")


def _update(parcel: Mapping[str, Any]) -> TrackingUpdate:
    info, state = mapping(parcel.get("track_Info")), text(parcel.get("package_status"))
    info = info or mapping(parcel.get("track_info"))
    rows = mappings(info.get("track_events"))
    events = scans([_event(row) for row in rows])
    if not events and state in _PACKAGE:
        events = [CarrierEvent(code=state, sub_status=_PACKAGE[state])]
    destination = Place(country=country(info.get("destination_code")))
    days = [
        day.date()
        for end in ("From", "To")
        if (day := read_as(text(info.get(f"EstimatedDelivery{end}DateZone"))[:10], "%Y-%m-%d"))
    ]
    partner, number = text(info.get("last_mile_name")), text(info.get("tracking_number"))
    waybill = text(info.get("waybill_number")) or text(parcel.get("order_number"))
    pictures = [https(row.get("pod_url")) for row in (info, *rows)]
    picture = next(filter(None, pictures), "")
    return TrackingUpdate(
        waybill,
        events=oldest_first(events),
        edd=DateWindow(min(days), max(days), zone_name(destination)) if days else None,
        problem=None if events else "YunExpress has no scans of this parcel",
        not_found=not events,
        service=text(info.get("product_name")),
        origin=Place(country=country(info.get("origin_code"))),
        destination=destination,
        proof=Proof(photo_url=picture) if picture else None,
        next_leg=NextLeg(partner, number) if partner and number not in {"", waybill} else None,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    node = text(row.get("track_node_code"))
    place = Place(
        city=text(row.get("process_city")) or text(row.get("process_location")),
        region=text(row.get("process_province")),
        country=country(row.get("process_country")),
    )
    local, instant = text(row.get("process_time")), text(row.get("process_utc_time"))
    at, source = placed(_moment(local, instant), place, home=YunExpress.home_zone)
    said = text(row.get("process_content")) or text(row.get("track_node_description"))
    return CarrierEvent(
        code=node,
        sub_status=_NODES.get(node, UNKNOWN),
        description=said,
        language="en" if said.isascii() else "zh",
        at=at,
        raw_time=local or instant,
        zone_source=source,
        place=place,
    )


def _moment(local: str, instant: str) -> datetime | None:
    """The instant at the offset by which the wall clock differs from it; else the wall clock."""
    clock, found = read_iso(local), read_iso(instant)
    naive = clock.replace(tzinfo=None) if clock else None
    if found is None:
        return naive
    utc = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    shift = (naive - utc.replace(tzinfo=None)) if naive else timedelta(0)
    quarters = round(shift / timedelta(minutes=15))
    if shift != quarters * timedelta(minutes=15) or abs(quarters) > 14 * 4:
        return utc
    return in_zone(utc, timezone(shift))
