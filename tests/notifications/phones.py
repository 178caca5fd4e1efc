"""A Twilio and a push service of this machine, with our settings pointed at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from typing import Any

from merchants.models import Merchant
from notifications.models import Calm, ChannelSetting
from notifications.sandbox.running import ACCOUNT, TOKEN, RunningPhones, running_phones

SMS_FROM = "+15550100001"
WHATSAPP_FROM = "+15550100002"
#: 32 bytes that mean nothing, as WEBPUSH_PRIVATE_KEY.
VAPID = "14fO6jfjLN31nfgVkVpMnIHGcjuVuA45sFjYALg97NU"


@contextmanager
def pointed_at_phones(settings: Any, **options: Any) -> Iterator[RunningPhones]:
    """Run the phones; `options` as for `running_phones`."""
    with running_phones(**options) as phones:
        settings.TWILIO_API_URL = phones.url
        settings.TWILIO_ACCOUNT_SID = ACCOUNT
        settings.TWILIO_AUTH_TOKEN = TOKEN
        settings.TWILIO_SMS_FROM = SMS_FROM
        settings.TWILIO_WHATSAPP_FROM = WHATSAPP_FROM
        settings.WEBPUSH_PRIVATE_KEY = VAPID
        settings.WEBPUSH_SUBJECT = "mailto:push@homeward.example"
        yield phones


#: Quiet hours from then to then are none.
ANY = time(0)


def switch_on(merchant: Merchant, *channels: str) -> None:
    """The merchant uses these at any hour, whatever the clock says; in the merchant's scope."""
    Calm.objects.get_or_create(merchant=merchant, defaults={"quiet_from": ANY, "quiet_to": ANY})
    for channel in channels:
        ChannelSetting.objects.update_or_create(
            merchant=merchant, channel=channel, defaults={"is_on": True}
        )
