"""Walking through a window: nothing is skipped when orders move, nothing is asked for ever."""

from __future__ import annotations

from datetime import timedelta

from stores.paging import Reached
from stores.shop import Window
from tests.factories import NOW

WINDOW = Window("updated", NOW - timedelta(days=1), NOW)
SECOND = timedelta(seconds=1)


def test_walk_begins_with_the_window() -> None:
    assert Reached.read("", WINDOW) == Reached(WINDOW.since)


def test_next_page_begins_a_second_before_the_last_time() -> None:
    after = Reached(WINDOW.since).after([NOW - 9 * SECOND, NOW - 5 * SECOND])
    assert Reached.read(after, WINDOW) == Reached(NOW - 6 * SECOND)


def test_rows_of_one_second_are_counted() -> None:
    first = Reached(NOW - SECOND)
    after = Reached.read(first.after([NOW, NOW]), WINDOW)
    assert after == Reached(NOW - SECOND, 2)
    assert Reached.read(after.after([NOW, NOW]), WINDOW) == Reached(NOW - SECOND, 4)
    assert Reached.read(after.after([NOW, NOW + 5 * SECOND]), WINDOW) == Reached(NOW + 4 * SECOND)


def test_rows_without_times_are_counted() -> None:
    after = Reached(WINDOW.since, 3).after([None, None])
    assert Reached.read(after, WINDOW) == Reached(WINDOW.since, 5)
