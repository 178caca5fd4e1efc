from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.dtdc import Dtdc
from carriers.updates import NextLeg

ATTEMPTS = (Path(__file__).parent / "fixtures" / "dtdc" / "attempts.json").read_bytes()
PUSH = (
    b'{"shipment": {"strShipmentNo": "X90000011"}, "shipmentStatus": [{"strAction": "NONDLV",'
    b' "strActionDesc": "Not Delivered", "strOrigin": "KOCHI", "strActionDate": "06032026",'
    b' "strActionTime": "170512", "strRemarks": "REA|RESTRICTED ENTRY"}]}'
)


def test_reason_stands_in_the_remarks_as_a_code_or_as_words_only() -> None:
    (update,) = Dtdc().parse(ATTEMPTS)

    assert [(event.code, event.sub_status) for event in update.events] == [
        ("OUTDLV", "out.on_vehicle"),
        ("NONDLV/DLK", "attempt.nobody_home"),
        ("NEWONE", "unknown"),
        ("NONDLV/COLLECTION AMOUNT NOT READY-(CIR)", "attempt.cod_not_paid"),
    ]


def test_attempts_are_numbered_by_the_header_that_counts_them_all() -> None:
    (update,) = Dtdc().parse(ATTEMPTS)

    assert [event.attempt for event in update.events if event.attempt] == [2, 3]


def test_times_are_indias_and_the_revised_promise_counts() -> None:
    (update,) = Dtdc().parse(ATTEMPTS)

    new = update.events[2].at
    assert new is not None
    assert new.isoformat() == "2026-03-06T08:15:30+05:30"
    assert update.edd is not None
    assert (update.edd.first, update.pieces) == (date(2026, 3, 7), 2)


def test_the_way_back_is_a_leg_with_its_own_number() -> None:
    body = (
        b'{"statusFlag": true, "trackHeader": {"strShipmentNo": "X1", "strRtoNumber": "X2"},'
        b' "trackDetails": [{"strCode": "RTODLV", "strAction": "RTO Delivered",'
        b' "strActionDate": "09032026", "strActionTime": "1100", "sTrRemarks": "SIGN"}]}'
    )
    (update,) = Dtdc().parse(body)

    assert update.next_leg == NextLeg("DTDC", "X2")
    assert [event.sub_status for event in update.events] == ["returned.received"]
    assert update.proof is None


def test_unknown_number_and_refused_token_differ() -> None:
    answer = '{"statusFlag": false, "errorDetails": [{"name": "strError", "value": "%s"}]}'
    (missing,) = Dtdc().parse((answer % "No Data Found").encode())
    with pytest.raises(CarrierError) as caught:
        Dtdc().parse((answer % "Invalid token").encode())

    assert missing.not_found
    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_request_has_the_customers_token() -> None:
    call = Dtdc().request([Ask("X1")], {"access_token": "GL1_trk_json:k"}, None)

    assert call.headers["x-access-token"] == "GL1_trk_json:k"


def test_push_has_seconds_and_the_agreed_authorization() -> None:
    (update,) = Dtdc().read_push(PUSH)
    agreed = {"access_token": "k", "push_token": "Basic secret"}

    (event,) = update.events
    assert event.at is not None
    assert (event.code, event.at.isoformat()) == ("NONDLV/REA", "2026-03-06T17:05:12+05:30")
    assert event.sub_status == "attempt.access_restricted"
    assert Dtdc().is_genuine_push(PUSH, {"authorization": "Basic secret"}, agreed)
    assert not Dtdc().is_genuine_push(PUSH, {"authorization": "Basic other"}, agreed)
