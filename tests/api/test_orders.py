"""`/api/v1/orders/`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests.api.conftest import Program
from tracking.models import Link, Order

SMALLEST: dict[str, Any] = {
    "number": "1001",
    "customer": {"name": "Sara", "email": "sara@shopper.example"},
    "destination": {"country": "AE"},
    "shipments": [{"carrier": "aramex", "tracking_number": "34567890123"}],
}


def mistakes(response: Any) -> dict[str, str]:
    return {one["field"]: one["message"] for one in response.json()["errors"]}


def test_smallest_order_is_made_and_then_known(program: Program, merchant: Merchant) -> None:
    first, second = program.post("orders/", SMALLEST), program.post("orders", SMALLEST)
    assert (first.status_code, second.status_code) == (201, 200)
    order = first.json()
    assert (order["id"], order["number"], order["status"]) == (
        second.json()["id"], "1001", "pending",
    )  # fmt: skip
    (parcel,) = order["shipments"]
    assert (parcel["carrier"], parcel["carrier_name"]) == ("aramex", "Aramex")
    assert parcel["flags"] == {
        "delayed": False, "will_be_late": False, "stalled": False, "action_required": False,
        "return_leg": False, "disputed": False,
    }  # fmt: skip
    assert sorted(parcel["edd"]) == ["from", "kind", "source", "to", "zone"]
    link = Link.objects.get(merchant=merchant)
    assert order["tracking_url"] == f"http://127.0.0.1:8000/p/noor/t/{link.token}/"


def test_every_field_comes_back(program: Program) -> None:
    placed_at = timezone.now() - timedelta(hours=3)
    body = {
        "number": "N-7",
        "external_id": "7",
        "placed_at": placed_at.isoformat(),
        "customer": {"name": "Sara", "phone": "050 123 4567", "language": "ar"},
        "destination": {
            "country": "ae", "name": "Omar", "line1": "Street 4", "line2": "Flat 7",
            "landmark": "Behind the mosque", "city": "Dubai", "region": "Dubai", "postcode": "0",
            "phone": "050 765 4321", "district": "Al Quoz", "makani": "3000000000",
            "national_address": "RRRD2929", "what3words": "one.two.three",
            "pin": {"latitude": 25.1, "longitude": 55.2},
        },
        "ship_from": {"name": "Riyadh branch", "country": "SA"},
        "items": [{"title": "Lamp", "quantity": 2, "external_id": "l1", "price": "60.5",
                   "url": "https://noor.example/lamp"}],
        "shipments": [
            {"tracking_number": "1Z999AA10123456784", "contents": [{"item": "l1", "quantity": 2}],
             "ship_from": {"city": "Jeddah"}}
        ],
        "wish": {"day": "2026-11-14", "start": "17:00", "note": "Not before five"},
        "consents": [{"channel": "sms", "purpose": "marketing", "given": False, "source": "form",
                      "at": "2026-11-01T08:00:00Z"}],
        "refunds": [{"external_id": "r1", "amount": "20.000", "reason": "A scratch",
                     "lines": [{"item": "l1", "quantity": 1}]}],
        "is_gift": True, "replaces": "6", "shop_status": "picked",
        "currency": "aed", "total": "121", "cod_amount": "121.00", "payment_method": "Cash",
        "tags": ["gift"],
    }  # fmt: skip
    order = program.post("orders/", body).json()
    assert order["destination"] == body["destination"] | {"country": "AE"}
    assert order["customer"] == {
        "name": "Sara", "email": "", "phone": "050 123 4567", "language": "ar",
    }  # fmt: skip
    assert (order["currency"], order["total"], order["cod_amount"]) == ("AED", "121.000", "121.000")
    assert (order["external_id"], order["ship_from_country"], order["tags"]) == (
        "7",
        "SA",
        ["gift"],
    )
    (item,), (parcel,) = order["items"], order["shipments"]
    assert (item["title"], item["quantity"], item["price"]) == ("Lamp", 2, "60.500")
    assert item["url"] == "https://noor.example/lamp"
    assert (order["ship_from"], parcel["ship_from"]) == (body["ship_from"], {"city": "Jeddah"})
    assert (order["wish"], order["consents"]) == (body["wish"], body["consents"])
    assert [(one["role"], one["name"], one["named_by_buyer"]) for one in order["recipients"]] == [
        ("buyer", "Sara", False),
        ("receiver", "Omar", False),
    ]
    assert order["refunds"] == [body["refunds"][0] | {"at": None}]
    assert (order["is_gift"], order["replaces"], order["shop_status"]) == (True, "6", "picked")
    assert parcel["carrier"] == "ups"
    assert parcel["contents"] == [{"item": item["id"], "quantity": 2}]


def test_posting_again_merges(program: Program) -> None:
    program.post("orders/", SMALLEST)
    packed_at = timezone.now().isoformat()
    more = {
        "number": "1001", "destination": {"country": "AE", "city": "Dubai"}, "packed_at": packed_at,
        "shipments": [{"carrier": "smsa", "tracking_number": "290123456789"}],
    }  # fmt: skip
    response = program.post("orders/", more)
    order = response.json()
    assert (response.status_code, order["customer"]["name"]) == (200, "Sara")
    assert order["destination"]["city"] == "Dubai"
    assert order["packed_at"] == packed_at.replace("+00:00", "Z")
    numbers = [parcel["tracking_number"] for parcel in order["shipments"]]
    assert numbers == ["34567890123", "290123456789"]


def test_idempotency_key_makes_one_order_and_changes_nothing(program: Program) -> None:
    key = {"Idempotency-Key": "abc"}
    first = program.post("orders/", SMALLEST, **key)
    again = program.post("orders/", SMALLEST, **key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = program.post("orders/", SMALLEST | {"number": "1002"}, **key)
    assert (other.status_code, other.json()["status"]) == (422, 422)
    too_long = program.post("orders/", SMALLEST, **{"Idempotency-Key": "x" * 101})
    assert mistakes(too_long) == {"Idempotency-Key": "Up to 100 printable characters, e.g. a UUID."}


def test_key_of_a_refused_request_is_free_again(program: Program) -> None:
    key = {"Idempotency-Key": "abc"}
    assert program.post("orders/", {"number": "1"}, **key).status_code == 400
    assert program.post("orders/", SMALLEST, **key).status_code == 201


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"number": None}, "number", "This field is required."),
        ({"destination": {}}, "destination.country", "This field is required."),
        (
            {"destination": {"country": "United Arab Emirates"}},
            "destination.country",
            "'United Arab Emirates' is not a country code. Did you mean AE?",
        ),
        (
            {"destination": {"country": "XX"}},
            "destination.country",
            "'XX' is not a country code. Use ISO 3166-1 alpha-2, e.g. AE.",
        ),
        ({"customer": {"email": "sara@"}}, "customer.email", "Enter a valid email address."),
        (
            {"customer": {"phone": "12"}},
            "customer.phone",
            "'12' has too many or too few digits for a phone number (+971)."
            " Write it with its country code.",
        ),
        (
            {"placed_at": "2026-03-01T09:00:00"},
            "placed_at",
            "Add the offset from UTC, e.g. 2026-03-01T09:00:00+04:00 or …Z.",
        ),
        (
            {"shipments": [{"tracking_number": "1", "carrier": "armex"}]},
            "shipments[0].carrier",
            "We do not know the carrier 'armex'. Did you mean aramex or aramex_anz?",
        ),
        (
            {"shipments": [{"tracking_number": "--"}]},
            "shipments[0].tracking_number",
            "A tracking number has letters or digits.",
        ),
        (
            {"shipments": [{"tracking_number": "1", "contents": [{"item": "l9"}]}]},
            "shipments[0].contents",
            "No line of `items` has the external_id 'l9'.",
        ),
        (
            {"customer": {"nmae": "Sara"}},
            "customer.nmae",
            "There is no such field. Known here: email, language, name, phone.",
        ),
        ({"items": [{"quantity": -1, "title": "L"}]}, "items[0].quantity", None),
    ],
)
def test_mistake_is_named_with_its_place(
    program: Program, merchant: Merchant, change: dict[str, Any], field: str, message: str | None
) -> None:
    response = program.post("orders/", SMALLEST | change)
    found = mistakes(response)
    assert (response.status_code, list(found)) == (400, [field])
    assert found[field] == (message or found[field])
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 0


def test_problem_has_the_standard_shape(program: Program) -> None:
    response = program.post("orders/", {})
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert {key: body[key] for key in ("type", "title", "status", "detail")} == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Some fields are missing or wrong.",
    }


@pytest.mark.parametrize("body", ["{", "[1]", '"x"', "\ud800"])
def test_body_that_is_no_order_is_a_problem(program: Program, body: str) -> None:
    data = body.encode("utf-8", "surrogatepass")
    response = program.post("orders/", data)
    assert (response.status_code, response.json()["status"]) == (400, 400)


def test_list_filters_and_pages(program: Program) -> None:
    for number in ("A-1", "A-2", "A-3"):
        program.post("orders/", SMALLEST | {"number": number, "shipments": []})
    page = program.get("orders/", page_size=2).json()
    assert [order["number"] for order in page["results"]] == ["A-3", "A-2"]
    rest = program.client.get(page["next"]).json()
    assert [order["number"] for order in rest["results"]] == ["A-1"]
    assert (rest["next"], page["previous"]) == (None, None)

    def found(**query: str) -> list[str]:
        return [order["number"] for order in program.get("orders", **query).json()["results"]]

    assert found(number="a2") == ["A-2"]
    assert found(status="delivered") == []
    assert found(status="pending", number="A-1") == ["A-1"]
    assert found(updated_since="2026-01-01T00:00:00Z") == ["A-3", "A-2", "A-1"]
    assert found(updated_since="2090-01-01T00:00:00Z") == []


def test_wrong_filter_is_named(program: Program) -> None:
    response = program.get("orders/", state="late")
    assert list(mistakes(response)) == ["state"]
    assert list(mistakes(program.get("orders/", status="late"))) == ["status"]


def test_one_order_is_got(program: Program) -> None:
    made = program.post("orders/", SMALLEST).json()
    assert program.get(f"orders/{made['id']}").json() == made


def test_order_of_another_merchant_is_not_there(program: Program, stranger: Program) -> None:
    made = program.post("orders/", SMALLEST).json()
    response = stranger.get(f"orders/{made['id']}/")
    assert response.status_code == 404
    assert response.json()["detail"] == "There is nothing at this address for your key."
    assert stranger.get("orders/").json()["results"] == []
    mine = stranger.post("orders/", SMALLEST)
    assert (mine.status_code, mine.json()["id"] == made["id"]) == (201, False)


def test_request_without_a_live_key_is_refused(db: None, client: Client) -> None:
    response = client.get("/api/v1/orders/")
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (
        401, 'Bearer realm="Homeward API"',
    )  # fmt: skip
    assert response.json()["detail"] == "Send an API key: Authorization: Bearer <key>."
    wrong = Program("hw_wrong").get("orders/")
    assert wrong.json()["detail"] == "This API key does not exist or was revoked."


def test_list_costs_the_same_for_one_and_for_thirty(program: Program) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert program.get("orders/").status_code == 200
        return len(queries)

    def make(count: int) -> None:
        for index in range(count):
            parcel = {"carrier": "aramex", "tracking_number": f"3456789{count}{index:03}"}
            body = SMALLEST | {"number": f"Q{count}-{index}", "shipments": [parcel]}
            assert program.post("orders/", body).status_code == 201

    make(1)
    program.get("orders/")
    one = cost()
    make(29)
    assert (one, cost()) == (15, 15)


def test_json_nested_too_deeply_is_a_problem_in_words(program: Program) -> None:
    answer = program.post("orders/", "[" * 100_000)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == "JSON parse error - nested too deeply."


def test_a_lone_surrogate_is_a_problem_in_words(program: Program) -> None:
    body = '{"\\ud800": 1, "number": "1", "destination": {"country": "\\ud800"}}'
    answer = program.post("orders/", body)
    assert answer.status_code == 400
    assert list(mistakes(answer)) == ["?"]


def test_more_parcels_than_one_request_may_bring_are_refused(program: Program) -> None:
    parcels = [{"carrier": "own_fleet", "tracking_number": f"F{n}"} for n in range(101)]
    answer = program.post("orders/", SMALLEST | {"shipments": parcels})
    assert answer.status_code == 400
    assert mistakes(answer) == {
        "shipments": "Ensure this field has no more than 100 elements.",
    }


def test_null_means_not_said(program: Program) -> None:
    response = program.post("orders", SMALLEST | {"total": None, "placed_at": None})
    assert response.status_code == 201
    assert response.json()["total"] is None


def test_order_says_what_its_address_lacks(program: Program) -> None:
    body = SMALLEST | {
        "destination": {"country": "AE", "line1": "Marina Walk 4", "city": "Dubai"},
        "customer": {"name": "Sara", "email": "sara@shopper.example"},
        "shipments": [],
    }
    check = program.post("orders/", body).json()["address_check"]
    assert check.pop("asked_at") is not None
    assert check == {
        "score": 57,
        "missing": [
            {"need": "phone", "level": "must", "problem": "absent"},
            {"need": "spot", "level": "helps", "problem": "absent"},
        ],
        "answered_at": None,
    }
    assert program.post("orders/", SMALLEST | {"number": "2"}).json()["address_check"] is None


def test_promise_is_kept_shown_and_frozen(program: Program) -> None:
    today = timezone.now().date()
    days = {"from": str(today + timedelta(days=5)), "to": str(today + timedelta(days=7))}
    order = program.post("orders/", SMALLEST | {"promise": days}).json()
    (parcel,) = order["shipments"]
    assert (order["promise"], parcel["promise"]) == (days, days)
    shown = {name: parcel["edd"][name] for name in ("from", "to", "source", "kind")}
    assert shown == days | {"source": "merchant", "kind": "estimated"}
    by = str(today + timedelta(days=8))
    again = program.post("orders/", SMALLEST | {"promise": {"by": by}}).json()
    # Nobody was told anything about the parcel yet.
    assert (again["promise"], again["shipments"][0]["promise"]["to"]) == (
        {"from": None, "to": by},
        by,
    )


@pytest.mark.parametrize(
    ("promise", "where", "problem"),
    [
        ({}, "from", "Say `from` and `to`, or `by` alone."),
        ({"from": "2026-12-01"}, "to", "Say `from` and `to`, or `by` alone."),
        ({"to": "2026-12-01"}, "from", "Say `from` and `to`, or `by` alone."),
        ({"by": "2026-12-01", "to": "2026-12-01"}, "by", "Either `by`, or `from` and `to`."),
        ({"from": "2026-12-03", "to": "2026-12-01"}, "to", "Lies before `from`."),
    ],
)
def test_promise_that_is_none_is_refused(
    program: Program, promise: dict[str, str], where: str, problem: str
) -> None:
    answer = program.post("orders/", SMALLEST | {"promise": promise})
    assert answer.status_code == 400
    assert mistakes(answer) == {f"promise.{where}": problem}
