from __future__ import annotations

import json
from pathlib import Path

from carriers.base import Ask
from carriers.providers.shipbob import ShipBob
from carriers.updates import NextLeg

FIXTURES = Path(__file__).parent / "fixtures" / "shipbob"
SHIPMENT = (FIXTURES / "shipment.json").read_bytes()
SHIPBOB = ShipBob()


def test_timeline_is_read_and_repeats_no_number() -> None:
    (update,) = SHIPBOB.parse((FIXTURES / "timeline.json").read_bytes())

    assert update.tracking_number == ""
    assert [(e.code, e.sub_status) for e in update.events] == [
        ("601", "pending.not_registered"),
        ("603", "info.label_created"),
        ("9999", "unknown"),
        ("607", "transit.generic"),
    ]


def test_shipment_has_one_state_and_the_carriers_number() -> None:
    (update,) = SHIPBOB.parse(SHIPMENT)

    assert [(e.code, e.sub_status, e.at) for e in update.events] == [
        ("DeliveryAttemptFailed", "attempt.generic", None)
    ]
    assert update.next_leg == NextLeg("OnTrac", "D10000000000009")
    assert str(update.destination) == "Reno, NV, US"


def test_completed_is_no_delivery_but_a_delivery_date_is() -> None:
    packed = json.loads(SHIPMENT) | {"status_details": []}
    delivered = packed | {"delivery_date": "2026-05-04T17:00:00+00:00"}

    (first,), (second,) = (SHIPBOB.parse(json.dumps(row).encode()) for row in (packed, delivered))

    assert first.events[0].sub_status == "info.label_created"
    assert second.events[0].sub_status == "delivered.generic"
    assert second.events[0].at is not None


def test_push_is_read_under_both_numbers() -> None:
    found = SHIPBOB.read_push(SHIPMENT)

    assert [update.tracking_number for update in found] == ["90000001", "D10000000000009"]
    assert SHIPBOB.read_push(b'{"id": 5, "return_type": "Regular"}') == []


def test_push_is_signed_as_standard_webhooks_are() -> None:
    keys = {"api_token": "t", "webhook_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }

    assert SHIPBOB.is_genuine_push(b'{"test": 2432232314}', headers, keys)
    assert not SHIPBOB.is_genuine_push(b'{"test": 2432232315}', headers, keys)


def test_unknown_shipment_is_not_found() -> None:
    assert SHIPBOB.parse(b'{"title": "Not Found", "status": 404}')[0].not_found
    assert SHIPBOB.parse(b"[]")[0].not_found


def test_request_asks_for_the_timeline() -> None:
    call = SHIPBOB.request([Ask("90000001")], {"api_token": "t"}, None)

    assert call.path == "/2026-01/shipment/90000001/timeline"
    assert call.headers["Authorization"] == "Bearer t"
