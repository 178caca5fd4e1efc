"""An endpoint on this machine that answers as it is told, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from merchants.models import Merchant
from notifications.models import WebhookEndpoint
from notifications.webhooks import endpoints, queue, sending
from notifications.webhooks.wire import Wire
from tests.stores.playing import Asked, Played, Said, playing


class Program:
    """A merchant's program. `says` are its answers, one after the other; then 200."""

    def __init__(self) -> None:
        self.says: list[Said] = []
        self.played: Played

    @property
    def asked(self) -> list[Asked]:
        return self.played.asked

    @property
    def url(self) -> str:
        return f"{self.played.url}/hooks"

    def answer(self, asked: Asked) -> Said:
        return self.says.pop(0) if self.says else Said({"ok": True})

    def heard(self) -> list[Any]:
        return [one.json() for one in self.asked]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    made = Program()
    with playing(made.answer) as played:
        made.played = played
        monkeypatch.setenv("OUTBOUND_ALLOW", played.host)
        yield made


@pytest.fixture
def wire(program: Program) -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


def listen(merchant: Merchant, program: Program, *events: str) -> WebhookEndpoint:
    """An endpoint of this program; without events it hears all."""
    made, _secret = endpoints.add(
        merchant=merchant, url=program.url, events=list(events) or ["*"], by=None,
        now=timezone.now(),
    )  # fmt: skip
    return made


def queue_all() -> None:
    """Changes become deliveries, and these get their bodies."""
    queue.queue_due(now=timezone.now())
    queue.write_due()


def send(wire: Wire) -> int:
    return sending.send_due(clock=timezone.now, seconds=20, wire=wire)
