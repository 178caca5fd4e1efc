"""A message to oneself through a channel, as it is set up now."""

from __future__ import annotations

from datetime import datetime
from html import escape

from django.utils.translation import gettext, override

from merchants.models import Merchant
from notifications.channels.base import Account, ChannelError, Letter
from notifications.channels.registry import open_channel
from notifications.letters import new_message_id


def send_to_oneself(
    *,
    merchant: Merchant,
    channel: str,
    account: Account | None,
    to: str,
    now: datetime,
    words: str = "",
) -> str:
    """Send it at once, kept nowhere; returns what the provider said against it, "" for nothing.

    `words` is a text to be tried; without any it says that it is a test.
    """
    with override(merchant.default_language):
        text = gettext("This is a test from %(shop)s: the channel works.") % {"shop": merchant.name}
        subject = gettext("A test from %(shop)s") % {"shop": merchant.name}
    line = open_channel(channel, account)
    try:
        line.send(
            Letter(
                reference="",
                message_id=new_message_id(),
                to=to,
                to_name="",
                from_name=merchant.name,
                reply_to=merchant.support_email,
                subject=subject,
                text=words or text,
                html=f"<p>{escape(text)}</p>",
                about="test",
                language=merchant.default_language,
                written_at=now,
            )
        )
    except ChannelError as error:
        return str(error)
    finally:
        line.close()
    return ""
