"""A text that is being written, as an e-mail to whoever writes it; nothing is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from merchants.models import Brand, Merchant, User
from notifications.channels.base import ChannelError, Letter, Picture
from notifications.channels.email import EmailChannel
from notifications.letters import new_message_id
from notifications.rendering import LOGO_CID, LOGO_TYPES, Telling
from notifications.templates.mail import letter


def send_to_oneself(merchant: Merchant, user: User, telling: Telling, *, now: datetime) -> str:
    """Send it at once, never to anybody but `user`, whose address is proved; in the merchant's
    scope. Returns why it did not go, "" when it did."""
    rendered = letter(replace(telling, has_preferences=False))
    channel = EmailChannel()
    try:
        channel.send(
            Letter(
                reference="",
                message_id=new_message_id(),
                to=user.email,
                to_name=user.name,
                from_name=merchant.name,
                reply_to=merchant.support_email,
                subject=rendered.subject,
                text=rendered.text,
                html=rendered.html,
                about=telling.topic,
                language=telling.language,
                written_at=now,
                picture=_logo(merchant) if telling.look.has_logo else None,
            )
        )
    except ChannelError as error:
        return str(error)
    finally:
        channel.close()
    return ""


def _logo(merchant: Merchant) -> Picture | None:
    brand = Brand.objects.filter(merchant_id=merchant.pk).first()
    if brand is None or not brand.logo or brand.logo_type not in LOGO_TYPES:
        return None
    return Picture(LOGO_CID, brand.logo_type, bytes(brand.logo))
