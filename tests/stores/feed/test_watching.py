"""From a shop's orders to a gap: learned once, suspected once, told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail

from dashboard.feed_mail import tell_owners
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from stores.connect import connect_store
from stores.feed.gaps import note_sweep
from stores.feed.learning import learn
from stores.feed.reading import feed_of, last_week
from stores.feed.sweeper import Answer, answer_of
from stores.feed.watching import learn_all, suspect, watch
from stores.models import ApiState, FeedModel, Gap, StoreConnection
from stores.shop import Hook
from stores.sweeping import Swept
from tests import factories
from tests.factories import NOW
from tracking.models import Order

HOUR = timedelta(hours=1)


@pytest.fixture
def store(merchant: Merchant) -> StoreConnection:
    """A shop that we may ask, with an order every two hours for ten weeks; heard just now."""
    store = connect_store(
        merchant=merchant, platform="woocommerce", name="Noor", secret="whsec-1234",
        external_id="noor.example",
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        StoreConnection.objects.filter(pk=store.pk).update(
            api_state=ApiState.WORKING, last_received_at=NOW
        )
        _orders(store, [NOW - n * 2 * HOUR for n in range(70 * 12)])
        store.refresh_from_db()
    return store


def _orders(store: StoreConnection, moments: list[datetime]) -> None:
    known = Order.objects.count()
    Order.objects.bulk_create(
        Order(
            merchant_id=store.merchant_id, source=store.source, external_id=f"x{known + n}",
            number=f"x{known + n}", placed_at=at, announce_from=at, country="AE",
        )
        for n, at in enumerate(moments)
    )  # fmt: skip


@pytest.fixture
def model(store: StoreConnection) -> Callable[[], FeedModel]:
    learn_all(now=NOW)

    def read() -> FeedModel:
        with merchant_scope(store.merchant_id):
            return FeedModel.objects.get(store=store)

    return read


def gaps(store: StoreConnection) -> list[Gap]:
    with merchant_scope(store.merchant_id):
        return list(Gap.objects.filter(store=store).order_by("pk"))


def answering(*answers: Answer) -> Callable[[int, datetime], Answer]:
    left = list(answers)
    return lambda _store, _now: left.pop(0)


def due(model: Callable[[], FeedModel]) -> datetime:
    at = model().due_at
    assert at is not None
    return at


def test_hour_is_learned_once(store: StoreConnection, model: Callable[[], FeedModel]) -> None:
    before = model()
    learn_all(now=NOW)
    after = model()
    assert (after.learned, after.counts) == (before.learned, before.counts)
    assert after.learned_until == NOW - HOUR


def test_learning_in_parts_is_learning_at_once(store: StoreConnection) -> None:
    with merchant_scope(store.merchant_id):
        for hours in (900, 400, 30):
            learn(store, now=NOW - hours * HOUR)
        StoreConnection.objects.filter(pk=store.pk).update(last_received_at=NOW)
        store.refresh_from_db()
        parts = learn(store, now=NOW)
        assert parts is not None
        counts = list(parts.counts)
        FeedModel.objects.all().delete()
        whole = learn(store, now=NOW)
    assert whole is not None
    assert counts == whole.counts


def test_silence_teaches_only_once_explained(
    store: StoreConnection, model: Callable[[], FeedModel]
) -> None:
    learn_all(now=NOW + 8 * HOUR)
    assert model().learned_until == NOW - HOUR + HOUR


def test_silence_is_looked_into_when_it_is_improbable(
    store: StoreConnection, model: Callable[[], FeedModel]
) -> None:
    at = due(model)
    assert 14 * HOUR < at - NOW < 22 * HOUR  # an order every two hours, some nine are missing
    assert watch(now=at - HOUR, ask=answering()) == []
    watch(now=at, ask=answering(Answer(recovered=7, repaired=True, cause=Gap.Cause.SWITCHED_OFF)))
    (gap,) = gaps(store)
    assert (gap.silent_since, gap.found, gap.closed_at, gap.tells) == (NOW, 7, at, True)
    assert gap.probability == pytest.approx(1e-3, rel=0.05)


def test_webhook_that_came_meanwhile_puts_suspicion_off(
    store: StoreConnection, model: Callable[[], FeedModel]
) -> None:
    at = due(model)
    with merchant_scope(store.merchant_id):
        StoreConnection.objects.filter(pk=store.pk).update(last_received_at=at - HOUR)
    assert suspect(now=at) == []
    assert due(model) > at + 12 * HOUR


def test_look_in_vain_is_kept_and_told_to_nobody(
    store: StoreConnection, model: Callable[[], FeedModel], merchant: Merchant
) -> None:
    factories.user(merchant)
    at = due(model)
    watch(now=at, ask=answering(Answer()))
    (gap,) = gaps(store)
    assert (gap.found, gap.closed_at, gap.tells) == (0, at, False)
    assert tell_owners(now=at) == 0
    assert mail.outbox == []
    assert due(model) - at > 2 * (at - NOW)


def test_claimed_suspicion_is_not_taken_twice(
    store: StoreConnection, model: Callable[[], FeedModel]
) -> None:
    at = due(model)
    assert len(suspect(now=at)) == 1
    assert suspect(now=at) == []


def test_shop_that_may_not_be_asked_is_not_suspected(
    store: StoreConnection, model: Callable[[], FeedModel]
) -> None:
    with merchant_scope(store.merchant_id):
        StoreConnection.objects.filter(pk=store.pk).update(api_state=ApiState.NONE)
    assert suspect(now=due(model)) == []


def test_owner_hears_in_the_own_language_what_came_back(
    store: StoreConnection, model: Callable[[], FeedModel], merchant: Merchant
) -> None:
    owner = factories.user(merchant)
    factories.user(merchant, role=Role.AGENT, email="agent@noor.example")
    owner.language = "en"
    owner.save()
    at = due(model)
    watch(now=at, ask=answering(Answer(recovered=7, repaired=True, cause=Gap.Cause.SWITCHED_OFF)))
    assert tell_owners(now=at) == 1
    assert tell_owners(now=at) == 0
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([owner.email], "Orders of Noor came back")
    assert (
        "Noor did not tell us of all orders. We asked it ourselves: 7 orders came back."
        " WooCommerce had switched the webhook off. The webhook is on again."
    ) in str(sent.body)


def test_one_refusal_is_a_hiccup_two_are_told(
    store: StoreConnection, model: Callable[[], FeedModel], merchant: Merchant
) -> None:
    factories.user(merchant)
    at = due(model)
    watch(now=at, ask=answering(Answer(problem="HTTP 401")))
    assert tell_owners(now=at) == 0
    again = at + timedelta(minutes=15)
    watch(now=again, ask=answering(Answer(problem="HTTP 401")))
    assert tell_owners(now=again) == 1
    assert mail.outbox[0].subject == "Noor does not answer"
    watch(now=again + HOUR, ask=answering(Answer(recovered=3)))
    assert tell_owners(now=again + HOUR) == 1
    assert mail.outbox[1].subject == "Orders of Noor came back"


def test_orders_that_only_a_sweep_finds_make_the_webhook_looked_at(
    store: StoreConnection, model: Callable[[], FeedModel]
) -> None:
    note_sweep(store.pk, Answer(), now=NOW)
    assert gaps(store) == []
    note_sweep(store.pk, Answer(recovered=2), now=NOW)
    watch(now=NOW, ask=answering(Answer(repaired=True)))
    (gap,) = gaps(store)
    assert (gap.found, gap.webhook_repaired, gap.tells, gap.probability) == (2, True, True, None)


def test_second_gap_within_hours_waits_for_its_mail(
    store: StoreConnection, model: Callable[[], FeedModel], merchant: Merchant
) -> None:
    factories.user(merchant)
    for hours in (0, 1, 2):
        note_sweep(store.pk, Answer(recovered=1, repaired=True), now=NOW + hours * HOUR)
        tell_owners(now=NOW + hours * HOUR)
    assert len(mail.outbox) == 1
    assert tell_owners(now=NOW + 13 * HOUR) == 1
    assert "2 orders came back" in str(mail.outbox[1].body)


def test_recovered_orders_teach(store: StoreConnection, model: Callable[[], FeedModel]) -> None:
    at = due(model)
    with merchant_scope(store.merchant_id):
        _orders(store, [NOW + n * HOUR for n in range(1, 10)])
    before = sum(model().counts)
    watch(now=at, ask=answering(Answer(recovered=9)))
    assert sum(model().counts) > before + 5


def test_answer_says_what_had_become_of_the_webhook() -> None:
    def cause(mended: str) -> tuple[bool, str]:
        answer = answer_of(Swept(mended=(Hook("orders", "1", mended=mended),) if mended else ()))  # type: ignore[arg-type]
        return answer.repaired, answer.cause

    assert [cause(word) for word in ("", "made", "switched on", "moved")] == [
        (False, "unknown"),
        (True, "removed"),
        (True, "switched_off"),
        (True, "unknown"),
    ]


def test_feed_is_read_as_people_see_it(
    store: StoreConnection, model: Callable[[], FeedModel]
) -> None:
    with merchant_scope(store.merchant_id):
        store.refresh_from_db()
        now, later = feed_of(store, now=NOW + HOUR), feed_of(store, now=NOW + 16 * HOUR)
        days = last_week(store, now=NOW)
    assert (now.state, later.state) == ("usual", "unusual")
    assert later.odds > 100
    assert [sum(n or 0 for n in day.came) for day in days[:6]] == [12] * 6
    assert days[-1].came[13:] == (None,) * 11
