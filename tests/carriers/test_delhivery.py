from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from carriers.answers import Instruction
from carriers.base import Ask, CarrierError
from carriers.providers.delhivery import Delhivery

RETURN = (Path(__file__).parent / "fixtures" / "delhivery" / "return.json").read_bytes()
KEY = {"api_token": "k"}


def test_return_is_a_leg_of_its_own_and_never_delivered() -> None:
    (update,) = Delhivery().parse(RETURN)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("UD/X-UCI", "info.label_created"),
        ("UD/X-DDD3FD", "out.on_vehicle"),
        ("UD/EOD-104", "attempt.access_restricted"),
        ("UD/ZZ-999", "unknown"),
        ("RT/ZZ-998", "returning.started"),
        ("RT/X-DRO3R", "returning.started"),
        ("DL/EOD-38", "returned.received"),
    ]
    assert update.proof is None


def test_attempt_is_numbered_by_all_dispatches_not_only_those_told() -> None:
    (update,) = Delhivery().parse(RETURN)

    assert [e.attempt for e in update.events if e.attempt] == [2]


def test_naive_times_are_indias_and_the_promise_stands_in_for_the_estimate() -> None:
    (update,) = Delhivery().parse(RETURN)

    first = update.events[0]
    assert first.at is not None
    assert (first.at.isoformat(), first.zone_source) == (
        "2026-03-01T10:00:00.500000+05:30", "facility",
    )  # fmt: skip
    assert str(first.place) == "Jaipur, Rajasthan, IN"
    assert update.edd is not None
    assert (update.edd.first, update.edd.zone) == (date(2026, 3, 6), "Asia/Kolkata")
    assert update.cash is not None
    assert (update.cash.amount, update.cash.currency) == (Decimal("1249.50"), "INR")


def test_unknown_waybills_are_left_out_and_other_errors_in_200_are_errors() -> None:
    assert (
        Delhivery().parse(b'{"Success": false, "Error": "No such waybill or Order Id found"}') == []
    )
    with pytest.raises(CarrierError) as caught:
        Delhivery().parse(b'{"Error": "Authentication credentials were not provided"}')

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_request_asks_for_many_by_comma() -> None:
    call = Delhivery().request([Ask("1"), Ask("2")], KEY, None)

    assert (call.params["waybill"], call.headers["Authorization"]) == ("1,2", "Token k")


def test_push_carries_its_code_beside_the_status_and_the_agreed_header() -> None:
    body = (
        b'{"Shipment": {"AWB": "1", "NSLCode": "EOD-11", "Status": {"Status": "Pending",'
        b' "StatusType": "UD", "StatusDateTime": "2026-03-05T19:30:00",'
        b' "StatusLocation": "Kochi_X_D (Kerala)", "Instructions": "Consignee unavailable"}}}'
    )
    (update,) = Delhivery().read_push(body)
    agreed = KEY | {"push_token": "Bearer secret"}

    assert [(e.code, e.sub_status) for e in update.events] == [("UD/EOD-11", "attempt.nobody_home")]
    assert Delhivery().is_genuine_push(body, {"authorization": "Bearer secret"}, agreed)
    assert not Delhivery().is_genuine_push(body, {"authorization": "Bearer other"}, agreed)


def test_wish_becomes_acts_and_a_bare_one_another_try() -> None:
    wish = Instruction("1", "key", day=date(2026, 3, 7), address="Villa 2", phone="98")
    call = Delhivery().answer_request(wish, KEY, None)
    bare = Delhivery().answer_request(Instruction("1", "key"), KEY, None)

    assert call.json["data"] == [
        {"waybill": "1", "act": "EDIT_DETAILS", "action_data": {"add": "Villa 2", "phone": "98"}},
        {"waybill": "1", "act": "DEFER_DLV", "action_data": {"deferred_date": "2026-03-07"}},
    ]
    assert bare.json["data"] == [{"waybill": "1", "act": "RE-ATTEMPT"}]


def test_outcome_is_asked_for_by_delhiverys_id() -> None:
    delhivery = Delhivery()
    taken = delhivery.parse_answer(b'{"request_id": "UPL1"}')
    asked = delhivery.answer_question(Instruction("1", "key", reference="UPL1"), KEY, None)
    refused = delhivery.parse_answer(
        b'{"status": "Failure", "failed_wbns": [{"waybill": "1", "message": "Not allowed"}]}'
    )
    agreed = delhivery.parse_answer(b'{"status": "Success", "success_wbns": [{"waybill": "1"}]}')

    assert (taken.word, taken.reference, asked.path) == (
        "received", "UPL1", "/api/cmu/get_bulk_upl/UPL1",
    )  # fmt: skip
    assert (refused.word, refused.words, agreed.word) == ("refused", "Not allowed", "accepted")


@pytest.mark.parametrize(
    ("hour", "opens"),
    [(12, "15:30"), (16, "16:00"), (22, "22:00"), (1, "15:30")],  # UTC; India is 5:30 ahead
)
def test_instructions_are_given_when_the_days_rounds_are_over(hour: int, opens: str) -> None:
    assert Delhivery.answers is not None
    now = datetime(2026, 3, 5, hour, tzinfo=UTC)

    assert f"{Delhivery.answers.opens(now).astimezone(UTC):%H:%M}" == opens


def test_only_certain_codes_and_two_attempts_may_be_answered() -> None:
    options = Delhivery.answers
    assert options is not None

    assert options.takes(code="UD/EOD-11", attempt=2)
    assert not options.takes(code="UD/EOD-11", attempt=3)
    assert not options.takes(code="UD/EOD-137", attempt=1)
