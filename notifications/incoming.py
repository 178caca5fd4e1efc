"""What comes back from the channels' providers, in our words, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from merchants.scope import every_merchant
from notifications.answers.finding import Concerned, concerned
from notifications.answers.said import Said
from notifications.consent import suppress
from notifications.models import Message
from notifications.receipts import mark_delivered, mark_failed, mark_sent


class Fate(Enum):
    """What a provider says became of a message."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word on one message; `reference` is ours, `suppress` why the address is dead."""

    provider_id: str
    reference: str
    fate: Fate
    reason: str = ""
    suppress: str = ""


class Provider(Protocol):
    """A channel provider's side of the door: is it theirs, which one is it, what does it say."""

    def is_signed(self, *, url: str, headers: Mapping[str, str], body: bytes) -> bool: ...

    def key_of(self, body: bytes) -> str: ...

    def read(self, *, url: str, body: bytes) -> Receipt | Said | None: ...


def whose(said: Receipt | Said | None, *, now: datetime) -> list[Concerned]:
    """The merchants that this concerns: the message's, or those of an answer."""
    if said is None:
        return []
    if isinstance(said, Said):
        return concerned(said, now=now)
    with every_merchant("a provider's receipt does not say whose message it is"):
        message = _find(said)
        return [Concerned(message.merchant_id)] if message else []


def take_receipt(receipt: Receipt, *, now: datetime) -> bool:
    """Note what became of the message; in the merchant's scope. False where it is unknown."""
    message = _find(receipt)
    if message is None:
        return False
    if receipt.fate is Fate.SENT:
        mark_sent(message, provider_id=receipt.provider_id, at=now)
    elif receipt.fate is Fate.DELIVERED:
        mark_delivered(message, at=now, provider_id=receipt.provider_id)
    else:
        mark_failed(message, reason=receipt.reason)
    if receipt.suppress:
        suppress(
            merchant_id=message.merchant_id,
            channel=message.channel,
            address=message.to,
            reason=receipt.suppress,
        )
    return True


def _find(receipt: Receipt) -> Message | None:
    """By our own reference, else by the provider's id."""
    if receipt.reference.isdecimal() and len(receipt.reference) < 19:
        found = Message.objects.filter(pk=int(receipt.reference)).first()
        # A reference that somebody else's provider id stands behind is not this message.
        if found is not None and found.provider_id in {"", receipt.provider_id}:
            return found
    if not receipt.provider_id:
        return None
    return Message.objects.filter(provider_id=receipt.provider_id).first()
