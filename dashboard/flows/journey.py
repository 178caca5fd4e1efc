"""What is sent: a shopper's way from the order to afterwards, and what is said at each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from dashboard.clock import Clock, clock_for
from dashboard.flows.calm import CalmForm, calm_block
from dashboard.flows.names import names_for
from dashboard.flows.rule_addresses import key_of
from dashboard.flows.sentence import Names, sentence
from dashboard.flows.typical import typical
from dashboard.message_log import message_tabs
from dashboard.setup.message_step import confirmations
from dashboard.shell import address, page
from lib import formats
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from notifications.calm import Peace
from notifications.channels.registry import CHANNELS, Kind
from notifications.figures import Figures, by_rule, total
from notifications.rules import (
    SHOP_WRITES,
    Ruling,
    chains_of,
    channels_on,
    default_of,
    peace_of,
    rules_of,
)
from notifications.triggers import PHASE_LABELS

#: The figures beside each rule are of these days.
DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Scene:
    """What every card of the page is drawn with."""

    kinds: Mapping[str, Kind]
    peace: Peace
    names: Names
    clock: Clock


def scene_for(request: MerchantRequest, rules: Sequence[Ruling], clock: Clock) -> Scene:
    """In the merchant's scope."""
    kinds = {kind.slug: kind for kind in channels_on(request.merchant)}
    names = names_for(rules, clock.language)
    return Scene(kinds, peace_of(request.merchant), names, clock)


@require_safe
@member_view(Role.ADMIN)
def message_rules(request: MerchantRequest) -> HttpResponseBase:
    """The whole way on one screen."""
    return journey_page(request)


def journey_page(
    request: MerchantRequest, *, calm_form: CalmForm | None = None, status: int = 200
) -> HttpResponseBase:
    """The page; `calm_form`: quiet hours that were refused."""
    clock = clock_for(request.merchant)
    rules = rules_of(request.merchant)
    scene = scene_for(request, rules, clock)
    counted = by_rule(since=clock.now - timedelta(days=DAYS))
    context: dict[str, Any] = {
        "views": message_tabs(request, "rules"),
        "sentence": _answer(rules, scene),
        "phases": _phases(request, rules, scene, counted),
        "confirmations": confirmations(request, address(request, "message_rules"))
        if _is_open(request)
        else None,
        "calm": calm_block(request, scene.peace, clock, form=calm_form),
        "typical": typical(
            rules, kinds=scene.kinds, peace=scene.peace, clock=clock,
            country=request.merchant.country,
        ),
        "try_url": address(request, "message_tries"),
        "addresses_url": address(request, "addresses"),
        "cash_url": address(request, "cash"),
        "days": DAYS,
    }  # fmt: skip
    return page(request, "flows/journey.html", context, current="messages", status=status)


def _answer(rules: Sequence[Ruling], scene: Scene) -> str:
    if not scene.kinds:
        return _("Nothing is sent: every channel is off.")
    on = sum(rule.is_on for rule in rules)
    ways = formats.listing([str(kind.label) for kind in scene.kinds.values()], scene.clock.language)
    return ngettext(
        "%(n)s rule is on; customers are told by %(channels)s.",
        "%(n)s rules are on; customers are told by %(channels)s.",
        on,
    ) % {"n": on, "channels": ways}


def _phases(
    request: MerchantRequest,
    rules: Sequence[Ruling],
    scene: Scene,
    counted: Mapping[tuple[str, str], Figures],
) -> list[dict[str, Any]]:
    return [
        {
            "id": phase.value,
            "label": label,
            "cards": [
                card(request, rule, scene, total(
                    figures for (slug, _channel), figures in counted.items() if slug == rule.slug
                ))
                for rule in rules
                if rule.trigger.phase == phase
            ],
        }
        for phase, label in PHASE_LABELS.items()
    ]  # fmt: skip


def card(request: MerchantRequest, rule: Ruling, scene: Scene, figures: Figures) -> dict[str, Any]:
    """One rule for `flows/_rule.html`."""
    key = key_of(rule)
    topic = str(rule.trigger.slug)
    return {
        "key": key,
        "label": rule.name or str(rule.trigger.label),
        "sentence": sentence(rule, kinds=scene.kinds, peace=scene.peace, names=scene.names),
        "is_on": rule.is_on,
        "is_own": not rule.is_default and not _replaces(rule),
        "is_changed": _replaces(rule) and _differs(request, rule),
        "is_locked": rule.is_default and topic in SHOP_WRITES and _is_open(request),
        "missing": _missing(rule, scene),
        "figures": _figures(figures, scene.clock.language),
        "channels_url": address(request, "channels"),
        "edit_url": address(request, "rule", key),
        "switch_url": address(request, "rule_switch", key),
    }


def _replaces(rule: Ruling) -> bool:
    return rule.slug == rule.trigger.slug


def _differs(request: MerchantRequest, rule: Ruling) -> bool:
    """Whether it says anything else than ours."""
    shop_writes = request.merchant.sends_own_confirmations is not False
    return rule != replace(default_of(rule.trigger, shop_writes=shop_writes), row_id=rule.row_id)


def _is_open(request: MerchantRequest) -> bool:
    """Whether nobody has said yet who writes confirmations."""
    return request.merchant.sends_own_confirmations is None


def _missing(rule: Ruling, scene: Scene) -> list[str]:
    """The channels that the rule names and the shop does not use. Of our own rules only those
    that can wake somebody: that nobody reads a feed is no gap."""
    named = dict.fromkeys(slug for chain in chains_of(rule) for slug in chain)
    return [
        str(CHANNELS[slug].label)
        for slug in named
        if slug in CHANNELS
        and slug not in scene.kinds
        and (CHANNELS[slug].rings or not rule.is_default)
    ]


def _figures(figures: Figures, language: str) -> list[dict[str, str]]:
    """Sent, arrived, not sent; empty where nothing happened."""
    if not figures.sent and not figures.not_sent and not figures.failed:
        return []
    shown = [
        (_("sent"), figures.sent),
        (_("arrived"), figures.delivered),
        (_("not sent"), figures.not_sent + figures.failed),
    ]
    return [{"label": label, "value": formats.number(n, language)} for label, n in shown]
