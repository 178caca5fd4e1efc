"""One delivery: what was sent, each try with its answer, and sending it again."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from dashboard.clock import Clock, clock_for, wants_part
from dashboard.doorbell import send_webhooks
from dashboard.shell import address, go, page
from dashboard.webhooks.words import event_label, name_of, pill_of, seconds
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.models import WebhookAttempt, WebhookDelivery
from notifications.webhooks.replay import replay

#: Tries that are shown, the newest.
_TRIES: Final = 20


@require_safe
@member_view(Role.VIEWER)
def delivery(request: MerchantRequest, webhookdelivery_id: int) -> HttpResponseBase:
    """Its page; while it is on its way, it looks again by itself."""
    found = _delivery(webhookdelivery_id)
    clock = clock_for(request.merchant)
    waits = found.state == WebhookDelivery.State.WAITING
    context = {
        "crumbs": [
            {"label": _("Webhooks"), "url": address(request, "webhooks")},
            {"label": name_of(found.endpoint),
             "url": address(request, "webhook", found.endpoint_id)},
        ],
        "title": event_label(found.event),
        "sentence": _(found.problem) if found.problem else "",
        "facts": _facts(request, found, clock),
        "body": _readable(found.body),
        "tries": [_try(one, clock) for one in found.tries.order_by("-pk")[:_TRIES]],
        "is_under_way": waits and not found.problem,
        "may_replay": not waits and bool(found.body) and found.endpoint.is_on,
        "replay_url": address(request, "webhook_replay", found.pk),
        "self_url": address(request, "webhook_delivery", found.pk),
        **pill_of(found),
    }  # fmt: skip
    template = "webhooks/_delivery.html" if wants_part(request) else "webhooks/delivery.html"
    return page(request, template, context, current="webhooks")


@require_POST
@member_view(Role.ADMIN)
def delivery_replay(request: MerchantRequest, webhookdelivery_id: int) -> HttpResponseBase:
    """Send it again, under the same id."""
    found = _delivery(webhookdelivery_id)
    if replay(found, now=timezone.now()):
        record(
            merchant=request.merchant, user=request.user, action="webhook.replayed",
            subject=found.endpoint.url, event=found.event,
        )  # fmt: skip
        send_webhooks()
    else:
        messages.error(
            request, _("It cannot be sent again: it waits, was erased, or its endpoint is off.")
        )
    return go(request, "webhook_delivery", found.pk)


def _delivery(pk: int) -> WebhookDelivery:
    rows = WebhookDelivery.objects.select_related("endpoint", "order")
    return get_object_or_404(rows.defer("order__search_text"), pk=pk, endpoint__removed_at=None)


def _facts(request: MerchantRequest, found: WebhookDelivery, clock: Clock) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("Event"), "value": found.event, "mono": True},
        {"label": _("Its own id"), "value": found.webhook_id, "mono": True},
        {"label": _("Happened"), "value": clock.spoken(found.created_at),
         "iso": clock.iso(found.created_at)},
    ]  # fmt: skip
    if found.order:
        url = address(request, "order", found.order_id or 0)
        label = pgettext("what a customer bought", "Order")
        facts.append({"label": label, "value": found.order.number, "url": url})
    if found.finished_at:
        label = _("Arrived") if found.state == WebhookDelivery.State.DELIVERED else _("Given up")
        facts.append(
            {"label": label, "value": clock.spoken(found.finished_at),
             "iso": clock.iso(found.finished_at)}
        )  # fmt: skip
    elif found.problem:
        facts.append(
            {"label": _("Next try"), "value": clock.spoken(found.due_at),
             "iso": clock.iso(found.due_at)}
        )  # fmt: skip
    return facts


def _try(tried: WebhookAttempt, clock: Clock) -> dict[str, Any]:
    tone, icon = ("good", "circle-check") if tried.is_success else ("act", "circle-alert")
    return {
        "tone": tone,
        "icon": icon,
        "status": str(tried.status or _("No answer")),
        "problem": _(tried.problem) if tried.problem else "",
        "took": seconds(tried.took_ms, clock.language),
        "sent": _headers(tried.request_headers),
        "headers": _headers(tried.response_headers),
        "body": tried.response_body,
        **clock.pair(tried.at),
    }


def _headers(headers: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers.items())


def _readable(body: str) -> str:
    """JSON in lines; what is signed has none."""
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False) if body else ""
