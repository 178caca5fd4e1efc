"""Many messages at once: how many connections, whose turn it is, what if time runs out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings as configured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications import deliver, sending
from notifications.channels.base import Account, ChannelError, CutOff, Doubt, Letter
from notifications.channels.registry import CHANNELS
from notifications.claiming import claim
from notifications.compose import compose_due
from notifications.deliver import deliver_channel
from notifications.models import ChannelSetting, Message
from notifications.sending import Lines
from notifications.turns import shops_waiting
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import Postbox, hear
from tracking.models import Order

LANES = CHANNELS["email"].lanes


class Office:
    """A provider that many connections go to; it counts them, and does what `then` says."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.opened = self.at_once = self.most = 0
        self.lock = threading.Lock()
        self.slowness = 0.0
        self.raises: BaseException | None = None

    def connection(self, slug: str, account: Account | None) -> Postbox:
        office = self

        class Connection(Postbox):
            doubt = Doubt.SEND_AGAIN

            def send(self, letter: Letter) -> str:
                return office.take(letter)

        self.opened += 1
        return Connection()

    def take(self, letter: Letter) -> str:
        with self.lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        time.sleep(self.slowness)
        with self.lock:
            self.at_once -= 1
            self.letters.append(letter)
        if self.raises is not None:
            raise self.raises
        return f"id-{letter.reference}"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = Office()
    monkeypatch.setattr(sending, "open_channel", made.connection)
    yield made
    with redis.Redis.from_url(configured.REDIS_URL) as client:
        for key in client.scan_iter("message-*"):
            client.delete(key)


def write(merchant: Merchant, count: int) -> None:
    """So many waiting mails."""
    with merchant_scope(merchant.pk):
        for n in range(count):
            parcel = factories.shipment(
                merchant, number=f"#{merchant.slug}{n}", customer_email=f"s{n}@shopper.example"
            )
            hear(parcel, (2, "picked_up.accepted"))
    compose_due(now=NOW)


def sweep(**options: Any) -> deliver.Swept:
    return deliver_channel("email", clock=lambda: NOW, **{"limit": 1000} | options)


def rows(*names: str) -> list[Any]:
    with every_merchant("the test reads all"):
        flat = {"flat": True} if len(names) == 1 else {}
        found = Message.objects.filter(channel="email").order_by("pk")
        return list(found.values_list(*names, **flat))


def test_each_letter_is_sent_once_over_few_connections(merchant: Merchant, office: Office) -> None:
    write(merchant, 30)
    office.slowness = 0.01
    swept = sweep()
    assert (swept.taken, swept.is_over) == (30, True)
    assert len({letter.reference for letter in office.letters}) == len(office.letters) == 30
    assert office.most <= LANES
    assert office.opened <= LANES
    assert set(rows("state")) == {"sent"}
    assert rows("provider_id") == [f"id-{pk}" for pk in rows("pk")]


def test_claim_of_many_costs_as_many_queries_as_of_one(merchant: Merchant, office: Office) -> None:
    counts: list[int] = []
    for size in (1, 20):
        write(merchant, size)
        with CaptureQueriesContext(connection) as queries:
            haul = claim(Lines("email"), room=lambda _: 100, limit=100, now=NOW)
        assert len(haul.claimed) == size
        counts.append(len(queries))
        with merchant_scope(merchant.pk):
            Order.objects.all().delete()
    assert counts[0] == counts[1] <= 16


def test_burst_of_one_shop_leaves_another_its_turn(
    merchant: Merchant, other: Merchant, office: Office
) -> None:
    write(merchant, 12)
    write(other, 1)
    sweep(limit=4)
    assert {letter.from_name for letter in office.letters} == {"Noor Home", "Other Shop"}


def test_shops_with_nothing_due_have_no_turn(merchant: Merchant, other: Merchant) -> None:
    write(merchant, 1)
    write(other, 1)
    with merchant_scope(other.pk):
        Message.objects.update(due_at=NOW + timedelta(hours=1))
    with every_merchant("test"):
        assert shops_waiting("email", now=NOW) == [merchant.pk]


def test_what_exceeds_the_pace_waits_without_a_try(
    merchant: Merchant, office: Office, settings: Any
) -> None:
    settings.MESSAGES_PER_SECOND = {"email": 2.0}
    write(merchant, 5)
    swept = sweep()
    assert len(office.letters) == 2
    assert rows("state", "attempts")[2:] == [("waiting", 0)] * 3
    assert not swept.is_over
    assert swept.wait is not None
    assert 0 < swept.wait <= 1


def test_pace_that_found_no_message_is_given_back(
    merchant: Merchant, office: Office, settings: Any
) -> None:
    settings.MESSAGES_PER_SECOND = {"email": 3.0}
    write(merchant, 1)
    sweep()
    with merchant_scope(merchant.pk):
        Message.objects.update(state="waiting", due_at=NOW)
    sweep()
    assert len(office.letters) == 2


def test_account_that_asks_for_patience_is_left_alone(merchant: Merchant, office: Office) -> None:
    office.slowness, office.raises = 0.05, ChannelError("slow down", retry_after=30)
    write(merchant, LANES * 4)
    sweep()
    tried = len(office.letters)
    assert tried < LANES * 4
    assert sorted(rows("attempts")) == [0] * (LANES * 4 - tried) + [1] * tried
    sweep()
    assert len(office.letters) == tried


def test_account_that_does_not_answer_is_left_alone(
    merchant: Merchant, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "_SLOW", 0.04)
    office.slowness, office.raises = 0.05, CutOff("silence")
    write(merchant, LANES * 4)
    sweep()
    assert len(office.letters) < LANES * 4
    assert set(rows("state")) == {"uncertain", "waiting"}


def test_slow_account_holds_up_no_other(
    merchant: Merchant, other: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = Office(), Office()
    slow.slowness = 0.4
    with merchant_scope(merchant.pk):
        ChannelSetting.objects.create(
            merchant=merchant, channel="email", is_on=True, provider="theirs"
        )

    def connection(slug: str, account: Account | None) -> Postbox:
        return (slow if account else quick).connection(slug, account)

    monkeypatch.setattr(sending, "open_channel", connection)
    write(merchant, LANES)
    write(other, 10)
    done: list[float] = []
    take = quick.take
    started = time.monotonic()
    quick.take = lambda letter: (done.append(time.monotonic() - started), take(letter))[1]  # type: ignore[method-assign]
    sweep()
    assert (len(slow.letters), len(quick.letters)) == (LANES, 10)
    assert max(done) < 0.4 + 0.4  # before the slow one has answered, or just after


def test_letters_nobody_began_with_go_back_when_time_is_up(
    merchant: Merchant, office: Office
) -> None:
    office.slowness = 0.05
    write(merchant, LANES * 3)

    swept = sweep(goes_on=lambda: len(office.letters) < LANES)  # time is up with these

    sent = len(office.letters)
    assert LANES <= sent < LANES * 3
    assert sorted(rows("state", "attempts")) == [("sent", 1)] * sent + [("waiting", 0)] * (
        LANES * 3 - sent
    )
    assert not swept.is_over


def test_mistake_of_ours_in_a_channel_leaves_the_others_noted(
    merchant: Merchant, office: Office
) -> None:
    write(merchant, 5)
    broken = rows("pk")[2]
    take = office.take

    def fails_on_one(letter: Letter) -> str:
        if letter.reference == str(broken):
            raise ZeroDivisionError
        return take(letter)

    office.take = fails_on_one  # type: ignore[method-assign]
    sweep()
    assert rows("state") == ["sent", "sent", "sending", "sent", "sent"]


def test_crash_puts_only_those_in_doubt_that_were_handed_over(
    merchant: Merchant, office: Office
) -> None:
    class PowerCut(BaseException):
        pass

    office.raises = PowerCut()
    write(merchant, LANES * 6)
    with pytest.raises(PowerCut):
        sweep()
    states = rows("state")
    assert 0 < states.count("sending") <= LANES * 3
    assert states.count("waiting") == LANES * 6 - states.count("sending")


def test_message_withdrawn_between_claim_and_hand_over_is_not_sent(
    merchant: Merchant, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(merchant, 2)
    claimed = deliver.claim

    def withdrawn(*args: Any, **options: Any) -> Any:
        haul = claimed(*args, **options)
        with merchant_scope(merchant.pk):
            first = Message.objects.order_by("pk").values_list("pk", flat=True)[0]
            Message.objects.filter(pk=first).update(state="skipped")
        return haul

    monkeypatch.setattr(deliver, "claim", withdrawn)
    sweep()
    assert rows("state") == ["skipped", "sent"]
    assert len(office.letters) == 1
