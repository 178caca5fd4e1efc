from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.usps import Usps
from carriers.providers.usps_codes import meaning
from carriers.readers.usps_international import UspsInternational
from carriers.updates import DateWindow, Proof

FIXTURES = Path(__file__).parent / "fixtures"


def test_local_time_and_offset_count_not_the_gmt_that_is_a_day_off() -> None:
    (update,) = Usps().parse((FIXTURES / "usps" / "journey.json").read_bytes())

    assert [(e.sub_status, e.at.isoformat() if e.at else "") for e in update.events] == [
        ("info.label_created", "2026-05-04T00:00:00-04:00"),
        ("transit.departed_facility", "2026-05-05T18:31:00-07:00"),
        ("attempt.nobody_home", "2026-05-07T14:00:00-05:00"),
        ("delivered.neighbour_reception_locker", "2026-05-08T13:58:00-05:00"),
    ]
    assert [e.zone_source for e in update.events] == ["assumed", "carrier", "carrier", "carrier"]


def test_promise_proof_and_service_are_kept() -> None:
    (update,) = Usps().parse((FIXTURES / "usps" / "journey.json").read_bytes())

    assert update.edd == DateWindow(date(2026, 5, 8), date(2026, 5, 8), "America/Chicago")
    assert update.proof == Proof(signed_by="R HALE", left_at="Front Desk/Reception/Mail Room")
    assert update.service == "USPS Ground Advantage"


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        ("01", "Delivered, In/At Mailbox", "delivered.generic"),
        ("01", "Delivered, To Original Sender", "returned.received"),
        ("01", "Out for Delivery", "delivered.generic"),  # words may not overrule the code
        ("04", "Delivered", "exception.refused"),
        ("Q1", "Notice Left (Business Closed)", "attempt.business_closed"),
        ("Q1", "Something New", "unknown"),
        ("27", "Unclaimed/Being Returned to Sender", "returning.started"),
    ],
)
def test_words_refine_a_broad_code_and_stand_in_for_an_unknown_one(
    code: str, words: str, expected: str
) -> None:
    assert meaning(code, words) == expected


def test_no_status_yet_is_not_found() -> None:
    (update,) = Usps().parse((FIXTURES / "usps" / "not_yet.json").read_bytes())

    assert update.not_found
    assert update.problem == "USPS says: A status update is not yet available. (400)"


@pytest.mark.parametrize(
    ("body", "kind", "permanent"),
    [
        ({"error": "invalid_client", "error_description": "no"}, "credentials", True),
        ({"error": {"code": "403", "message": "no"}}, "credentials", True),
        ({"error": {"code": "429", "message": "slow"}}, "rate_limited", False),
        ({"error": {"code": "503", "message": "down"}}, "unavailable", False),
    ],
)
def test_errors_carry_their_decision(body: object, kind: str, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        Usps().parse(json.dumps(body).encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_request_and_token() -> None:
    call = Usps().request([Ask("94 1")], {}, "t")
    token = Usps().token_request({"client_id": "me", "client_secret": "pw"})

    assert call.path == "/tracking/v3/tracking/94%201"
    assert token is not None
    assert token.json["scope"] == "tracking"


def test_events_abroad_keep_their_country_and_its_zone() -> None:
    body = (FIXTURES / "usps_international" / "abroad.json").read_bytes()

    (update,) = UspsInternational().parse(body)

    assert [(e.sub_status, e.place.country, e.zone_source) for e in update.events] == [
        ("customs.started", "FR", "facility"),
        ("delivered.generic", "FR", "facility"),
    ]
