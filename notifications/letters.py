"""Messages' rows as the letters that a channel takes; a batch at once, whosoever they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from urllib.parse import urljoin

from django.conf import settings

from lib.phones import country_of
from lib.signing import new_token
from merchants.models import Brand, Merchant
from notifications.answers.addresses import reply_address
from notifications.answers.mail import CHANNEL
from notifications.answers.topics import REPLY
from notifications.channels.base import Browser, Letter, Picture, Registration
from notifications.models import (
    AnswerRules,
    ChannelSetting,
    Message,
    PushSubscription,
    RegisteredText,
)
from notifications.page_codes import HIDDEN, codes_in
from notifications.rendering import LOGO_CID
from notifications.text_limits import SMS


def new_message_id() -> str:
    """An RFC 5322 Message-ID of ours."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{new_token()}@{address.rpartition('@')[2] or 'localhost'}>"


def letters_of(messages: Sequence[Message], own: Mapping[int, ChannelSetting]) -> dict[int, Letter]:
    """The letters by message; `own` the merchants' settings of the channel. Needs `merchant`,
    `recipient` and `subscription` of each; call it where these merchants can be read."""
    pictures, takers = _pictures(messages), _takers_of_mail(messages)
    known, codes = _registered(messages), codes_in(messages)
    return {
        message.pk: _letter(
            message,
            message.merchant,
            takes_mail=message.merchant_id in takers,
            picture=pictures.get(message.merchant_id) if _shows_logo(message) else None,
            setting=own.get(message.merchant_id),
            registration=_registration(message, known),
            code=codes.get(message.pk, HIDDEN),
        )
        for message in messages
    }


def _letter(
    message: Message,
    merchant: Merchant,
    *,
    takes_mail: bool,
    picture: Picture | None,
    setting: ChannelSetting | None,
    registration: Registration,
    code: str,
) -> Letter:
    parcel = message.shipment_id or f"order-{message.order_id}"
    return Letter(
        reference=str(message.pk),
        message_id=message.message_id,
        to=message.to,
        to_name=message.recipient.name,
        from_name=merchant.name,
        # Back to us, where the operator takes mail and the merchant wants it; else the shop.
        reply_to=(reply_address(message.pk) if takes_mail else "") or merchant.support_email,
        subject=message.subject,
        # A code is in no row: it comes in here, on its way out.
        text=message.text.replace(HIDDEN, code),
        html=message.html.replace(HIDDEN, code),
        about=message.topic,
        language=message.language,
        written_at=message.created_at,
        picture=picture,
        # E-mail comes from the operator's address, in the merchant's name.
        sender=registration.header
        or (setting.sender if setting is not None and not message.html else ""),
        link=urljoin(settings.BASE_URL, message.link) if message.link else "",
        topic=f"{merchant.pk}-{parcel}",
        browser=_browser(message.subscription),
        registration=registration,
        **_answers(message),
        content_sid=message.content["sid"] if message.content else "",
        content_variables=json.dumps(message.content["variables"]) if message.content else "",
    )


def _answers(message: Message) -> dict[str, str]:
    """Which mail this one answers, and whether a person wrote it."""
    if message.purpose != Message.Purpose.ANSWER:
        return {}
    return {
        "in_reply_to": str(message.change.data.get("in_reply_to", "")),
        "auto_submitted": "no" if message.topic == REPLY else "auto-replied",
    }


def _takers_of_mail(messages: Sequence[Message]) -> set[int]:
    """The merchants that want the replies to these mails to come to us."""
    shops = {message.merchant_id for message in messages if message.channel == CHANNEL}
    if not shops:
        return set()
    rules = {row.merchant_id: row for row in AnswerRules.objects.filter(merchant_id__in=shops)}
    return {shop for shop in shops if (rules.get(shop) or AnswerRules(merchant_id=shop)).takes_mail}


def _shows_logo(message: Message) -> bool:
    return f"cid:{LOGO_CID}" in message.html


def _pictures(messages: Sequence[Message]) -> dict[int, Picture]:
    shops = {message.merchant_id for message in messages if _shows_logo(message)}
    if not shops:
        return {}
    return {
        brand.merchant_id: Picture(LOGO_CID, brand.logo_type, bytes(brand.logo))
        for brand in Brand.objects.filter(merchant_id__in=shops)
        if brand.logo
    }


def _registered(messages: Sequence[Message]) -> dict[tuple[int, str, str, str], RegisteredText]:
    """The approved texts by merchant, country, topic and language."""
    shops = {message.merchant_id for message in messages if message.channel == SMS}
    if not shops:
        return {}
    rows = RegisteredText.objects.filter(merchant_id__in=shops, state=RegisteredText.State.APPROVED)
    return {(row.merchant_id, row.country, row.topic, row.language): row for row in rows}


def _registration(
    message: Message, known: Mapping[tuple[int, str, str, str], RegisteredText]
) -> Registration:
    """What the registry of the number's country calls this text, where it has approved of one."""
    if not known or message.channel != SMS:
        return Registration()
    key = (message.merchant_id, country_of(message.to), message.topic, message.language)
    row = known.get(key)
    return Registration(row.entity_id, row.header, row.template_id) if row else Registration()


def _browser(subscription: PushSubscription | None) -> Browser | None:
    if subscription is None or subscription.gone_at is not None:
        return None
    return Browser(subscription.endpoint, subscription.p256dh, subscription.auth)
