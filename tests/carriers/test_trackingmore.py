from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.trackingmore import TrackingMore
from carriers.updates import DateWindow, NextLeg

TRACKINGS = (Path(__file__).parent / "fixtures" / "trackingmore" / "trackings.json").read_bytes()
HUB = TrackingMore()
# The example of TrackingMore's own page about its webhook.
KEY = {"api_key": "k", "webhook_secret": "2e55b9a3-4dd1-4416-9897-c4bd1e3d738f"}
STAMP = "1662371528"
STAMP_MARK = "a37084ab68ae16b77db1f8463f31be9fcc965e2515e03efecf8139bb1e511b06"


def test_pickup_is_told_apart_by_its_sub_status_only() -> None:
    update = HUB.parse(TRACKINGS)[0]

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("transit/transit006", "transit.departed_facility"),
        ("transit/transit004", "transit.arrived_destination_country"),
        ("pickup/pickup001", "out.on_vehicle"),
        ("pickup", "unknown"),
        ("pickup/pickup002", "pickup.ready"),
    ]


def test_naive_time_is_the_places() -> None:
    update = HUB.parse(TRACKINGS)[0]

    assert update.events[1].at is not None
    assert update.events[1].at.isoformat() == "2026-06-02T09:10:00+08:00"
    assert update.events[1].zone_source == "facility"


def test_details_are_kept() -> None:
    update = HUB.parse(TRACKINGS)[0]

    assert update.edd == DateWindow(date(2026, 6, 4), date(2026, 6, 4), "Asia/Singapore")
    assert (update.courier_code, update.next_leg) == ("ninjavan", NextLeg("singpost", "SP1234"))


def test_number_without_scans_is_not_found_yet() -> None:
    update = HUB.parse(TRACKINGS)[1]

    assert (update.events, update.not_found) == ((), True)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("exception007", "exception.damaged"),
        ("exception010", "returned.received"),
        ("exception011", "returning.started"),
        ("undelivered_001", "exception.address"),
        ("exception999", "exception.other"),
    ],
)
def test_meaning_of_codes(code: str, expected: str) -> None:
    scan = {"checkpoint_status": code[:-3].strip("_"), "substatus": code, "details": "d"}
    row = {"tracking_number": "1", "origin_info": {"trackinfo": [scan]}}
    body = json.dumps({"meta": {"code": 200}, "data": [row]}).encode()

    assert HUB.parse(body)[0].events[0].sub_status == expected


def test_either_documented_signature_is_genuine() -> None:
    body = b'{"data": {}}'
    over_body = hmac.new(KEY["webhook_secret"].encode(), body, hashlib.sha256).digest()

    for mark in (STAMP_MARK, base64.b64encode(over_body).decode()):
        assert HUB.is_genuine_push(body, {"timestamp": STAMP, "signature": mark}, KEY)
    assert not HUB.is_genuine_push(body, {"timestamp": "1662371529", "signature": STAMP_MARK}, KEY)


def test_registered_in_a_batch_each_by_itself() -> None:
    call = HUB.register_request([Ask("A1", courier_code="ups")], KEY, None, callback="")
    data = {
        "success": [{"id": "9a", "tracking_number": "A1", "courier_code": "ups"}],
        "error": [
            {"tracking_number": "A2", "errorCode": 4101, "errorMessage": "exists"},
            {"tracking_number": "A3", "errorCode": 4120, "errorMessage": "bad courier"},
        ],
    }

    found = HUB.parse_registration(json.dumps({"meta": {"code": 200}, "data": data}).encode())

    assert call.json == [{"tracking_number": "A1", "courier_code": "ups"}]
    assert [(one.number, one.registration, one.problem) for one in found] == [
        ("A1", "9a", ""),
        ("A2", "", ""),
        ("A3", "", "TrackingMore says: bad courier (4120)"),
    ]


@pytest.mark.parametrize(
    ("code", "kind"), [(4001, "credentials"), (4190, "rate_limited"), (500, "unavailable")]
)
def test_errors_carry_their_decision(code: int, kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        HUB.parse(json.dumps({"meta": {"code": code, "message": "m"}, "data": []}).encode())

    assert caught.value.kind == kind


def test_request_asks_for_numbers_together() -> None:
    call = HUB.request([Ask("A1"), Ask("A2")], KEY, None)

    assert (call.path, call.params) == ("/v4/trackings/get", {"tracking_numbers": "A1,A2"})
    assert call.headers["Tracking-Api-Key"] == "k"
