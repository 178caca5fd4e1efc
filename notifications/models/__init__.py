"""What is said, to whom, by which rule, and what became of it."""

from notifications.models.handles import Handle
from notifications.models.messages import Message
from notifications.models.people import Preference, PushSubscription, Suppression
from notifications.models.rules import Calm, ChannelSetting, Rule
from notifications.models.templates import Template, TemplateVersion

__all__ = [
    "Calm",
    "ChannelSetting",
    "Handle",
    "Message",
    "Preference",
    "PushSubscription",
    "Rule",
    "Suppression",
    "Template",
    "TemplateVersion",
]
