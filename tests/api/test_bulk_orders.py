"""`/api/v1/orders/bulk/`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.models import ApiReply
from stores.replies import KEPT
from stores.tasks import forget_replies
from tests.api.conftest import Program
from tracking.models import Order, Shipment


def order(number: str, **fields: Any) -> dict[str, Any]:
    return {"number": number, "destination": {"country": "AE"}} | fields


def statuses(response: Any) -> list[int]:
    return [one["status"] for one in response.json()["orders"]]


def test_each_order_is_answered_for_itself(program: Program, merchant: Merchant) -> None:
    program.post("orders/", order("A"))
    parcel = {"tracking_number": "34567890123", "carrier": "aramex"}
    response = program.post(
        "orders/bulk/",
        {"orders": [order("A", total="5"), order("B", destination={}), "x",
                    order("C", shipments=[parcel])]},
    )  # fmt: skip
    body = response.json()
    assert (response.status_code, statuses(response)) == (200, [200, 400, 400, 201])
    assert (body["created"], body["known"], body["refused"]) == (1, 1, 2)
    assert body["orders"][1]["errors"] == [
        {"field": "destination.country", "message": "This field is required."}
    ]
    assert body["orders"][1]["problem"] == "destination.country: This field is required."
    with merchant_scope(merchant.pk):
        assert list(Order.objects.order_by("pk").values_list("pk", "number")) == [
            (body["orders"][0]["id"], "A"), (body["orders"][3]["id"], "C"),
        ]  # fmt: skip
        assert Shipment.objects.get().tracking_number == "34567890123"


def test_same_order_twice_in_one_request_is_one(program: Program) -> None:
    response = program.post("orders/bulk/", {"orders": [order("A"), order("A", total="7")]})
    assert statuses(response) == [201, 200]
    first, second = (one["id"] for one in response.json()["orders"])
    assert first == second
    assert program.get(f"orders/{first}/").json()["total"] == "7.000"


def test_order_that_no_column_takes_is_refused_alone(program: Program) -> None:
    bad = order("B", customer={"name": "Sara"}, total="9" * 11 + ".5")
    response = program.post("orders/bulk/", {"orders": [order("A"), bad, order("C")]})
    assert statuses(response) == [201, 201, 201]
    too_much = program.post("orders/bulk/", {"orders": [order("D", total="9" * 13)]})
    assert statuses(too_much) == [400]


def test_same_key_repeats_the_answer_and_another_body_is_refused(
    program: Program, merchant: Merchant
) -> None:
    key = {"Idempotency-Key": "night-1"}
    body = {"orders": [order("A"), order("B", destination={})]}
    first = program.post("orders/bulk/", body, **key)
    again = program.post("orders/bulk/", body, **key)
    assert (statuses(first), again.json()) == ([201, 400], first.json())
    other = program.post("orders/bulk/", {"orders": [order("Z")]}, **key)
    assert other.status_code == 422
    # The key of a single order is another key.
    assert program.post("orders/", order("Y"), **key).status_code == 201


def test_key_expires(program: Program, merchant: Merchant) -> None:
    key = {"Idempotency-Key": "night-1"}
    program.post("orders/bulk/", {"orders": [order("A")]}, **key)
    with merchant_scope(merchant.pk):
        ApiReply.objects.update(at=timezone.now() - KEPT - timedelta(hours=1))
    later = program.post("orders/bulk/", {"orders": [order("B")]}, **key)
    assert statuses(later) == [201]
    with merchant_scope(merchant.pk):
        ApiReply.objects.update(at=timezone.now() - KEPT - timedelta(hours=1))
    assert forget_replies() == 1


def test_too_many_or_something_else_is_a_problem(program: Program) -> None:
    many = program.post("orders/bulk/", {"orders": [order(str(n)) for n in range(1001)]})
    assert many.json()["errors"] == [
        {"field": "orders", "message": "At most 1,000 orders at a time; these are 1,001."}
    ]
    for wrong in ({}, [], {"orders": {}}, {"orders": [], "order": []}):
        assert program.post("orders/bulk/", wrong).status_code == 400


def test_body_may_be_longer_than_elsewhere(program: Program) -> None:
    long = order("A", items=[{"title": "L" * 300, "external_id": str(n)} for n in range(2_000)])
    body = {"orders": [long | {"number": str(n)} for n in range(9)]}
    assert statuses(program.post("orders/bulk/", body)) == [201] * 9


def test_stranger_finds_nothing_of_it(program: Program, stranger: Program) -> None:
    key = {"Idempotency-Key": "same"}
    body = {"orders": [order("A")]}
    first, second = (
        program.post("orders/bulk/", body, **key),
        stranger.post("orders/bulk/", body, **key),
    )
    assert (statuses(first), statuses(second)) == ([201], [201])
