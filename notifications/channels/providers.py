"""Through whom a merchant may send with an account of its own: by channel, one entry each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.channels import http_sms_form, smtp
from notifications.channels.alimtalk import AlimTalkChannel
from notifications.channels.esps import ESPS, Esp, open_esp
from notifications.channels.forms import Field, Provider
from notifications.channels.http_sms import open_http_sms
from notifications.channels.line_push import LineChannel
from notifications.channels.smtp import open_smtp
from notifications.channels.twilio import SmsChannel, WhatsAppChannel

_FROM: Final = _("Sender’s address")
_FROM_HELP: Final = _(
    "Used once the DNS records of its domain are right; until then mail comes from this "
    "installation’s address in your name."
)
_TWILIO: Final = (
    Field("account_sid", "Account SID", _("It begins with AC.")),
    Field("auth_token", "Auth Token", is_secret=True),
)
_TWILIO_DOCS: Final = "https://www.twilio.com/docs/messaging/api/message-resource"


def _mail(esp: Esp) -> Provider:
    return Provider(
        slug=esp.slug,
        label=esp.label,
        docs=esp.docs,
        fields=esp.all_fields,
        make=open_esp,
        sender_label=_FROM,
        sender_help=_FROM_HELP,
        hooks=bool(esp.view),
    )


_SMTP: Final = Provider(
    slug="smtp",
    label=_("Mail server (SMTP)"),
    docs="",
    fields=smtp.FIELDS,
    make=open_smtp,
    sender_label=_FROM,
    sender_help=_FROM_HELP,
    about=_("Any server that takes mail with a name and a password. It reports no receipts."),
    problems=smtp.problems,
)
_SMS: Final = (
    Provider(
        slug="twilio",
        label="Twilio",
        docs=_TWILIO_DOCS,
        fields=_TWILIO,
        make=SmsChannel,
        sender_label=pgettext_lazy("of an SMS", "Sender"),
        sender_help=_(
            "A number such as +97141234567, a sender name, or a messaging service (MG…)."
        ),
        hooks=True,
    ),
    Provider(
        slug="http_sms",
        label=_("SMS gateway (HTTP)"),
        docs="",
        fields=http_sms_form.FIELDS,
        make=open_http_sms,
        sender_label=pgettext_lazy("of an SMS", "Sender"),
        sender_help=_("A number, or the name that you registered with the gateway."),
        about=_("Any gateway with an HTTP interface, described by a form. Examples are filled in."),
        hooks=True,
        presets=http_sms_form.PRESETS,
        problems=http_sms_form.problems,
    ),
)
_WHATSAPP: Final = Provider(
    slug="twilio",
    label="Twilio",
    docs=_TWILIO_DOCS,
    fields=_TWILIO,
    make=WhatsAppChannel,
    sender_label=_("WhatsApp number"),
    sender_help=_("The number of your WhatsApp sender, such as +97141234567."),
    hooks=True,
)
_ALIMTALK: Final = Provider(
    slug="nhn",
    label="NHN Cloud KakaoTalk Bizmessage",
    docs="https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/alimtalk-api-guide/",
    fields=(
        Field("app_key", "Appkey"),
        Field("secret_key", _("Secret key"), is_secret=True),
        Field("sender_key", _("Sender key of the channel"), _("40 characters.")),
        Field(
            "templates",
            _("Approved templates"),
            _(
                "One a line: what it is about, the language, the template code; such as "
                "shipped ko ORDER01. Variables: #{shop}, #{name}, #{message}, #{link}."
            ),
            is_long=True,
        ),
        Field(
            "webhook_signature",
            _("Webhook signature"),
            _("What you enter as the signature of the webhook."),
            is_secret=True,
            is_optional=True,
        ),
    ),
    make=AlimTalkChannel,
    about=_("Built from NHN Cloud’s documents."),
    hooks=True,
)
_LINE: Final = Provider(
    slug="line",
    label="LINE Messaging API",
    docs="https://developers.line.biz/en/reference/messaging-api/#send-push-message",
    fields=(Field("access_token", _("Channel access token"), is_secret=True),),
    make=LineChannel,
    about=_("Built from LINE’s documents. It reaches customers whose LINE id your shop told us."),
)

PROVIDERS: Final[Mapping[str, Mapping[str, Provider]]] = {
    channel: {one.slug: one for one in providers}
    for channel, providers in {
        "email": (*(_mail(esp) for esp in ESPS.values()), _SMTP),
        "sms": _SMS,
        "whatsapp": (_WHATSAPP,),
        "alimtalk": (_ALIMTALK,),
        "line": (_LINE,),
    }.items()
}
