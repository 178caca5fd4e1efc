"""Receipts of a merchant's own mail provider, read and proven by anymail's view of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from django.core.handlers.wsgi import WSGIRequest

from notifications.channels.base import Account
from notifications.channels.esps import ESPS
from notifications.models import Message
from notifications.receipts import on_tracking_event


def is_genuine(account: Account, url: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the provider's signature is right, where the merchant gave us its key; the token of
    the address is the proof where the provider signs nothing."""
    request = _request(url, headers, body)
    try:
        _view(account, url).run_validators(request)
    except (AnymailWebhookValidationFailure, AnymailError):
        return False
    return True


def take(account: Account, url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Settle this merchant's messages; in its scope. Returns how many events were of one."""
    request = _request(url, headers, body)
    done = 0
    for event in _view(account, url).parse_events(request):
        message = _own(event) if isinstance(event, AnymailTrackingEvent) else None
        if message is None:
            continue
        # From here on it is known by our number alone: another merchant's id may be the same.
        event.metadata = {"message": str(message.pk)}
        on_tracking_event(sender=None, event=event, esp_name=ESPS[account.provider].label)
        done += 1
    return done


def _own(event: Any) -> Message | None:
    reference = str((event.metadata or {}).get("message", ""))
    if reference.isdecimal() and len(reference) < 19:
        return Message.objects.filter(pk=int(reference), channel="email").first()
    if not event.message_id:
        return None
    return Message.objects.filter(provider_id=event.message_id, channel="email").first()


def _view(account: Account, url: str) -> Any:
    """Anymail's view with this account's keys; without a signing key the address proves it."""
    esp = ESPS[account.provider]
    view = getattr(import_module(f"anymail.webhooks.{esp.backend}"), esp.view)
    names = (*(one.name for one in esp.webhook), *esp.proof)
    keys = {name: account.secrets[name] for name in names if account.secrets.get(name)}
    if not keys:
        # Nothing to check a signature with: what is left of the view reads the events.
        unsigned = {"run_validators": lambda self, request: None, "__init__": lambda self: None}
        return type(view.__name__, (view,), unsigned)()
    if "webhook_key" in keys:
        keys["webhook_url"] = url
    quiet = type(view.__name__, (view,), {"warn_if_no_basic_auth": False})
    return quiet(webhook_secret=[], **keys)


def _request(url: str, headers: Mapping[str, str], body: bytes) -> WSGIRequest:
    """The request as Django would have read it."""
    parts = urlsplit(url)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
    }
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return WSGIRequest(environ)
