"""Carriers' webhooks: scans pushed to an address that holds a secret."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from django.db import transaction

from carriers import registry
from carriers.models import CarrierAccount
from hooks.incoming import Checked, Incoming, Unknown, Verified
from inbox.doors import find_by_token
from inbox.models import Delivery, Outcome
from inbox.receive import Inbound, keep_headers
from lib.folding import number_key
from merchants.scope import merchant_scope
from tracking import pulses
from tracking.ingest import Heard, ingest
from tracking.models import Shipment
from tracking.outage_rules import Beat

KIND: Final = "carrier"

Result = tuple[Outcome, str]


def check(incoming: Incoming) -> Checked:
    """The token in the address is the only proof: these carriers sign nothing (SMSA)."""
    carrier = registry.CARRIERS.get(incoming.slug)
    if carrier is None or not carrier.push or not incoming.token:
        return Unknown()
    door = find_by_token(kind=KIND, slug=carrier.slug, token=incoming.token)
    if door is None:
        return Unknown()
    with merchant_scope(door.merchant_id):
        if not CarrierAccount.objects.filter(pk=door.connection_id, is_active=True).exists():
            return Unknown()
    inbound = Inbound(
        kind=KIND,
        slug=carrier.slug,
        connection_id=door.connection_id,
        topic="scans",
        # No carrier numbers its pushes; the same bytes are the same push.
        unique_key=hashlib.sha256(incoming.body).hexdigest(),
        headers=keep_headers(incoming.headers, prefixes=()),
        body=incoming.body,
    )
    return Verified(((door.merchant_id, inbound),))


def note_received(connection_id: int, *, now: datetime) -> None:
    CarrierAccount.objects.filter(pk=connection_id).update(last_ok_at=now)


def note_refused(connection_id: int, *, now: datetime) -> None:
    """Nothing to note: without signatures, an address is right or unknown."""


def note_failed(connection_id: int, *, problem: str, now: datetime) -> None:
    CarrierAccount.objects.filter(pk=connection_id).update(
        last_problem=problem[:300], last_failure_at=now
    )


def process(delivery: Delivery, *, now: datetime) -> Result:
    """Give the scans to the parcels; in the merchant's scope.

    Raises CarrierError when the body is not this carrier's.
    """
    updates = registry.get(delivery.slug).read_push(bytes(delivery.body))
    parcels = _parcels(delivery.slug, {number_key(update.tracking_number) for update in updates})
    heard = [
        Heard(parcels[key], update, push_id=delivery.pk)
        for update in updates
        if (key := number_key(update.tracking_number)) in parcels
    ]
    if not heard:
        return Outcome.IGNORED, f"None of its {len(updates)} parcels is one of yours."
    news = len(ingest(heard=heard, source="push", now=now).derived)
    # After the transaction: many webhooks add to one row.
    transaction.on_commit(lambda: pulses.add({delivery.slug: Beat(news=news)}, now=now))
    return Outcome.DONE, ""


def _parcels(carrier: str, keys: set[str]) -> dict[str, int]:
    """Shipment ids by number; of a recycled number the newest."""
    rows = Shipment.objects.filter(carrier=carrier, number_key__in=keys).order_by("generation")
    return dict(rows.values_list("number_key", "pk"))
