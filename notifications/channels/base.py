"""What every channel is, and the one error that carries a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class ChannelError(Exception):
    """A message was not handed over. `permanent`: trying again unchanged cannot help.

    `retry_after`: seconds the provider asked us to wait, where it said so. The text is shown
    to the merchant, so it holds no secret.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Picture:
    """An image inside the message, named `cid` in its HTML."""

    cid: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way out. `reference` comes back with the provider's receipts."""

    reference: str
    message_id: str
    to: str
    to_name: str
    from_name: str
    reply_to: str
    subject: str
    text: str
    html: str
    milestone: str
    language: str
    picture: Picture | None = None


class Channel(Protocol):
    """A way to reach somebody."""

    slug: str

    def send(self, letter: Letter) -> str:
        """Hand the letter over; returns the provider's id, or "". Raises ChannelError."""
        ...

    def close(self) -> None:
        """End what a batch of sends kept open."""
        ...
