"""What is kept in the process: how old it gets, and what when it cannot be read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connection

from lib import at_hand
from lib.at_hand import AtHand

Later = Callable[[float], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Moves the clock to so many seconds after now."""
    now = time.monotonic()
    monkeypatch.setattr(at_hand.time, "monotonic", lambda: now)

    def move(seconds: float) -> None:
        monkeypatch.setattr(at_hand.time, "monotonic", lambda: now + seconds)

    return move


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(at_hand, "_submit", lambda work: work())


def counter() -> Callable[[str], int]:
    """A reading that says how often it was done."""
    calls = iter(range(1, 100))
    return lambda name: next(calls)


def value(kept: AtHand[str, int], name: str = "a") -> int | None:
    found = kept.get(name)
    return None if found is None else found.value


def test_value_is_read_once_while_it_is_fresh(at_once: None, later: Later) -> None:
    kept = AtHand(counter(), seconds=30)
    assert value(kept) == 1
    later(29)
    assert value(kept) == 1


def test_old_value_serves_while_a_new_one_is_read(
    monkeypatch: pytest.MonkeyPatch, at_once: None, later: Later
) -> None:
    kept = AtHand(counter(), seconds=30)
    value(kept)
    work: list[Callable[[], None]] = []
    monkeypatch.setattr(at_hand, "_submit", work.append)
    later(31)
    assert [value(kept), value(kept)] == [1, 1]
    assert len(work) == 1
    work[0]()
    assert value(kept) == 2


def test_very_old_value_is_read_anew_first(at_once: None, later: Later) -> None:
    kept = AtHand(counter(), seconds=30)
    value(kept)
    later(60)
    assert value(kept) == 2


def test_failed_reading_leaves_what_was_there_and_pauses(at_once: None, later: Later) -> None:
    calls: list[str] = []

    def read(name: str) -> int:
        calls.append(name)
        if len(calls) > 1:
            raise OperationalError("gone")
        return 1

    kept = AtHand(read, seconds=30)
    value(kept)
    later(61)
    for _ in range(3):
        found = kept.get("a")
        assert found is not None
        assert (found.value, found.stale) == (1, True)
    assert len(calls) == 2
    later(63)
    value(kept)
    assert len(calls) == 3


def test_least_asked_goes_first(at_once: None) -> None:
    kept = AtHand(counter(), most=2)
    assert [value(kept, name) for name in "abacab"] == [1, 2, 1, 3, 1, 4]


@pytest.fixture
def own_pool(transactional_db: None) -> Iterator[None]:
    at_hand._forget_pool()
    yield
    assert at_hand._pool is not None
    at_hand._pool.shutdown(wait=True)
    at_hand._forget_pool()


def test_hung_reading_is_waited_for_no_longer_than_the_budget(own_pool: None) -> None:
    go_on = threading.Event()

    def read(name: str) -> int:
        go_on.wait(5)
        return 1

    kept = AtHand(read, budget=0.2)
    started = time.perf_counter()
    assert value(kept) is None
    first = time.perf_counter() - started
    assert value(kept) is None
    both = time.perf_counter() - started
    assert 0.19 < first < 1
    assert both - first < 0.15  # the second does not wait anew
    go_on.set()
    until = time.perf_counter() + 5
    while value(kept) is None and time.perf_counter() < until:
        time.sleep(0.01)
    assert value(kept) == 1


def test_threads_connect_before_anybody_asks(own_pool: None) -> None:
    def connections() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            return int(cursor.fetchone()[0])

    before = connections()
    at_hand.warm()
    until = time.perf_counter() + 5
    while connections() < before + 2 and time.perf_counter() < until:
        time.sleep(0.01)
    assert connections() == before + 2
