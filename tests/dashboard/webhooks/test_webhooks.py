"""Webhooks in the dashboard: added, tried out, looked at, sent again, stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from dashboard.webhooks.mail import tell_owners
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.webhooks import endpoints, sending
from notifications.webhooks.wire import Wire
from tests import factories
from tests.dashboard.conftest import SignIn, link_in
from tests.notifications.conftest import hear
from tests.notifications.webhooks.conftest import Program, queue_all
from tests.stores.playing import Said, playing

BASE = "/app/noor/settings/webhooks/"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    made = Program()
    with playing(made.answer) as played:
        made.played = played
        monkeypatch.setenv("OUTBOUND_ALLOW", played.host)
        wire = Wire()
        monkeypatch.setattr(sending, "shared", lambda: wire)
        yield made
        wire.close()


@pytest.fixture
def owner(merchant: Merchant, sign_in: SignIn) -> Client:
    return sign_in(Role.OWNER)


def added(client: Client, program: Program, **fields: Any) -> tuple[int, str]:
    """Add an endpoint on the page; its id and its secret as the page shows it."""
    body = {"url": program.url, "description": "Our ERP", "events": "*"} | fields
    page = client.post(f"{BASE}new/", body).content.decode()
    (secret,) = set(re.findall(r"whsec_[A-Za-z0-9+/=]+", page))
    with merchant_scope(Merchant.objects.get(slug="noor").pk):
        return WebhookEndpoint.objects.latest("pk").pk, secret


def test_secret_is_shown_once(owner: Client, program: Program) -> None:
    pk, secret = added(owner, program)
    page = owner.get(f"{BASE}{pk}/").content.decode()
    assert "whsec_" not in page
    changed = owner.post(f"{BASE}{pk}/secret/").content.decode()
    assert "whsec_" in changed
    assert secret not in changed


def test_mistakes_are_told_beside_the_field(owner: Client) -> None:
    page = owner.post(f"{BASE}new/", {"url": "http://shop.example/hooks", "events": "*"})
    assert page.status_code == 400
    assert "Use https" in page.content.decode()
    page = owner.post(f"{BASE}new/", {"url": "https://shop.example/hooks"})
    assert "Choose at least one event." in page.content.decode()


def test_events_are_chosen_from_a_list(owner: Client, merchant: Merchant, program: Program) -> None:
    pk, _ = added(owner, program, events=["parcel.delivered", "order.placed", "odd"])
    owner.post(f"{BASE}{pk}/change/", {"url": program.url, "events": ["order.placed"]})
    with merchant_scope(merchant.pk):
        assert WebhookEndpoint.objects.get().events == ["order.placed"]


def test_test_is_sent_and_shown(
    owner: Client, program: Program, django_capture_on_commit_callbacks: Any
) -> None:
    pk, _ = added(owner, program)
    program.says = [Said({"error": "no <b>luck</b>"}, status=500)]
    with django_capture_on_commit_callbacks(execute=True):
        answer = owner.post(f"{BASE}{pk}/test/")
    page = owner.get(answer["location"]).content.decode()
    assert program.heard()[0]["type"] == "webhook.test"
    assert "no &lt;b&gt;luck&lt;/b&gt;" in page
    assert "webhook-signature: v1," in page
    assert ">500<" in page


def test_test_under_way_looks_again_by_itself(owner: Client, program: Program) -> None:
    pk, _ = added(owner, program)
    answer = owner.post(f"{BASE}{pk}/test/")
    part = owner.get(answer["location"], headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="delivery" hx-get=')


def test_log_is_filtered_and_sent_again(
    owner: Client, merchant: Merchant, program: Program, django_capture_on_commit_callbacks: Any
) -> None:
    pk, _ = added(owner, program)
    with merchant_scope(merchant.pk):
        hear(factories.shipment(merchant, number="1042"), (2, "out.on_vehicle"))
    queue_all()
    with merchant_scope(merchant.pk):
        WebhookDelivery.objects.update(state="failed", finished_at=timezone.now())
    page = owner.get(f"{BASE}{pk}/?state=failed&event=parcel.out_for_delivery").content.decode()
    assert page.count('class="line"') == 1
    assert "1042" in page
    with django_capture_on_commit_callbacks(execute=True):
        owner.post(f"{BASE}{pk}/again/", {"since": "24"})
    with merchant_scope(merchant.pk):
        states = set(WebhookDelivery.objects.values_list("state", flat=True))
        sent = WebhookDelivery.objects.order_by("pk")[0]
    assert states == {"delivered"}
    told = len(program.asked)
    with django_capture_on_commit_callbacks(execute=True):
        owner.post(f"{BASE}sent/{sent.pk}/replay/")
    assert len(program.asked) == told + 1
    assert program.asked[-1].headers["webhook-id"] == sent.webhook_id


def test_switched_on_again_it_can_have_what_it_missed(
    owner: Client, merchant: Merchant, program: Program
) -> None:
    pk, _ = added(owner, program)
    owner.post(f"{BASE}{pk}/switch/", {"is_on": "no"})
    with merchant_scope(merchant.pk):
        hear(factories.shipment(merchant), (2, "out.on_vehicle"), now=timezone.now())
    owner.post(f"{BASE}{pk}/switch/", {"is_on": "yes"})
    assert "was not sent." in owner.get(f"{BASE}{pk}/").content.decode()
    owner.post(f"{BASE}{pk}/missed/", {"do": "send"})
    assert "was not sent." not in owner.get(f"{BASE}{pk}/").content.decode()
    with merchant_scope(merchant.pk):
        assert WebhookDelivery.objects.filter(event="parcel.out_for_delivery").count() == 1


def test_removed_is_nowhere(owner: Client, program: Program) -> None:
    pk, _ = added(owner, program)
    owner.post(f"{BASE}{pk}/remove/")
    assert owner.get(f"{BASE}{pk}/").status_code == 404
    assert (
        "Our ERP"
        not in owner.get(BASE).content.decode().partition("<main")[2].partition("is removed")[2]
    )


def test_every_change_is_in_the_activity(
    owner: Client, merchant: Merchant, program: Program
) -> None:
    pk, secret = added(owner, program)
    for what in ("secret", "test", "switch", "remove"):
        owner.post(f"{BASE}{pk}/{what}/")
    with merchant_scope(merchant.pk):
        entries = AuditEntry.objects.order_by("pk")
        assert [one.action for one in entries] == [
            "webhook.added", "webhook.secret_changed", "webhook.tested", "webhook.changed",
            "webhook.removed",
        ]  # fmt: skip
        assert secret not in str(list(entries.values()))
    assert "Added a webhook endpoint" in owner.get("/app/noor/audit/").content.decode()


def test_reader_sees_and_changes_nothing(
    owner: Client, merchant: Merchant, program: Program, sign_in: SignIn
) -> None:
    pk, _ = added(owner, program)
    reader = sign_in(Role.VIEWER)
    page = reader.get(f"{BASE}{pk}/").content.decode()
    assert "Send a test" not in page
    assert reader.post(f"{BASE}{pk}/test/").status_code == 403
    home = reader.get("/app/noor/").content.decode()
    assert f'href="{BASE}"' in home
    assert "/settings/keys/" not in home


@pytest.mark.parametrize(
    ("because", "words"),
    [("failing", "for five days"), ("gone", "410, gone")],
)
def test_owners_are_told_once_that_it_was_switched_off(
    owner: Client, merchant: Merchant, program: Program, because: str, words: str
) -> None:
    pk, _ = added(owner, program)
    now = timezone.now()
    with merchant_scope(merchant.pk):
        endpoint = WebhookEndpoint.objects.get()
        endpoints.switch_off(endpoint, now=now, because=because)
    assert tell_owners(now=now) == 1
    assert tell_owners(now=now + timedelta(hours=1)) == 0
    (sent,) = mail.outbox
    assert sent.subject == "The webhook endpoint Our ERP is switched off"
    assert words in str(sent.body)
    assert link_in(sent) == f"{BASE}{pk}/"
    home = owner.get("/app/noor/").content.decode()
    assert "1 webhook endpoint was switched off because it failed" in home
    assert "Look at Our ERP" in owner.get(BASE).content.decode()
    # Switched on, it begins anew.
    owner.post(f"{BASE}{pk}/switch/", {"is_on": "yes"})
    with merchant_scope(merchant.pk):
        endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.stopped_for, endpoint.told_at) == (True, "", None)
