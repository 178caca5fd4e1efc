"""Carriers' webhooks: scans pushed to an address that holds a secret."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from carriers import registry
from carriers.models import CarrierAccount
from hooks.incoming import Checked, Incoming, Refused, Unknown, Verified
from inbox.doors import find_by_token
from inbox.models import Delivery, Outcome
from inbox.receive import Inbound, keep_headers
from lib.folding import number_key
from merchants.scope import merchant_scope
from tracking.ingest import Heard, ingest
from tracking.models import Shipment

KIND: Final = "carrier"

Result = tuple[Outcome, str]


def check(incoming: Incoming) -> Checked:
    """The token in the address, and what else this carrier proves itself with (SMSA: nothing)."""
    carrier = registry.PUSHES.get(incoming.slug)
    if carrier is None or not incoming.token:
        return Unknown()
    door = find_by_token(kind=KIND, slug=incoming.slug, token=incoming.token)
    if door is None:
        return Unknown()
    with merchant_scope(door.merchant_id):
        account = CarrierAccount.objects.filter(pk=door.connection_id, is_active=True).first()
        if account is None:
            return Unknown()
        genuine = carrier.is_genuine_push(incoming.body, incoming.headers, account.credentials)
    if not genuine:
        return Refused(door.merchant_id, door.connection_id)
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
    return Verified(((door.merchant_id, inbound),), reply=carrier.push_reply)


def note_received(connection_id: int, *, now: datetime) -> None:
    CarrierAccount.objects.filter(pk=connection_id).update(last_ok_at=now)


def note_refused(connection_id: int, *, now: datetime) -> None:
    CarrierAccount.objects.filter(pk=connection_id).update(
        last_problem="A push came without the right proof", last_failure_at=now
    )


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
        Heard(parcels[key], update)
        for update in updates
        if (key := number_key(update.tracking_number)) in parcels
    ]
    if not heard:
        return Outcome.IGNORED, f"None of its {len(updates)} parcels is one of yours."
    ingest(heard=heard, source="push", now=now)
    return Outcome.DONE, ""


def _parcels(carrier: str, keys: set[str]) -> dict[str, int]:
    """Shipment ids by number; of a recycled number the newest."""
    rows = Shipment.objects.filter(carrier=carrier, number_key__in=keys).order_by("generation")
    return dict(rows.values_list("number_key", "pk"))
