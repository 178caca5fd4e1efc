"""How fast an account may send, counted where all workers see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings as configured

from notifications import pace
from notifications.channels.base import Account
from notifications.places import place

KEY = "test"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    with redis.Redis.from_url(configured.REDIS_URL) as client:
        client.delete(f"message-pace:{KEY}", f"message-rest:{KEY}", "place:x:0", "place:x:1")
        yield


def test_second_of_messages_is_granted_and_the_next_one_named() -> None:
    first = pace.take(KEY, 100, limit=10, clock=1000.0)
    second = pace.take(KEY, 100, limit=10, clock=1000.0)
    later = pace.take(KEY, 100, limit=10, clock=1000.5)
    assert (first.count, second.count, later.count) == (10, 0, 5)
    assert second.wait == pytest.approx(0.1)


def test_account_without_a_limit_is_not_counted() -> None:
    assert pace.take(KEY, 100, limit=0).count == 100


def test_one_a_second_is_one_a_second() -> None:
    counts = [pace.take(KEY, 5, limit=1, clock=1000 + n / 2).count for n in range(5)]
    assert counts == [1, 0, 1, 0, 1]


def test_what_was_not_used_is_there_again() -> None:
    pace.take(KEY, 10, limit=10, clock=1000.0)
    pace.give_back(KEY, 4, limit=10)
    assert pace.take(KEY, 10, limit=10, clock=1000.0).count == 4


def test_clock_that_was_wrong_does_not_stop_an_account() -> None:
    pace.take(KEY, 10, limit=10, clock=5000.0)
    assert pace.take(KEY, 10, limit=10, clock=1000.0).count == 10


def test_merchants_own_limit_is_its_accounts() -> None:
    account = Account(7, "sms", "theirs", config={"per_second": "2.5"})
    unreadable = Account(7, "sms", "theirs", config={"per_second": "many"})
    assert pace.per_second("sms", account) == 2.5
    assert pace.per_second("sms", unreadable) == 0.0
    assert pace.key_of("sms", account) == "sms:7"


def test_resting_account_is_named() -> None:
    pace.rest(KEY, 30)
    assert pace.resting([KEY, "another"]) == {KEY}


def test_places_are_as_many_as_there_are() -> None:
    with place("x", most=2) as first, place("x", most=2) as second, place("x", most=2) as third:
        assert (first is None, second is None, third is None) == (False, False, True)
    with place("x", most=2) as again:
        assert again is not None
