"""Parcels and a server for the sandbox's own tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from carriers.sandbox.journeys import Journey, build
from carriers.sandbox.places import spot
from carriers.sandbox.running import RunningSandbox, running_sandbox

#: A Tuesday, early afternoon in the Gulf.
NOW = datetime(2026, 3, 10, 12, 7, 31, tzinfo=UTC)


@pytest.fixture
def journey() -> Callable[..., Journey]:
    """`journey("happy", abroad=True, number=…, …)`: a journey registered at `NOW`."""

    def make(scenario: str, *, abroad: bool = False, **options: Any) -> Journey:
        given = {
            "number": "100000000001",
            "registered_at": NOW,
            "origin": spot("Los Angeles", "US") if abroad else spot("Jeddah", "SA"),
            "destination": spot("Riyadh", "SA"),
        }
        return build(scenario, **{**given, **options})

    return make


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running
