from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.easyship import Easyship
from carriers.updates import NextLeg

FIXTURES = Path(__file__).parent / "fixtures" / "easyship"
PUSH = (FIXTURES / "push.json").read_bytes()
HUB = Easyship()
KEY = {"api_token": "t", "webhook_secret": "hush"}


def test_shipment_has_one_undated_state_and_the_couriers_number() -> None:
    (update,) = HUB.parse((FIXTURES / "shipment.json").read_bytes())

    assert [(e.code, e.sub_status, e.at) for e in update.events] == [
        ("out_for_delivery", "out.on_vehicle", None)
    ]
    assert update.tracking_number == "ESHK10000009"
    assert update.next_leg == NextLeg("SpeedPost", "SPD900")
    assert (str(update.destination), update.pieces) == ("Singapore, SG", 2)


def test_push_is_read_under_both_numbers() -> None:
    found = HUB.read_push(PUSH)

    assert [update.tracking_number for update in found] == ["ESHK10000009", "SPD900"]
    assert [e.sub_status for e in found[0].events] == ["transit.generic", "delivered.generic"]
    assert [str(e.place) for e in found[1].events] == ["Hong Kong, HK", "Singapore, SG"]


def test_push_signature_is_a_signed_token() -> None:
    signed = "eyJhbGciOiJIUzI1NiJ9.e30"
    mark = hmac.new(b"hush", signed.encode(), hashlib.sha256).digest()
    token = f"{signed}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"

    assert HUB.is_genuine_push(PUSH, {"x-easyship-signature": token}, KEY)
    assert not HUB.is_genuine_push(PUSH, {"x-easyship-signature": token[:-1]}, KEY)


def test_unknown_shipment_is_not_found_and_limits_are_refused() -> None:
    (update,) = HUB.parse(b'{"error": {"code": "resource_not_found", "message": "m"}}')
    with pytest.raises(CarrierError) as caught:
        HUB.parse(b'{"error": {"code": "over_limit", "message": "m"}}')

    assert update.not_found
    assert caught.value.kind == "bad_request"


def test_request_asks_for_the_shipment() -> None:
    call = HUB.request([Ask("ESHK1/2")], KEY, None)

    assert call.path == "/2024-09/shipments/ESHK1%2F2"
    assert call.headers["Authorization"] == "Bearer t"
