from __future__ import annotations

import json
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.clickpost import ClickPost

FIXTURES = Path(__file__).parent / "fixtures" / "clickpost"
ORDERS = (FIXTURES / "orders.json").read_bytes()
PUSH = (FIXTURES / "push.json").read_bytes()
HUB = ClickPost()
KEY = {"username": "me", "api_key": "k", "webhook_key": "hush"}


def test_reason_belongs_to_the_last_failed_delivery() -> None:
    update = HUB.parse(ORDERS)[0]

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("4", "picked_up.accepted"),
        ("99", "unknown"),
        ("6", "out.on_vehicle"),
        ("9", "attempt.generic"),
        ("9", "attempt.nobody_home"),
    ]


def test_times_are_indias_with_or_without_z() -> None:
    polled = HUB.parse(ORDERS)[0].events[-1]
    pushed = HUB.read_push(PUSH)[0].events[0]

    assert polled.at is not None
    assert polled.at.isoformat() == "2026-07-03T18:00:00+05:30"
    assert (pushed.at, pushed.zone_source) == (polled.at, "assumed")


def test_unregistered_waybill_is_not_found() -> None:
    update = HUB.parse(ORDERS)[1]

    assert (update.tracking_number, update.not_found) == ("CPX101", True)


def test_push_is_read_with_the_latest_scan() -> None:
    (update,) = HUB.read_push(PUSH)

    assert [e.sub_status for e in update.events] == ["attempt.cod_not_paid", "out.on_vehicle"]
    assert update.courier_code == "4"


def test_push_about_a_return_order_holds_no_parcel() -> None:
    push = {**json.loads(PUSH), "waybill": "", "clickpost_status_code": 101}

    assert HUB.read_push(json.dumps(push).encode()) == []


def test_push_is_genuine_with_the_chosen_key() -> None:
    assert HUB.is_genuine_push(PUSH, {"webhook_key": "hush"}, KEY)
    assert not HUB.is_genuine_push(PUSH, {}, KEY)


def test_way_back_is_never_a_delivery() -> None:
    push = {**json.loads(PUSH), "clickpost_status_code": 14, "additional": {}}

    assert HUB.read_push(json.dumps(push).encode())[0].events[0].sub_status == "returned.received"


def test_asked_and_registered_with_the_couriers_id() -> None:
    call = HUB.request([Ask("CPX1", courier_code="4")], KEY, None)
    new = HUB.register_request([Ask("CPX1", courier_code="4")], KEY, None, callback="")

    assert call.params == {"username": "me", "key": "k", "waybill": "CPX1", "cp_id": "4"}
    assert new.json == {"waybill": "CPX1", "cp_id": 4, "key": "k"}


@pytest.mark.parametrize(
    ("status", "kind"), [(401, "credentials"), (400, "bad_request"), (500, "unavailable")]
)
def test_errors_come_with_success_false(status: int, kind: str) -> None:
    meta = {"success": False, "status": status, "message": "m"}

    with pytest.raises(CarrierError) as caught:
        HUB.parse(json.dumps({"meta": meta, "result": None}).encode())

    assert caught.value.kind == kind
