from __future__ import annotations

import json
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.amazon_shipping import AmazonShipping
from carriers.updates import Proof

TRACKING = (Path(__file__).parent / "fixtures" / "amazon_shipping" / "tracking.json").read_bytes()
AMAZON = AmazonShipping()
KEYS = {"client_id": "id", "client_secret": "s", "refresh_token": "r"}


def test_leg_back_is_received_by_the_merchant_not_delivered() -> None:
    (update,) = AMAZON.parse(TRACKING)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("Levitated", "unknown"),
        ("DeliveryAttempted", "attempt.generic"),
        ("ReturnInitiated", "returning.started"),
        ("RETURNS/Delivered", "returned.received"),
    ]


@pytest.mark.parametrize(
    ("code", "detail", "expected"),
    [
        ("DeliveryAttempted", "BusinessClosed", "attempt.business_closed"),
        ("DeliveryAttempted", "AddressNotFound", "exception.address"),
        ("Undeliverable", "Damaged", "exception.damaged"),
        ("Delivered", "DeliveredToNeighbor", "delivered.neighbour_reception_locker"),
        ("Delivered", "Damaged", "delivered.generic"),
        ("Delivered", "DeliveredByStork", "delivered.generic"),
    ],
)
def test_detail_refines_the_newest_event(code: str, detail: str, expected: str) -> None:
    summary = {"status": code, "trackingDetailCodes": {"forward": [detail]}}
    row = {"trackingId": "A1", "eventHistory": [{"eventCode": code}], "summary": summary}

    (update,) = AMAZON.parse(json.dumps(row).encode())

    assert update.events[-1].sub_status == expected


def test_proof_is_kept() -> None:
    proof = {"receivedBy": "A B", "deliveryImageURL": "https://images.example.com/1.jpg"}
    codes = {"forward": ["DeliveredToPorch"]}
    summary = {"status": "Delivered", "trackingDetailCodes": codes, "proofOfDelivery": proof}

    (update,) = AMAZON.parse(json.dumps({"trackingId": "A1", "summary": summary}).encode())

    assert update.proof == Proof("A B", "https://images.example.com/1.jpg", "Porch")
    assert update.events[0].sub_status == "delivered.neighbour_reception_locker"


def test_region_has_its_host_and_tokens_come_from_login_with_amazon() -> None:
    call = AMAZON.request([Ask("A1")], KEYS | {"region": "EU", "business_id": "b"}, "tok")
    token = AMAZON.token_request(KEYS)

    assert (call.host, call.params["trackingId"]) == (
        "https://sellingpartnerapi-eu.amazon.com",
        "A1",
    )
    assert call.headers["x-amz-access-token"] == "tok"
    assert call.headers["x-amzn-shipping-business-id"] == "b"
    assert AMAZON.request([Ask("A1")], KEYS, "tok").host == ""
    assert token is not None
    assert (token.host, token.path) == ("https://api.amazon.com", "/auth/o2/token")


def test_unknown_number_is_not_found_and_bad_tokens_are_refused() -> None:
    (update,) = AMAZON.parse(b'{"errors": [{"code": "InvalidTrackingId", "message": "m"}]}')
    with pytest.raises(CarrierError) as caught:
        AMAZON.parse(b'{"errors": [{"code": "Unauthorized", "message": "m"}]}')

    assert update.not_found
    assert caught.value.kind == "credentials"
