"""Webhook endpoints by API: made, listed, changed, removed, tried out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from merchants.models import AuditEntry, Merchant
from merchants.scope import merchant_scope
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.webhooks.events import EVENTS
from tests.api.conftest import Program

PATH = "webhook-endpoints/"
URL = "https://shop.example/hooks"


def made(program: Program, **fields: Any) -> Any:
    response = program.post(PATH, {"url": URL, "events": ["*"]} | fields)
    assert response.status_code == 201, response.content
    return response.json()


def sent(program: Program, method: str, path: str, body: Any = None) -> Any:
    call = getattr(program.client, method)
    return call(f"/api/v1/{path}", body, content_type="application/json")


def test_endpoint_is_made_with_its_secret_shown_once(program: Program) -> None:
    answer = made(program, events=["parcel.delivered", "order.placed"], description="ERP")
    assert answer["secret"].startswith("whsec_")
    assert (answer["events"], answer["description"], answer["is_on"]) == (
        ["order.placed", "parcel.delivered"], "ERP", True,
    )  # fmt: skip
    shown = program.get(f"{PATH}{answer['id']}/").json()
    assert shown == {name: value for name, value in answer.items() if name != "secret"}
    assert shown["health"] == {
        "tries_day": 0, "good_day": 0, "tries_week": 0, "good_week": 0, "p95_ms": None,
        "waiting": 0,
    }  # fmt: skip


def test_list_has_pages(program: Program) -> None:
    ids = [made(program)["id"] for _ in range(3)]
    first = program.get(PATH, page_size=2).json()
    assert [one["id"] for one in first["results"]] == [ids[2], ids[1]]
    assert "cursor=" in first["next"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "http://shop.example/"}, "url"),
        ({"url": "https://192.168.0.1/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["parcel.eaten"]}, "events[0]"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_mistakes_are_problems(program: Program, fields: dict[str, Any], field: str) -> None:
    response = program.post(PATH, {"url": URL, "events": ["*"]} | fields)
    assert (response.status_code, response["content-type"]) == (400, "application/problem+json")
    assert [one["field"] for one in response.json()["errors"]] == [field]


def test_only_what_is_named_changes(program: Program) -> None:
    path = f"{PATH}{made(program, description='ERP')['id']}/"
    answer = sent(program, "patch", path, {"is_on": False, "events": ["order.placed"]}).json()
    assert (answer["is_on"], answer["events"], answer["description"]) == (
        False, ["order.placed"], "ERP",
    )  # fmt: skip


def test_removed_is_gone(program: Program, merchant: Merchant) -> None:
    path = f"{PATH}{made(program)['id']}/"
    assert sent(program, "delete", path).status_code == 204
    assert program.get(path).status_code == 404
    assert program.get(PATH).json()["results"] == []


def test_secret_changes(program: Program) -> None:
    first = made(program)
    second = sent(program, "post", f"{PATH}{first['id']}/secret/").json()
    assert second["secret"].startswith("whsec_")
    assert second["secret"] != first["secret"]


def test_test_is_queued_up_to_a_limit(program: Program, merchant: Merchant) -> None:
    path = f"{PATH}{made(program)['id']}/test/"
    answers = [sent(program, "post", path) for _ in range(11)]
    assert [one.status_code for one in answers] == [202] * 10 + [429]
    with merchant_scope(merchant.pk):
        ids = set(WebhookDelivery.objects.values_list("webhook_id", flat=True))
    assert {one.json()["webhook_id"] for one in answers[:10]} == ids


def test_strangers_endpoint_is_nowhere(program: Program, stranger: Program) -> None:
    path = f"{PATH}{made(program)['id']}/"
    assert stranger.get(path).status_code == 404
    assert sent(stranger, "delete", path).status_code == 404


def test_log_says_which_key_did_it(program: Program, merchant: Merchant) -> None:
    made(program)
    with merchant_scope(merchant.pk):
        entry = AuditEntry.objects.get()
        secrets = WebhookEndpoint.objects.get().secrets
    assert (entry.action, entry.subject) == ("webhook.added", URL)
    assert entry.detail["api_key"].startswith("tests (hw_")
    assert "whsec" not in secrets


def test_schema_describes_every_event(client: Client) -> None:
    schema = client.get("/api/v1/schema/?format=json").json()
    assert set(schema["webhooks"]) == {*EVENTS, "webhook.test"}
    body = schema["webhooks"]["parcel.delivered"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"]["$ref"].endswith("/ParcelEvent")
    assert "post" in schema["paths"]["/api/v1/webhook-endpoints/"]
