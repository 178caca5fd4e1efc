"""Who is told what by which channels: the merchant's decisions over the triggers' defaults.

A rule reads as a sentence: when (`trigger`), whom (`roles`), by what (`ways`), if (`conditions`),
how much later (`delay_minutes`, `still`). Without a row a trigger's default counts; a row with
`base` replaces it, a row without one stands beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from lib.languages import spoken
from lib.vocabulary import Milestone
from merchants.models import Merchant
from notifications.calm import Peace
from notifications.channels.accounts import ready_with
from notifications.channels.registry import Kind
from notifications.models import Calm, ChannelSetting, Rule
from notifications.texts import CASE
from notifications.triggers import LOUD, TRIGGERS, Trigger

#: Many shops write these themselves; nobody wants to hear it twice.
SHOP_WRITES: Final = frozenset({Milestone.PLACED.value, Milestone.CONFIRMED.value})

Ways = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Ruling:
    """One rule as it counts: a default, or what a merchant made of it.

    `slug` is what `Message.rule` keeps: the trigger's for a default and its replacement,
    "rule:<id>" for one of the merchant's own.
    """

    slug: str
    trigger: Trigger
    is_on: bool
    roles: Sequence[str]
    ways: Ways
    name: str = ""
    conditions: Mapping[str, Any] = field(default_factory=dict)
    delay_minutes: int = 0
    still: bool = False
    least_days: int = 0
    at_night: bool = False
    row_id: int | None = None

    @property
    def is_default(self) -> bool:
        return self.row_id is None


def default_of(trigger: Trigger, *, shop_writes: bool) -> Ruling:
    """What counts where the merchant decided nothing. `shop_writes`: whether the shop sends its
    own confirmations, or has not said."""
    slug = str(trigger.slug)
    return Ruling(
        slug=slug,
        trigger=trigger,
        is_on=trigger.is_on and not (shop_writes and slug in SHOP_WRITES),
        roles=tuple(trigger.roles),
        ways=tuple(tuple(chain) for chain in trigger.ways),
        delay_minutes=trigger.delay_minutes,
        still=trigger.still,
    )


def rules_of(merchant: Merchant) -> list[Ruling]:
    """Every rule of this merchant, on or off, in the order of an order's way; in its scope."""
    rows = list(Rule.objects.filter(merchant_id=merchant.pk).order_by("pk"))
    shop_writes = merchant.sends_own_confirmations is not False
    replaced = {row.base: row for row in rows if row.base}
    found: list[Ruling] = []
    for slug, trigger in TRIGGERS.items():
        row = replaced.get(slug)
        found.append(_as_ruling(row) if row else default_of(trigger, shop_writes=shop_writes))
        found += [_as_ruling(one) for one in rows if not one.base and one.trigger == slug]
    return found


def _as_ruling(row: Rule) -> Ruling:
    trigger = TRIGGERS[row.trigger]
    return Ruling(
        slug=row.base or f"rule:{row.pk}",
        trigger=trigger,
        is_on=row.is_on,
        roles=tuple(role for role in row.roles if role in trigger.roles),
        ways=tuple(tuple(chain) for chain in row.ways if chain),
        name=row.name,
        conditions=row.conditions,
        delay_minutes=row.delay_minutes,
        still=row.still,
        least_days=row.least_days,
        at_night=row.at_night,
        row_id=row.pk,
    )


def save_rule(*, merchant: Merchant, ruling: Ruling) -> Rule:
    """Keep a rule: a new one, or what becomes of the one it was made from; in its scope."""
    values = {
        "name": ruling.name,
        "trigger": ruling.trigger.slug,
        "is_on": ruling.is_on,
        "roles": list(ruling.roles),
        "ways": [list(chain) for chain in ruling.ways],
        "conditions": dict(ruling.conditions),
        "delay_minutes": ruling.delay_minutes,
        "still": ruling.still,
        "least_days": ruling.least_days,
        "at_night": ruling.at_night,
    }
    if ruling.row_id is not None:
        Rule.objects.filter(merchant_id=merchant.pk, pk=ruling.row_id).update(**values)
        return Rule.objects.get(pk=ruling.row_id)
    base = ruling.slug if ruling.slug in TRIGGERS else ""
    return Rule.objects.create(merchant_id=merchant.pk, base=base, **values)


def remove_rule(*, merchant: Merchant, ruling: Ruling) -> None:
    """Ours counts again, or a rule of the merchant's own is gone; in its scope. What was planned
    by a rule that is gone is not sent (`notifications.ripening`)."""
    Rule.objects.filter(merchant_id=merchant.pk, pk=ruling.row_id).delete()


def new_rule(trigger: Trigger) -> Ruling:
    """One that stands beside the trigger's default, to be saved."""
    return replace(default_of(trigger, shop_writes=False), slug="", is_on=True)


def peace_of(merchant: Merchant) -> Peace:
    """The merchant's quiet hours and budgets; in its scope."""
    row = Calm.objects.filter(merchant_id=merchant.pk).first()
    return peace_from(row) if row else Peace()


def save_peace(*, merchant: Merchant, peace: Peace) -> None:
    """Keep the merchant's quiet hours and budgets; in its scope."""
    values = {
        "quiet_from": peace.quiet_from,
        "quiet_to": peace.quiet_to,
        "ramadan_from": peace.ramadan_from,
        "ramadan_to": peace.ramadan_to,
        "most_a_day": peace.most_a_day,
        "skip_seen": peace.skip_seen,
        "oldest_hours": peace.oldest // timedelta(hours=1),
    }
    Calm.objects.update_or_create(merchant_id=merchant.pk, defaults=values)


def peace_from(row: Calm) -> Peace:
    """A row's settings as plain values."""
    return Peace(
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        ramadan_from=row.ramadan_from,
        ramadan_to=row.ramadan_to,
        most_a_day=row.most_a_day,
        skip_seen=row.skip_seen,
        oldest=timedelta(hours=row.oldest_hours),
    )


def channels_on(merchant: Merchant) -> list[Kind]:
    """The channels this merchant uses, of those that are set up; in the merchant's scope."""
    rows = ChannelSetting.objects.filter(merchant_id=merchant.pk)
    settings = rows.values_list("channel", "is_on", "provider")
    chosen = {channel: is_on for channel, is_on, _ in settings}
    ready = ready_with({channel: provider for channel, _, provider in settings})
    return [kind for kind in ready if chosen.get(kind.slug, kind.is_on)]


def topics_on(rules: Collection[Ruling], *, channel: str) -> frozenset[str]:
    """What these rules tell by this channel."""
    return frozenset(
        str(rule.trigger.slug)
        for rule in rules
        if rule.is_on and any(channel in chain for chain in rule.ways)
    )


def chains_of(rule: Ruling) -> Ways:
    """The chains a rule tells by. What a shopper asked is answered by every channel."""
    return LOUD if rule.trigger.slug == CASE else rule.ways


def language_for(recipient: str, order: str, merchant: str, *, known: Collection[str]) -> str:
    """The first of the three languages that we can write: "ar-SA" counts as "ar", "zh-TW" as
    "zh-Hant"; else English."""
    for language in (recipient, order, merchant):
        found = spoken(language, known=known)
        if found:
            return found
    return "en"
