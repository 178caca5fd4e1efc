"""What somebody wrote to us, in our words, before anything is known about who it is for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Wish(Enum):
    """What the shopper asked for with a word that providers, or we, know."""

    NONE = ""
    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Spot:
    """A shared place in degrees (WGS 84), with the name or address that came with it."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, a voice note, a file: its type and the provider's id. The file is not fetched."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What only an e-mail has. `attachments` are names: the files are not kept."""

    subject: str = ""
    #: Its own Message-ID, which our answer names in In-Reply-To.
    message_id: str = ""
    attachments: tuple[str, ...] = ()
    #: A machine wrote it: a holiday notice, a list, a bounce.
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody wrote. `number` and `to` are E.164, or e-mail addresses.

    `provider_id` is the provider's own id, the same however often it is posted. `answers` names
    the message of ours that it answers: the provider's id or a Message-ID, several of them where
    a mail program lists the thread; `token` is that of our own reply address.
    """

    channel: str
    number: str
    to: str
    text: str
    provider_id: str
    wish: Wish = Wish.NONE
    #: The provider has answered the wish itself.
    is_wish_answered: bool = False
    #: The word may also mean something else ("cancel"), so a person reads it as well.
    is_wish_doubtful: bool = False
    #: Of a wish: the language of its word, where that is sure.
    language: str = ""
    answers: tuple[str, ...] = ()
    token: str = ""
    #: What our button carries.
    payload: str = ""
    spot: Spot | None = None
    media: tuple[Media, ...] = ()
    letter: Letter | None = None
