"""`/api/v1/messages/` and `/api/v1/handles/`."""

from __future__ import annotations

import pytest

from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.models import Handle, Message
from tests import factories
from tests.api.conftest import Program
from tests.factories import NOW
from tests.notifications.conftest import hear


@pytest.fixture
def message(merchant: Merchant) -> Message:
    with merchant_scope(merchant.pk):
        hear(factories.shipment(merchant, carrier="aramex"), (2, "out.on_vehicle"))
    compose_due(now=NOW)
    with merchant_scope(merchant.pk):
        return Message.objects.get()


def test_messages_are_listed_with_text_and_state(program: Program, message: Message) -> None:
    [row] = program.get("messages/", order=message.order_id, state="waiting").json()["results"]
    assert (row["id"], row["topic"], row["channel"], row["recipient"], row["state"]) == (
        message.pk, "out_for_delivery", "email", "buyer", "waiting",
    )  # fmt: skip
    assert row["text"] == message.text
    assert program.get(f"messages/{message.pk}").json() == row


def test_filters_narrow_the_list(program: Program, message: Message) -> None:
    for wanted in ({"state": "sent"}, {"channel": "sms"}, {"recipient": "receiver"}):
        assert program.get("messages/", **wanted).json()["results"] == []


def test_unknown_filter_is_refused(program: Program) -> None:
    assert program.get("messages/", colour="red").status_code == 400


def test_messages_of_another_merchant_are_not_there(stranger: Program, message: Message) -> None:
    assert stranger.get("messages/").json()["results"] == []
    assert stranger.get(f"messages/{message.pk}/").status_code == 404


def put(program: Program, **body: str) -> int:
    return program.client.put("/api/v1/handles/", body, content_type="application/json").status_code


def test_handle_is_kept_replaced_and_forgotten(program: Program, merchant: Merchant) -> None:
    given = {"email": "Sara@Shopper.example", "channel": "line"}
    assert put(program, **given, address="U1") == 200
    assert put(program, **given, address="U2") == 200
    with merchant_scope(merchant.pk):
        assert list(Handle.objects.values_list("person", "address")) == [
            ("sara@shopper.example", "U2")
        ]
    assert put(program, **given, address="") == 200
    with merchant_scope(merchant.pk):
        assert Handle.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        {"channel": "line", "address": "U1"},
        {"channel": "email", "address": "x", "email": "a@b.example"},
        {"channel": "line", "address": "U1", "phone": "0501234567"},
    ],
)
def test_handle_that_names_nobody_is_refused(program: Program, body: dict[str, str]) -> None:
    assert put(program, **body) == 400
