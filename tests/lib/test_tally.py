"""Counters of all processes together: what is kept back, handed over and read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lib import tally
from lib.redis_client import connect


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    tally._pending.clear()
    yield
    tally._pending.clear()


def test_counts_of_one_name_are_kept_apart_by_labels() -> None:
    tally.count("things", colour="red")
    tally.count("things", colour="red", by=2)
    tally.count("things", colour="blue")
    tally.flush()
    assert tally.read().counters["things"] == {
        (("colour", "red"),): 3.0,
        (("colour", "blue"),): 1.0,
    }


def test_two_hand_overs_add_up() -> None:
    for _ in range(2):
        tally.count("things")
        tally.flush()
    assert tally.read().counters["things"] == {(): 2.0}


def test_duration_falls_into_its_class() -> None:
    for seconds in (0.01, 0.02, 99.0):
        tally.observe("waits", seconds)
    tally.flush()
    found = tally.read().histograms["waits"][()]
    assert (found.counts, found.total) == ([1, 1, 0, 0, 0, 0, 0, 0, 1], pytest.approx(99.03))


def test_without_redis_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(tally, "_client", lambda: connect("redis://127.0.0.1:1/0"))
        tally.count("things")
        assert tally.flush() is False
    assert tally.flush() is True
    assert tally.read().counters["things"] == {(): 1.0}
