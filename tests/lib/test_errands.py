"""Errands are done beside requests, and one that fails ends none of the others."""

from __future__ import annotations

import threading

import pytest

from lib import errands


def test_errand_is_done_again_and_again_though_another_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done, times = threading.Event(), []

    def fails() -> None:
        raise ValueError("somebody@example.com")

    def works() -> None:
        times.append(1)
        if len(times) == 2:
            done.set()

    before = errands_running()
    monkeypatch.setattr(errands, "_ERRANDS", [])
    monkeypatch.setattr(errands, "_TICK", 0.01)
    monkeypatch.setattr(errands, "_thread", None)
    errands.every(0.01, fails)
    errands.every(0.01, works)
    errands.begin()
    errands.begin()
    assert done.wait(5)
    assert errands_running() == before + 1
    assert "an errand failed: ValueError" in caplog.text
    assert "example.com" not in caplog.text


def test_errand_named_while_the_thread_runs_is_done_too(monkeypatch: pytest.MonkeyPatch) -> None:
    first, late = threading.Event(), threading.Event()
    monkeypatch.setattr(errands, "_ERRANDS", [])
    monkeypatch.setattr(errands, "_TICK", 0.01)
    monkeypatch.setattr(errands, "_thread", None)
    errands.every(0.01, first.set)
    errands.begin()
    assert first.wait(5)
    errands.every(0.01, late.set)
    assert late.wait(5)


def errands_running() -> int:
    """Other tests may have begun theirs."""
    return sum(one.name == "errands" for one in threading.enumerate())
