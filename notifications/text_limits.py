"""What a country says about one text message: whether, when, and in which words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from lib.phones import country_of
from notifications.channels.registry import CHANNELS
from notifications.models import ChannelSetting, OperatorSmsRule, RegisteredText
from notifications.reasons import NO_REASON, Reason, Unsent
from notifications.sms_rules import ANY, PROMOTION, SERVICE, Key, SmsRule, rule_for
from notifications.triggers import Trigger

NOT_REGISTERED: Final = gettext_noop(
    "Texts to this country must be registered first, and this one is not."
)
WRONG_SENDER: Final = gettext_noop(
    "Offers to this country need a sender that is registered for offers."
)
#: The one channel that countries have rules for.
SMS: Final = "sms"
#: The registry's mark of a value in a text.
VAR: Final = "{#var#}"

Registered = Mapping[tuple[str, str, str], RegisteredText]
"""A merchant's approved texts by country, topic, language."""


def operators_rules() -> dict[Key, SmsRule]:
    """The operator's corrections."""
    return {
        (row.country, row.provider, row.kind): row.as_rule()
        for row in OperatorSmsRule.objects.all()
    }


def registered_texts() -> dict[tuple[str, str, str], RegisteredText]:
    """What registries approved of this merchant's texts; in its scope."""
    rows = RegisteredText.objects.filter(state=RegisteredText.State.APPROVED)
    return {(row.country, row.topic, row.language): row for row in rows}


def kind_of(trigger: Trigger) -> str:
    """An offer, or what somebody waits for. A voucher is an offer wherever it stands."""
    return PROMOTION if trigger.is_marketing or trigger.slug == "goodwill" else SERVICE


def limits_for(
    number: str, provider: str, trigger: Trigger, *, own: Mapping[Key, SmsRule]
) -> SmsRule:
    """The rule of the country that this number (E.164) is in."""
    return rule_for(country_of(number), provider, kind_of(trigger), own=own)


def takes_free_text(channel: str, number: str) -> bool:
    """Whether words that nobody registered arrive there."""
    return channel != SMS or not _of_answers(number, ANY).is_registered


def may_answer_with_link(merchant_id: int, number: str) -> bool:
    """Whether a text of ours to this number may carry the page's link: where the country lets it
    through, and from a number, which can be answered; never under a name. In the scope."""
    own = ChannelSetting.objects.filter(merchant_id=merchant_id, channel=SMS).first()
    sender = (own.sender if own else "") or CHANNELS[SMS].sender()
    provider = (own.provider if own and own.sender else "") or ANY
    return sender.startswith("+") and _of_answers(number, provider).may_link


def _of_answers(number: str, provider: str) -> SmsRule:
    return rule_for(country_of(number), provider, SERVICE, own=operators_rules())


def against_text(
    rule: SmsRule, *, sender: str, trigger: Trigger, language: str, country: str,
    registered: Registered,
) -> Reason:  # fmt: skip
    """Why this country takes no such text from us; empty where it does."""
    if rule.is_registered and (country, str(trigger.slug), language) not in registered:
        return Reason(Unsent.COUNTRY, NOT_REGISTERED)
    if rule.prefix and not sender.upper().startswith(rule.prefix):
        return Reason(Unsent.COUNTRY, WRONG_SENDER)
    return NO_REASON


def allowed_from(due: datetime, zone: ZoneInfo, rule: SmsRule) -> datetime:
    """The first moment from `due` on within the hours of the rule."""
    if rule.first is None or rule.last is None:
        return due
    local = due.astimezone(zone)
    if rule.first <= local.time() < rule.last:
        return due
    day = local.date() + timedelta(days=1 if local.time() >= rule.last else 0)
    first: time = rule.first
    return datetime.combine(day, first, tzinfo=zone).astimezone(due.tzinfo)


def filled(text: RegisteredText, values: Mapping[str, str]) -> str:
    """The registered text with its values in their places, everything else as it stands."""
    names: Sequence[str] = text.values
    waiting = iter(names)
    return re.sub(re.escape(VAR), lambda _: values.get(next(waiting, ""), "").strip(), text.body)
