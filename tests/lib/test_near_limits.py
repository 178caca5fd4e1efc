"""Limits that cost no round trip: exact in a process, shared within about a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from redis.exceptions import ConnectionError as NoRedis

from lib import near_limits
from lib.near_limits import count, forget, share

NOW = 1_800_000_000.0


@pytest.fixture(autouse=True)
def new_process() -> Iterator[None]:
    forget()
    yield
    forget()


def used(name: str = "x", at: float = NOW) -> int:
    return count(name, limit=2, seconds=60, clock=at).used


def test_counts_in_its_window() -> None:
    assert [used(), used(), used()] == [1, 2, 3]
    assert used("y") == 1
    assert used(at=NOW + 60) == 1
    window = count("x", limit=2, seconds=60, clock=NOW)
    assert (window.is_over, window.seconds_left) == (True, 60)


def test_processes_learn_of_each_other() -> None:
    used(), used()
    assert share(clock=NOW)
    forget()  # another process
    used()
    share(clock=NOW)
    assert used() == 4
    share(clock=NOW)
    share(clock=NOW)
    assert used() == 5


def test_without_redis_each_counts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def pipeline(self, **_: object) -> redis.Redis:
            raise NoRedis

    used()
    monkeypatch.setattr(near_limits, "_client", Gone)
    assert share(clock=NOW) is False
    assert used() == 2


def test_past_windows_are_forgotten() -> None:
    used()
    share(clock=NOW + 61)
    assert near_limits._counts == {}


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_limits, "_MOST", 3)
    for n in range(10):
        used(str(n))
    assert len(near_limits._counts) <= 4
