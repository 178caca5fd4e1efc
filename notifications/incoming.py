"""What comes back from the channels' providers, in our words, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, Protocol

from merchants.scope import every_merchant
from notifications.channels.registry import CHANNELS
from notifications.consent import allow_again, suppress
from notifications.models import ChannelSetting, Message
from notifications.receipts import mark_delivered, mark_failed, mark_sent

_STOPPED: Final = "its owner answered STOP"


class Fate(Enum):
    """What a provider says became of a message."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class Wish(Enum):
    """What the shopper asked for with a word that providers know."""

    NONE = ""
    STOP = "stop"
    START = "start"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word on one message; `reference` is ours, `suppress` why the address is dead."""

    provider_id: str
    reference: str
    fate: Fate
    reason: str = ""
    suppress: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody wrote to our number; `number` and `to` in E.164."""

    channel: str
    number: str
    to: str
    text: str
    wish: Wish


class Provider(Protocol):
    """A channel provider's side of the door: is it theirs, which one is it, what does it say."""

    def is_signed(self, *, url: str, headers: Mapping[str, str], body: bytes) -> bool: ...

    def key_of(self, body: bytes) -> str: ...

    def read(self, *, url: str, body: bytes) -> Receipt | Answer | None: ...


def whose(said: Receipt | Answer | None) -> list[int]:
    """Ids of the merchants that this concerns: the message's, or all who wrote to this number
    from the one that was answered."""
    if said is None:
        return []
    with every_merchant("a provider's hook does not say whose message it is"):
        if isinstance(said, Receipt):
            message = _find(said)
            return [message.merchant_id] if message else []
        rows = Message.objects.filter(channel=said.channel, to=said.number)
        merchants = set(rows.values_list("merchant_id", flat=True))
        return sorted(merchants & _senders(said, merchants))


def _senders(answer: Answer, merchants: set[int]) -> set[int]:
    """Those of these merchants that write from the number that was answered."""
    own = dict(
        ChannelSetting.objects.filter(channel=answer.channel, merchant_id__in=merchants)
        .exclude(sender="")
        .values_list("merchant_id", "sender")
    )
    ours = CHANNELS[answer.channel].sender()
    # A messaging service answers by any of its numbers.
    is_ours = answer.to == ours or ours.startswith("MG")
    return {one for one in merchants if (own[one] == answer.to if one in own else is_ours)}


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
        mark_failed(message, reason=receipt.reason, at=now)
    if receipt.suppress:
        suppress(
            merchant_id=message.merchant_id,
            channel=message.channel,
            address=message.to,
            reason=receipt.suppress,
        )
    return True


def take_answer(answer: Answer, *, merchant_id: int) -> bool:
    """Obey STOP and START; in the merchant's scope. False for words that ask for neither."""
    if answer.wish is Wish.STOP:
        suppress(
            merchant_id=merchant_id,
            channel=answer.channel,
            address=answer.number,
            reason=_STOPPED,
        )
    elif answer.wish is Wish.START:
        allow_again(
            merchant_id=merchant_id,
            channel=answer.channel,
            address=answer.number,
            reason=_STOPPED,
        )
    return answer.wish is not Wish.NONE


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
