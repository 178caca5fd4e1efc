"""From messages to people: one at a time, claimed and committed before it is sent.

What a crash leaves behind is a row in `sending` whose claim has run out; what a broken line
leaves behind is a row that is `uncertain`. Nobody knows whether the provider has the message.
The channel says what then (`channels.base.Doubt`): e-mail goes out once more under the same
Message-ID, by which mailboxes drop the second copy; Twilio is asked, and gets only what it has
not got; a web push is left alone. What cannot be settled stays `uncertain` for good.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_noop

from merchants.scope import every_merchant, merchant_scope
from notifications import outcomes
from notifications.channels.base import Channel, ChannelError, CutOff, Doubt, Letter
from notifications.channels.registry import CHANNELS
from notifications.consent import why_not
from notifications.letters import letter_of, new_message_id
from notifications.models import Message

log = logging.getLogger("homeward.notifications")

#: How long one send may take before another worker believes that its sender died.
CLAIM: Final = timedelta(seconds=settings.MESSAGE_CLAIM_SECONDS)

STRANDED: Final = timedelta(days=1)
NOT_SET_UP: Final = gettext_noop("The channel is not set up any more.")
_OPEN: Final = (Message.State.WAITING, Message.State.SENDING, Message.State.UNCERTAIN)

Channels = Mapping[str, Channel]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in our hands; without a letter there is nothing to send."""

    message: Message
    letter: Letter | None
    is_doubtful: bool


def open_channels(*slugs: str) -> dict[str, Channel]:
    """One of each that is set up (of all, or of these), for a batch; close them when done."""
    return {
        kind.slug: kind.make()
        for kind in CHANNELS.values()
        if kind.is_ready() and (not slugs or kind.slug in slugs)
    }


def deliver_due(
    *, clock: Callable[[], datetime], limit: int = 100, channels: Channels | None = None
) -> int:
    """Send what is due, at most `limit`. Returns how many were tried.

    `clock` is asked before every message: a slow provider must not shorten the claims.
    """
    used = open_channels() if channels is None else channels
    tried = 0
    try:
        while tried < limit and deliver_next(now=clock(), channels=used):
            tried += 1
    finally:
        for channel in used.values():
            channel.close()
    return tried


def skip_stranded(*, now: datetime) -> int:
    """Give up what has waited a day for a channel that is no longer set up: told weeks later, it
    would be worse than never. Returns how many."""
    off = [kind.slug for kind in CHANNELS.values() if not kind.is_ready()]
    with every_merchant("messages of all merchants wait in one queue"):
        return Message.objects.filter(
            channel__in=off, state=Message.State.WAITING, due_at__lt=now - STRANDED
        ).update(state=Message.State.SKIPPED, reason=NOT_SET_UP, due_at=None)


def deliver_next(*, now: datetime, channels: Channels) -> bool:
    """Claim one due message, send it, note the outcome. False when none is due.

    The claim is committed before the channel is asked and no transaction is open
    meanwhile, so nothing that the provider does is ever rolled back on our side.
    """
    with every_merchant("messages of all merchants wait in one queue"):
        claimed = _claim(channels, now=now)
    if claimed is None:
        return False
    message, letter = claimed.message, claimed.letter
    if letter is None:
        return True
    channel = channels[message.channel]
    try:
        if claimed.is_doubtful and channel.doubt is Doubt.ASK:
            found = _theirs(channel, message, letter)
            if found:
                outcomes.found(message, provider_id=found, now=now)
                return True
    except ChannelError as error:
        outcomes.still_unknown(message, error, now=now)
        return True
    if claimed.is_doubtful:
        # Somebody may have said STOP since the first try.
        with merchant_scope(message.merchant_id):
            problem = why_not(message)
        if problem:
            outcomes.withheld(message, problem)
            return True
    _send(channel, claimed, letter, now=now)
    return True


def _send(channel: Channel, claimed: Claimed, letter: Letter, *, now: datetime) -> None:
    message = claimed.message
    try:
        provider_id = channel.send(letter)
    except CutOff:
        outcomes.cut_off(message, doubt=channel.doubt, now=now)
    except ChannelError as error:
        # What was asked about is not there: this refusal is the whole truth about it.
        may_be_there = claimed.is_doubtful and channel.doubt is not Doubt.ASK
        outcomes.refused(message, error, may_be_there=may_be_there, now=now)
    else:
        twice = claimed.is_doubtful and channel.doubt is Doubt.SEND_AGAIN
        outcomes.sent(message, provider_id=provider_id, may_be_twice=twice, now=now)


def _claim(channels: Channels, *, now: datetime) -> Claimed | None:
    """The next due message, pushed ahead as it is taken; call it in `every_merchant`."""
    message = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("merchant", "recipient", "subscription")
        .filter(channel__in=list(channels), state__in=_OPEN, due_at__lte=now)
        .order_by("due_at", "id")
        .first()
    )
    if message is None:
        return None
    doubtful = message.state != Message.State.WAITING
    doubt = channels[message.channel].doubt
    if not doubtful:
        problem = why_not(message)
        if problem:
            message.state, message.reason, message.due_at = Message.State.SKIPPED, problem, None
            message.save(update_fields=["state", "reason", "due_at"])
            return Claimed(message, None, doubtful)
    if message.state == Message.State.SENDING:
        message.cut_offs += 1
    message.state = Message.State.UNCERTAIN if doubtful else Message.State.SENDING
    # The second try of what cannot be asked about is the last: a crash in it ends the matter.
    message.due_at = now + CLAIM if not doubtful or doubt is Doubt.ASK else None
    message.attempts += 1
    message.message_id = message.message_id or new_message_id()
    leave = doubtful and (
        doubt is Doubt.LEAVE or (doubt is Doubt.SEND_AGAIN and message.cut_offs > 1)
    )
    if leave:
        message.reason = outcomes.last_word(doubt)
    elif doubtful and doubt is Doubt.SEND_AGAIN:
        message.reason = outcomes.INTERRUPTED
    message.save(update_fields=["state", "reason", "due_at", "attempts", "cut_offs", "message_id"])
    return Claimed(message, None if leave else letter_of(message), doubtful)


def _theirs(channel: Channel, message: Message, letter: Letter) -> str:
    """The provider's id of this message where it has one that is no other message of ours."""
    ids = channel.candidates(letter)
    if not ids:
        return ""
    with every_merchant("two shops may write the same to one number"):
        others = Message.objects.filter(channel=message.channel, provider_id__in=ids)
        known = set(others.exclude(pk=message.pk).values_list("provider_id", flat=True))
    return next((one for one in ids if one not in known), "")
