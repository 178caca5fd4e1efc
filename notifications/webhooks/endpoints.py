"""A merchant's endpoints: added, changed, switched, their secrets changed, removed, tried out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from lib.encryption import seal, unseal
from lib.http import allowed_from_environment, is_public
from lib.signing import new_webhook_secret
from merchants.models import Merchant, User
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.models.webhooks import EVERYTHING
from notifications.webhooks import payload
from notifications.webhooks.events import EVENTS, TEST

#: Endpoints of one merchant.
MOST: Final = 20
#: How long the old secret signs beside a new one.
OVERLAP: Final = timedelta(hours=24)

SWITCHED_OFF: Final = gettext_noop("The endpoint was switched off.")

NOT_A_URL: Final = gettext_noop("Enter a whole address such as https://shop.example/webhooks.")
NOT_SAFE: Final = gettext_noop("Use https: what is sent must not be read on its way.")
NOT_PUBLIC: Final = gettext_noop("This address is in a private network, which we do not call.")
HAS_PASSWORD: Final = gettext_noop("Leave user and password out: the signature is the proof.")
NO_EVENT: Final = gettext_noop("Choose at least one event.")
TOO_MANY: Final = gettext_noop("There are as many endpoints as a shop may have.")


class Refused(ValueError):
    """What was given cannot be: one of the sentences above, in English, and what it is about."""

    def __init__(self, words: str, *, field: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.field = field


def endpoints() -> QuerySet[WebhookEndpoint]:
    """Those that were not removed; in the merchant's scope."""
    return WebhookEndpoint.objects.filter(removed_at__isnull=True)


def check_url(text: str) -> str:
    """The address, tidied. Raises Refused. Names are judged again whenever they are called."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")
    except (ValueError, UnicodeError) as error:
        raise Refused(NOT_A_URL, field="url") from error
    if parts.scheme not in {"http", "https"} or not host or len(url) > 500 or _is_odd(url):
        raise Refused(NOT_A_URL, field="url")
    if parts.username is not None or parts.password is not None:
        raise Refused(HAS_PASSWORD, field="url")
    usual = 443 if parts.scheme == "https" else 80
    if f"{host}:{port or usual}" in allowed_from_environment():
        return url
    if parts.scheme != "https":
        raise Refused(NOT_SAFE, field="url")
    if host == "localhost" or not _may_be_public(host):
        raise Refused(NOT_PUBLIC, field="url")
    return url


def _is_odd(url: str) -> bool:
    return not url.isprintable() or " " in url or "#" in url


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return True  # a name: whoever calls it sees where it leads


def check_events(chosen: Sequence[str]) -> list[str]:
    """The events in our order, each once. Raises Refused for none; KeyError for an unknown one."""
    if EVERYTHING in chosen:
        return [EVERYTHING]
    for slug in chosen:
        EVENTS[slug]
    if not chosen:
        raise Refused(NO_EVENT, field="events")
    return [slug for slug in EVENTS if slug in set(chosen)]


def add(
    *,
    merchant: Merchant,
    url: str,
    events: list[str],
    by: User | None,
    now: datetime,
    description: str = "",
    is_on: bool = True,
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its secret, which is shown this once. Raises Refused."""
    if endpoints().count() >= MOST:
        raise Refused(TOO_MANY)
    secret = new_webhook_secret()
    made = WebhookEndpoint.objects.create(
        merchant=merchant,
        url=check_url(url),
        description=description,
        events=check_events(events),
        is_on=is_on,
        secrets=seal({"current": secret}),
        created_by=by,
        created_at=now,
        missed_from=None if is_on else now,
    )
    return made, secret


def change(
    endpoint: WebhookEndpoint,
    *,
    now: datetime,
    url: str | None = None,
    description: str | None = None,
    events: list[str] | None = None,
    is_on: bool | None = None,
) -> dict[str, list[object]]:
    """Change what is given. Returns what was and what is, by name, of all that differs.

    Raises Refused.
    """
    given: dict[str, object] = {
        "url": None if url is None else check_url(url),
        "description": description,
        "events": None if events is None else check_events(events),
    }
    changed = {
        name: [getattr(endpoint, name), value]
        for name, value in given.items()
        if value is not None and value != getattr(endpoint, name)
    }
    for name, (_, value) in changed.items():
        setattr(endpoint, name, value)
    if changed:
        endpoint.save(update_fields=list(changed))
    if is_on is not None and is_on != endpoint.is_on:
        changed["is_on"] = [endpoint.is_on, is_on]
        if is_on:
            switch_on(endpoint, now=now)
        else:
            switch_off(endpoint, now=now)
    return changed


def switch_on(endpoint: WebhookEndpoint, *, now: datetime) -> None:
    """Begin anew: what it failed at before is forgotten; what it missed can be sent."""
    endpoint.is_on, endpoint.stopped_for, endpoint.told_at = True, "", None
    endpoint.failures, endpoint.failing_since, endpoint.paused_until = 0, None, None
    endpoint.missed_until = now if endpoint.missed_from else None
    endpoint.save(
        update_fields=[
            "is_on", "stopped_for", "told_at", "failures", "failing_since", "paused_until",
            "missed_until",
        ]
    )  # fmt: skip


def switch_off(
    endpoint: WebhookEndpoint,
    *,
    now: datetime,
    because: str = "",
    missed_from: datetime | None = None,
) -> None:
    """Send nothing any more. `because` is `WebhookEndpoint.Stopped` where nobody asked for it."""
    endpoint.is_on, endpoint.stopped_for = False, because
    endpoint.missed_from = endpoint.missed_from or missed_from or now
    endpoint.missed_until = None
    endpoint.save(update_fields=["is_on", "stopped_for", "missed_from", "missed_until"])
    _give_up_waiting(endpoint, now=now)


def _give_up_waiting(endpoint: WebhookEndpoint, *, now: datetime) -> None:
    WebhookDelivery.objects.filter(endpoint=endpoint, state=WebhookDelivery.State.WAITING).update(
        state=WebhookDelivery.State.FAILED, problem=SWITCHED_OFF, finished_at=now
    )


def rotate(endpoint: WebhookEndpoint, *, now: datetime) -> str:
    """A new secret, shown this once; the one before signs beside it for a day."""
    secret = new_webhook_secret()
    current = unseal(endpoint.secrets)["current"]
    endpoint.secrets = seal({"current": secret, "previous": current})
    endpoint.previous_until = now + OVERLAP
    endpoint.save(update_fields=["secrets", "previous_until"])
    return secret


def secrets_of(endpoint: WebhookEndpoint, *, now: datetime) -> list[str]:
    """What signs now, the newest first. Raises lib.encryption.CannotDecrypt."""
    kept = unseal(endpoint.secrets)
    if endpoint.previous_until is not None and endpoint.previous_until > now:
        return [kept["current"], kept["previous"]]
    return [kept["current"]]


def remove(endpoint: WebhookEndpoint, *, now: datetime) -> None:
    """Gone at once for everybody, with its secret; its rows follow in the background."""
    endpoint.is_on, endpoint.removed_at, endpoint.secrets = False, now, ""
    endpoint.save(update_fields=["is_on", "removed_at", "secrets"])
    _give_up_waiting(endpoint, now=now)


def send_test(endpoint: WebhookEndpoint, *, now: datetime) -> WebhookDelivery:
    """A test event, which also goes to an endpoint that is switched off."""
    return WebhookDelivery.objects.create(
        merchant_id=endpoint.merchant_id,
        endpoint=endpoint,
        webhook_id=f"msg_{uuid.uuid4().hex}",
        event=TEST,
        body=payload.test_news(now=now),
        due_at=now,
        began_at=now,
        created_at=now,
    )
