"""The one door for inbound webhooks: verify over the raw body, store, answer. Work comes later."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from hooks import template_hooks
from hooks.doorbell import ring
from hooks.incoming import Incoming, Ping, Refused, Unknown, Verified
from hooks.kinds import KINDS, Kind
from inbox.doors import find_by_token
from inbox.receive import receive
from lib import limits
from lib.encryption import CannotDecrypt
from merchants.scope import every_merchant, merchant_scope
from notifications.channels import meta_templates
from stores.connect import CannotConnect
from stores.handshakes import finish
from stores.payload import StoreError

log = logging.getLogger("homeward.hooks")

#: Unverified requests from one address to one door, a minute. Verified ones are never limited.
UNVERIFIED_A_MINUTE: Final = 30


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def meta_handshake(request: HttpRequest) -> HttpResponse:
    """Meta's app asks once, with GET, whether the address is ours; all else is a webhook."""
    answer = meta_templates.challenge(request.GET) if request.method == "GET" else ""
    if answer:
        return HttpResponse(answer, content_type="text/plain")
    return hook(request, template_hooks.KIND, template_hooks.SLUG)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def hook(request: HttpRequest, kind: str, slug: str, token: str = "") -> HttpResponse:
    """Answers 200 to what is proven and stored, also when it is a duplicate; 401 to a bad
    signature, 404 to an unknown address, 413 to a body over the limit, 429 to too many of
    these, 503 when the secret cannot be opened (the platform tries again).

    A vendor's form may look whether the address exists before it takes it, with GET or HEAD."""
    if request.method != "POST":
        return _looked_at(request, kind, slug, token)
    handler = KINDS.get(kind)
    try:
        incoming = Incoming(
            slug=slug,
            token=token,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.body,
            url=settings.BASE_URL + request.get_full_path(),
        )
    except RequestDataTooBig:
        return _unproven(request, f"{kind}:{slug}:{token}", 413, "The body is too long.")
    except UnreadablePostError:
        return _say(400, "The body ended early.")
    try:
        checked = handler.check(incoming) if handler else Unknown()
    except CannotDecrypt:
        log.error("the secret of a %s connection opens with none of ENCRYPTION_KEYS", kind)
        return _say(503, "Try again later.")
    if handler is not None and isinstance(checked, Verified):
        _store(handler, checked)
        if checked.reply:
            return HttpResponse(checked.reply, content_type="application/json")
        return _say(200, "Received.")
    door = f"{kind}:{slug}:{token}" if isinstance(checked, Refused | Ping) else "unknown"
    if isinstance(checked, Ping):
        return _unproven(request, door, 200, "The address works.")
    if isinstance(checked, Refused):
        answer = _unproven(request, door, 401, "The signature is missing or wrong.")
        if handler is not None and answer.status_code == 401:
            _count(handler, checked)
        return answer
    return _unproven(request, door, 404, "There is no hook at this address.")


def _looked_at(request: HttpRequest, kind: str, slug: str, token: str) -> HttpResponse:
    if token and find_by_token(kind=kind, slug=slug, token=token) is not None:
        return _unproven(request, f"{kind}:{slug}:{token}", 200, "The address works.")
    return _unproven(request, "unknown", 404, "There is no hook at this address.")


@csrf_exempt
@require_POST
def handshake(request: HttpRequest, platform: str, token: str) -> HttpResponse:
    """A shop's own server posts the keys that its owner agreed to (WooCommerce's wc-auth).

    The token is good once; the body is not kept, because it is nothing but secrets. 200 when
    taken, 400 for a body without keys, 404 for another token."""
    answer = _unproven(request, f"handshake:{platform}", 404, "There is no hook at this address.")
    if answer.status_code == 429:
        return answer
    try:
        connection = finish(platform=platform, token=token, body=request.body, now=timezone.now())
    except (StoreError, CannotConnect) as problem:
        return _say(400, str(problem))
    except RequestDataTooBig:
        return _say(413, "The body is too long.")
    except UnreadablePostError:
        return _say(400, "The body ended early.")
    return answer if connection is None else _say(200, "Connected.")


def _store(handler: Kind, checked: Verified) -> None:
    """Write the raw requests down; a task is asked for once they are committed."""
    now = timezone.now()
    for merchant_id, inbound in checked.deliveries:
        scope = (
            merchant_scope(merchant_id)
            if merchant_id is not None
            else every_merchant("a platform's request about a shop that nobody connected")
        )
        with scope:
            received = receive(merchant_id=merchant_id, inbound=inbound, now=now)
            if inbound.connection_id is not None:
                handler.note_received(inbound.connection_id, now=now)
            if received.is_new:
                transaction.on_commit(partial(ring, received.delivery_id))


def _count(handler: Kind, refused: Refused) -> None:
    if refused.merchant_id is not None and refused.connection_id is not None:
        with merchant_scope(refused.merchant_id):
            handler.note_refused(refused.connection_id, now=timezone.now())


def _unproven(request: HttpRequest, door: str, status: int, words: str) -> HttpResponse:
    """The answer to a request that proved nothing, unless there were too many of them."""
    name = f"hook:{limits.client_address(request)}:{door}"
    window = limits.count(name, limit=UNVERIFIED_A_MINUTE, seconds=60)
    if not window.is_over:
        return _say(status, words)
    answer = _say(429, "Too many requests that prove nothing.")
    answer.headers["Retry-After"] = str(window.seconds_left)
    return answer


def _say(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
