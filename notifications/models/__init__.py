"""What is said, to whom, by which rule, and what became of it."""

from notifications.models.messages import Message
from notifications.models.people import Preference, PushSubscription, Suppression
from notifications.models.rules import ChannelSetting, Rule
from notifications.models.templates import Template
from notifications.models.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint

__all__ = [
    "ChannelSetting",
    "Message",
    "Preference",
    "PushSubscription",
    "Rule",
    "Suppression",
    "Template",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
