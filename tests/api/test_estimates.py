"""The date before an order, for programs; and the order that names what was shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.estimates import MOST
from edd.models import DateRules, HandlingRule
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests.api.conftest import Program
from tracking.models import Order

DUBAI = {"country": "AE", "city": "Dubai"}
RIYADH = {"country": "SA", "city": "Riyadh"}


def estimates(program: Program, *destinations: Any, **rest: Any) -> Any:
    return program.post("estimates/", {"destinations": list(destinations)} | rest)


def rows(program: Program, *destinations: Any, **rest: Any) -> list[dict[str, Any]]:
    response = estimates(program, *destinations, **rest)
    assert response.status_code == 200, response.json()
    found: list[dict[str, Any]] = response.json()["estimates"]
    return found


def errors(response: Any) -> list[tuple[str, str]]:
    assert response.status_code == 400
    return [(one["field"], one["message"]) for one in response.json()["errors"]]


def test_each_place_is_answered_with_each_service(program: Program) -> None:
    services = [{"carrier": "aramex"}, {"carrier": "usps", "service": "Ground"}]
    found = rows(program, DUBAI, RIYADH, services=services)
    assert [(row["destination"], row["service"], row["status"]) for row in found] == [
        (0, 0, 200), (0, 1, 200), (1, 0, 200), (1, 1, 200),
    ]  # fmt: skip
    assert [row["zone"] for row in found] == ["Asia/Dubai"] * 2 + ["Asia/Riyadh"] * 2
    assert found[0]["date"]["to"] < found[1]["date"]["to"]


def test_answer_says_date_level_countdown_source_and_why(program: Program) -> None:
    (row,) = rows(program, DUBAI)
    assert row["date"]["from"] <= row["date"]["to"] == row["date"]["by"]
    assert (row["level"], row["source"], row["freshness"]["stale"]) == (90, "configuration", False)
    left = datetime.fromisoformat(row["order_by"]) - datetime.now(UTC)
    assert abs(left - timedelta(seconds=row["order_within_seconds"])) < timedelta(seconds=10)
    assert row["why"][-1].startswith(("Usual for this carrier", "Days on the way"))


def test_one_that_is_wrong_loses_none_of_the_others(program: Program) -> None:
    wrong = [{"country": "Dubai"}, {"country": "IN", "postcode": "012345"}, "AE", {"town": "x"}]
    response = estimates(program, DUBAI, *wrong)
    body = response.json()
    assert (response.status_code, body["answered"], body["refused"]) == (200, 1, 4)
    fields = [[one["field"] for one in row.get("errors", [])] for row in body["estimates"]]
    assert fields == [
        [], ["destinations[1].country"], ["destinations[2].postcode"], ["destinations[3]"],
        ["destinations[4].town"],
    ]  # fmt: skip
    assert body["estimates"][2]["errors"][0]["message"] == (
        "'012345' is not a postcode of IN, nor the beginning of one."
    )


def test_wrong_service_is_named(program: Program) -> None:
    found = rows(program, DUBAI, services=[{}, {"carrier": "nobody-we-know"}])
    assert [row["status"] for row in found] == [200, 400]
    assert found[1]["errors"][0]["field"] == "services[1].carrier"


@pytest.mark.parametrize("postcode", ["110001", "110 001", "110", ""])
def test_postcode_or_its_beginning_is_taken(program: Program, postcode: str) -> None:
    assert rows(program, {"country": "IN", "postcode": postcode})[0]["status"] == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "destinations"),
        ({"destinations": []}, "destinations"),
        ({"destinations": [DUBAI] * (MOST + 1)}, "destinations"),
        ({"destinations": [DUBAI], "level": 99}, "level"),
        ({"destinations": [DUBAI], "placed_at": "2020-01-01T00:00:00Z"}, "placed_at"),
        ({"destinations": [DUBAI], "placed_at": "2999-01-01T00:00:00Z"}, "placed_at"),
        ({"destinations": [DUBAI], "placed_at": "2026-03-01T09:00:00"}, "placed_at"),
        ({"destinations": [DUBAI], "places": []}, "places"),
        ({"destinations": [DUBAI], "from": {"country": "nowhere"}}, "from.country"),
    ],
)
def test_wrong_request_is_told_what_and_where(
    program: Program, body: dict[str, Any], field: str
) -> None:
    assert [where for where, _ in errors(program.post("estimates/", body))] == [field]


def test_order_of_tomorrow_comes_later(program: Program) -> None:
    later = (datetime.now(UTC) + timedelta(days=14)).isoformat()
    (now,), (then,) = rows(program, DUBAI), rows(program, DUBAI, placed_at=later)
    assert then["date"]["from"] > now["date"]["to"]


def test_own_rules_level_and_goods_count(program: Program, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        DateRules.objects.create(merchant=merchant, level=95)
        HandlingRule.objects.create(merchant=merchant, kind="tag", match="carved", handling_days=20)
    (plain,), (carved,) = rows(program, DUBAI), rows(program, DUBAI, tags=["Carved"])
    assert plain["level"] == 95
    assert carved["date"]["from"] > plain["date"]["to"]
    assert rows(program, DUBAI, level=80)[0]["level"] == 80


def test_other_merchants_rules_do_not(program: Program, stranger: Program, other: Merchant) -> None:
    with merchant_scope(other.pk):
        DateRules.objects.create(merchant=other, level=80)
    assert [rows(one, DUBAI)[0]["level"] for one in (program, stranger)] == [90, 80]


# --- the order that names its quote ---------------------------------------------------------


def order(quote: str, country: str = "AE", **rest: Any) -> dict[str, Any]:
    return {"number": "1001", "destination": {"country": country}, "quote": quote} | rest


def test_order_may_name_what_the_shopper_was_shown(program: Program, merchant: Merchant) -> None:
    (row,) = rows(program, DUBAI)
    assert program.post("orders/", order(row["quote"])).status_code == 201
    assert program.post("orders/", order(row["quote"])).status_code == 200


@pytest.mark.parametrize(
    ("country", "rest", "words"),
    [
        ("SA", {}, "This quote was for AE, the order goes to SA."),
        ("AE", {"placed_at": "2020-01-01T00:00:00Z"}, "This quote was given on "),
    ],
)
def test_quote_of_another_order_is_refused(
    program: Program, merchant: Merchant, country: str, rest: dict[str, Any], words: str
) -> None:
    (row,) = rows(program, DUBAI)
    ((field, message),) = errors(program.post("orders/", order(row["quote"], country, **rest)))
    assert (field, message[: len(words)]) == ("quote", words)
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 0


def test_quote_of_another_merchant_is_refused(program: Program, stranger: Program) -> None:
    (row,) = rows(stranger, DUBAI)
    assert errors(program.post("orders/", order(row["quote"]))) == [
        ("quote", "This is no quote of ours.")
    ]


def test_wrong_quote_in_a_batch_loses_no_other_order(program: Program) -> None:
    good = {"number": "1", "destination": {"country": "AE"}}
    answer = program.post("orders/bulk/", {"orders": [order("x"), good]}).json()
    assert (answer["created"], answer["refused"]) == (1, 1)
    assert answer["orders"][0]["problem"] == "quote: This is no quote of ours."


def test_the_window_of_a_quote_is_the_orders_promise(program: Program, merchant: Merchant) -> None:
    (row,) = rows(program, DUBAI)
    order = {
        "number": "Q-1",
        "customer": {"name": "Sara", "email": "sara@shopper.example"},
        "destination": DUBAI,
        "quote": row["quote"],
    }
    assert program.post("orders/", order).status_code == 201
    with merchant_scope(merchant.pk):
        kept = Order.objects.get(number="Q-1")
        assert (str(kept.promised_first), str(kept.promised_last)) == (
            row["date"]["from"],
            row["date"]["to"],
        )
