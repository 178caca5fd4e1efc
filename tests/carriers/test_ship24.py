from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.ship24 import Ship24
from carriers.updates import DateWindow, NextLeg

RESULTS = (Path(__file__).parent / "fixtures" / "ship24" / "results.json").read_bytes()
HUB = Ship24()
KEY = {"api_key": "k", "webhook_secret": "hush"}


def test_wall_clocks_get_the_zone_of_offset_post_or_place() -> None:
    (update,) = HUB.parse(RESULTS)

    assert [(e.at.isoformat() if e.at else "", e.zone_source) for e in update.events] == [
        ("2026-05-01T09:00:00+08:00", "facility"),
        ("2026-05-05T09:00:00-07:00", "carrier"),
        ("2026-05-06T16:00:00+00:00", "assumed"),  # Oregon keeps two zones
        ("2026-05-06T18:00:00+00:00", "assumed"),
    ]


def test_milestone_that_only_lasts_is_no_second_attempt() -> None:
    (update,) = HUB.parse(RESULTS)

    assert [e.sub_status for e in update.events] == [
        "transit.generic",
        "customs.cleared",
        "attempt.generic",
        "unknown",
    ]


def test_second_number_is_the_next_leg() -> None:
    (update,) = HUB.parse(RESULTS)

    assert (update.tracking_number, update.courier_code) == ("RR900000001CN", "cn-post")
    assert update.next_leg == NextLeg("fastcourier", "LX0009")
    assert update.edd == DateWindow(date(2026, 5, 6), date(2026, 5, 8))
    assert update.service == "ePacket"


def test_push_is_genuine_with_the_merchants_secret() -> None:
    assert HUB.is_genuine_push(b"", {"authorization": "Bearer hush"}, KEY)
    assert not HUB.is_genuine_push(b"", {"authorization": "Bearer other"}, KEY)
    assert not HUB.is_genuine_push(b"", {}, KEY)


def test_push_holds_the_new_events() -> None:
    tracking = json.loads(RESULTS)["data"]["trackings"][0]
    push = {"trackings": [{**tracking, "events": tracking["events"][:1]}]}

    (update,) = HUB.read_push(json.dumps(push).encode())

    assert [e.sub_status for e in update.events] == ["attempt.generic"]


def test_registered_in_bulk_each_by_itself() -> None:
    asks = [Ask("A1", {"postcode": "97201"}, courier_code="us-post"), Ask("A2")]
    call = HUB.register_request(asks, KEY, None, callback="")
    made = {"inputData": {"trackingNumber": "A1"}, "tracker": {"trackerId": "t1"}}
    errors = [{"code": "validation_error", "message": "bad"}]
    refused = {"inputData": {"trackingNumber": "A2"}, "tracker": None, "errors": errors}
    rows = [made, refused]

    found = HUB.parse_registration(json.dumps({"status": "partial", "data": rows}).encode())

    assert call.path == "/public/v1/trackers/bulk"
    assert call.json == [
        {"trackingNumber": "A1", "destinationPostCode": "97201", "courierCode": ["us-post"]},
        {"trackingNumber": "A2"},
    ]
    assert [(one.number, one.registration, one.problem) for one in found] == [
        ("A1", "t1", ""),
        ("A2", "", "Ship24 says: bad (validation_error)"),
    ]


def test_asked_by_tracker_or_by_number() -> None:
    by_id = HUB.request([Ask("A 1", registration="t1")], KEY, None)
    by_number = HUB.request([Ask("A 1")], KEY, None)

    assert by_id.path == "/public/v1/trackers/t1/results"
    assert by_number.path == "/public/v1/trackers/search/A%201/results"


def test_unknown_tracker_is_not_found_and_bad_numbers_are_refused() -> None:
    (update,) = HUB.parse(
        b'{"errors": [{"code": "tracker_not_found", "message": "m"}], "data": null}'
    )
    with pytest.raises(CarrierError) as caught:
        HUB.parse(b'{"errors": [{"code": "validation_error", "message": "m"}], "data": null}')

    assert update.not_found
    assert (caught.value.kind, caught.value.permanent) == ("bad_request", True)


def test_couriers_without_those_given_up() -> None:
    rows = [
        {"courierCode": "us-post", "courierName": "USPS", "countryCode": "US"},
        {"courierCode": "old", "courierName": "Old", "isDeprecated": True},
    ]

    found = HUB.parse_couriers(json.dumps({"data": {"couriers": rows}}).encode())

    assert [(one.code, one.countries) for one in found] == [("us-post", ("US",))]
