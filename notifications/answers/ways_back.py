"""How a person who wrote may be written back to, and why not otherwise.

WhatsApp takes free text only within 24 hours of the person's last message to us
(https://www.twilio.com/docs/whatsapp/key-concepts, "customer service window").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.db.models import Max

from notifications.channels.registry import CHANNELS
from notifications.consent import phone_of, suppressed
from notifications.models import Answer
from notifications.rules import channels_on
from tracking.models import Order, Recipient
from tracking.quiet import why_quiet

WINDOW: Final = timedelta(hours=24)
#: Of a window so much is "about to close".
CLOSING: Final = timedelta(hours=3)
_WINDOWED: Final = frozenset({"whatsapp"})
#: In the order in which they are offered beside the one that was used.
_CHANNELS: Final = ("whatsapp", "email", "sms")


class Obstacle(Enum):
    """Why a way back is closed."""

    #: Its 24 hours are over.
    CLOSED = "closed"
    #: They never wrote by it, so it has not been opened.
    NOT_OPENED = "not_opened"
    NO_ADDRESS = "no_address"
    SUPPRESSED = "suppressed"
    NOT_SET_UP = "not_set_up"
    #: The marketplace forbids it.
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class WayBack:
    """One channel; `until` is the end of its window, where it has one; `why` in words of others."""

    channel: str
    to: str
    until: datetime | None = None
    obstacle: Obstacle | None = None
    why: str = ""


def window_end(*, merchant_id: int, channel: str, sender: str) -> datetime | None:
    """When the window that this person opened ends, or ended; None without a window."""
    return _ends([(channel, sender)], merchant_id).get((channel, sender))


def window_ends(answers: Sequence[Answer]) -> dict[int, datetime]:
    """The same for many answers of the merchant in scope, by their ids; one query."""
    if not answers:
        return {}
    ends = _ends({(one.channel, one.sender) for one in answers}, answers[0].merchant_id)
    found = {one.pk: ends.get((one.channel, one.sender)) for one in answers}
    return {pk: end for pk, end in found.items() if end is not None}


def _ends(who: Iterable[tuple[str, str]], merchant_id: int) -> dict[tuple[str, str], datetime]:
    senders = {sender for channel, sender in who if channel in _WINDOWED and sender}
    if not senders:
        return {}
    rows = Answer.objects.filter(merchant_id=merchant_id, channel__in=_WINDOWED, sender__in=senders)
    newest = rows.values_list("channel", "sender").annotate(last=Max("received_at")).order_by()
    return {(channel, sender): last + WINDOW for channel, sender, last in newest}


def is_closing(end: datetime | None, *, now: datetime) -> bool:
    """Whether a window is about to close."""
    return end is not None and timedelta(0) < end - now <= CLOSING


def ways_back(answer: Answer, *, now: datetime) -> list[WayBack]:
    """Every channel of words, the one that the answer came by first; in the merchant's scope.

    An answer without an order has none: nobody knows which shop's page to speak of.
    """
    order, recipient = answer.order, answer.recipient
    if order is None or recipient is None:
        return []
    on = {kind.slug for kind in channels_on(answer.merchant)} | {answer.channel}
    quiet = why_quiet(order.source)
    channels = sorted(_CHANNELS, key=lambda slug: slug != answer.channel)
    return [
        _way(answer, order, recipient, slug, quiet=quiet, now=now)
        for slug in channels
        if slug in on
    ]


def way_back(answer: Answer, channel: str, *, now: datetime) -> WayBack | None:
    """The same for one channel; None for one that is not offered."""
    return next((way for way in ways_back(answer, now=now) if way.channel == channel), None)


def _way(
    answer: Answer,
    order: Order,
    recipient: Recipient,
    channel: str,
    *,
    quiet: str,
    now: datetime,
) -> WayBack:
    to = _address(answer, order, recipient, channel)
    until = window_end(merchant_id=answer.merchant_id, channel=channel, sender=to)
    obstacle, why = None, ""
    if not CHANNELS[channel].is_ready():
        obstacle = Obstacle.NOT_SET_UP
    elif quiet:
        obstacle, why = Obstacle.QUIET, quiet
    elif not to:
        obstacle = Obstacle.NO_ADDRESS
    elif why := suppressed(channel, to, merchant_id=answer.merchant_id):
        obstacle = Obstacle.SUPPRESSED
    elif channel in _WINDOWED and until is None:
        obstacle = Obstacle.NOT_OPENED
    elif until is not None and until <= now:
        obstacle = Obstacle.CLOSED
    return WayBack(channel, to, until, obstacle, why)


def _address(answer: Answer, order: Order, recipient: Recipient, channel: str) -> str:
    """The number they wrote from; of a mail the address that we know, whatever its sender says."""
    if channel == "email":
        return recipient.email.strip()
    if answer.channel in {"sms", "whatsapp"} and answer.sender:
        return answer.sender
    return phone_of(recipient, order, answer.merchant)
