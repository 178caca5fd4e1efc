"""What every channel is, and the errors that carry a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import ClassVar, Protocol


class ChannelError(Exception):
    """A message was not handed over. `permanent`: trying again unchanged cannot help.

    `retry_after`: seconds the provider asked us to wait, where it said so. `suppress`: why this
    address must not be written to again, where the provider said that. The text is shown to the
    merchant, so it holds no secret.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        suppress: str = "",
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.suppress = suppress


class CutOff(ChannelError):
    """The line broke when the provider may already have taken the message: nobody knows."""


class Doubt(Enum):
    """What is done about a message when nobody knows whether the provider has it."""

    #: Send it once more under the same id, by which the other side can drop the second copy.
    SEND_AGAIN = "send_again"
    #: Ask the provider, and send only what it has not got.
    ASK = "ask"
    #: Leave it: there is nobody to ask, and twice is worse than perhaps not at all.
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Picture:
    """An image inside the message, named `cid` in its HTML."""

    cid: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a web push goes: an endpoint and the two keys that encrypt for it (RFC 8291)."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Registration:
    """Under what a country's registry knows a text (India's DLT: entity, header, template)."""

    entity_id: str = ""
    header: str = ""
    template_id: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way out. `reference` comes back with the provider's receipts.

    `to` is an e-mail address, or a phone number in E.164; `sender` the merchant's own sender id
    or number, empty for the operator's. `link` is the absolute address of the order's page,
    `topic` what a newer message on the same parcel replaces, `about` the trigger's slug.
    `written_at` is before any try.
    """

    reference: str
    message_id: str
    to: str
    to_name: str
    from_name: str
    reply_to: str
    subject: str
    text: str
    html: str
    about: str
    language: str
    written_at: datetime
    picture: Picture | None = None
    sender: str = ""
    link: str = ""
    topic: str = ""
    browser: Browser | None = None
    #: Of a mail that answers one: the Message-ID of that.
    in_reply_to: str = ""
    #: RFC 3834: "auto-generated", "auto-replied", or "no" for what a person wrote.
    auto_submitted: str = "auto-generated"
    #: An approved template's id at the provider, and its variables as JSON: sent in place of the
    #: text, which says the same.
    content_sid: str = ""
    content_variables: str = ""
    #: Of a registered text; the sender is then its header.
    registration: Registration = Registration()


@dataclass(frozen=True, slots=True)
class Account:
    """A merchant's own account at a provider of a channel: what its form was filled with.

    Two are equal where one channel may serve both. `sender` is empty where the merchant may not
    (or need not) write under a name of its own. `secrets` never show in a log.
    """

    merchant_id: int
    channel: str
    provider: str
    sender: str = ""
    config: Mapping[str, str] = field(default_factory=dict, hash=False)
    secrets: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)

    def id_of(self, theirs: str) -> str:
        """A provider's id as we keep it: another account's may be the same number."""
        return f"{self.merchant_id}:{theirs}"[:120] if theirs else ""


class Channel(Protocol):
    """A way to reach somebody. Used by one thread at a time."""

    slug: ClassVar[str]
    doubt: ClassVar[Doubt]

    def send(self, letter: Letter) -> str:
        """Hand the letter over; returns the provider's id, or "". Raises ChannelError, CutOff."""
        ...

    def candidates(self, letter: Letter) -> list[str]:
        """The provider's ids of everything it has that looks like this letter, oldest first.

        Only channels whose `doubt` is ASK are asked. Raises ChannelError.
        """
        ...

    def close(self) -> None:
        """End what a batch of sends kept open."""
        ...
