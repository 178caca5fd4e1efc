"""What is said, to whom, by which rule, and what became of it."""

from notifications.models.handles import Handle
from notifications.models.messages import Message
from notifications.models.people import Preference, PushSubscription, Suppression
from notifications.models.rules import Calm, ChannelSetting, Rule
from notifications.models.templates import Template, TemplateVersion
from notifications.models.text_rules import OperatorSmsRule, RegisteredText

__all__ = [
    "Calm",
    "ChannelSetting",
    "Handle",
    "Message",
    "OperatorSmsRule",
    "Preference",
    "PushSubscription",
    "RegisteredText",
    "Rule",
    "Suppression",
    "Template",
    "TemplateVersion",
]
