from __future__ import annotations

import re
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.shiprocket import Shiprocket
from carriers.registry import PUSHES, push_word

MANY = (Path(__file__).parent / "fixtures" / "shiprocket" / "many.json").read_bytes()
KEY = {"email": "a@example.com", "password": "p"}
PUSH = (
    b'{"awb": "90000000000011", "courier_name": "Delhivery Surface", "current_status_id": 17,'
    b' "current_status": "OUT FOR DELIVERY", "current_timestamp": "06 03 2026 09:30:00",'
    b' "etd": "2026-03-06 20:00:00", "scans": %s}'
)


def test_many_waybills_are_a_map_and_its_numbers_have_meanings() -> None:
    found, _ = Shiprocket().parse(MANY)

    assert [(event.code, event.sub_status) for event in found.events] == [
        ("NA/QQ", "unknown"),
        ("21/EOD-11", "attempt.generic"),
        ("9/RT-IT", "returning.started"),
    ]
    assert (found.courier_code, found.pieces) == ("Delhivery Surface", 2)
    assert found.edd is not None
    assert found.edd.first.isoformat() == "2026-03-06"
    first = found.events[0].at
    assert first is not None
    assert first.isoformat() == "2026-03-06T08:00:00+05:30"


def test_waybill_without_activities_is_not_found() -> None:
    _, missing = Shiprocket().parse(MANY)

    assert (missing.tracking_number, missing.not_found) == ("90000000000012", True)


def test_one_waybill_is_answered_without_the_map() -> None:
    (update,) = Shiprocket().parse(
        b'{"tracking_data": {"shipment_track": [{"awb_code": "1"}], "shipment_track_activities":'
        b' [{"date": "2026-03-06 18:40:00", "sr-status": 7, "activity": "Delivered"}]}}'
    )

    assert [event.sub_status for event in update.events] == ["delivered.generic"]
    assert update.tracking_number == "1"


def test_message_instead_of_tracking_is_a_passing_failure() -> None:
    with pytest.raises(CarrierError) as caught:
        Shiprocket().parse(b'{"message": "Something went wrong", "status_code": 500}')

    assert (caught.value.kind, caught.value.permanent) == ("unavailable", False)


def test_request_posts_the_waybills_with_the_token() -> None:
    call = Shiprocket().request([Ask("1"), Ask("2")], KEY, "t")

    assert (call.json, call.headers["Authorization"]) == ({"awbs": ["1", "2"]}, "Bearer t")


def test_push_without_scans_tells_its_current_status() -> None:
    (bare,) = Shiprocket().read_push(PUSH % b"[]")
    (full,) = Shiprocket().read_push(
        PUSH % b'[{"date": "2026-03-06 18:40:00", "sr-status": "7", "activity": "Delivered"}]'
    )

    assert [event.sub_status for event in bare.events] == ["out.on_vehicle"]
    assert [event.sub_status for event in full.events] == ["delivered.generic"]
    at = bare.events[0].at
    assert at is not None
    assert at.isoformat() == "2026-03-06T09:30:00+05:30"


def test_push_is_checked_by_its_key() -> None:
    agreed = KEY | {"push_token": "secret"}

    assert Shiprocket().is_genuine_push(PUSH, {"x-api-key": "secret"}, agreed)
    assert not Shiprocket().is_genuine_push(PUSH, {"x-api-key": "other"}, agreed)


def test_its_word_in_addresses_is_none_of_those_that_it_refuses() -> None:
    word = push_word("shiprocket")

    assert PUSHES[word].slug == "shiprocket"
    assert not re.search("shiprocket|kartrocket|sr|kr", f"/hooks/carrier/{word}/")


def test_couriers_are_named_once() -> None:
    rows = b'{"courier_data": [{"name": "DTDC 2kg"}, {"name": "DTDC 2kg"}, {"name": ""}]}'

    assert [courier.code for courier in Shiprocket().parse_couriers(rows)] == ["DTDC 2kg"]


def test_push_that_says_nothing_makes_no_scan() -> None:
    (update,) = Shiprocket().read_push(b'{"awb": 70}')
    assert (update.tracking_number, update.events, bool(update.problem)) == ("70", (), True)
