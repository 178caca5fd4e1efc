"""One endpoint: how it does, what was sent, and what may be done about it."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.clock import Clock, clock_for
from dashboard.shell import address, page
from dashboard.webhooks.words import (
    STATES,
    delivery_row,
    event_label,
    name_of,
    percent,
    seconds,
    state_sentence,
)
from lib import formats
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.models.webhooks import EVERYTHING
from notifications.webhooks.endpoints import endpoints
from notifications.webhooks.events import EVENTS, TEST
from notifications.webhooks.health import Health, health_of, state_of

PAGE: Final = 50
#: How far back failed deliveries may be sent again, in hours.
SINCE: Final[dict[str, Promise]] = {
    "1": gettext_lazy("in the last hour"),
    "24": gettext_lazy("in the last 24 hours"),
    "168": gettext_lazy("in the last 7 days"),
    "720": gettext_lazy("in the last 30 days"),
}
_SLOW_MS: Final = 5_000


def endpoint_or_404(pk: int) -> WebhookEndpoint:
    """One of this merchant's; the scope is open."""
    return get_object_or_404(endpoints(), pk=pk)


@never_cache
@require_safe
@member_view(Role.VIEWER)
def webhook(request: MerchantRequest, webhookendpoint_id: int) -> HttpResponseBase:
    """Its page."""
    return endpoint_answer(request, endpoint_or_404(webhookendpoint_id))


def endpoint_answer(
    request: MerchantRequest, endpoint: WebhookEndpoint, *, secret: str = ""
) -> HttpResponseBase:
    """The page; `secret` is shown this once."""
    clock = clock_for(request.merchant)
    health = health_of([endpoint], now=clock.now)[endpoint.pk]
    context = {
        "crumbs": [{"label": _("Webhooks"), "url": address(request, "webhooks")}],
        "title": name_of(endpoint),
        "address": endpoint.url,
        "secret": secret,
        "state": state_of(endpoint),
        "state_word": _("Nothing yet") if state_of(endpoint) == "unknown" else "",
        "state_sentence": state_sentence(endpoint, clock),
        "is_on": endpoint.is_on,
        "missed": _missed(endpoint, clock),
        "stats": _stats(health, clock),
        "facts": _facts(endpoint, clock),
        "events": _events(endpoint),
        "since": [{"value": value, "label": label} for value, label in SINCE.items()],
        **_log(request, endpoint, clock),
        **{
            f"{verb}_url": address(request, f"webhook_{verb}", endpoint.pk)
            for verb in ("edit", "test", "secret", "switch", "remove", "again", "missed")
        },
    }
    return page(request, "webhooks/endpoint.html", context, current="webhooks")


def _missed(endpoint: WebhookEndpoint, clock: Clock) -> str:
    """What was not sent while it was off, in a sentence; "" when nothing is to be asked."""
    if endpoint.missed_from is None or endpoint.missed_until is None:
        return ""
    return _("What happened between %(first)s and %(last)s was not sent.") % {
        "first": clock.spoken(endpoint.missed_from),
        "last": clock.spoken(endpoint.missed_until),
    }


def _stats(health: Health, clock: Clock) -> list[dict[str, str]]:
    def share(good: float | None) -> str:
        return "–" if good is None else percent(good)

    p95 = "–" if health.p95_ms is None else seconds(health.p95_ms, clock.language)
    is_slow = health.p95_ms is not None and health.p95_ms >= _SLOW_MS
    rows = (
        (_("Arrived"), share(health.share_day), pgettext("figures", "last 24 hours"), ""),
        (_("Arrived"), share(health.share_week), pgettext("figures", "last 7 days"), ""),
        (_("Time taken"), p95, _("95 of 100 took no longer"), "wait" if is_slow else ""),
        (pgettext("webhooks", "Waiting"), formats.number(health.waiting, clock.language), "", ""),
    )
    return [
        {"label": label, "value": value, "detail": detail, "url": "", "tone": tone}
        for label, value, detail, tone in rows
    ]


def _facts(endpoint: WebhookEndpoint, clock: Clock) -> list[dict[str, Any]]:
    never = pgettext("webhook", "Never")
    facts: list[dict[str, Any]] = [
        {"label": _("Last arrived"), "value": clock.spoken(endpoint.last_success_at) or never,
         "iso": clock.iso(endpoint.last_success_at)},
        {"label": _("Last problem"), "value": clock.spoken(endpoint.last_failure_at) or never,
         "iso": clock.iso(endpoint.last_failure_at),
         "why": _(endpoint.last_problem) if endpoint.last_problem else ""},
        {"label": _("Added"), "value": clock.spoken(endpoint.created_at),
         "iso": clock.iso(endpoint.created_at)},
    ]  # fmt: skip
    if endpoint.previous_until and endpoint.previous_until > clock.now:
        facts.append(
            {"label": _("The old secret signs until"),
             "value": clock.spoken(endpoint.previous_until)}
        )  # fmt: skip
    return facts


def _events(endpoint: WebhookEndpoint) -> list[str]:
    if EVERYTHING in endpoint.events:
        return [_("Everything, also what is added later")]
    return [event_label(slug) for slug in endpoint.events if slug in EVENTS]


def _log(request: MerchantRequest, endpoint: WebhookEndpoint, clock: Clock) -> dict[str, Any]:
    """The deliveries, newest first, by state and event."""
    state, event = request.GET.get("state", ""), request.GET.get("event", "")
    state = state if state in STATES else ""
    event = event if event in {*EVENTS, TEST} else ""
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).select_related("order")
    if state:
        rows = rows.filter(state=state)
    if event:
        rows = rows.filter(event=event)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    rows = rows.defer("body", "order__search_text").order_by("-pk")
    found = list(rows[: PAGE + 1])
    base = address(request, "webhook", endpoint.pk)
    kept = urlencode({"state": state, "event": event})
    return {
        "views": [_tab(base, one, event, current=one == state) for one in ("", *STATES)],
        "filters": [
            {
                "name": "event", "label": _("Event"), "value": event, "blank": _("Any event"),
                "options": [
                    {"value": slug, "label": event_label(slug)} for slug in (*EVENTS, TEST)
                ],
            }
        ],
        "filters_action": base,
        "keep": [{"name": "state", "value": state}] if state else [],
        "clear_url": f"{base}?{urlencode({'state': state})}" if event else "",
        "rows": [delivery_row(request, one, clock) for one in found[:PAGE]],
        "newest_url": f"{base}?{kept}" if before else "",
        "older_url": f"{base}?{kept}&before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
    }  # fmt: skip


def _tab(base: str, state: str, event: str, *, current: bool) -> dict[str, Any]:
    label = str(STATES[state][2]) if state else pgettext("webhooks", "All")
    asked = {name: value for name, value in (("state", state), ("event", event)) if value}
    url = f"{base}?{urlencode(asked)}" if asked else base
    return {"label": label, "url": url, "current": current, "count": None}
