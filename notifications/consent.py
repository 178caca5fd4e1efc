"""Who may be written to, by which channel: suppressions and the shopper's own choice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop

from lib.folding import digits
from lib.phones import e164
from merchants.models import Merchant
from notifications.models import Handle, Preference, Suppression
from notifications.reasons import (
    ANSWERED,
    MUTED,
    MUTED_ORDER,
    MUTED_TOPIC,
    NO_CONSENT,
    NO_REASON,
    NOT_CHOSEN,
    NOT_NEEDED,
    Reason,
    Unsent,
)
from notifications.texts import ADDRESS
from notifications.triggers import TRIGGERS
from tracking import cash
from tracking.address_check import is_waiting
from tracking.models import Order, Recipient

ERASED: Final = gettext_noop("Erased at the person's request.")


#: The feed of messages that a shopper opens by himself: nobody is disturbed by it.
INBOX: Final = "inbox"


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


def handle_of(recipient: Recipient, channel: str) -> str:
    """What this person is called at the channel, as the shop told; "" where it has not."""
    row = Handle.objects.filter(
        merchant_id=recipient.merchant_id, person=person_of(recipient), channel=channel
    ).first()
    return row.address if row else ""


def keep_handle(
    *, merchant_id: int, person: str, channel: str, address: str, now: datetime
) -> None:
    """Keep what a person is called at a channel; an empty address forgets it. In the merchant's
    scope."""
    if not address:
        Handle.objects.filter(merchant_id=merchant_id, person=person, channel=channel).delete()
        return
    Handle.objects.update_or_create(
        merchant_id=merchant_id,
        person=person,
        channel=channel,
        defaults={"address": address, "changed_at": now},
    )


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
    muted_topics: Iterable[str] | None = None,
    muted_orders: Iterable[int] | None = None,
    wants_marketing: bool | None = None,
) -> Preference:
    """Keep the shopper's choice; a message that still waits obeys it. In the merchant's scope.

    What is None stays as it was.
    """
    values: dict[str, object] = {
        "channels": sorted(set(channels)),
        "language": language,
        "is_muted": is_muted,
        "changed_at": now,
    }
    if muted_topics is not None:
        values["muted_topics"] = sorted(set(muted_topics))
    if muted_orders is not None:
        values["muted_orders"] = sorted(set(muted_orders))
    if wants_marketing is not None:
        values["wants_marketing"] = wants_marketing
    made, _ = Preference.objects.update_or_create(
        merchant_id=recipient.merchant_id, person=person_of(recipient), defaults=values
    )
    return made


def against(preference: Preference | None, channel: str, *, topic: str, order_id: int) -> Reason:
    """What the shopper's choice says against telling this by this channel; empty where nothing.

    What a shopper asked is answered whatever was muted; offers need a yes.
    """
    trigger = TRIGGERS.get(topic)
    if trigger and trigger.is_marketing and not (preference and preference.wants_marketing):
        return Reason(Unsent.NO_CONSENT, NO_CONSENT)
    if preference is None:
        return NO_REASON
    if preference.is_muted:
        return Reason(Unsent.MUTED, MUTED)
    if order_id in preference.muted_orders:
        return Reason(Unsent.MUTED, MUTED_ORDER)
    if topic in preference.muted_topics:
        return Reason(Unsent.MUTED, MUTED_TOPIC)
    if channel not in preference.channels and channel != INBOX:
        return Reason(Unsent.NOT_CHOSEN, NOT_CHOSEN)
    return NO_REASON


def why_needless(topic: str, order: Order) -> Reason:
    """Of what asks the shopper for something: whether it was done meanwhile."""
    if topic == ADDRESS and not is_waiting(order.pk):
        return Reason(Unsent.NOT_NEEDED, NOT_NEEDED)
    if topic == "cod_confirm" and not cash.is_waiting(order.pk):
        return Reason(Unsent.NOT_NEEDED, ANSWERED)
    return NO_REASON


def suppressed(channel: str, address: str, *, merchant_id: int) -> Reason:
    """Why this address is not written to; empty where it is."""
    found = Suppression.objects.filter(
        merchant_id=merchant_id, channel=channel, address=address.lower()
    ).first()
    return banned(found.reason) if found else NO_REASON


def banned(why: str) -> Reason:
    """The reason of an address that is suppressed for this."""
    return Reason(Unsent.SUPPRESSED, f"The address is suppressed: {why}.")


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
