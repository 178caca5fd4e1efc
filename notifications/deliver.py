"""From messages to mailboxes: one at a time, claimed and committed before it is sent.

What a crash leaves behind: a row in `sending` whose claim has run out. Nobody knows
whether the provider took it. An e-mail is then sent once more under the same Message-ID,
so that mailboxes can drop the second copy, and the row stays `uncertain` until the
provider answers; should that try be cut off as well, it stays uncertain for good.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.db.models import Q

from lib.signing import new_token
from merchants.models import Brand
from merchants.scope import every_merchant, merchant_scope
from notifications.channels.base import Channel, ChannelError, Letter, Picture
from notifications.channels.email import EmailChannel
from notifications.compose import why_not
from notifications.models import Message
from notifications.rendering import LOGO_CID

log = logging.getLogger("homeward.notifications")

#: How long one send may take before another worker believes that its sender died.
CLAIM: Final = timedelta(minutes=5)
MOST_ATTEMPTS: Final = 8
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=3)

INTERRUPTED: Final = (
    "The first try was cut off before the provider answered. It was sent once more "
    "under the same Message-ID; the shopper may have received it twice."
)

Channels = Mapping[str, Channel]


def open_channels() -> dict[str, Channel]:
    """One of each, for a batch; close them when it is done."""
    made: tuple[Channel, ...] = (EmailChannel(),)
    return {channel.slug: channel for channel in made}


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


def deliver_next(*, now: datetime, channels: Channels) -> bool:
    """Claim one due message, send it, note the outcome. False when none is due.

    The claim is committed before the channel is asked and no transaction is open
    meanwhile, so nothing that the provider does is ever rolled back on our side.
    """
    with every_merchant("messages of all merchants wait in one queue"):
        claimed = _claim(now=now)
    if claimed is None:
        return False
    message, letter = claimed
    if letter is None:
        return True
    try:
        provider_id = channels[message.channel].send(letter)
    except ChannelError as error:
        _note_failure(message, error, now=now)
    else:
        _note(message, state=Message.State.SENT, sent_at=now, provider_id=provider_id, problem="")
    return True


def _claim(*, now: datetime) -> tuple[Message, Letter | None] | None:
    """The next message in our hands, with the letter to send; no letter: there is nothing to do."""
    due = Q(state=Message.State.WAITING, due_at__lte=now)
    abandoned = Q(state=Message.State.SENDING, claimed_until__lt=now)
    message = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("merchant", "recipient")
        .filter(due | abandoned)
        .order_by("due_at", "id")
        .first()
    )
    if message is None:
        return None
    was_sending = message.state == Message.State.SENDING
    problem = "" if was_sending else why_not(message.merchant, message.to)
    if problem:
        message.state, message.reason = Message.State.SKIPPED, problem
        message.save(update_fields=["state", "reason"])
        return message, None
    message.state = Message.State.UNCERTAIN if was_sending else Message.State.SENDING
    message.reason = INTERRUPTED if was_sending else message.reason
    message.claimed_until = now + CLAIM
    message.attempts += 1
    message.message_id = message.message_id or _new_message_id()
    message.save(update_fields=["state", "reason", "claimed_until", "attempts", "message_id"])
    return message, _letter(message)


def _new_message_id() -> str:
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{new_token()}@{address.rpartition('@')[2] or 'localhost'}>"


def _letter(message: Message) -> Letter:
    merchant = message.merchant
    picture = None
    if f"cid:{LOGO_CID}" in message.html:
        brand = Brand.objects.filter(merchant_id=merchant.pk).first()
        if brand is not None and brand.logo:
            picture = Picture(LOGO_CID, brand.logo_type, bytes(brand.logo))
    return Letter(
        reference=str(message.pk),
        message_id=message.message_id,
        to=message.to,
        to_name=message.recipient.name,
        from_name=merchant.name,
        reply_to=merchant.support_email,
        subject=message.subject,
        text=message.text,
        html=message.html,
        milestone=message.milestone,
        language=message.language,
        picture=picture,
    )


def _note_failure(message: Message, error: ChannelError, *, now: datetime) -> None:
    """Try again later, or say why not."""
    if error.permanent or message.attempts >= MOST_ATTEMPTS:
        _note(message, state=Message.State.FAILED, problem=str(error))
        return
    wait = min(_FIRST_WAIT * 2 ** (message.attempts - 1) * 2, _LONGEST_WAIT)
    if error.retry_after is not None:
        wait = max(wait, timedelta(seconds=error.retry_after))
    _note(message, state=Message.State.WAITING, due_at=now + wait, problem=str(error))


def _note(message: Message, *, problem: str, **values: object) -> None:
    """Write the outcome, unless somebody else has taken the message over meanwhile.

    A receipt may be faster than we are: a message that is delivered by now stays so.
    """
    reason = problem or (INTERRUPTED if message.state == Message.State.UNCERTAIN else "")
    with merchant_scope(message.merchant_id):
        noted = Message.objects.filter(
            pk=message.pk,
            claimed_until=message.claimed_until,
            state__in=[Message.State.SENDING, Message.State.UNCERTAIN],
        ).update(**values, claimed_until=None, reason=reason[:300])
    if not noted:
        log.info("message %d was settled by a receipt or another worker", message.pk)
