"""One rule on or off: the switches of the journey."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.clock import clock_for, wants_part
from dashboard.flows.journey import DAYS, card, scene_for
from dashboard.flows.rule_addresses import key_of, rule_at
from dashboard.shell import go
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.figures import by_rule, total
from notifications.rules import rules_of, save_rule


@require_POST
@member_view(Role.ADMIN)
def rule_switch(request: MerchantRequest, rule: str) -> HttpResponseBase:
    """What was posted counts ("on" or nothing), so that a second click repeats nothing."""
    found = rule_at(rule, rules_of(request.merchant))
    is_on = "is_on" in request.POST
    if found.is_on != is_on:
        save_rule(merchant=request.merchant, ruling=replace(found, is_on=is_on))
        record(
            merchant=request.merchant, user=request.user, action="rule.switched",
            subject=found.name or found.slug, is_on=[found.is_on, is_on],
        )  # fmt: skip
    if wants_part(request):
        return _part(request, rule)
    messages.success(request, _("Saved. It counts from the next message on."))
    answer = go(request, "message_rules")
    answer["Location"] += f"#rule-{key_of(found)}"
    return answer


def _part(request: MerchantRequest, key: str) -> HttpResponseBase:
    rules = rules_of(request.merchant)
    found = rule_at(key, rules)
    clock = clock_for(request.merchant)
    counted = by_rule(since=clock.now - timedelta(days=DAYS))
    figures = total(one for (slug, _channel), one in counted.items() if slug == found.slug)
    scene = scene_for(request, rules, clock)
    context = {"rule": card(request, found, scene, figures)}
    return TemplateResponse(request, "dashboard/flows/_rule.html", context)
