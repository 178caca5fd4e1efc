"""Carriers' webhooks: scans pushed to an address that holds a secret."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from carriers import registry
from carriers.base import Carrier
from carriers.models import CarrierAccount
from hooks.incoming import Checked, Incoming, Refused, Unknown, Verified
from inbox.doors import find_by_token
from inbox.models import Delivery, Outcome
from inbox.receive import Inbound, keep_headers
from lib.folding import number_key
from merchants.scope import merchant_scope
from tracking import pulses
from tracking.hub_news import name_carriers
from tracking.ingest import Heard, ingest
from tracking.models import Leg, Shipment
from tracking.outage_rules import Beat
from tracking.undecided import decide_push

KIND: Final = "carrier"

Result = tuple[Outcome, str]


def check(incoming: Incoming) -> Checked:
    """The token in the address is the first proof; the carrier's signature, where it has one,
    the second (`Carrier.is_genuine_push`)."""
    carrier = registry.PUSHES.get(incoming.slug)
    if carrier is None or not incoming.token:
        return Unknown()
    door = find_by_token(kind=KIND, slug=incoming.slug, token=incoming.token)
    if door is None:
        return Unknown()
    with merchant_scope(door.merchant_id):
        active = CarrierAccount.objects.filter(pk=door.connection_id, is_active=True)
        account = active.select_related("platform").first()
    if account is None:
        return Unknown()
    credentials = (account.platform or account).credentials
    if not carrier.is_genuine_push(incoming.body, incoming.headers, credentials):
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
    CarrierAccount.objects.filter(pk=connection_id).update(last_ok_at=now, last_push_at=now)


def note_refused(connection_id: int, *, now: datetime) -> None:
    """Somebody knows the address and not the secret, or the secret was changed over there."""
    CarrierAccount.objects.filter(pk=connection_id).update(
        last_failure_at=now, last_problem="A push came whose signature is missing or wrong"
    )


def note_failed(connection_id: int, *, problem: str, now: datetime) -> None:
    CarrierAccount.objects.filter(pk=connection_id).update(
        last_problem=problem[:300], last_failure_at=now
    )


def process(delivery: Delivery, *, now: datetime) -> Result:
    """Give the scans to the parcels; in the merchant's scope.

    Raises CarrierError when the body is not this carrier's.
    """
    carrier = registry.get(delivery.slug)
    updates = carrier.read_push(bytes(delivery.body))
    keys = {number_key(update.tracking_number) for update in updates}
    decide_push(carrier=carrier.slug, updates=updates, now=now)
    parcels = _parcels(carrier, delivery.connection_id, keys)
    hub = carrier.slug if carrier.is_hub else ""
    heard = [
        Heard(shipment_id, update, leg, hub, push_id=delivery.pk)
        for update in updates
        for shipment_id, leg in parcels.get(number_key(update.tracking_number), ())
    ]
    if not heard:
        return Outcome.IGNORED, f"None of its {len(updates)} parcels is one of yours."
    name_carriers(heard, now=now)
    news = len(ingest(heard=heard, source="push", now=now).derived)
    # After the transaction: many webhooks add to one row.
    transaction.on_commit(lambda: pulses.add({delivery.slug: Beat(news=news)}, now=now))
    return Outcome.DONE, ""


def _parcels(
    carrier: Carrier, account_id: int | None, keys: set[str]
) -> dict[str, list[tuple[int, int]]]:
    """(Shipment id, leg) by number; of a recycled number the newest. A hub's are those it follows.

    A parcel whose carrier is not certain is nobody's yet.
    """
    rows = Shipment.objects.filter(number_key__in=keys, watch__candidates=[]).order_by("generation")
    legs = Leg.objects.filter(number_key__in=keys).order_by("pk")
    if carrier.is_hub:
        rows = rows.filter(Q(carrier=carrier.slug) | Q(watch__registered_with=account_id))
        legs = legs.filter(registered_with=account_id)
    else:
        rows, legs = rows.filter(carrier=carrier.slug), legs.filter(carrier=carrier.slug)
    found = {key: [(pk, 0)] for key, pk in rows.values_list("number_key", "pk")}
    for key, pk, position in legs.values_list("number_key", "shipment_id", "position"):
        found.setdefault(key, []).append((pk, position))
    return found
