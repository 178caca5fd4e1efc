"""`/api/v1/shipments/` and the own fleet's push."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests.api.conftest import Program
from tracking.models import ShownDate


@pytest.fixture
def order(program: Program) -> dict[str, Any]:
    body = {
        "number": "1001",
        "destination": {"country": "AE"},
        "items": [{"title": "Lamp", "external_id": "l1", "quantity": 2}],
    }
    made: dict[str, Any] = program.post("orders/", body).json()
    return made


@pytest.fixture
def parcel(program: Program, order: dict[str, Any]) -> dict[str, Any]:
    body = {"order": order["id"], "carrier": "own_fleet", "tracking_number": "VAN-1"}
    made: dict[str, Any] = program.post("shipments/", body).json()
    return made


def ago(**span: float) -> str:
    return (timezone.now() - timedelta(**span)).isoformat()


def test_parcel_is_added_once(program: Program, order: dict[str, Any]) -> None:
    body = {
        "order": order["id"], "carrier": "DHL Express", "tracking_number": "1234567890",
        "contents": [{"item": "l1"}],
    }  # fmt: skip
    first, again = program.post("shipments/", body), program.post("shipments", body)
    assert (first.status_code, again.status_code) == (201, 200)
    made = first.json()
    assert made["id"] == again.json()["id"]
    assert (made["carrier"], made["order"]) == ("dhl_express", order["id"])
    assert made["contents"] == [{"item": order["items"][0]["id"], "quantity": 1}]


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"order": 0}, "order", "You have no order with this id."),
        (
            {"contents": [{"item": "l2"}]},
            "contents",
            "No line of the order has the external_id 'l2'.",
        ),
    ],
)
def test_parcel_with_a_mistake_is_not_added(
    program: Program, order: dict[str, Any], change: dict[str, Any], field: str, message: str
) -> None:
    body = {"order": order["id"], "tracking_number": "VAN-2"} | change
    response = program.post("shipments/", body)
    assert response.status_code == 400
    assert response.json()["errors"] == [{"field": field, "message": message}]
    assert program.get("shipments/").json()["results"] == []


def test_parcel_of_another_merchants_order_is_refused(
    stranger: Program, order: dict[str, Any]
) -> None:
    response = stranger.post("shipments/", {"order": order["id"], "tracking_number": "VAN-2"})
    assert response.json()["errors"] == [
        {"field": "order", "message": "You have no order with this id."}
    ]


def test_parcel_says_how_new_it_is(program: Program, order: dict[str, Any]) -> None:
    body = {"order": order["id"], "carrier": "aramex", "tracking_number": "44000001"}
    freshness = program.post("shipments/", body).json()["freshness"]
    assert freshness.pop("next_ask_at") is not None
    assert freshness == {
        "carrier_said_at": None, "we_asked_at": None, "answered_at": None, "ask_result": "",
        "problem": "",
    }  # fmt: skip


def test_list_filters(program: Program, order: dict[str, Any], parcel: dict[str, Any]) -> None:
    def found(**query: Any) -> list[int]:
        return [one["id"] for one in program.get("shipments/", **query).json()["results"]]

    assert found() == [parcel["id"]]
    assert found(tracking_number="van1", carrier="own_fleet", order=order["id"]) == [parcel["id"]]
    assert found(carrier="aramex") == []
    assert found(status="delivered") == []


def test_own_fleet_pushes_scans(program: Program, parcel: dict[str, Any]) -> None:
    path = f"shipments/{parcel['id']}/events/"
    scan = {"status": "picked_up", "at": ago(hours=3), "place": {"city": "Dubai", "country": "AE"}}
    first, again = program.post(path, scan), program.post(path, scan)
    assert (first.status_code, again.status_code) == (201, 200)
    finer = {"sub_status": "out.on_vehicle", "at": ago(hours=1), "code": "LOADED"}
    program.post(path, finer)
    now = program.get(f"shipments/{parcel['id']}").json()
    assert (now["status"], now["sub_status"]) == ("out_for_delivery", "out.on_vehicle")
    events = program.get(path).json()["results"]
    assert [(one["code"], one["status"], one["source"]) for one in events] == [
        ("LOADED", "out_for_delivery", "api"),
        ("picked_up.accepted", "picked_up", "api"),
    ]
    assert events[1]["place"] == {"city": "Dubai", "region": "", "country": "AE"}


@pytest.mark.parametrize(
    ("scan", "field", "message"),
    [
        ({}, "status", "Send status or sub_status."),
        ({"status": "lost"}, "status", '"lost" is not a valid choice.'),
        ({"status": "expired"}, "status", "expired is ours to find out, not yours to push."),
        (
            {"status": "delivered", "sub_status": "out.on_vehicle"},
            "sub_status",
            "out.on_vehicle belongs to out_for_delivery, not to delivered.",
        ),
        ({"status": "delivered", "at": ago(days=-1)}, "at", "This is in the future."),
        (
            {"status": "delivered", "at": "2026-11-01T10:00:00"},
            "at",
            "Add the offset from UTC, e.g. 2026-03-01T09:00:00+04:00 or …Z.",
        ),
    ],
)
def test_scan_with_a_mistake_is_refused(
    program: Program, parcel: dict[str, Any], scan: dict[str, Any], field: str, message: str
) -> None:
    path = f"shipments/{parcel['id']}/events"
    response = program.post(path, {"at": ago(hours=1)} | scan)
    assert response.json()["errors"] == [{"field": field, "message": message}]
    assert program.get(path).json()["results"] == []


def test_parcel_of_another_merchant_is_not_there(stranger: Program, parcel: dict[str, Any]) -> None:
    scan = {"status": "delivered", "at": ago(hours=1)}
    paths = (f"shipments/{parcel['id']}", f"shipments/{parcel['id']}/events")
    found = [stranger.get(path).status_code for path in paths]
    assert [*found, stranger.post(paths[1], scan).status_code] == [404, 404, 404]
    assert stranger.get("shipments/").json()["results"] == []


def test_answers_that_tell_a_window_are_noted(
    merchant: Merchant, program: Program, order: dict[str, Any], parcel: dict[str, Any]
) -> None:
    for path in (f"shipments/{parcel['id']}/", f"orders/{order['id']}/", "shipments/", "orders/"):
        assert program.get(path).status_code == 200
    with merchant_scope(merchant.pk):
        found = ShownDate.objects.values_list("where", "who", "shipment_id", "recipient")
        assert list(found) == [("api", "program", parcel["id"], None)]
        assert str(ShownDate.objects.get().last) == parcel["edd"]["to"]
