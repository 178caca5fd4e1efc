"""What is said, to whom, by which rule, and what became of it."""

from notifications.models.dry_runs import DryRun
from notifications.models.messages import Message
from notifications.models.people import Preference, PushSubscription, Suppression
from notifications.models.rules import Calm, ChannelSetting, Rule
from notifications.models.templates import Template, TemplateVersion

__all__ = [
    "Calm",
    "ChannelSetting",
    "DryRun",
    "Message",
    "Preference",
    "PushSubscription",
    "Rule",
    "Suppression",
    "Template",
    "TemplateVersion",
]
