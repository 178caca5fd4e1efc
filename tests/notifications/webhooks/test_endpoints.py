"""Endpoints: what may be one, switching, replays, health, and what is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lib import personal_data
from lib.personal_data import Person
from merchants.models import Merchant
from notifications.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from notifications.webhooks import endpoints, replay, retention
from notifications.webhooks.endpoints import Refused
from notifications.webhooks.health import Health, health_of, state_of
from notifications.webhooks.wire import Wire
from tests import factories
from tests.notifications.conftest import hear
from tests.notifications.webhooks.conftest import Program, listen, queue_all, send
from tests.stores.playing import Said
from tracking.models import Order


@pytest.fixture
def endpoint(scope: Merchant, program: Program) -> WebhookEndpoint:
    return listen(scope, program, "parcel.out_for_delivery")


def news(merchant: Merchant) -> None:
    parcel = factories.shipment(merchant, carrier="aramex")
    hear(parcel, (2, "out.on_vehicle"), now=timezone.now())


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("shop.example/hooks", endpoints.NOT_A_URL),
        ("ftp://shop.example", endpoints.NOT_A_URL),
        ("https://", endpoints.NOT_A_URL),
        ("https://shop.example/a b", endpoints.NOT_A_URL),
        ("https://shop.example:99999/", endpoints.NOT_A_URL),
        ("https://me:pw@shop.example/", endpoints.HAS_PASSWORD),
        ("http://shop.example/hooks", endpoints.NOT_SAFE),
        ("https://10.0.0.1/hooks", endpoints.NOT_PUBLIC),
        ("https://[::1]/hooks", endpoints.NOT_PUBLIC),
        ("https://localhost/hooks", endpoints.NOT_PUBLIC),
    ],
)
def test_address_that_we_do_not_call(url: str, problem: str) -> None:
    with pytest.raises(Refused) as caught:
        endpoints.check_url(url)
    assert caught.value.args == (problem,)


def test_address_is_taken_tidied() -> None:
    assert (
        endpoints.check_url(" https://shop.example/hooks?a=1 ") == "https://shop.example/hooks?a=1"
    )


def test_events_are_kept_in_our_order_and_once() -> None:
    chosen = ["parcel.delivered", "order.placed", "parcel.delivered"]
    assert endpoints.check_events(chosen) == ["order.placed", "parcel.delivered"]
    assert endpoints.check_events(["order.placed", "*"]) == ["*"]
    with pytest.raises(Refused):
        endpoints.check_events([])


def test_secret_is_in_no_column(scope: Merchant, program: Program) -> None:
    made, secret = endpoints.add(
        merchant=scope, url=program.url, events=["*"], by=None, now=timezone.now()
    )
    assert secret.startswith("whsec_")
    row = WebhookEndpoint.objects.filter(pk=made.pk).values().get()
    assert secret not in str(row)


def test_there_is_an_end_to_endpoints(
    scope: Merchant, endpoint: WebhookEndpoint, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MOST", 1)
    with pytest.raises(Refused):
        listen(scope, program)


def test_switching_on_again_offers_what_was_missed(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    now = timezone.now() - timedelta(minutes=1)
    news(scope)
    queue_all()
    endpoints.change(endpoint, is_on=False, now=now)
    assert WebhookDelivery.objects.get().problem == endpoints.SWITCHED_OFF
    news(scope)
    queue_all()
    assert WebhookDelivery.objects.count() == 1
    assert replay.send_missed(endpoint, now=timezone.now()) == 0  # it is off
    endpoints.change(endpoint, is_on=True, now=timezone.now())
    assert (endpoint.failures, endpoint.stopped_for) == (0, "")
    assert replay.send_missed(endpoint, now=timezone.now()) == 2
    queue_all()
    assert send(wire) == 2
    endpoint.refresh_from_db()
    assert (endpoint.missed_from, endpoint.missed_until) == (None, None)


def test_what_was_missed_may_be_left(scope: Merchant, endpoint: WebhookEndpoint) -> None:
    endpoints.change(endpoint, is_on=False, now=timezone.now())
    endpoints.change(endpoint, is_on=True, now=timezone.now())
    replay.leave_missed(endpoint)
    assert replay.send_missed(endpoint, now=timezone.now()) == 0


def test_one_is_replayed_with_its_id(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    news(scope)
    queue_all()
    row = WebhookDelivery.objects.select_related("endpoint").get()
    assert replay.replay(row, now=timezone.now()) is False  # it waits
    send(wire)
    assert replay.replay(row, now=timezone.now()) is True
    send(wire)
    assert len({one.headers["webhook-id"] for one in program.asked}) == 1
    assert len(program.asked) == 2


def test_all_that_failed_since_are_replayed(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint
) -> None:
    now = timezone.now()
    for hours in (1, 30):
        news(scope)
        queue_all()
        WebhookDelivery.objects.filter(state="waiting").update(
            state="failed", finished_at=now - timedelta(hours=hours)
        )
    assert replay.replay_failed(endpoint, since=now - timedelta(hours=24), now=now) == 1


def test_health_is_counted_from_the_tries(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    assert health_of([endpoint], now=timezone.now()) == {endpoint.pk: Health()}
    assert state_of(endpoint) == "unknown"
    program.says = [Said(status=500)]
    news(scope)
    news(scope)
    queue_all()
    send(wire)
    WebhookAttempt.objects.update(took_ms=120)
    found = health_of([endpoint], now=timezone.now())[endpoint.pk]
    assert found == Health(2, 1, 2, 1, p95_ms=120, waiting=1)
    assert (found.share_day, found.share_week) == (0.5, 0.5)
    week = health_of([endpoint], now=timezone.now() + timedelta(days=2))[endpoint.pk]
    assert (week.tries_day, week.tries_week) == (0, 2)


def test_old_deliveries_are_forgotten(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    news(scope)
    news(scope)
    queue_all()
    send(wire)
    old = WebhookDelivery.objects.order_by("pk")[0]
    WebhookDelivery.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert retention.forget(now=timezone.now()) == 1
    assert not WebhookAttempt.objects.filter(delivery_id=old.pk).exists()
    assert WebhookDelivery.objects.count() == 1


def test_removed_endpoint_leaves_nothing(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    news(scope)
    queue_all()
    endpoints.remove(endpoint, now=timezone.now())
    assert (list(endpoints.endpoints()), endpoint.secrets) == ([], "")
    assert send(wire) == 0
    assert [retention.forget(now=timezone.now()) for _ in range(2)] == [1, 0]
    assert not WebhookEndpoint.objects.exists()


def test_person_is_exported_and_erased(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.says = [Said({"customer": "sara"})]
    news(scope)
    queue_all()
    send(wire)
    news(scope)
    queue_all()
    person = Person(order_ids=frozenset(Order.objects.values_list("pk", flat=True)))
    assert len(personal_data.export_person(person)["webhooks"]) == 2
    personal_data.erase_person(person)
    assert set(WebhookDelivery.objects.values_list("body", "state")) == {
        ("", "delivered"), ("", "failed"),
    }  # fmt: skip
    assert WebhookAttempt.objects.get().response_body == ""
    assert send(wire) == 0
    assert personal_data.export_person(person)["webhooks"] == []
