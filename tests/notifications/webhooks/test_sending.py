"""Over real HTTP to a server that answers, fails, hangs, redirects, is gone, or hangs up."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from lib.encryption import unseal
from merchants.models import Merchant
from notifications.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from notifications.webhooks import endpoints, outcomes, sending, wire
from notifications.webhooks.wire import Wire
from tests import factories
from tests.notifications.conftest import hear
from tests.notifications.webhooks.conftest import Program, listen, queue_all, send
from tests.stores.playing import Said, playing
from tracking.models import Outbox


def news(merchant: Merchant, count: int = 1) -> list[WebhookDelivery]:
    """Parcels out for delivery; their deliveries."""
    for _ in range(count):
        hear(factories.shipment(merchant, carrier="aramex"), (2, "out.on_vehicle"))
    queue_all()
    return list(WebhookDelivery.objects.order_by("pk"))


@pytest.fixture
def endpoint(scope: Merchant, program: Program) -> WebhookEndpoint:
    return listen(scope, program, "parcel.out_for_delivery")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever does not answer within a second is late."""
    monkeypatch.setattr(wire, "SECONDS", 1.0)
    return


def test_what_is_sent_is_verified_by_the_standards_own_library(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    (row,) = news(scope)
    assert send(wire) == 1
    (asked,) = program.asked
    secret = unseal(endpoint.secrets)["current"]
    payload = Webhook(secret).verify(asked.body.decode(), dict(asked.headers))
    assert payload["type"] == "parcel.out_for_delivery"
    assert (asked.headers["webhook-id"], asked.method) == (row.webhook_id, "POST")
    assert asked.headers["content-type"] == "application/json"
    row.refresh_from_db()
    assert (row.state, row.attempts, row.problem) == ("delivered", 1, "")


def test_both_secrets_sign_for_a_day_after_a_change(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    old = unseal(endpoint.secrets)["current"]
    new = endpoints.rotate(endpoint, now=timezone.now())
    news(scope)
    send(wire)
    (asked,) = program.asked
    for secret in (old, new):
        assert Webhook(secret).verify(asked.body.decode(), dict(asked.headers))
    later = timezone.now() + timedelta(hours=24, seconds=1)
    assert endpoints.secrets_of(endpoint, now=later) == [new]


def test_change_is_queued_once_for_each_endpoint_that_wants_it(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    other = listen(scope, program, "order.cancelled")
    every = listen(scope, program)
    news(scope)
    Outbox.objects.update(done_at=None, due_at=timezone.now())
    queue_all()
    found = WebhookDelivery.objects.filter(event="parcel.out_for_delivery")
    assert sorted(found.values_list("endpoint_id", flat=True)) == [endpoint.pk, every.pk]
    assert len(set(found.values_list("webhook_id", flat=True))) == 1
    assert not WebhookDelivery.objects.filter(endpoint=other).exists()


def test_merchant_without_endpoints_has_no_turns(scope: Merchant) -> None:
    hear(factories.shipment(scope, carrier="aramex"), (2, "out.on_vehicle"))
    assert not Outbox.objects.filter(consumer="webhooks").exists()


def test_error_is_tried_again_later_with_the_same_id_and_body(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.says = [Said({"why": "down"}, status=500)]
    (row,) = news(scope)
    before = timezone.now()
    send(wire)
    row.refresh_from_db()
    assert (row.state, row.problem) == ("waiting", outcomes.REFUSED)
    assert timedelta(seconds=4) < row.due_at - before < timedelta(seconds=20)
    tried = WebhookAttempt.objects.get()
    assert (tried.status, tried.response_body) == (500, '{"why": "down"}')
    assert tried.request_headers["webhook-id"] == row.webhook_id
    assert tried.response_headers["content-type"] == "application/json; charset=utf-8"
    WebhookDelivery.objects.update(due_at=timezone.now())
    send(wire)
    first, second = program.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    row.refresh_from_db()
    endpoint.refresh_from_db()
    assert (row.state, endpoint.failures, endpoint.failing_since) == ("delivered", 0, None)


def test_retry_after_is_heard_for_the_whole_endpoint(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.says = [Said(status=429, headers={"Retry-After": "600"})]
    first, _ = news(scope, 2)
    WebhookEndpoint.objects.update(failures=3)  # one at a time
    send(wire)
    assert len(program.asked) == 1
    endpoint.refresh_from_db()
    first.refresh_from_db()
    assert endpoint.paused_until is not None
    wait = timedelta(seconds=590)
    assert endpoint.paused_until - timezone.now() > wait
    assert first.due_at - timezone.now() > wait
    assert (first.problem, endpoint.last_problem) == (outcomes.ASKED_TO_WAIT,) * 2


def test_redirect_is_not_followed(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.says = [Said(status=302, headers={"Location": f"{program.played.url}/elsewhere"})]
    (row,) = news(scope)
    send(wire)
    assert [one.path for one in program.asked] == ["/hooks"]
    row.refresh_from_db()
    assert (row.state, row.problem) == ("waiting", outcomes.REDIRECTED)


def test_gone_switches_the_endpoint_off_at_once(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.says = [Said(status=410)]
    news(scope, 2)
    WebhookEndpoint.objects.update(failures=3)  # one at a time
    send(wire)
    endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.stopped_for, len(program.asked)) == (False, "gone", 1)
    found = WebhookDelivery.objects.order_by("pk").values_list("state", "problem")
    assert list(found) == [("failed", endpoints.SWITCHED_OFF)] * 2


@pytest.mark.parametrize(
    ("mode", "problem"), [("silence", wire.TIME_OUT), ("reset", wire.NO_CONNECTION)]
)
def test_no_answer_is_told_in_words(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire, hurried: None,
    mode: str, problem: str,
) -> None:  # fmt: skip
    program.played.fail(mode)  # type: ignore[arg-type]
    (row,) = news(scope)
    send(wire)
    row.refresh_from_db()
    assert (row.state, row.problem) == ("waiting", problem)
    assert WebhookAttempt.objects.values_list("status", "problem").get() == (None, problem)


def test_nobody_listens(scope: Merchant, program: Program, wire: Wire) -> None:
    endpoint = listen(scope, program)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url="http://127.0.0.1:9/hooks")
    row = news(scope)[0]
    send(wire)
    row.refresh_from_db()
    # Not in OUTBOUND_ALLOW: it is not even tried to be reached.
    assert row.problem == "The address leads into a private network, which we do not call."


def test_name_that_leads_home_is_refused(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    WebhookEndpoint.objects.update(url="https://localhost:9/hooks")
    (row,) = news(scope)
    send(wire)
    row.refresh_from_db()
    assert row.problem == "The address leads into a private network, which we do not call."


def test_slow_endpoint_holds_up_nobody_else(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    answered: list[str] = []

    def slow(_asked: object) -> Said:
        time.sleep(0.4)
        answered.append("slow")
        return Said()

    with playing(slow) as other, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTBOUND_ALLOW", f"{program.played.host},{other.host}")
        second = Wire()
        slug = f"{other.url}/hooks"
        endpoints.add(
            merchant=scope, url=slug, events=["parcel.out_for_delivery"], by=None,
            now=timezone.now(),
        )  # fmt: skip
        news(scope, 20)
        true = program.answer

        def quick(asked: object) -> Said:
            answered.append("quick")
            return true(asked)  # type: ignore[arg-type]

        program.played.handler = quick
        assert send(second) == 40
        second.close()
    # Twenty slow ones, eight at a time, take three rounds; the quick ones did not wait for them.
    assert answered.count("quick") == 20
    assert answered[-8:] == ["slow"] * 8


def test_answers_are_kept_cut_and_as_text(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.says = [
        Said(b"\x00\xff" + b"x" * 100_000, headers={"Set-Cookie": "secret", "X-Seen": "yes"})
    ]
    news(scope)
    send(wire)
    tried = WebhookAttempt.objects.get()
    assert len(tried.response_body) == wire_kept()
    assert tried.response_body.startswith("\N{REPLACEMENT CHARACTER}" * 2)
    assert tried.response_headers["x-seen"] == "yes"
    assert "set-cookie" not in tried.response_headers


def wire_kept() -> int:
    return wire.KEPT_BYTES


def test_worker_that_dies_before_noting_delivers_again_with_the_same_id(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    news(scope)

    def die(*_args: object, **_named: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(outcomes, "note", die)
        with pytest.raises(SystemExit):
            send(wire)
    assert send(wire) == 0  # the claim still stands
    later = timezone.now() + timedelta(seconds=61)
    assert sending.send_due(clock=lambda: later, seconds=20, wire=wire) == 1
    first, second = program.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert WebhookDelivery.objects.get().state == "delivered"


def test_two_workers_take_different_deliveries(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint
) -> None:
    news(scope, 3)
    now = timezone.now()
    assert len(sending.claim(now=now, busy=[], most=2)) == 2
    assert len(sending.claim(now=now, busy=[], most=2)) == 1
    assert sending.claim(now=now, busy=[], most=2) == []


def test_failing_endpoint_is_tried_one_at_a_time_and_rests(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.played.go_down()
    news(scope, 20)
    send(wire)
    endpoint.refresh_from_db()
    assert len(program.asked) == sending.EACH
    assert endpoint.failures == sending.EACH
    assert endpoint.paused_until is not None
    assert endpoint.paused_until > timezone.now()
    WebhookEndpoint.objects.update(paused_until=None)
    send(wire)
    assert len(program.asked) == sending.EACH + 1


def test_after_three_days_a_delivery_is_given_up(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.played.go_down()
    first, second = news(scope, 2)
    old = timezone.now() - timedelta(hours=72)
    WebhookDelivery.objects.filter(pk=first.pk).update(began_at=old)
    send(wire)
    first.refresh_from_db()
    assert (first.state, first.problem) == ("failed", outcomes.REFUSED)
    WebhookDelivery.objects.filter(pk=second.pk).update(
        began_at=old - timedelta(hours=1), due_at=old
    )
    assert outcomes.give_up_old(now=timezone.now()) == 1
    second.refresh_from_db()
    assert (second.state, second.problem) == ("failed", outcomes.TOO_OLD)


def test_waits_grow_to_hours_and_differ() -> None:
    longest = [outcomes._wait(attempt) for attempt in range(1, 15)]
    assert longest[0] < timedelta(seconds=10)
    assert timedelta(hours=6) < longest[-1] < timedelta(hours=10)
    assert len({outcomes._wait(5) for _ in range(20)}) > 1


def test_five_days_of_failure_switch_it_off(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.played.go_down()
    news(scope)
    since = timezone.now() - timedelta(days=5)
    WebhookEndpoint.objects.update(failing_since=since, failures=9)
    send(wire)
    endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.stopped_for) == (False, "failing")
    assert (endpoint.missed_from, endpoint.told_at) == (since, None)


def test_four_days_do_not(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    program.played.go_down()
    news(scope)
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=4), failures=9)
    send(wire)
    endpoint.refresh_from_db()
    assert endpoint.is_on is True


def test_test_goes_out_at_once_also_to_one_that_is_off(
    scope: Merchant, program: Program, endpoint: WebhookEndpoint, wire: Wire
) -> None:
    endpoints.switch_off(endpoint, now=timezone.now())
    program.says = [Said(status=500)]
    row = endpoints.send_test(endpoint, now=timezone.now())
    send(wire)
    (asked,) = program.asked
    assert json.loads(asked.body)["type"] == "webhook.test"
    row.refresh_from_db()
    # Tried once: somebody looks at it.
    assert (row.state, row.problem) == ("failed", outcomes.REFUSED)
