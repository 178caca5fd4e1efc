"""Errands are done beside requests, and one that fails ends none of the others."""

from __future__ import annotations

import threading

import pytest

from lib.errands import Errands


def test_errand_is_done_again_and_again_though_another_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = threading.Event()
    times: list[int] = []
    threads: set[int] = set()

    def fails() -> None:
        if len(times) < 2:
            raise ValueError("somebody@example.com")

    def works() -> None:
        times.append(1)
        threads.add(threading.get_ident())
        if len(times) == 2:
            done.set()

    errands = Errands(tick=0.01)
    errands.every(0.01, fails)
    errands.every(0.01, works)
    errands.begin()
    errands.begin()
    assert done.wait(5)
    assert len(threads) == 1
    assert "an errand failed: ValueError" in caplog.text
    assert "example.com" not in caplog.text


def test_errand_named_while_the_thread_runs_is_done_too() -> None:
    first, late = threading.Event(), threading.Event()
    errands = Errands(tick=0.01)
    errands.every(0.01, first.set)
    errands.begin()
    assert first.wait(5)
    errands.every(0.01, late.set)
    assert late.wait(5)
