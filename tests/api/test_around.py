"""Around the resources: limits, the schema, the documentation, wrong addresses."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from api.base import PER_SECOND
from carriers.registry import CARRIERS
from lib import limits
from merchants.models import Merchant
from merchants.scope import current_merchant_id, merchant_scope
from tests.api.conftest import Program
from tracking.models import Order


def test_carriers_are_listed_with_what_they_need(program: Program) -> None:
    results = program.get("carriers").json()["results"]
    assert [one["slug"] for one in results] == sorted(CARRIERS)
    smsa = next(one for one in results if one["slug"] == "smsa")
    assert (smsa["name"], smsa["push"], smsa["batch_size"]) == ("SMSA Express", True, 50)
    assert smsa["limits"] == {"per_second": 5.0, "per_day": None, "concurrent": 4}


def test_window_goes_out_with_every_answer(program: Program) -> None:
    response = program.get("carriers/")
    assert response.headers["RateLimit-Limit"] == str(PER_SECOND)
    assert int(response.headers["RateLimit-Remaining"]) < PER_SECOND


def test_key_over_its_limit_waits(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    full = limits.Window(limit=PER_SECOND, used=PER_SECOND + 1, seconds_left=1)
    monkeypatch.setattr("api.base.limits.count", lambda *args, **options: full)
    response = program.get("carriers/")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    assert response.headers["RateLimit-Remaining"] == "0"


def test_wrong_address_is_a_problem_not_a_page(program: Program) -> None:
    response = program.get("parcels/")
    assert (response.status_code, response.headers["Content-Type"]) == (
        404, "application/problem+json",
    )  # fmt: skip


def test_id_that_no_column_holds_is_not_found(program: Program) -> None:
    found = [program.get(f"orders/{number}").status_code for number in ("9" * 18, "9" * 30)]
    assert found == [404, 404]


def test_error_rolls_back_what_the_view_wrote(
    program: Program, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.orders.Orders.answer", _not_found)
    body = {"number": "1", "destination": {"country": "AE"}}
    assert program.post("orders/", body).status_code == 404
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 0
    assert current_merchant_id() is None


def _not_found(*args: Any, **options: Any) -> None:
    from django.http import Http404

    raise Http404


def test_body_over_the_limit_is_refused_unread(program: Program) -> None:
    response = program.post("orders/", b'"' + b"x" * 5_000_000 + b'"')
    assert (response.status_code, response.json()["title"]) == (413, "Request Entity Too Large")


def test_schema_is_valid_and_complete() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


def test_schema_and_documentation_are_public(db: None, client: Client) -> None:
    schema = client.get("/api/v1/schema", headers={"Accept": "application/json"})
    assert (schema.status_code, schema.json()["openapi"]) == (200, "3.1.0")
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].split("; ")[1] == "script-src 'self'"
    html = page.content.decode()
    assert (html.count("<script>"), html.count("<style")) == (0, 0)
    script = client.get("/api/docs/?script=")
    assert script.headers["Content-Type"].split(";")[0] == "application/javascript"


def test_the_schemas_problems_are_json_too(db: None) -> None:
    answer = Client(headers={"Authorization": "Bearer hw_nothing"}).get("/api/v1/schema/")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["title"] == "Unauthorized"
