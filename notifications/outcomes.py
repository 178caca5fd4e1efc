"""What became of one try: the only writer of a message's state after its claim.

Every write names the claim it belongs to (`attempts`), so that whoever lost a message to
another worker, or to a receipt that was faster, changes nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext_noop

from merchants.scope import every_merchant, merchant_scope
from notifications.channels.base import ChannelError, Doubt
from notifications.consent import suppress
from notifications.models import Message, PushSubscription
from notifications.told import note_told

log = logging.getLogger("homeward.notifications")

MOST_ATTEMPTS: Final = 8
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=3)
#: A provider's list may lag a little behind its own answers.
_ASK_AFTER: Final = timedelta(seconds=30)

INTERRUPTED: Final = gettext_noop(
    "The first try was cut off before the provider answered. It was sent once more under the "
    "same Message-ID; the shopper may have received it twice."
)
FOUND: Final = gettext_noop(
    "The send was cut off before the provider answered. The provider was asked and has it, so it "
    "was not sent again."
)
LEFT_ALONE: Final = gettext_noop(
    "The send was cut off before the provider answered. There is nobody to ask, and it is not "
    "sent twice."
)
UNSETTLED: Final = gettext_noop(
    "The send was cut off before the provider answered. Whether it went out is not known yet."
)


def sent(message: Message, *, provider_id: str, may_be_twice: bool, now: datetime) -> None:
    """The provider took it."""
    values = {
        "state": Message.State.SENT,
        "sent_at": now,
        "provider_id": provider_id,
        "due_at": None,
    }
    reason = INTERRUPTED if may_be_twice else ""
    try:
        _note(message, reason=reason, **values)
    except IntegrityError:
        # A doubtful message with the same text took this id for its own: it is asked about again.
        _release(message, provider_id, now=now)
        _note(message, reason=reason, **values)
    _note_told(message, now=now)


def _note_told(message: Message, *, now: datetime) -> None:
    with merchant_scope(message.merchant_id):
        note_told(message, now=now)


def _release(message: Message, provider_id: str, *, now: datetime) -> None:
    with every_merchant("two shops may write the same to one number"):
        Message.objects.filter(channel=message.channel, provider_id=provider_id).exclude(
            pk=message.pk
        ).update(
            state=Message.State.UNCERTAIN,
            provider_id="",
            due_at=now + _ASK_AFTER,
            reason=UNSETTLED,
        )


def withheld(message: Message, problem: str) -> None:
    """It is not sent again, because its reader does not want it; whether it went out the first
    time stays unknown."""
    _note(message, state=Message.State.UNCERTAIN, due_at=None, reason=problem)


def found(message: Message, *, provider_id: str, now: datetime) -> None:
    """The provider was asked and had it all along."""
    try:
        _note(
            message,
            state=Message.State.SENT,
            sent_at=now,
            provider_id=provider_id,
            due_at=None,
            reason=FOUND,
        )
    except IntegrityError:
        # Another doubtful message with the same text settled on it first: ask again.
        again = now + _ASK_AFTER if message.attempts < MOST_ATTEMPTS else None
        _note(message, state=Message.State.UNCERTAIN, due_at=again, reason=UNSETTLED)
    else:
        _note_told(message, now=now)


def still_unknown(message: Message, error: ChannelError, *, now: datetime) -> None:
    """The provider could not be asked either."""
    log.warning("a message stays uncertain, the provider could not be asked")
    _note(
        message,
        state=Message.State.UNCERTAIN,
        due_at=_next_try(message, error, now=now),
        reason=UNSETTLED,
    )


def cut_off(message: Message, *, doubt: Doubt, now: datetime) -> None:
    """Nobody knows. What the channel's `doubt` allows is done later."""
    cut_offs = message.cut_offs + 1
    due_at = None
    if doubt is Doubt.ASK and message.attempts < MOST_ATTEMPTS:
        due_at = now + _ASK_AFTER
    elif doubt is Doubt.SEND_AGAIN and cut_offs == 1:
        due_at = now + _FIRST_WAIT
    _note(
        message,
        state=Message.State.UNCERTAIN,
        cut_offs=cut_offs,
        due_at=due_at,
        reason=UNSETTLED if due_at else last_word(doubt),
    )


def last_word(doubt: Doubt) -> str:
    """What stays written on a message that is uncertain for good."""
    if doubt is Doubt.LEAVE:
        return LEFT_ALONE
    return INTERRUPTED if doubt is Doubt.SEND_AGAIN else UNSETTLED


def refused(message: Message, error: ChannelError, *, may_be_there: bool, now: datetime) -> None:
    """The provider said no: try again later, or say why not.

    `may_be_there`: an earlier try was cut off, so that a refusal now does not prove that the
    shopper got nothing.
    """
    due_at = None if error.permanent else _next_try(message, error, now=now)
    if may_be_there:
        state = Message.State.UNCERTAIN
    else:
        state = Message.State.WAITING if due_at else Message.State.FAILED
    _note(message, state=state, due_at=due_at, reason=str(error))
    if error.suppress:
        _never_again(message, error.suppress, now=now)


def _next_try(message: Message, error: ChannelError, *, now: datetime) -> datetime | None:
    """When to try again; None after the last."""
    if message.attempts >= MOST_ATTEMPTS:
        return None
    wait: timedelta = min(_FIRST_WAIT * 2**message.attempts, _LONGEST_WAIT)
    if error.retry_after is not None:
        wait = max(wait, timedelta(seconds=error.retry_after))
    return now + wait


def _never_again(message: Message, reason: str, *, now: datetime) -> None:
    with merchant_scope(message.merchant_id):
        if message.subscription_id is not None:
            PushSubscription.objects.filter(pk=message.subscription_id).update(gone_at=now)
        else:
            suppress(
                merchant_id=message.merchant_id,
                channel=message.channel,
                address=message.to,
                reason=reason,
            )


def _note(message: Message, *, reason: str, **values: object) -> None:
    """Write the outcome, unless somebody else has taken the message over meanwhile."""
    with merchant_scope(message.merchant_id):
        noted = Message.objects.filter(
            pk=message.pk,
            attempts=message.attempts,
            state__in=[Message.State.SENDING, Message.State.UNCERTAIN],
        ).update(**values, reason=reason[:300])
    if not noted:
        log.info("message %d was settled by a receipt or another worker", message.pk)
