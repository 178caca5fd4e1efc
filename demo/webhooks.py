"""The shops' own program: it hears webhooks, believes those that are signed, and does no more."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lib.signing import is_standard_webhook
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.models import WebhookEndpoint
from notifications.webhooks import endpoints


@csrf_exempt
@require_POST
def receive(request: HttpRequest, merchant: str) -> HttpResponse:
    """204 to what one of the shop's secrets signed."""
    shop = get_object_or_404(Merchant, slug=merchant)
    headers = {name.lower(): value for name, value in request.headers.items()}
    now = timezone.now()
    with merchant_scope(shop.pk):
        mine = endpoints.endpoints().filter(url__endswith=request.path)
        secrets = [secret for one in mine for secret in endpoints.secrets_of(one, now=now)]
    known = any(is_standard_webhook(request.body, headers, secret) for secret in secrets)
    return HttpResponse(status=204 if known else 401)


def listen(merchant: Merchant, *, base_url: str, now: datetime) -> WebhookEndpoint:
    """The shop's endpoint at its program, made or found; the port may have moved."""
    path = reverse("demo-webhooks", args=[merchant.slug])
    with merchant_scope(merchant.pk):
        known = endpoints.endpoints().filter(url__endswith=path).first()
        if known is not None:
            endpoints.change(known, url=base_url + path, now=now)
            return known
        made, _secret = endpoints.add(
            merchant=merchant,
            url=base_url + path,
            description="Warehouse",
            events=["*"],
            by=None,
            now=now,
        )
        return made
