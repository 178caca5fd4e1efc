from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.fedex import FedEx
from carriers.providers.fedex_codes import CODES, deciding, meaning
from carriers.updates import DateWindow, NextLeg, PickupPoint, Proof

FIXTURES = Path(__file__).parent / "fixtures" / "fedex"


def test_journey_with_an_attempt_and_a_delay_of_the_weather() -> None:
    update, _ = FedEx().parse((FIXTURES / "journey.json").read_bytes())

    assert [(e.code, e.sub_status, e.attempt) for e in update.events] == [
        ("OC", "info.label_created", None),
        ("PU", "picked_up.accepted", None),
        ("DY", "delay.weather", None),
        ("DE/007", "attempt.nobody_home", 1),
        ("OD", "out.on_vehicle", None),
        ("DL", "delivered.generic", None),
    ]
    assert update.events[2].at is not None  # "09:00:00 -0500", as the sandbox writes it
    assert update.events[2].at.isoformat() == "2026-05-06T09:00:00-05:00"


def test_promise_proof_pieces_and_ends_are_kept() -> None:
    update, _ = FedEx().parse((FIXTURES / "journey.json").read_bytes())

    assert update.edd == DateWindow(date(2026, 5, 7), date(2026, 5, 8), "America/New_York")
    assert update.proof == Proof(signed_by="R.HALE", left_at="Front Desk")
    assert (update.pieces, update.service) == (2, "FedEx Home Delivery")
    assert (str(update.origin), str(update.destination)) == ("RENO, NV, US", "BOSTON, MA, US")


def test_unknown_number_in_a_batch_stays_with_its_number() -> None:
    _, update = FedEx().parse((FIXTURES / "journey.json").read_bytes())

    assert (update.tracking_number, update.not_found) == ("700000000022", True)
    assert update.problem == "FedEx says: Cannot be found."


def test_of_two_shipments_with_one_number_the_last_moved_counts() -> None:
    (update,) = FedEx().parse((FIXTURES / "held.json").read_bytes())

    assert [event.sub_status for event in update.events] == ["pickup.ready"]
    assert update.pickup_point == PickupPoint("Walgreens", "5 Elm St, AUSTIN, TX, 78701")
    assert update.next_leg == NextLeg("USPS", "9261290000000000000001")


@pytest.mark.parametrize(
    ("code", "exception", "derived", "expected"),
    [
        ("PU", "A25", "DL", "delivered.generic"),  # the summary makes it delivered
        ("DL", "", "HP", "pickup.ready"),  # and only the summary
        ("AR", "", "IT", "transit.arrived_facility"),
        ("DE", "07", "DE", "exception.refused"),
        ("DE", "?", "DE", "exception.other"),
        ("RS", "", "RS", "returning.started"),
        ("ZZ", "", "", "unknown"),
    ],
)
def test_meaning_of_codes(code: str, exception: str, derived: str, expected: str) -> None:
    assert meaning(deciding(code, derived), exception) == expected


def test_every_documented_code_is_placed(samples: Path) -> None:
    file = samples / "carrier_codes" / "fedex_status_codes.tsv"
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.reader(lines, delimiter="\t"))[1:]
    codes = {code for row in rows for code in row[::2] if len(code) == 2}

    assert len(codes) > 50
    assert {code for code in codes if code.upper() not in CODES} == set()


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [
        ("NOT.AUTHORIZED.ERROR", "credentials", True),
        ("TRACKING.TRACKINGNUMBER.EMPTY", "bad_request", True),
        ("SERVICE.UNAVAILABLE.ERROR", "unavailable", False),
    ],
)
def test_errors_of_the_call_carry_their_decision(code: str, kind: str, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        FedEx().parse(json.dumps({"errors": [{"code": code, "message": "m"}]}).encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_request_names_every_number_and_token_is_asked_by_form() -> None:
    call = FedEx().request([Ask("1"), Ask("2")], {}, "t")
    token = FedEx().token_request({"client_id": "me", "client_secret": "pw"})

    assert call.headers["Authorization"] == "Bearer t"
    assert [one["trackingNumberInfo"] for one in call.json["trackingInfo"]] == [
        {"trackingNumber": "1"},
        {"trackingNumber": "2"},
    ]
    assert token is not None
    assert token.form == {
        "grant_type": "client_credentials",
        "client_id": "me",
        "client_secret": "pw",
    }


def test_push_is_signed_with_the_security_token() -> None:
    body = (FIXTURES / "held.json").read_bytes()
    signature = base64.b64encode(hmac.new(b"s3", body, hashlib.sha256).digest()).decode()
    ours = {"security_token": "s3"}

    assert FedEx().is_genuine_push(body, {"fdx-signature": signature}, ours)
    assert not FedEx().is_genuine_push(body + b" ", {"fdx-signature": signature}, ours)
    assert not FedEx().is_genuine_push(body, {}, ours)
    assert [update.tracking_number for update in FedEx().read_push(body)] == ["700000000033"]
