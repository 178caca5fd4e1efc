"""Bounces and complaints as mail providers write them: each ends on the list, or does not.

The bodies are ours, in the shapes of the vendors' documentation:
https://postmarkapp.com/developer/webhooks/bounce-webhook
https://postmarkapp.com/developer/webhooks/spam-complaint-webhook
https://developers.brevo.com/docs/transactional-webhooks
https://dev.mailjet.com/email/guides/webhooks/
https://developers.sparkpost.com/api/webhooks/
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from anymail.signals import tracking
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.test import RequestFactory

from notifications.models import Message, Suppression

ADDRESS = "sara@shopper.example"
AT = 1_794_470_400


def postmark(record: str, reference: str, **fields: Any) -> Any:
    return {
        "RecordType": record, "MessageID": "0f0f", "Email": ADDRESS, "Tag": "delivered",
        "BouncedAt": "2026-11-12T08:00:00Z", "Metadata": {"message": reference}, **fields,
    }  # fmt: skip


def brevo(event: str, reference: str, **fields: Any) -> Any:
    return {
        "event": event, "email": ADDRESS, "ts_event": AT, "ts_epoch": AT * 1000, "id": 7,
        "message-id": "<a@homeward.example>",
        "X-Mailin-custom": json.dumps({"message": reference}), **fields,
    }  # fmt: skip


def mailjet(event: str, reference: str, **fields: Any) -> Any:
    return {
        "event": event, "time": AT, "MessageID": 19421777835146490, "email": ADDRESS,
        "Payload": json.dumps({"message": reference}), **fields,
    }  # fmt: skip


def sparkpost(event: str, reference: str, **fields: Any) -> Any:
    inner = {
        "type": event, "rcpt_to": ADDRESS, "timestamp": str(AT), "transmission_id": "1",
        "event_id": "2", "rcpt_meta": {"message": reference}, **fields,
    }  # fmt: skip
    return [{"msys": {"message_event": inner}}]


POSTMARK, BREVO = PostmarkTrackingWebhookView, BrevoTrackingWebhookView
MAILJET, SPARKPOST = MailjetTrackingWebhookView, SparkPostTrackingWebhookView
BOUNCED = "mail to it bounced"
SPAM = "its owner reported our mail as spam"

SAID: list[tuple[type, Any, str, dict[str, Any], str]] = [
    (POSTMARK, postmark, "Bounce",
     {"Type": "HardBounce", "TypeCode": 1, "ID": 1, "Details": "unknown user"}, BOUNCED),
    (POSTMARK, postmark, "Bounce",
     {"Type": "SoftBounce", "TypeCode": 4096, "ID": 1, "Details": "mailbox full"}, ""),
    (POSTMARK, postmark, "SpamComplaint",
     {"Type": "SpamComplaint", "TypeCode": 100001, "ID": 2}, SPAM),
    (BREVO, brevo, "hard_bounce", {"reason": "550 5.1.1 unknown user"}, BOUNCED),
    (BREVO, brevo, "soft_bounce", {"reason": "552 5.2.2 over quota"}, ""),
    (BREVO, brevo, "spam", {}, SPAM),
    (BREVO, brevo, "unsubscribe", {}, "its owner unsubscribed"),
    (MAILJET, mailjet, "bounce",
     {"blocked": False, "hard_bounce": True, "error": "user unknown", "comment": "550"}, BOUNCED),
    (MAILJET, mailjet, "bounce",
     {"blocked": False, "hard_bounce": False, "error": "quota exceeded", "comment": "452"}, ""),
    (SPARKPOST, sparkpost, "bounce",
     {"bounce_class": "10", "raw_reason": "550 5.1.1 no such user"}, "the address does not exist"),
    (SPARKPOST, sparkpost, "bounce",
     {"bounce_class": "22", "raw_reason": "552 mailbox full"}, ""),
    (SPARKPOST, sparkpost, "bounce",
     {"bounce_class": "52", "raw_reason": "554 looks like spam"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("view", "shape", "event", "fields", "reason"), SAID)
def test_provider_says_who_must_not_be_written_to(
    message: Message,
    rf: RequestFactory,
    settings: Any,
    view: Any,
    shape: Any,
    event: str,
    fields: dict[str, Any],
    reason: str,
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:password"}
    Message.objects.update(state="sent")
    body = json.dumps(shape(event, str(message.pk), **fields))
    request = rf.post("/", body, content_type="application/json")
    for one in view().parse_events(request):
        tracking.send(sender=view, event=one, esp_name=view.esp_name)
    found = list(Suppression.objects.values_list("address", "reason"))
    assert found == ([(ADDRESS, reason)] if reason else [])
