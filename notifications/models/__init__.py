"""What is said, to whom, by which rule, and what became of it."""

from notifications.models.messages import Message
from notifications.models.people import Preference, PushSubscription, Suppression
from notifications.models.prices import MessagePrice
from notifications.models.rules import Calm, ChannelSetting, Rule
from notifications.models.templates import Template, TemplateVersion
from notifications.models.whatsapp import WhatsAppTemplate

__all__ = [
    "Calm",
    "ChannelSetting",
    "Message",
    "MessagePrice",
    "Preference",
    "PushSubscription",
    "Rule",
    "Suppression",
    "Template",
    "TemplateVersion",
    "WhatsAppTemplate",
]
