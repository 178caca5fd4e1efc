from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.easypost import EasyPost
from carriers.updates import DateWindow, Proof
from lib.vocabulary import UNKNOWN, Status, status_of

TRACKER = (Path(__file__).parent / "fixtures" / "easypost" / "tracker.json").read_bytes()
HUB = EasyPost()
KEY = {"api_key": "k", "webhook_secret": "sécret"}

DETAILS = [
    "address_correction",
    "arrived_at_destination",
    "arrived_at_facility",
    "arrived_at_pickup_location",
    "awaiting_information",
    "cancelled",
    "damaged",
    "delayed",
    "delivery_exception",
    "departed_facility",
    "departed_origin_facility",
    "expired",
    "failure",
    "held",
    "in_transit",
    "label_created",
    "lost",
    "missorted",
    "out_for_delivery",
    "received_at_destination_facility",
    "received_at_origin_facility",
    "refused",
    "return",
    "status_update",
    "transferred_to_destination_carrier",
    "transit_exception",
    "unknown",
    "weather_delay",
]


def meaning(status: str, detail: str) -> str:
    scan = {"status": status, "status_detail": detail, "message": "m"}
    row = {"tracking_code": "1", "status": status, "tracking_details": [scan]}
    return HUB.parse(json.dumps(row).encode())[0].events[0].sub_status


def test_details_refine_their_status() -> None:
    (update,) = HUB.parse(TRACKER)

    assert [e.sub_status for e in update.events] == [
        "info.label_created",
        "picked_up.accepted",
        "delay.weather",
        "transit.generic",
        "delivered.generic",
    ]


def test_arrived_at_destination_is_delivered_and_nothing_else() -> None:
    assert meaning("delivered", "arrived_at_destination") == "delivered.generic"
    assert meaning("in_transit", "arrived_at_destination") == "transit.generic"


@pytest.mark.parametrize("detail", DETAILS)
def test_no_detail_makes_it_delivered_or_unknown(detail: str) -> None:
    found = {
        meaning(status, detail) for status in ("in_transit", "failure", "available_for_pickup")
    }

    assert UNKNOWN not in found
    assert Status.DELIVERED not in {status_of(sub) for sub in found}


def test_new_status_is_unknown() -> None:
    assert meaning("vaporised", "lost") == UNKNOWN


def test_z_without_a_place_is_an_assumed_zone() -> None:
    (update,) = HUB.parse(TRACKER)

    assert [e.zone_source for e in update.events][:2] == ["assumed", "carrier"]


def test_local_promise_and_proof_are_kept() -> None:
    (update,) = HUB.parse(TRACKER)

    assert update.edd == DateWindow(date(2026, 4, 4), date(2026, 4, 4), "America/Chicago")
    assert (update.proof, update.service) == (Proof(signed_by="M OAK"), "Ground")
    assert update.courier_code == "UPS"


def test_registration_answers_with_the_parcel_at_once() -> None:
    call = HUB.register_request([Ask("1Z", courier_code="UPS")], KEY, None, callback="")
    (found,) = HUB.parse_registration(TRACKER)

    assert (call.path, call.json) == (
        "/v2/trackers",
        {"tracker": {"tracking_code": "1Z", "carrier": "UPS"}},
    )
    assert call.headers["Authorization"] == "Basic azo="
    assert (found.registration, found.courier_code) == ("trk_0a1b", "UPS")
    assert found.update is not None
    assert len(found.update.events) == 5


def test_refused_registration_has_a_problem() -> None:
    body = b'{"error": {"code": "TRACKER.CREATE.ERROR", "message": "no", "errors": []}}'

    assert HUB.parse_registration(body)[0].problem == "EasyPost says: no (TRACKER.CREATE.ERROR)"
    with pytest.raises(CarrierError) as caught:
        HUB.parse(body)
    assert (caught.value.kind, caught.value.permanent) == ("bad_request", True)


def test_push_signature_is_easyposts_own_example(samples: Path) -> None:
    body = (samples / "replies" / "easypost" / "8.json").read_bytes().rstrip(b"\n")
    mark = "hmac-sha256-hex=38f3f53c103713df81616a0a186d77141957323ec21d5fe9363db93840f527db"

    assert HUB.is_genuine_push(body, {"x-hmac-signature": mark}, KEY)
    assert HUB.is_genuine_push(
        body, {"x-hmac-signature": mark}, KEY | {"webhook_secret": "se\u0301cret"}
    )
    assert not HUB.is_genuine_push(body + b" ", {"x-hmac-signature": mark}, KEY)


def test_push_about_something_else_holds_no_parcel() -> None:
    assert HUB.read_push(b'{"object": "Event", "result": {"object": "Batch"}}') == []


def test_asked_by_its_id_once_it_is_registered() -> None:
    assert HUB.request([Ask("1Z", registration="trk_1")], KEY, None).path == "/v2/trackers/trk_1"
    assert HUB.request([Ask("1Z")], KEY, None).params == {"tracking_code": "1Z"}
