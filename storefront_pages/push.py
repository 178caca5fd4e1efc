"""A shopper's browser asks for notes about one order, and the worker that shows them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lib.http import allowed_from_environment
from merchants.scope import merchant_scope
from notifications.consent import choose, preference_of
from notifications.models import PushSubscription
from storefront_pages.preferences import Held, held_by, wait_to_change
from storefront_pages.views import private
from tracking.models import Recipient

#: Browsers of one person for one order; more are refused.
MOST_BROWSERS: Final = 10
_LONGEST_BODY: Final = 4_000
_LONGEST_ENDPOINT: Final = 1_000
_P256DH: Final = re.compile(r"[\w-]{87}=?")
_AUTH: Final = re.compile(r"[\w-]{22}(?:==)?")


@dataclass(frozen=True, slots=True)
class _Asked:
    endpoint: str
    p256dh: str
    auth: str


@csrf_exempt
@require_http_methods(["POST", "DELETE"])
@private
def subscription(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """`PushSubscription.toJSON()` in: 201 when new, 200 when known, 204 when taken back.

    422 says what is wrong with it; 429 when it comes too often.
    """
    held = held_by(request, token, merchant)
    if isinstance(held, HttpResponse):
        return held
    asked = _read(request)
    if isinstance(asked, str):
        return JsonResponse({"error": asked}, status=422)
    if wait_to_change(held):
        return JsonResponse({"error": "Too many changes; try again later."}, status=429)
    with merchant_scope(held.merchant.pk):
        person = held.recipient()
        if person is None:
            return JsonResponse({"error": "Nobody is known for this order."}, status=422)
        mine = PushSubscription.objects.filter(
            order_id=held.order.pk, endpoint_key=_key(asked.endpoint)
        )
        if request.method == "DELETE":
            mine.delete()
            return HttpResponse(status=204)
        return _subscribe(held, person, asked)


@require_safe
def worker(request: HttpRequest, merchant: str = "") -> HttpResponse:
    """The service worker, at the root of the pages that it belongs to."""
    script = (Path(settings.BASE_DIR) / "static" / "js" / "push-worker.js").read_bytes()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _subscribe(held: Held, person: Recipient, asked: _Asked) -> HttpResponse:
    living = PushSubscription.objects.filter(
        order_id=held.order.pk, recipient_id=person.pk, gone_at__isnull=True
    )
    if living.exclude(endpoint_key=_key(asked.endpoint)).count() >= MOST_BROWSERS:
        return JsonResponse({"error": f"At most {MOST_BROWSERS} browsers."}, status=422)
    is_new = keep_browser(
        recipient=person, endpoint=asked.endpoint, p256dh=asked.p256dh, auth=asked.auth
    )
    return JsonResponse({"subscribed": True}, status=201 if is_new else 200)


def keep_browser(*, recipient: Recipient, endpoint: str, p256dh: str, auth: str) -> bool:
    """Write this browser down for the recipient's order; True when it is new. In scope."""
    _made, is_new = PushSubscription.objects.update_or_create(
        merchant_id=recipient.merchant_id,
        order_id=recipient.order_id,
        endpoint_key=_key(endpoint),
        defaults={
            "recipient": recipient,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "gone_at": None,
        },
    )
    _wish_for_push(recipient)
    return is_new


def _key(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _wish_for_push(person: Recipient) -> None:
    """Whoever chose channels before now chose this one too."""
    chosen = preference_of(person)
    if chosen is not None and "webpush" not in chosen.channels:
        choose(
            recipient=person,
            channels=[*chosen.channels, "webpush"],
            language=chosen.language,
            is_muted=chosen.is_muted,
            now=chosen.changed_at,
        )


def _read(request: HttpRequest) -> _Asked | str:
    """The subscription, or what is wrong with it."""
    if len(request.body) > _LONGEST_BODY:
        return "body: too long"
    try:
        given: Any = json.loads(request.body)
    except ValueError:
        return "body: is not JSON"
    if not isinstance(given, dict) or not isinstance(given.get("keys"), dict):
        return "body: must be PushSubscription.toJSON()"
    endpoint, keys = given.get("endpoint"), given["keys"]
    if not isinstance(endpoint, str) or not _is_endpoint(endpoint):
        return "endpoint: must be an https address"
    p256dh, auth = str(keys.get("p256dh", "")), str(keys.get("auth", ""))
    if not _P256DH.fullmatch(p256dh):
        return "keys.p256dh: must be 65 bytes in URL-safe base64"
    if not _AUTH.fullmatch(auth):
        return "keys.auth: must be 16 bytes in URL-safe base64"
    return _Asked(endpoint, p256dh, auth)


def _is_endpoint(address: str) -> bool:
    """An https address; in the demonstration and in tests also this machine's push service."""
    if len(address) > _LONGEST_ENDPOINT:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    here = parts.netloc in allowed_from_environment()
    return bool(parts.netloc) and (parts.scheme == "https" or here)
