"""Trying rules on the last 30 days: asking, watching, and what came of it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.flows import dry_run_words as words
from dashboard.flows.asking import ask_for
from dashboard.flows.examples import examples
from dashboard.flows.journey import scene_for
from dashboard.flows.sentence import sentence
from dashboard.message_log import message_tabs
from dashboard.shell import address, page
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from notifications.dry_run.asking import AT_WORK
from notifications.dry_run.plain import from_plain
from notifications.models import DryRun
from notifications.rules import rules_of

_SHOWN: Final = 10


@require_http_methods(["GET", "POST"])
@member_view(Role.VIEWER)
def message_tries(request: MerchantRequest) -> HttpResponseBase:
    """The newest run; a POST asks for one of all rules as they are."""
    if request.method == "POST":
        if not may(request.role, Role.ADMIN):
            return _page(request, _runs().first(), status=403)
        return ask_for(request, None)
    return _page(request, _runs().first())


@require_safe
@member_view(Role.VIEWER)
def message_try(request: MerchantRequest, run_id: int) -> HttpResponseBase:
    """One run."""
    return _page(request, get_object_or_404(_runs(), pk=run_id))


def _runs() -> Any:
    return DryRun.objects.select_related("asked_by").order_by("-pk")


def _page(request: MerchantRequest, run: DryRun | None, *, status: int = 200) -> HttpResponseBase:
    clock = clock_for(request.merchant)
    is_working = run is not None and run.state in AT_WORK
    is_done = run is not None and run.state == DryRun.State.DONE
    context: dict[str, Any] = {
        "views": message_tabs(request, "tries"),
        "may_ask": may(request.role, Role.ADMIN) and not is_working,
        "ask_url": address(request, "message_tries"),
        "here": address(request, "message_try", run.pk) if run else "",
        "reads": _reads(request, run, clock) if run else "",
        "progress": words.progress(run) if run and is_working else None,
        "failure": words.failure(run) if run else "",
        "result": words.result(run.results, clock) if run and is_done else None,
        "examples": examples(run, clock) if run and is_done else [],
        "runs": [
            words.line(one, clock) | {"url": address(request, "message_try", one.pk)}
            for one in _runs()[:_SHOWN]
        ],
    }
    return page(request, "flows/tries.html", context, current="messages", status=status)


def _reads(request: MerchantRequest, run: DryRun, clock: Clock) -> str:
    """The tried rule as a sentence."""
    if not run.ruling:
        return _("All rules as they are.")
    rule = from_plain(run.ruling)
    scene = scene_for(request, [*rules_of(request.merchant), rule], clock)
    return sentence(rule, kinds=scene.kinds, peace=scene.peace, names=scene.names)
