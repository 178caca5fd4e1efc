"""WhatsApp's templates: formed, handed in, kept in step, and sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hooks.tasks import process_waiting
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.deliver import deliver_due
from notifications.models import Answer, Message, WhatsAppTemplate
from notifications.preview import invented
from notifications.reasons import Unsent
from notifications.rendering import Own
from notifications.sandbox.running import RunningPhones
from notifications.texts import TEXTS
from notifications.whatsapp.forms import Form, Unfit, form_of, problems, values_for
from notifications.whatsapp.opening import NO_TEMPLATE, PAUSED
from notifications.whatsapp.registering import hand_in_due, sync_due, want
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear
from tests.notifications.phones import pointed_at_phones, switch_on
from tracking.models import Shipment

OUT = "out_for_delivery"


@pytest.fixture
def phones(settings: Any) -> Iterator[RunningPhones]:
    settings.WHATSAPP_NEEDS_TEMPLATE = True
    with pointed_at_phones(settings) as running:
        yield running


@pytest.fixture
def parcel(scope: Merchant, phones: RunningPhones) -> Shipment:
    switch_on(scope, "whatsapp", "sms")
    return factories.shipment(scope, carrier="aramex")


def told() -> dict[str, tuple[str, str]]:
    rows = Message.objects.filter(channel__in=["whatsapp", "sms"])
    return {row.channel: (row.state, row.reason_code) for row in rows}


def template(merchant: Merchant) -> WhatsAppTemplate:
    want(merchant=merchant, topics=[OUT], language="en")
    assert hand_in_due(now=NOW) == 1
    return WhatsAppTemplate.objects.get()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("topic", list(TEXTS))
def test_all_our_texts_may_be_handed_in(scope: Merchant, topic: str, language: str) -> None:
    telling = invented(merchant=scope, topic=topic, language=language, now=NOW)
    form = form_of(telling)
    assert problems(form) == []
    values = values_for(form, replace(telling, recipient_name=""))
    assert all(value and "\n" not in value for value in values.values())
    assert "{{" not in form.filled(values)


def test_form_of_own_words_keeps_what_changes_as_numbers(scope: Merchant) -> None:
    own = Own("", 'Call {{ shop.phone | default: "us" }} about {{ order.number }}.\n\n{% button %}')
    form = form_of(invented(merchant=scope, topic=OUT, language="en", now=NOW, own=own))
    assert form.body == (
        "Hello {{1}},\n\n*{{2}}*\n\nCall {{3}} about {{4}}.\n\n"
        "Order {{4}}\nFollow your parcel: {{5}}\n\nNoor Home"
    )
    assert form.variables == ["customer.name", "said", "shop.phone", "order.number", "link"]


@pytest.mark.parametrize(
    "body",
    ["{% if link %}a{% endif %}", "{{ link | upcase }}", "{% for i in items %}x{% endfor %}"],
)
def test_words_that_decide_cannot_be_approved(scope: Merchant, body: str) -> None:
    with pytest.raises(Unfit):
        form_of(invented(merchant=scope, topic=OUT, language="en", now=NOW, own=Own("", body)))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Hello {{1}}, good day", 0),
        ("{{1}} good day", 1),
        ("good day {{1}}", 1),
        ("a {{1}} {{2}} b", 1),
        ("a {{1}} and {{2}} b", 0),
        ("a" * 1025, 1),
    ],
)
def test_rules_of_whatsapp_are_checked_before(body: str, expected: int) -> None:
    assert len(problems(Form(body, []))) == expected


def test_template_is_handed_in_and_approved(scope: Merchant, phones: RunningPhones) -> None:
    row = template(scope)
    assert (row.state, row.category, row.content_sid[:2]) == ("pending", "UTILITY", "HX")
    assert sync_due(now=NOW + timedelta(hours=1)) == 1
    row.refresh_from_db()
    assert row.state == "approved"


def test_conversation_is_opened_with_the_approved_words(
    scope: Merchant, parcel: Shipment, phones: RunningPhones
) -> None:
    template(scope)
    sync_due(now=NOW + timedelta(hours=1))
    hear(parcel, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    message = Message.objects.get(channel="whatsapp")
    assert message.content["variables"]["1"] == "Sara Al Mansoori"
    assert deliver_due(clock=lambda: NOW) == 2
    (text,) = phones.texts("+971501234567")
    assert text["body"] == message.text
    assert "Sara Al Mansoori" in text["body"]


def test_without_a_template_the_next_channel_tells_it(scope: Merchant, parcel: Shipment) -> None:
    hear(parcel, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    assert told() == {
        "whatsapp": ("skipped", Unsent.NO_TEMPLATE), "sms": ("waiting", ""),
    }  # fmt: skip
    assert Message.objects.get(channel="whatsapp").reason == NO_TEMPLATE


def test_paused_template_is_named_as_the_reason(scope: Merchant, parcel: Shipment) -> None:
    row = template(scope)
    WhatsAppTemplate.objects.filter(pk=row.pk).update(state="paused")
    hear(parcel, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    assert Message.objects.get(channel="whatsapp").reason == PAUSED


def test_whoever_wrote_within_a_day_gets_free_text(scope: Merchant, parcel: Shipment) -> None:
    Answer.objects.create(
        merchant=scope, channel="whatsapp", sender="+971501234567", kind="text", text="Thanks",
        provider_id="SM1", received_at=NOW - timedelta(hours=23),
    )  # fmt: skip
    hear(parcel, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    message = Message.objects.get(channel="whatsapp")
    assert (message.state, message.content) == ("waiting", None)


def test_template_moved_to_marketing_needs_consent(scope: Merchant, parcel: Shipment) -> None:
    row = template(scope)
    WhatsAppTemplate.objects.filter(pk=row.pk).update(
        state="approved", recategorised_to="MARKETING"
    )
    hear(parcel, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    assert told()["whatsapp"] == ("skipped", Unsent.NO_TEMPLATE)


def meta(name: str, field: str, **value: str) -> bytes:
    change = {"field": field, "value": {"message_template_name": name, **value}}
    entry = {"id": "1", "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def post(client: Client, body: bytes, secret: str = "app-secret") -> int:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    answered = client.post(
        "/hooks/templates/meta/", body, content_type="application/json",
        headers={"X-Hub-Signature-256": f"sha256={digest}"},
    )  # fmt: skip
    process_waiting()
    return answered.status_code


def test_webhook_keeps_state_and_category_in_step(
    merchant: Merchant, phones: RunningPhones, settings: Any, client: Client
) -> None:
    settings.META_APP_SECRET = "app-secret"
    with merchant_scope(merchant.pk):
        name = template(merchant).name
    body = meta(name, "message_template_status_update", event="PAUSED", reason="LOW_QUALITY")
    assert post(client, body, "wrong") == 401
    assert post(client, body) == 200
    assert post(client, meta(name, "template_category_update", new_category="MARKETING")) == 200
    with merchant_scope(merchant.pk):
        row = WhatsAppTemplate.objects.get()
        assert (row.state, row.reason, row.recategorised_to) == (
            "paused", "LOW_QUALITY", "MARKETING",
        )  # fmt: skip


def test_event_that_is_not_known_changes_nothing(
    merchant: Merchant, phones: RunningPhones, settings: Any, client: Client
) -> None:
    settings.META_APP_SECRET = "app-secret"
    with merchant_scope(merchant.pk):
        name = template(merchant).name
        WhatsAppTemplate.objects.update(state="approved")
    post(client, meta(name, "message_template_status_update", event="SINGING"))
    with merchant_scope(merchant.pk):
        assert WhatsAppTemplate.objects.get().state == "approved"


def test_handshake_answers_only_with_the_right_word(settings: Any, client: Client) -> None:
    settings.META_VERIFY_TOKEN = "our-word"
    query = {"hub.mode": "subscribe", "hub.challenge": "12345", "hub.verify_token": "our-word"}
    assert client.get("/hooks/templates/meta/", query).content == b"12345"
    wrong = client.get("/hooks/templates/meta/", query | {"hub.verify_token": "theirs"})
    assert b"12345" not in wrong.content
