"""A message's row as the letter that a channel takes."""

from __future__ import annotations

import json
from email.utils import parseaddr

from django.conf import settings

from lib.signing import new_token
from merchants.models import Brand, Merchant
from notifications.answers.addresses import reply_address
from notifications.answers.mail import CHANNEL
from notifications.answers.rules import rules_of
from notifications.answers.topics import REPLY
from notifications.channels.base import Browser, Letter, Picture
from notifications.models import ChannelSetting, Message, PushSubscription
from notifications.rendering import LOGO_CID


def new_message_id() -> str:
    """An RFC 5322 Message-ID of ours."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{new_token()}@{address.rpartition('@')[2] or 'localhost'}>"


def letter_of(message: Message) -> Letter:
    """The letter; call it where the message's merchant can be read."""
    merchant = message.merchant
    parcel = message.shipment_id or f"order-{message.order_id}"
    return Letter(
        reference=str(message.pk),
        message_id=message.message_id,
        to=message.to,
        to_name=message.recipient.name,
        from_name=merchant.name,
        reply_to=_reply_to(message, merchant),
        subject=message.subject,
        text=message.text,
        html=message.html,
        about=message.topic,
        language=message.language,
        written_at=message.created_at,
        picture=_picture(message, merchant),
        sender=_sender(message),
        link=settings.BASE_URL + message.link if message.link else "",
        topic=f"{merchant.pk}-{parcel}",
        browser=_browser(message.subscription),
        **_answers(message),
        content_sid=message.content["sid"] if message.content else "",
        content_variables=json.dumps(message.content["variables"]) if message.content else "",
    )


def _reply_to(message: Message, merchant: Merchant) -> str:
    """Back to us, where the operator takes mail and the merchant wants it; else the shop."""
    if message.channel != CHANNEL or not rules_of(merchant.pk).takes_mail:
        return merchant.support_email
    return reply_address(message.pk) or merchant.support_email


def _answers(message: Message) -> dict[str, str]:
    """Which mail this one answers, and whether a person wrote it."""
    if message.purpose != Message.Purpose.ANSWER:
        return {}
    return {
        "in_reply_to": str(message.change.data.get("in_reply_to", "")),
        "auto_submitted": "no" if message.topic == REPLY else "auto-replied",
    }


def _picture(message: Message, merchant: Merchant) -> Picture | None:
    if f"cid:{LOGO_CID}" not in message.html:
        return None
    brand = Brand.objects.filter(merchant_id=merchant.pk).first()
    if brand is None or not brand.logo:
        return None
    return Picture(LOGO_CID, brand.logo_type, bytes(brand.logo))


def _sender(message: Message) -> str:
    """The merchant's own sender id or number on this channel, where there is one."""
    if message.html:
        return ""  # e-mail comes from the operator's address, in the merchant's name
    own = ChannelSetting.objects.filter(
        merchant_id=message.merchant_id, channel=message.channel
    ).first()
    return own.sender if own else ""


def _browser(subscription: PushSubscription | None) -> Browser | None:
    if subscription is None or subscription.gone_at is not None:
        return None
    return Browser(subscription.endpoint, subscription.p256dh, subscription.auth)
