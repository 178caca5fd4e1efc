"""Taken by one, pushed ahead when taken, given up in words, replayed."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from inbox.models import Delivery, Outcome
from inbox.receive import Inbound, receive
from inbox.work import ATTEMPTS, WAITS, claim, due, finish, put_off, replay
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests.factories import NOW


def stored(merchant: Merchant, key: str = "k", *, now: datetime = NOW) -> int:
    inbound = Inbound("store", "shopify", 1, "t", key, {}, b"{}")
    return receive(merchant_id=merchant.pk, inbound=inbound, now=now).delivery_id


def test_due_are_waiting_ones_oldest_first(scope: Merchant) -> None:
    late = stored(scope, "late", now=NOW - timedelta(hours=1))
    stored(scope, "early", now=NOW + timedelta(hours=1))
    now = stored(scope, "now")
    finish(stored(scope, "done"), outcome=Outcome.DONE, now=NOW)
    assert due(now=NOW, limit=10) == [late, now]
    assert due(now=NOW, limit=1) == [late]


def test_claim_pushes_ahead_at_once(scope: Merchant) -> None:
    number = stored(scope)
    taken = claim(number, now=NOW)
    assert taken is not None
    assert (taken.attempts, taken.next_attempt_at) == (1, NOW + WAITS[0])
    assert claim(number, now=NOW) is None
    assert claim(number, now=NOW + WAITS[0]) is not None


def test_waits_grow_and_end_in_a_failure_with_its_reason(scope: Merchant) -> None:
    number, now = stored(scope), NOW
    given_up = []
    for _ in range(ATTEMPTS):
        taken = claim(number, now=now)
        assert taken is not None
        assert taken.next_attempt_at is not None
        given_up.append(put_off(taken, problem="No answer.", now=now))
        now = taken.next_attempt_at
    row = Delivery.objects.get(pk=number)
    assert given_up == [False] * (ATTEMPTS - 1) + [True]
    assert (row.outcome, row.next_attempt_at) == ("failed", None)
    assert row.problem == f"No answer. Given up after {ATTEMPTS} attempts."


def test_replay_starts_anew(scope: Merchant) -> None:
    number = stored(scope)
    claim(number, now=NOW)
    finish(number, outcome=Outcome.FAILED, problem="Bad.", now=NOW)
    later = NOW + timedelta(days=1)
    assert replay(number, now=later) is True
    row = Delivery.objects.get(pk=number)
    assert (row.outcome, row.attempts, row.problem) == ("waiting", 0, "")
    assert due(now=later, limit=5) == [number]


def test_nothing_to_replay_while_waiting_or_after_erasure(scope: Merchant) -> None:
    waiting, erased = stored(scope, "a"), stored(scope, "b")
    finish(erased, outcome=Outcome.DONE, now=NOW)
    Delivery.objects.filter(pk=erased).update(body=b"")
    found = [replay(number, now=NOW) for number in (waiting, erased, 0)]
    assert found == [False, False, False]


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_a_delivery_once(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        number = stored(merchant)
    start = Barrier(2)
    taken: list[bool] = []

    def work() -> None:
        try:
            start.wait()
            with every_merchant("test"):
                taken.append(claim(number, now=NOW) is not None)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, True]
