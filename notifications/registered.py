"""A merchant's texts at a country's registry: written down, checked, answered, forgotten.

The only writer of RegisteredText. The registry is asked by the merchant; we keep what it said. A
text that it approved is never changed: another wording is another registration and waits again.
https://www.trai.gov.in/telecom/consumer-initiatives/unsolicited-commercial-communications
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final

from django.utils.translation import gettext, override

from carriers.registry import name_of
from lib import formats
from merchants.models import Merchant
from notifications.models import RegisteredText
from notifications.segments import Plan, plan
from notifications.sms_rules import PROMOTION, SERVICE, Key, SmsRule, has_link, rule_for, table
from notifications.text_limits import VAR, filled, kind_of, operators_rules
from notifications.triggers import TRIGGERS

LONGEST: Final = 1000
MOST_VALUES: Final = 10
#: Operators' registries let a value have about so many letters (20 to 40, by operator).
LONGEST_VALUE: Final = 30
_ALWAYS: Final = ("shop", "number", "carrier", "name")
#: What some topics bring besides (`notifications.telling.facts_of`).
_BESIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "cod_confirm": ("amount",),
    "refund": ("amount",),
    "goodwill": ("code", "worth"),
}
_ANY_MARK: Final = re.compile(r"\{#[^{}]*#\}")


class Fault(Enum):
    """What is wrong with a text; `notifications.registered.faults` says which."""

    NO_VALUES = "no_values"
    OTHER_MARK = "other_mark"
    COUNT = "count"
    UNKNOWN = "unknown"
    LONG = "long"
    LINK = "link"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Wording:
    """A registered text as it is typed; `values` names a placeholder for each {#var#}."""

    country: str
    topic: str
    language: str
    entity_id: str
    header: str
    template_id: str
    body: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with an invented order's values; `long` are those the registry may find too long."""

    text: str
    plan: Plan
    long: Sequence[str]


class Locked(ValueError):
    """The registry approved this text, so it stays as it is until it is opened for a new one."""


def registering_countries(own: Mapping[Key, SmsRule]) -> list[str]:
    """The countries that take registered texts only; `own` are the operator's corrections."""
    known = {country for country, _, _ in {**table(), **own}}
    return sorted(
        country
        for country in known
        if any(rule_for(country, "*", kind, own=own).is_registered for kind in (SERVICE, PROMOTION))
    )


def placeholders(topic: str) -> tuple[str, ...]:
    """What may stand for a value in a text about this."""
    return (*_ALWAYS, *_BESIDES.get(topic, ()))


def places(body: str) -> int:
    """How many values the text has."""
    return body.count(VAR)


def faults(wording: Wording, *, merchant: Merchant, row: RegisteredText | None) -> list[Fault]:
    """Everything that speaks against keeping it; in the merchant's scope."""
    body, values = wording.body, wording.values
    rule = rule_for(wording.country, "*", kind_of(TRIGGERS[wording.topic]), own=operators_rules())
    known = placeholders(wording.topic)
    others = RegisteredText.objects.filter(
        merchant=merchant, country=wording.country, topic=wording.topic, language=wording.language
    ).exclude(pk=row.pk if row else None)
    checks = {
        Fault.LONG: len(body) > LONGEST,
        Fault.OTHER_MARK: any(mark != VAR for mark in _ANY_MARK.findall(body)),
        Fault.NO_VALUES: not places(body),
        Fault.COUNT: places(body) != len(values),
        Fault.UNKNOWN: any(value not in known for value in values),
        Fault.LINK: not rule.may_link and has_link(body),
        Fault.TAKEN: others.exists(),
    }
    return [fault for fault, is_so in checks.items() if is_so]


def keep(
    wording: Wording, *, merchant: Merchant, row: RegisteredText | None, is_new_wording: bool,
    now: datetime,
) -> RegisteredText:  # fmt: skip
    """Write it down; it waits for the registry. Raises Locked for an approved text that is not
    meant to be registered anew."""
    if row is not None and row.state == RegisteredText.State.APPROVED and not is_new_wording:
        raise Locked
    row = row or RegisteredText(merchant=merchant)
    row.country, row.topic, row.language = wording.country, wording.topic, wording.language
    row.entity_id, row.header = wording.entity_id, wording.header
    row.template_id, row.body = wording.template_id, wording.body
    row.values = list(wording.values)
    row.state, row.changed_at = RegisteredText.State.PENDING, now
    row.save()
    return row


def note_answer(*, row: RegisteredText, is_approved: bool, now: datetime) -> None:
    """Keep what the registry said about the text as it stands."""
    row.state = RegisteredText.State.APPROVED if is_approved else RegisteredText.State.REFUSED
    row.changed_at = now
    row.save(update_fields=["state", "changed_at"])


def sample(text: RegisteredText, *, merchant: Merchant) -> Sample:
    """As a shopper would get it."""
    values = _invented(text.language, merchant)
    used = [values[name] for name in text.values if name in values]
    words = filled(text, values)
    return Sample(words, plan(words), [value for value in used if len(value) > LONGEST_VALUE])


def _invented(language: str, merchant: Merchant) -> dict[str, str]:
    with override(language):
        return {
            "shop": merchant.name,
            "number": "1042",
            "carrier": name_of("delhivery", language=language),
            "name": gettext("Layla Haddad"),
            "amount": formats.money(Decimal(1490), merchant.currency, language),
            "code": "SORRY-7K2M9X",
            "worth": formats.money(Decimal(200), merchant.currency, language),
        }
