"""Every channel, one entry each; nothing else knows their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.channels.base import Account, Channel
from notifications.channels.email import EmailChannel
from notifications.channels.forms import Provider
from notifications.channels.inbox import InboxChannel
from notifications.channels.not_set_up import NotSetUp
from notifications.channels.providers import PROVIDERS
from notifications.channels.twilio import SmsChannel, WhatsAppChannel
from notifications.channels.webpush import WebPushChannel


class Reach(Enum):
    """What a channel needs to reach somebody."""

    EMAIL = "email"
    PHONE = "phone"
    BROWSER = "browser"
    #: The recipient's name at this channel, which the shop gave us.
    HANDLE = "handle"
    #: The shopper's own feed of messages, which is there anyway.
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Kind:
    """One channel: what it is called, whom it reaches, what it tells by itself.

    `is_on`: whether it is used before the merchant decided (a channel that costs money is not).
    `is_ready`: whether the operator set it up. `rings`: whether it can wake somebody.
    """

    slug: str
    label: Promise | str
    icon: str
    reach: Reach
    #: Opens the operator's own; None where only merchants' accounts send.
    operators: Callable[[], Channel] | None
    is_ready: Callable[[], bool]
    is_on: bool
    rings: bool
    #: How its messages are written (`notifications.writing`): a letter, a text, a chat, a note.
    shape: str
    #: Whether it opens a conversation with approved words alone (`notifications.whatsapp`).
    needs_approval: bool = False
    #: The operator's own sender on this channel.
    sender: Callable[[], str] = lambda: ""
    #: Whether the operator's provider tells later what became of a message.
    tells_fate: Callable[[], bool] = lambda: False
    #: How many messages at once one worker hands to one account, unless the operator says.
    lanes: int = 16

    @property
    def providers(self) -> Mapping[str, Provider]:
        """Through whom a merchant may send with an account of its own, by slug."""
        return PROVIDERS.get(self.slug, {})

    def make(self, account: Account | None = None) -> Channel:
        """The channel through this account; None is the operator's. Never raises: what cannot
        be opened refuses every letter, with the reason, until it is set up."""
        if account is None:
            return self.operators() if self.operators else NotSetUp()
        provider = self.providers.get(account.provider)
        if provider is None or provider.missing(account):
            return NotSetUp()
        return provider.make(account)


def _sms_sender() -> str:
    return str(settings.TWILIO_SMS_FROM)


def _whatsapp_sender() -> str:
    return str(settings.TWILIO_WHATSAPP_FROM)


def _mail_is_tracked() -> bool:
    """A plain mail server says nothing more once it took a mail."""
    return bool(settings.EMAIL_BACKEND.startswith("anymail.") and settings.ANYMAIL_WEBHOOK_SECRET)


#: In the order of preference: of several that ring the same phone, the first is used unless the
#: shopper chose.
CHANNELS: Final[dict[str, Kind]] = {
    kind.slug: kind
    for kind in (
        Kind(
            "email",
            pgettext_lazy("channel", "E-mail"),
            "mail",
            Reach.EMAIL,
            EmailChannel,
            lambda: True,
            is_on=True,
            rings=False,
            shape="letter",
            tells_fate=_mail_is_tracked,
            lanes=8,
        ),
        Kind(
            "whatsapp",
            _("WhatsApp"),
            "message-circle",
            Reach.PHONE,
            WhatsAppChannel,
            lambda: bool(settings.TWILIO_ACCOUNT_SID and _whatsapp_sender()),
            is_on=False,
            rings=True,
            shape="chat",
            needs_approval=True,
            sender=_whatsapp_sender,
            tells_fate=lambda: True,
        ),
        Kind(
            "sms",
            _("SMS"),
            "message-square",
            Reach.PHONE,
            SmsChannel,
            lambda: bool(settings.TWILIO_ACCOUNT_SID and _sms_sender()),
            is_on=False,
            rings=True,
            shape="text",
            sender=_sms_sender,
            tells_fate=lambda: True,
        ),
        Kind(
            "webpush",
            pgettext_lazy("channel", "Browser"),
            "bell",
            Reach.BROWSER,
            WebPushChannel,
            lambda: bool(settings.WEBPUSH_PRIVATE_KEY),
            is_on=True,
            rings=True,
            shape="note",
        ),
        Kind(
            "alimtalk",
            _("KakaoTalk"),
            "message-circle-more",
            Reach.PHONE,
            None,
            lambda: False,
            is_on=False,
            rings=True,
            shape="text",
        ),
        Kind(
            "line",
            "LINE",
            "message-square-text",
            Reach.HANDLE,
            None,
            lambda: False,
            is_on=False,
            rings=True,
            shape="chat",
        ),
        Kind(
            "inbox",
            _("Feed"),
            "inbox",
            Reach.FEED,
            InboxChannel,
            lambda: True,
            is_on=False,
            rings=False,
            shape="note",
        ),
    )
}


def shown_to(channel: str, to: str) -> str:
    """The address as somebody reads it; "" where it is a push service's host, or there is none."""
    kind = CHANNELS.get(channel)
    return "" if kind is not None and kind.reach in {Reach.BROWSER, Reach.FEED} else to


def label_of(slug: str) -> str:
    """The channel's name in the active language; the slug itself where it is gone."""
    kind = CHANNELS.get(slug)
    return str(kind.label) if kind else slug


def ready() -> list[Kind]:
    """The channels that the operator set up."""
    return [kind for kind in CHANNELS.values() if kind.is_ready()]


def open_channel(slug: str, account: Account | None) -> Channel:
    """The channel of this slug through this account (None: the operator's), for one thread at a
    time; close it when done. Never raises for what is not set up (`Kind.make`)."""
    return CHANNELS[slug].make(account)
