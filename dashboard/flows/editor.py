"""One rule: changed, added, tried, taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.clock import clock_for
from dashboard.flows.asking import ask_for
from dashboard.flows.form_blocks import blocks
from dashboard.flows.journey import scene_for
from dashboard.flows.names import carriers_in_use, names_for
from dashboard.flows.rule_addresses import key_of, rule_at
from dashboard.flows.rule_form import RuleForm
from dashboard.flows.sentence import sentence
from dashboard.shell import address, go, page
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.rules import Ruling, new_rule, remove_rule, rules_of, save_rule
from notifications.triggers import TRIGGERS


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def rule(request: MerchantRequest, rule: str) -> HttpResponseBase:
    """Change a rule: a default, or one's own."""
    rules = rules_of(request.merchant)
    return _edit(request, rule_at(rule, rules), rules)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def rule_new(request: MerchantRequest, topic: str) -> HttpResponseBase:
    """One more rule for this trigger, beside the default."""
    if topic not in TRIGGERS:
        raise Http404
    return _edit(request, new_rule(TRIGGERS[topic]), rules_of(request.merchant))


@require_POST
@member_view(Role.ADMIN)
def rule_remove(request: MerchantRequest, rule: str) -> HttpResponseBase:
    """Back to ours; one's own is deleted."""
    found = rule_at(rule, rules_of(request.merchant))
    if not found.is_default:
        remove_rule(merchant=request.merchant, ruling=found)
        record(
            merchant=request.merchant, user=request.user, action="rule.removed",
            subject=found.name or str(found.trigger.slug),
        )  # fmt: skip
    messages.success(request, _("Saved. It counts from the next message on."))
    return go(request, "message_rules")


def _edit(request: MerchantRequest, found: Ruling, rules: list[Ruling]) -> HttpResponseBase:
    clock = clock_for(request.merchant)
    names = names_for([*rules, found], clock.language, carriers=carriers_in_use())
    typed = request.POST if request.method == "POST" else None
    form = RuleForm(typed, rule=found, names=names)
    meant = found
    if typed is not None and form.is_valid():
        meant = form.ruling()
        if typed.get("do") == "save":
            return _save(request, found, meant)
        if typed.get("do") == "try":
            return ask_for(request, meant)
    is_refused = form.is_bound and not form.is_valid()
    scene = scene_for(request, [*rules, meant], clock)
    context = {
        "title": found.name or str(found.trigger.label),
        "crumbs": [{"label": _("What is sent"), "url": address(request, "message_rules")}],
        "reads": sentence(meant, kinds=scene.kinds, peace=scene.peace, names=names),
        "is_refused": is_refused,
        "is_new": not found.slug,
        **_around(request, found),
        **blocks(form, found, scene),
    }
    status = 400 if is_refused and typed and typed.get("do") in {"save", "try"} else 200
    return page(request, "flows/rule.html", context, current="messages", status=status)


def _around(request: MerchantRequest, found: Ruling) -> dict[str, Any]:
    """What else can be done with this rule."""
    is_own = found.slug != found.trigger.slug
    has_row = not found.is_default
    return {
        "remove_url": address(request, "rule_remove", key_of(found)) if has_row else "",
        "remove_label": _("Delete this rule") if is_own else _("Back to ours"),
        "add_url": "" if is_own else address(request, "rule_new", found.trigger.slug),
        "channels_url": address(request, "channels"),
    }


def _save(request: MerchantRequest, before: Ruling, now: Ruling) -> HttpResponseBase:
    row = save_rule(merchant=request.merchant, ruling=now)
    detail = {
        name: [_told(getattr(before, name)), _told(getattr(now, name))]
        for name in ("name", "roles", "ways", "conditions", "delay_minutes", "still",
                     "least_days", "at_night")
        if getattr(before, name) != getattr(now, name)
    }  # fmt: skip
    action = "rule.changed" if before.slug else "rule.added"
    record(merchant=request.merchant, user=request.user, action=action, subject=str(row), **detail)
    messages.success(request, _("Saved. It counts from the next message on."))
    answer = go(request, "message_rules")
    answer["Location"] += f"#rule-{row.base or f'own-{row.pk}'}"
    return answer


def _told(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
