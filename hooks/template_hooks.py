"""Hooks about WhatsApp's templates: approved, refused, paused, moved to another category.

One app of the operator's hears of all merchants' templates, so the address has no token: the
signature is the proof, and the template's name says whose it is.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from hooks.incoming import Checked, Incoming, Refused, Unknown, Verified
from inbox.models import Delivery, Outcome
from inbox.receive import Inbound, keep_headers
from notifications.channels import meta_templates
from notifications.whatsapp.registering import take_news, whose

KIND: Final = "templates"
SLUG: Final = "meta"


def check(incoming: Incoming) -> Checked:
    """Proven by Meta's signature over the body."""
    if incoming.slug != SLUG or incoming.token:
        return Unknown()
    if not meta_templates.is_signed(headers=incoming.headers, body=incoming.body):
        return Refused()
    names = [news.name for news in meta_templates.read(incoming.body)]
    inbound = Inbound(
        kind=KIND,
        slug=SLUG,
        connection_id=None,
        topic="template",
        unique_key=hashlib.sha256(incoming.body).hexdigest(),
        headers=keep_headers(incoming.headers, prefixes=()),
        body=incoming.body,
    )
    merchants: list[int | None] = sorted(set(whose(names).values())) or [None]  # type: ignore[assignment]
    return Verified(tuple((merchant_id, inbound) for merchant_id in merchants))


def note_received(connection_id: int, *, now: datetime) -> None:
    """Nothing to note: the operator's app belongs to no merchant."""


def note_refused(connection_id: int, *, now: datetime) -> None:
    """Nothing to note, as above."""


def note_failed(connection_id: int, *, problem: str, now: datetime) -> None:
    """Nothing to note, as above."""


def process(delivery: Delivery, *, now: datetime) -> tuple[Outcome, str]:
    """Note how this merchant's templates stand; in its scope."""
    assert delivery.merchant_id is not None
    found = [
        take_news(news, merchant_id=delivery.merchant_id, now=now)
        for news in meta_templates.read(bytes(delivery.body))
    ]
    if any(found):
        return Outcome.DONE, ""
    return Outcome.IGNORED, "No template of yours has this name."
