"""What is said, to whom, by which rule, and what became of it."""

from notifications.models.answers import Answer, AnswerRules
from notifications.models.codes import PageCode
from notifications.models.dry_runs import DryRun
from notifications.models.goodwill import Voucher, VoucherRule
from notifications.models.handles import Handle
from notifications.models.messages import Message
from notifications.models.people import Preference, PushSubscription, Suppression
from notifications.models.prices import MessagePrice
from notifications.models.rules import Calm, ChannelSetting, Rule
from notifications.models.templates import Template, TemplateVersion
from notifications.models.text_rules import OperatorSmsRule, RegisteredText
from notifications.models.views import PageView
from notifications.models.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from notifications.models.whatsapp import WhatsAppTemplate

__all__ = [
    "Answer",
    "AnswerRules",
    "Calm",
    "ChannelSetting",
    "DryRun",
    "Handle",
    "Message",
    "MessagePrice",
    "OperatorSmsRule",
    "PageCode",
    "PageView",
    "Preference",
    "PushSubscription",
    "RegisteredText",
    "Rule",
    "Suppression",
    "Template",
    "TemplateVersion",
    "Voucher",
    "VoucherRule",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WhatsAppTemplate",
]
