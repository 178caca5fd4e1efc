"""What is done to an endpoint: tried out, switched, its secret changed, removed, sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.doorbell import send_webhooks
from dashboard.shell import address, go, page
from dashboard.webhooks.endpoint_page import SINCE, endpoint_answer, endpoint_or_404
from dashboard.webhooks.words import name_of
from lib.limits import count
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from notifications.models import WebhookEndpoint
from notifications.webhooks import endpoints, replay

#: Tests that one merchant may send in a minute.
TESTS: Final = 10


@require_POST
@member_view(Role.ADMIN)
def test(request: MerchantRequest, webhookendpoint_id: int) -> HttpResponseBase:
    """Send a test event, and look at how it goes."""
    endpoint = endpoint_or_404(webhookendpoint_id)
    window = count(f"webhook-test:{request.merchant.pk}", limit=TESTS, seconds=60)
    if window.is_over:
        messages.error(request, _("That was many tests. Wait a minute, then try again."))
        return go(request, "webhook", endpoint.pk)
    sent = endpoints.send_test(endpoint, now=timezone.now())
    _record(request, "webhook.tested", endpoint)
    send_webhooks()
    return go(request, "webhook_delivery", sent.pk)


@never_cache
@require_POST
@member_view(Role.ADMIN)
def secret(request: MerchantRequest, webhookendpoint_id: int) -> HttpResponseBase:
    """A new secret, in this one answer; the old one signs beside it for a day."""
    endpoint = endpoint_or_404(webhookendpoint_id)
    text = endpoints.rotate(endpoint, now=timezone.now())
    _record(request, "webhook.secret_changed", endpoint)
    return endpoint_answer(request, endpoint, secret=text)


@require_POST
@member_view(Role.ADMIN)
def switch(request: MerchantRequest, webhookendpoint_id: int) -> HttpResponseBase:
    """On or off, as the button says."""
    endpoint = endpoint_or_404(webhookendpoint_id)
    is_on = request.POST.get("is_on") == "yes"
    changed = endpoints.change(endpoint, is_on=is_on, now=timezone.now())
    if changed:
        _record(request, "webhook.changed", endpoint, **changed)
        words = _("Switched on.") if is_on else _("Switched off: nothing is sent any more.")
        messages.success(request, words)
    return go(request, "webhook", endpoint.pk)


@require_POST
@member_view(Role.ADMIN)
def missed(request: MerchantRequest, webhookendpoint_id: int) -> HttpResponseBase:
    """Send what was missed while it was off, or leave it."""
    endpoint = endpoint_or_404(webhookendpoint_id)
    if request.POST.get("do") == "send":
        sent = replay.send_missed(endpoint, now=timezone.now())
        _record(request, "webhook.replayed", endpoint, deliveries=sent)
        _say_how_many(request, sent)
    else:
        replay.leave_missed(endpoint)
    return go(request, "webhook", endpoint.pk)


@require_POST
@member_view(Role.ADMIN)
def again(request: MerchantRequest, webhookendpoint_id: int) -> HttpResponseBase:
    """Send all that failed since then again."""
    endpoint = endpoint_or_404(webhookendpoint_id)
    hours = request.POST.get("since", "")
    if not endpoint.is_on or hours not in SINCE:
        messages.error(request, _("Switch it on first."))
        return go(request, "webhook", endpoint.pk)
    now = timezone.now()
    sent = replay.replay_failed(endpoint, since=now - timedelta(hours=int(hours)), now=now)
    if sent:
        _record(request, "webhook.replayed", endpoint, deliveries=sent)
    _say_how_many(request, sent)
    return go(request, "webhook", endpoint.pk)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def remove(request: MerchantRequest, webhookendpoint_id: int) -> HttpResponseBase:
    """Asks first; then it is gone, with its log."""
    endpoint = endpoint_or_404(webhookendpoint_id)
    if request.method == "POST":
        endpoints.remove(endpoint, now=timezone.now())
        _record(request, "webhook.removed", endpoint)
        messages.success(request, _("%(name)s is removed.") % {"name": name_of(endpoint)})
        return go(request, "webhooks")
    here = address(request, "webhook", endpoint.pk)
    context = {
        "crumbs": [
            {"label": _("Webhooks"), "url": address(request, "webhooks")},
            {"label": name_of(endpoint), "url": here},
        ],
        "title": _("Remove %(name)s?") % {"name": name_of(endpoint)},
        "sentence": _("Nothing is sent there any more. Its secret and its log are deleted."),
        "confirm": _("Remove it"),
        "confirm_url": address(request, "webhook_remove", endpoint.pk),
        "keep_url": here,
    }
    return page(request, "confirm.html", context, current="webhooks")


def _say_how_many(request: MerchantRequest, sent: int) -> None:
    if not sent:
        messages.info(request, _("There is nothing to send again."))
        return
    send_webhooks()
    words = ngettext(
        "%(n)s delivery is on its way again.", "%(n)s deliveries are on their way again.", sent
    )
    messages.success(request, words % {"n": sent})


def _record(
    request: MerchantRequest, action: str, endpoint: WebhookEndpoint, **detail: object
) -> None:
    record(
        merchant=request.merchant, user=request.user, action=action, subject=endpoint.url, **detail
    )
