from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.shadowfax import Shadowfax
from carriers.updates import Cash

BULK = (Path(__file__).parent / "fixtures" / "shadowfax" / "bulk.json").read_bytes()
KEY = {"api_token": "k"}
PUSH = (
    b'{"awb_number": "SF900000011", "event": "ofd", "comments": "", "current_location": "Kochi",'
    b' "event_timestamp": "06-03-2026 09:30:00"}'
)


def test_states_are_read_oldest_first_with_the_return_as_a_leg() -> None:
    (update,) = Shadowfax().parse(BULK)

    assert [(event.code, event.sub_status) for event in update.events] == [
        ("brand_new", "unknown"),
        ("nc", "attempt.unreachable"),
        ("rts", "returning.started"),
    ]
    assert update.events[1].description == "Phone switched off"
    assert update.cash == Cash(Decimal("1249.5"), "INR")


def test_times_are_instants() -> None:
    (update,) = Shadowfax().parse(BULK)

    first = update.events[0]
    assert first.at is not None
    assert (first.at.isoformat(), first.zone_source) == ("2026-03-06T02:30:00+00:00", "carrier")


def test_unknown_waybills_are_left_out_and_a_refusal_is_an_error() -> None:
    assert Shadowfax().parse(b'{"message": "Success", "data": []}') == []
    with pytest.raises(CarrierError) as caught:
        Shadowfax().parse(b'{"message": "Too many numbers"}')

    assert caught.value.kind == "unavailable"


def test_request_posts_the_waybills_with_the_token() -> None:
    call = Shadowfax().request([Ask("1"), Ask("2")], KEY, None)

    assert (call.json, call.headers["Authorization"]) == ({"awb_numbers": ["1", "2"]}, "Token k")


def test_push_is_one_state_and_checked_by_the_agreed_header() -> None:
    (update,) = Shadowfax().read_push(PUSH)
    agreed = KEY | {"push_token": "secret"}

    assert [event.sub_status for event in update.events] == ["out.on_vehicle"]
    assert Shadowfax().is_genuine_push(PUSH, {"authorization": "secret"}, agreed)
    assert not Shadowfax().is_genuine_push(PUSH, {"authorization": "other"}, agreed)
