"""A filled-in account at each provider, pointed at the gateways of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from notifications.channels.base import Account, Letter
from notifications.sandbox.gateways import KEY
from notifications.sandbox.running import ACCOUNT, TOKEN, RunningPhones
from tests.notifications.phones import pointed_at_phones

SARA = "+971501234567"


@contextmanager
def pointed_at_gateways(settings: Any, monkeypatch: Any, **options: Any) -> Iterator[RunningPhones]:
    """Run the sandbox; every provider's address is its own, and may be called."""
    with pointed_at_phones(settings, **options) as running:
        settings.ALIMTALK_API_URL = running.url
        settings.LINE_API_URL = running.url
        settings.ANYMAIL = {"POSTMARK_API_URL": f"{running.url}/postmark/"}
        monkeypatch.setenv("OUTBOUND_ALLOW", running.host)
        yield running


def letter(**fields: Any) -> Letter:
    values = {
        "reference": "7", "message_id": "<x@y>", "to": SARA, "to_name": "Sara",
        "from_name": "Noor Home", "reply_to": "", "subject": "On its way",
        "text": "Out for delivery.", "html": "<p>Out for delivery.</p>",
        "about": "out_for_delivery", "language": "en", "written_at": datetime.now(UTC),
    }  # fmt: skip
    return Letter(**(values | fields))


def http_sms(url: str, **config: str) -> Account:
    given = {
        "url": f"{url}/gateway/send", "method": "POST", "auth": "bearer", "body_kind": "json",
        "body": '{"to": "{to_digits}", "text": "{text}", "from": "{sender}", "ref": "{reference}",'
        ' "unicode": "{unicode}"}',
        "success_path": "success", "success_values": "true", "id_path": "data.MessageID",
        "error_path": "errorCode", "dead_codes": "ER-02 the number is not valid",
        "final_codes": "ER-07 the text was filtered", "repeats": "sent",
    }  # fmt: skip
    return Account(
        merchant_id=3, channel="sms", provider="http_sms", sender="NoorHome",
        config=given | config, secrets={"auth_secret": KEY},
    )  # fmt: skip


def alimtalk(**config: str) -> Account:
    given = {
        "app_key": "app", "sender_key": "sender",
        "templates": "shipped ko SHIP1\nout_for_delivery en OUT1\nout_for_delivery OUT2",
    }  # fmt: skip
    return Account(
        merchant_id=3, channel="alimtalk", provider="nhn",
        config=given | config, secrets={"secret_key": KEY},
    )  # fmt: skip


def line() -> Account:
    return Account(merchant_id=3, channel="line", provider="line", secrets={"access_token": KEY})


def postmark() -> Account:
    return Account(
        merchant_id=3, channel="email", provider="postmark", sender="hello@noor.example",
        secrets={"server_token": KEY},
    )  # fmt: skip


def twilio(channel: str = "sms", **config: str) -> Account:
    return Account(
        merchant_id=3, channel=channel, provider="twilio", sender="+15550100009",
        config={"account_sid": ACCOUNT} | config, secrets={"auth_token": TOKEN},
    )  # fmt: skip
