"""What the provider says later: delivered, bounced, complained. A state never goes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from anymail.signals import EventType, RejectReason
from django.utils import timezone

from merchants.scope import every_merchant, merchant_scope
from notifications.bounces import is_filtered, is_passing
from notifications.consent import suppress
from notifications.models import Message
from notifications.outcomes import FOUND
from notifications.patience import acknowledged_by
from notifications.reading import note_reading
from notifications.reasons import Unsent
from notifications.told import note_told

_BEFORE_RECEIPT: Final = (
    Message.State.WAITING,
    Message.State.SENDING,
    Message.State.UNCERTAIN,
    Message.State.SENT,
)
_UNDELIVERED: Final = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})
#: Kinds after which an address must not be written to again. A full mailbox is none of them.
_SUPPRESS: Final = {
    RejectReason.BOUNCED: "mail to it bounced",
    RejectReason.INVALID: "the address does not exist",
    RejectReason.SPAM: "its owner reported our mail as spam",
    RejectReason.UNSUBSCRIBED: "its owner unsubscribed",
}


def on_tracking_event(sender: object, event: Any, esp_name: str, **kwargs: object) -> None:
    """Receiver of anymail's `tracking` signal; `event` is an AnymailTrackingEvent."""
    message = _find(event)
    if message is None:
        return
    at = event.timestamp or timezone.now()
    with merchant_scope(message.merchant_id):
        if event.event_type == EventType.DELIVERED:
            mark_delivered(message, at=at)
        elif event.event_type in _UNDELIVERED:
            mark_failed(message, reason=_words(event), at=at)
        elif event.event_type in {EventType.OPENED, EventType.CLICKED}:
            note_reading(message, clicked=event.event_type == EventType.CLICKED, at=at)
        _suppress(message, event)


def mark_sent(message: Message, *, provider_id: str, at: datetime) -> None:
    """The provider has it: this settles a message that was uncertain. In the merchant's scope."""
    Message.objects.filter(pk=message.pk, state__in=_BEFORE_RECEIPT).update(
        state=Message.State.SENT,
        sent_at=message.sent_at or at,
        due_at=None,
        reason=FOUND if message.state == Message.State.UNCERTAIN else message.reason,
        reason_code=Unsent.NONE,
        receipt_by=message.receipt_by or acknowledged_by(message, now=at),
    )
    _keep_id(message, provider_id)
    _note_told(message, at=at)


def mark_delivered(message: Message, *, at: datetime, provider_id: str = "") -> None:
    """The receiving server, or the phone, took it. In the merchant's scope."""
    Message.objects.filter(pk=message.pk, state__in=_BEFORE_RECEIPT).update(
        state=Message.State.DELIVERED,
        delivered_at=at,
        sent_at=message.sent_at or at,
        due_at=None,
        receipt_by=None,
        reason_code=Unsent.NONE,
    )
    _keep_id(message, provider_id)
    _note_told(message, at=at)


def _note_told(message: Message, *, at: datetime) -> None:
    """A receipt may be the first to say that a message went out."""
    if message.sent_at is None:
        note_told([message], now=at)


def _keep_id(message: Message, provider_id: str) -> None:
    """Write the provider's id down where none is known and no other message has it."""
    if not provider_id or message.provider_id:
        return
    if not Message.objects.filter(channel=message.channel, provider_id=provider_id).exists():
        Message.objects.filter(pk=message.pk, provider_id="").update(provider_id=provider_id)


def mark_failed(message: Message, *, reason: str, at: datetime) -> None:
    """It will not arrive: the next channel is tried. A message that is delivered stays delivered.
    In the merchant's scope."""
    Message.objects.filter(pk=message.pk, state__in=_BEFORE_RECEIPT).update(
        state=Message.State.FAILED,
        reason=reason[:300],
        reason_code=Unsent.NOT_DELIVERED,
        due_at=None,
        receipt_by=at if message.then else None,
    )


def _find(event: Any) -> Message | None:
    """The message a receipt is about: by our own reference, else by the provider's id."""
    reference = str((event.metadata or {}).get("message", ""))
    with every_merchant("a receipt does not say whose message it is"):
        if reference.isdecimal():
            return Message.objects.filter(pk=int(reference)).first()
        if event.message_id:
            return Message.objects.filter(provider_id=event.message_id, channel="email").first()
    return None


def _suppress(message: Message, event: Any) -> None:
    words = _SUPPRESS.get(event.reject_reason)
    if event.event_type == EventType.COMPLAINED:
        words = _SUPPRESS[RejectReason.SPAM]
    elif event.event_type == EventType.UNSUBSCRIBED:
        words = _SUPPRESS[RejectReason.UNSUBSCRIBED]
    if words is None or is_passing(event) or is_filtered(event):
        return
    suppress(merchant_id=message.merchant_id, channel="email", address=message.to, reason=words)


def _words(event: Any) -> str:
    known = _SUPPRESS.get(event.reject_reason)
    said = " ".join(str(event.mta_response or event.description or "").split())
    first = f"The mail server refused it: {known}" if known else "The mail server refused it"
    return f"{first} ({said})" if said else first
