"""Which merchant an answer is for, and which of its messages it answers.

One number of the operator's may serve many merchants. An answer that names our message, or came to
a reply address, is that message's. Else the merchant that wrote to this person last is meant, if
that was within a week; where several wrote and none lately, nobody guesses: each has the answer
without an order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from lib.folding import number_key
from merchants.scope import every_merchant
from notifications.answers.addresses import message_of
from notifications.answers.said import Said, Wish
from notifications.channels.registry import CHANNELS
from notifications.models import Answer, ChannelSetting, Message

#: How long the merchant that wrote last is taken to be the one that is meant.
LATELY: Final = timedelta(days=7)
_OUT: Final = (Message.State.SENT, Message.State.DELIVERED, Message.State.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Concerned:
    """A merchant that an answer concerns. `is_meant`: it is for this one alone; without a
    `message_id` the order is not known."""

    merchant_id: int
    is_meant: bool = True
    message_id: int | None = None
    found_by: str = ""


def concerned(said: Said, *, now: datetime) -> list[Concerned]:
    """Whom this concerns; STOP and START concern every merchant that wrote from that number."""
    with every_merchant("what somebody wrote to us does not say whose it is"):
        named = _named(said)
        writers = _writers(said)
        newest = {
            merchant_id: _newest(said, merchant_id) for merchant_id in sorted(_ids(writers, said))
        }
        meant = named or _meant(said, newest, now=now)
        if meant is not None and said.wish in {Wish.NONE, Wish.HELP}:
            return [meant]
        others = [
            Concerned(merchant_id, is_meant=False)
            for merchant_id in newest
            if meant is None or merchant_id != meant.merchant_id
        ]
        return [*([meant] if meant else []), *others]


def _named(said: Said) -> Concerned | None:
    """By our own token, or by the message that it answers."""
    found: Message | None = None
    by_token = message_of(said.token) if said.token else None
    if by_token is not None:
        found = Message.objects.filter(pk=by_token, channel=said.channel).first()
    for reference in said.answers:
        if found is not None:
            break
        found = _referred(said, reference)
    if found is None:
        return None
    return Concerned(found.merchant_id, message_id=found.pk, found_by=Answer.FoundBy.REPLY.value)


def _referred(said: Said, reference: str) -> Message | None:
    rows = Message.objects.filter(channel=said.channel)
    if said.letter is not None:
        return rows.filter(message_id=reference).order_by("-pk").first()
    return rows.filter(provider_id=reference, to=said.number).first()


def _writers(said: Said) -> QuerySet[Message]:
    return Message.objects.filter(channel=said.channel, to=said.number)


def _ids(rows: QuerySet[Message], said: Said) -> set[int]:
    """The merchants that wrote to this person from the number that was answered."""
    merchants = set(rows.values_list("merchant_id", flat=True))
    if said.letter is not None:
        return merchants
    own = dict(
        ChannelSetting.objects.filter(channel=said.channel, merchant_id__in=merchants)
        .exclude(sender="")
        .values_list("merchant_id", "sender")
    )
    ours = CHANNELS[said.channel].sender()
    # A messaging service answers by any of its numbers.
    is_ours = said.to == ours or ours.startswith("MG")
    return {one for one in merchants if (own[one] == said.to if one in own else is_ours)}


def _newest(said: Said, merchant_id: int) -> Message:
    """The merchant's newest message to this person; one that went out, if there is one."""
    rows = _writers(said).filter(merchant_id=merchant_id).order_by("-pk")
    return rows.filter(state__in=_OUT).first() or rows[0]


def _meant(said: Said, newest: dict[int, Message], *, now: datetime) -> Concerned | None:
    by_subject = _by_subject(said, list(newest))
    if by_subject is not None:
        return by_subject
    last = max(newest.values(), key=lambda message: message.pk, default=None)
    if last is None:
        return None
    is_lately = last.created_at >= now - LATELY
    # Whoever speaks for us about STOP and HELP gives nothing away.
    if len(newest) > 1 and said.wish is Wish.NONE and not is_lately:
        return None
    return Concerned(last.merchant_id, message_id=last.pk, found_by=Answer.FoundBy.NEWEST.value)


def _by_subject(said: Said, merchants: list[int]) -> Concerned | None:
    """The order whose number stands in a mail's subject, of those that this person was told of."""
    if said.letter is None or not said.letter.subject:
        return None
    words = {number_key(word) for word in said.letter.subject.split()} - {""}
    rows = _writers(said).filter(merchant_id__in=merchants, order__number_key__in=words)
    orders = set(rows.values_list("order_id", flat=True))
    if len(orders) != 1:
        return None
    found = rows.order_by("-pk")[0]
    return Concerned(found.merchant_id, message_id=found.pk, found_by=Answer.FoundBy.SUBJECT.value)
