"""A merchant's own mail server: reached where it is public, refused where it is not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from notifications.channels.base import Account, ChannelError
from notifications.channels.registry import open_channel
from notifications.channels.smtp import PublicBackend
from tests.notifications.channels.accounts import letter


class Sink:
    """Takes every mail; `refusal` is answered instead, once."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refusal = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusal:
            said, self.refusal = self.refusal, ""
            return said
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def account(port: int) -> Account:
    return Account(
        merchant_id=3, channel="email", provider="smtp", sender="hello@noor.example",
        config={"host": "127.0.0.1", "port": str(port), "security": "starttls"},
    )  # fmt: skip


@pytest.fixture(autouse=True)
def without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sink speaks none."""
    plain = PublicBackend.__init__

    def opened(self: PublicBackend, **options: Any) -> None:
        plain(self, **options | {"use_tls": False})

    monkeypatch.setattr(PublicBackend, "__init__", opened)


def sent(one: Account) -> str:
    channel = open_channel("email", one)
    try:
        return channel.send(letter(to="sara@shopper.example"))
    finally:
        channel.close()


def test_mail_leaves_by_the_merchants_server(
    sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, port = sink
    monkeypatch.setenv("OUTBOUND_ALLOW", f"127.0.0.1:{port}")
    sent(account(port))
    [mail] = handler.mails
    assert (mail.mail_from, mail.rcpt_tos) == ("hello@noor.example", ["sara@shopper.example"])


def test_private_mail_server_is_not_reached(sink: tuple[Sink, int]) -> None:
    handler, port = sink
    with pytest.raises(ChannelError) as caught:
        sent(account(port))
    assert (caught.value.permanent, handler.mails) == (False, [])
    assert str(caught.value) == (
        "The mail server did not answer: 127.0.0.1 is not a public address"
    )


def test_name_that_leads_to_a_private_address_is_not_reached(sink: tuple[Sink, int]) -> None:
    handler, port = sink
    named = account(port)
    with pytest.raises(ChannelError):
        sent(replace(named, config=dict(named.config) | {"host": "localhost"}))
    assert handler.mails == []


@pytest.mark.parametrize(("said", "hopeless"), [("550 no", True), ("451 later", False)])
def test_refusal_decides_whether_it_is_tried_again(
    sink: tuple[Sink, int], monkeypatch: pytest.MonkeyPatch, said: str, hopeless: bool
) -> None:
    handler, port = sink
    monkeypatch.setenv("OUTBOUND_ALLOW", f"127.0.0.1:{port}")
    handler.refusal = said
    with pytest.raises(ChannelError) as caught:
        sent(account(port))
    assert caught.value.permanent is hopeless
