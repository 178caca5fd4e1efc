"""Just before sending: what speaks against it by now. A batch at once, whosoever it is.

The rules are `notifications.consent`'s; here they are asked for many messages by a few queries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from notifications.answers.topics import STOPPED
from notifications.consent import against, banned, person_of, why_needless
from notifications.models import Message, Preference, Suppression
from notifications.reasons import NO_REASON, Reason
from notifications.texts import ADDRESS, CASE

#: They ask the shopper for something, which may be done by now.
_ASKING: Final = frozenset({ADDRESS, "cod_confirm"})


def why_not_each(messages: Sequence[Message]) -> dict[int, Reason]:
    """By message, why it must not go out any more; empty where it may. Needs its `order` and
    `recipient`; call it in `every_merchant`."""
    for message in messages:
        message.recipient.order = message.order
    bans = _bans(messages)
    heeding = [one for one in messages if one.purpose == Message.Purpose.AUTO and one.topic != CASE]
    chosen = _preferences(heeding)
    heeds = {message.pk for message in heeding}
    found: dict[int, Reason] = {}
    for message in messages:
        # Whoever said STOP hears once that it was heard.
        is_told = message.topic == STOPPED
        ban = bans.get((message.merchant_id, message.to.lower()), NO_REASON)
        problem = NO_REASON if is_told else ban
        if not (is_told or problem) and message.pk in heeds:
            problem = _by_choice(message, chosen)
        found[message.pk] = problem
    return found


def _by_choice(message: Message, chosen: Mapping[tuple[int, str], Preference]) -> Reason:
    if message.topic in _ASKING:
        needless = why_needless(message.topic, message.order)
        if needless:
            return needless
    return against(
        chosen.get((message.merchant_id, person_of(message.recipient))),
        message.channel,
        topic=message.topic,
        order_id=message.order_id,
    )


def _bans(messages: Sequence[Message]) -> dict[tuple[int, str], Reason]:
    rows = Suppression.objects.filter(
        merchant_id__in={message.merchant_id for message in messages},
        channel__in={message.channel for message in messages},
        address__in={message.to.lower() for message in messages},
    )
    return {(row.merchant_id, row.address): banned(row.reason) for row in rows}


def _preferences(messages: Sequence[Message]) -> dict[tuple[int, str], Preference]:
    rows = Preference.objects.filter(
        merchant_id__in={message.merchant_id for message in messages},
        person__in={person_of(message.recipient) for message in messages},
    )
    return {(row.merchant_id, row.person): row for row in rows}
