from __future__ import annotations

import json
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.shipengine import ShipEngine

TRACKING = (Path(__file__).parent / "fixtures" / "shipengine" / "tracking.json").read_bytes()
HUB = ShipEngine()


def test_detail_codes_refine_status_codes() -> None:
    (update,) = HUB.parse(TRACKING)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("XX/ZZ", "unknown"),
        ("IT/OUT_FOR_DELIVERY/OF", "out.on_vehicle"),
        ("AT/NO_ACCESS_TO_RECIPIENTS_ADDRESS/54", "attempt.access_restricted"),
    ]
    assert update.courier_code == "usps"


def test_status_at_the_top_is_the_newest_events_meaning() -> None:
    reply = json.loads(TRACKING)
    for event in reply["events"]:
        event["status_code"] = event["status_detail_code"] = None

    (update,) = HUB.parse(json.dumps(reply).encode())

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("ZZ", "unknown"),
        ("OF", "unknown"),
        ("54", "attempt.access_restricted"),
    ]


def test_number_not_in_the_system_is_not_found() -> None:
    reply = json.loads(TRACKING) | {"status_code": "NY", "status_detail_code": None, "events": []}

    assert HUB.parse(json.dumps(reply).encode())[0].not_found
    assert HUB.parse(b'{"errors": [{"error_code": "not_found", "message": "m"}]}')[0].not_found


def test_other_errors_are_refused() -> None:
    with pytest.raises(CarrierError) as caught:
        HUB.parse(b'{"errors": [{"error_code": "unauthorized", "message": "m"}]}')

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_empty_answer_is_a_registration() -> None:
    call = HUB.register_request(
        [Ask("1Z", courier_code="ups")], {"api_key": "k"}, None, callback=""
    )

    assert (call.path, call.params) == (
        "/v1/tracking/start",
        {"carrier_code": "ups", "tracking_number": "1Z"},
    )
    assert [one.problem for one in HUB.parse_registration(b"")] == [""]


def test_push_wraps_the_same_tracking() -> None:
    body = json.dumps({"resource_type": "API_TRACK", "data": json.loads(TRACKING)}).encode()

    assert HUB.read_push(body) == HUB.parse(TRACKING)
