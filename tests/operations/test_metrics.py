"""/metrics tells what the rows and all processes say, names nobody, and costs little."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from carriers.base import CarrierError
from carriers.calls import Account, Answer, Call
from carriers.models import CarrierAccount
from carriers.registry import CARRIERS
from inbox.models import Delivery
from lib import tally
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.models import Message, PageCode, WebhookDelivery
from operations import heartbeat, queues
from tests import everything, factories
from tests.everything import MARK
from tracking.models import Change, DeliveryAnswer, Order, Outbox, Watch
from tracking.polling_health import note_answers

#: Questions of one scrape: ten, the time limit, and the scope with its savepoint.
BUDGET = 15


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    tally._pending.clear()
    heartbeat._written.clear()
    yield
    tally._pending.clear()


def scrape(client: Client, **options: Any) -> dict[tuple[str, tuple[str, ...]], float]:
    """(name without `homeward_`, label values) to value."""
    text = client.get("/metrics", **options).content.decode()
    return {
        (one.name.removeprefix("homeward_"), tuple(one.labels.values())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def make_late(merchant: Merchant) -> None:
    """One row late in every queue: parcels, answers, webhooks, turns and messages."""
    now = timezone.now()
    everything.make(merchant)
    with merchant_scope(merchant.pk):
        ago = now - timedelta(minutes=10)
        Watch.objects.update(next_ask_at=ago, review_at=ago)
        DeliveryAnswer.objects.update(due_at=ago)
        Delivery.objects.update(next_attempt_at=ago)
        Outbox.objects.update(due_at=ago)
        PageCode.objects.all().delete()
        Message.objects.filter(topic="page_code").delete()
        Message.objects.update(due_at=ago)
        WebhookDelivery.objects.update(due_at=ago)


def test_what_waits_is_counted_with_its_age(client: Client, merchant: Merchant) -> None:
    make_late(merchant)
    found = scrape(client)
    names = (
        "ask", "review", "answers", "webhooks", "webhooks_out", "outbox:test", "messages:email",
    )  # fmt: skip
    assert {name: found["queue_waiting", (name,)] for name in names} == dict.fromkeys(names, 1.0)
    ages = [found["queue_oldest_seconds", (name,)] for name in names]
    assert all(600 <= age < 660 for age in ages)
    assert found["parcels_due_not_asked", ()] == 1.0
    assert (found["up", ("database",)], found["up", ("redis",)]) == (1.0, 1.0)


def test_messages_by_channel_and_state_and_their_delay(client: Client, merchant: Merchant) -> None:
    make_late(merchant)
    now = timezone.now()
    with merchant_scope(merchant.pk):
        Change.objects.update(created_at=now - timedelta(seconds=100))
        Message.objects.update(state=Message.State.SENT, sent_at=now - timedelta(seconds=60))
    found = scrape(client)
    assert found["recent_messages", ("email", "sent")] == 1.0
    assert found["message_delay_seconds", ("email", "0.9")] == pytest.approx(40.0)


def test_old_messages_say_nothing_of_the_delay_now(client: Client, merchant: Merchant) -> None:
    make_late(merchant)
    with merchant_scope(merchant.pk):
        Message.objects.update(state="sent", sent_at=timezone.now() - timedelta(hours=1))
    assert [name for name, _ in scrape(client) if name == "message_delay_seconds"] == []


def test_carriers_errors_are_counted_by_carrier_and_kind(
    client: Client, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        account = CarrierAccount.objects.create(merchant=merchant, carrier="ups")
        error = CarrierError("The carrier's server failed (503)", kind="unavailable")
        call = Call(CARRIERS["ups"], Account("1", ""), ())
        answers = [(account, Answer(call, error=error, http_status=503))] * 2
        note_answers(answers, now=timezone.now())
    assert scrape(client)["carrier_errors_total", ("ups", "unavailable")] == 2.0


def test_requests_are_counted_by_route(client: Client, merchant: Merchant) -> None:
    client.get("/p/noor/")
    client.get("/p/nobody/")
    client.get("/nowhere/at/all")
    found = scrape(client)
    route = "p/<slug:merchant>/"
    assert found["requests_total", ("GET", route, "200")] == 1.0
    assert found["requests_total", ("GET", route, "404")] == 1.0
    assert found["requests_total", ("GET", "unknown", "404")] == 1.0
    assert found["request_seconds_count", (route,)] == 2.0
    assert found["request_seconds_bucket", ("+Inf", route)] == 2.0


def test_tasks_are_counted_with_outcome_and_duration(client: Client, db: None) -> None:
    from tracking.tasks import review_due

    review_due.delay()
    found = scrape(client)
    assert found["tasks_total", ("success", "tracking.review_due")] == 1.0
    assert found["task_seconds_count", ("tracking.review_due",)] == 1.0


def test_failed_task_is_counted_and_its_words_are_not_written(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from hooks import tasks

    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError("no such shopper: sara@shopper.example")

    monkeypatch.setattr(tasks, "work", fail)
    with caplog.at_level(logging.INFO, logger="homeward.tasks"):
        ended = tasks.process_delivery.apply((1,), throw=False)
    assert "sara@" in str(ended.result)
    assert scrape(client)["tasks_total", ("failure", "hooks.process_delivery")] == 1.0
    ours = [one for one in caplog.records if one.name == "homeward.tasks"]
    assert [one.getMessage().partition(" at ")[0] for one in ours] == [
        "hooks.process_delivery failed: ValueError",
        "hooks.process_delivery failure",
    ]
    assert "sara@" not in "".join(one.getMessage() for one in ours)


def test_heartbeats_have_an_age(client: Client, db: None) -> None:
    heartbeat.write(heartbeat.BEAT, now=timezone.now() - timedelta(seconds=30))
    assert scrape(client)["heartbeat_age_seconds", ("beat",)] == pytest.approx(30.0, abs=5)


def test_no_label_names_a_merchant_or_a_person(client: Client, merchant: Merchant) -> None:
    make_late(merchant)
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
    client.get(f"/app/{merchant.slug}/orders/{order.pk}/")
    text = client.get("/metrics").content.decode()
    assert f"{order.number}" == MARK
    for secret in (MARK, merchant.slug, merchant.name, order.customer_email):
        assert secret not in text


def test_scrape_costs_the_same_for_one_merchant_and_for_many(
    client: Client, merchant: Merchant
) -> None:
    costs = []
    for number in (1, 30):
        for one in range(number):
            shop = factories.merchant(slug=f"shop-{number}-{one}")
            with merchant_scope(shop.pk):
                factories.shipment(shop)
        with CaptureQueriesContext(connection) as captured:
            client.get("/metrics")
        costs.append(len(captured))
    assert costs == [BUDGET, BUDGET]


@pytest.mark.parametrize(
    "table",
    [
        "tracking_watch",
        "tracking_deliveryanswer",
        "inbox_delivery",
        "tracking_outbox",
        "notifications_webhookdelivery",
    ],
)
def test_due_rows_are_found_by_their_index(db: None, table: str) -> None:
    """As the application's role, under the policies: no table is read from end to end."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SELECT set_config('rls.is_admin', 'true', true)")
        column = {"tracking_watch": "next_ask_at", "inbox_delivery": "next_attempt_at"}.get(
            table, "due_at"
        )
        condition = {
            "tracking_watch": "TRUE",
            "tracking_deliveryanswer": "TRUE",
            "inbox_delivery": "outcome = 'waiting'",
            "tracking_outbox": "done_at IS NULL",
            "notifications_webhookdelivery": "state = 'waiting'",
        }[table]
        statement = queues._DUE.format(table=table, column=column, condition=condition)
        cursor.execute(f"EXPLAIN {statement}", {"now": timezone.now(), "most": queues.MOST})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan


# --- who may ask ------------------------------------------------------------------------------


def test_without_a_token_only_direct_private_callers_may_ask(client: Client, db: None) -> None:
    assert client.get("/metrics", REMOTE_ADDR="172.18.0.7").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="8.8.8.8").status_code == 404
    proxied = {"X-Forwarded-For": "172.18.0.7"}
    assert client.get("/metrics", headers=proxied).status_code == 404


def test_with_a_token_whoever_knows_it_may_ask(
    client: Client, db: None, settings: Settings
) -> None:
    settings.METRICS_TOKEN = "a-token-of-twenty-letters"
    for given, status in (
        ("Bearer a-token-of-twenty-letters", 200),
        ("Bearer another", 401),
        ("", 401),
    ):
        headers = {"Authorization": given, "X-Forwarded-For": "8.8.8.8"}
        assert client.get("/metrics", headers=headers).status_code == status


def test_dead_redis_leaves_the_rows(client: Client, db: None, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    found = scrape(client)
    assert (found["up", ("database",)], found["up", ("redis",)]) == (1.0, 0.0)
    assert found["queue_waiting", ("ask",)] == 0.0
