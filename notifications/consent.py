"""Who may be written to, by which channel: suppressions and the shopper's own choice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop

from lib.folding import digits
from lib.phones import e164
from merchants.models import Merchant
from notifications.answers.topics import STOPPED
from notifications.models import Message, Preference, Suppression
from notifications.texts import ADDRESS, CASE
from tracking.address_check import is_waiting
from tracking.models import Order, Recipient

MUTED: Final = gettext_noop("The shopper asked for no messages.")
NOT_CHOSEN: Final = gettext_noop("The shopper chose other ways to be told.")
NOT_NEEDED: Final = gettext_noop("The address is complete by now, or the parcel on its way.")
ERASED: Final = gettext_noop("Erased at the person's request.")


def person_of(recipient: Recipient) -> str:
    """What a preference is kept under: the e-mail address, else the phone number, else the
    recipient of this one order, who is known by nothing else."""
    if recipient.email.strip():
        return recipient.email.strip().lower()
    number = e164(recipient.phone, country=recipient.order.country)
    return number or digits(recipient.phone) or f"#{recipient.pk}"


def phone_of(recipient: Recipient, order: Order, merchant: Merchant) -> str:
    """The recipient's number in E.164; "" where there is none that can be dialled."""
    return e164(recipient.phone, country=order.country or merchant.country)


def preference_of(recipient: Recipient) -> Preference | None:
    """What this person chose at this merchant, if anything; in the merchant's scope."""
    return Preference.objects.filter(
        merchant_id=recipient.merchant_id, person=person_of(recipient)
    ).first()


def choose(
    *,
    recipient: Recipient,
    channels: Iterable[str],
    language: str,
    is_muted: bool,
    now: datetime,
) -> Preference:
    """Keep the shopper's choice; a message that still waits obeys it. In the merchant's scope."""
    made, _ = Preference.objects.update_or_create(
        merchant_id=recipient.merchant_id,
        person=person_of(recipient),
        defaults={
            "channels": sorted(set(channels)),
            "language": language,
            "is_muted": is_muted,
            "changed_at": now,
        },
    )
    return made


def against(preference: Preference | None, channel: str) -> str:
    """What the shopper's choice says against this channel; "" where nothing."""
    if preference is None:
        return ""
    if preference.is_muted:
        return MUTED
    return "" if channel in preference.channels else NOT_CHOSEN


def why_not(message: Message) -> str:
    """Why this message must not go out any more, in words; "" where it may."""
    if message.milestone == STOPPED:
        # Whoever said STOP hears once that it was heard.
        return ""
    problem = suppressed(message.channel, message.to, merchant_id=message.merchant_id)
    if problem or message.purpose != Message.Purpose.AUTO or message.milestone == CASE:
        return problem
    if message.milestone == ADDRESS and not is_waiting(message.order_id):
        return NOT_NEEDED
    return against(preference_of(message.recipient), message.channel)


def suppressed(channel: str, address: str, *, merchant_id: int) -> str:
    """Why this address is not written to, in words; "" where it is."""
    found = Suppression.objects.filter(
        merchant_id=merchant_id, channel=channel, address=address.lower()
    ).first()
    return f"The address is suppressed: {found.reason}." if found else ""


def suppress(*, merchant_id: int, channel: str, address: str, reason: str) -> None:
    """Never write to this address by this channel again; in the merchant's scope."""
    Suppression.objects.get_or_create(
        merchant_id=merchant_id,
        channel=channel,
        address=address.lower(),
        defaults={"reason": reason},
    )


def allow_again(*, merchant_id: int, channel: str, address: str, reason: str) -> None:
    """The reason for this ban is gone ("START" after "STOP"); in the merchant's scope."""
    Suppression.objects.filter(
        merchant_id=merchant_id, channel=channel, address=address.lower(), reason=reason
    ).delete()
