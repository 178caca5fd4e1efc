"""Shops' webhooks: whose they are, whether they are signed, and what they do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db.models import F

from hooks.incoming import Checked, Incoming, Ping, Refused, Unknown, Verified
from inbox.doors import find_by_external_id, find_by_token
from inbox.models import Delivery, Door, Outcome
from inbox.receive import Inbound, keep_headers
from merchants.scope import merchant_scope
from stores import handshakes, privacy, registry
from stores.base import PULLED, Store
from stores.connect import disconnect_store, renew_access
from stores.lag import note_lag
from stores.models import StoreConnection
from stores.our_apps import app_of
from stores.payload import StoreError, read_object
from stores.saving import save_one
from stores.vocabulary import (
    ComplianceRequest,
    Fetch,
    Ignored,
    Installed,
    OrderUpdate,
    Reading,
    Uninstalled,
)
from stores.wanted import want

KIND: Final = "store"

Result = tuple[Outcome, str]


def check(incoming: Incoming) -> Checked:
    """Find the connection and verify the signature over the raw body."""
    store = registry.STORES.get(incoming.slug)
    if store is None:
        return Unknown()
    if not incoming.token:
        return _check_app_wide(store, incoming)
    door = find_by_token(kind=KIND, slug=store.slug, token=incoming.token)
    secrets = _secrets(door) if door else None
    if door is None or secrets is None:
        return Unknown()
    if store.is_ping(body=incoming.body, headers=incoming.headers):
        return Ping()
    if not store.verify(body=incoming.body, headers=incoming.headers, secrets=secrets):
        return Refused(door.merchant_id, door.connection_id)
    return Verified(((door.merchant_id, _inbound(store, incoming, door.connection_id)),))


def _check_app_wide(store: Store, incoming: Incoming) -> Checked:
    """One address for all shops: the shop's name finds the connections, a signature proves each.

    Anybody may type any shop's name when connecting, so only a connection's own secret
    opens its inbox. The operator's app secrets (`STORE_APPS`, by platform) prove
    that a request about a shop which nobody connected, or which was disconnected, is the
    platform's.
    """
    if not store.app_topics:
        return Unknown()
    headers, body = incoming.headers, incoming.body
    doors = find_by_external_id(kind=KIND, slug=store.slug, external_id=store.shop(headers, body))
    concerned: list[tuple[int | None, int | None]] = [
        (door.merchant_id, door.connection_id)
        for door in doors
        if store.verify(body=body, headers=headers, secrets=_secrets(door) or {})
    ]
    app = {"secret": app_of(store.slug).signing_secret}
    if store.verify(body=body, headers=headers, secrets=app):
        concerned += _formerly_connected(store, incoming)
        concerned = concerned or [(None, None)]
    if concerned:
        return Verified(
            tuple(
                (merchant_id, _inbound(store, incoming, connection_id))
                for merchant_id, connection_id in concerned
            )
        )
    owner = doors[0] if doors else None
    return Refused(owner.merchant_id, owner.connection_id) if owner else Refused()


def _formerly_connected(store: Store, incoming: Incoming) -> list[tuple[int, int]]:
    """Whom a privacy demand concerns although they left: Shopify asks 48 hours after.

    The signed body names the shop, not the header.
    """
    try:
        reading = store.read(store.topic(incoming.headers, incoming.body), incoming.body)
    except StoreError:
        return []
    if not isinstance(reading, ComplianceRequest):
        return []
    return privacy.former_holders(platform=store.slug, shop=reading.shop)


def _secrets(door: Door) -> Mapping[str, str] | None:
    """The secrets that sign this connection's webhooks; None when it was disconnected.

    Our app's secret opens only inboxes of shops that were connected through the app: anybody
    may type any shop's name when connecting by hand.
    """
    with merchant_scope(door.merchant_id):
        connection = StoreConnection.objects.filter(pk=door.connection_id, is_active=True).first()
    if connection is None:
        return None
    secrets = connection.credentials
    if connection.is_installed:
        secrets["app_secret"] = app_of(connection.platform).signing_secret
    return secrets


def _inbound(store: Store, incoming: Incoming, connection_id: int | None) -> Inbound:
    return Inbound(
        kind=KIND,
        slug=store.slug,
        connection_id=connection_id,
        topic=store.topic(incoming.headers, incoming.body),
        unique_key=store.unique_key(headers=incoming.headers, body=incoming.body),
        headers=keep_headers(incoming.headers, prefixes=store.kept_headers),
        body=incoming.body,
    )


def note_received(connection_id: int, *, now: datetime) -> None:
    StoreConnection.objects.filter(pk=connection_id).update(last_received_at=now)


def note_refused(connection_id: int, *, now: datetime) -> None:
    StoreConnection.objects.filter(pk=connection_id).update(
        rejected=F("rejected") + 1, last_rejected_at=now
    )


def note_failed(connection_id: int, *, problem: str, now: datetime) -> None:
    StoreConnection.objects.filter(pk=connection_id).update(
        last_problem=problem[:300], last_problem_at=now
    )


def process(delivery: Delivery, *, now: datetime) -> Result:
    """Do what the payload says, in the merchant's scope. Raises StoreError when unreadable."""
    connection = (
        StoreConnection.objects.select_related("merchant").filter(pk=delivery.connection_id).first()
    )
    if connection is None:
        return Outcome.IGNORED, "The store was disconnected."
    store = registry.get(delivery.slug)
    body = bytes(delivery.body)
    if delivery.topic == PULLED:
        reading: Reading = store.read_order(read_object(body))
    else:
        reading = store.read(delivery.topic, body)
    return _do(connection, reading, delivery, now=now)


def _do(
    connection: StoreConnection, reading: Reading, delivery: Delivery, *, now: datetime
) -> Result:
    if isinstance(reading, OrderUpdate):
        note_lag(connection, reading, received_at=delivery.received_at)
        _save(connection, reading, now=now)
        return Outcome.DONE, ""
    if isinstance(reading, Fetch):
        want(connection, reading.external_id, now=now)
        return Outcome.DONE, "The order is fetched from the shop."
    if isinstance(reading, ComplianceRequest):
        privacy.answer(
            store=connection,
            request=reading,
            topic=delivery.topic,
            delivery_id=delivery.pk,
            now=now,
        )
        return Outcome.DONE, ""
    if isinstance(reading, Installed):
        return _installed_again(connection, delivery, reading, now=now)
    if isinstance(reading, Uninstalled):
        if reading.shop and connection.external_id and reading.shop != connection.external_id:
            raise StoreError(f"our app was removed from {reading.shop}, not from this shop")
        disconnect_store(connection=connection, now=now)
        return Outcome.DONE, "Our app was removed from the shop."
    return Outcome.IGNORED, reading.why if isinstance(reading, Ignored) else "A ping."


def process_unclaimed(delivery: Delivery, *, now: datetime) -> Result:
    """An app-wide request about a shop that nobody here connected, in no merchant's scope."""
    reading = registry.get(delivery.slug).read(delivery.topic, bytes(delivery.body))
    if isinstance(reading, Installed):
        return _installed(delivery, reading, now=now)
    if isinstance(reading, Uninstalled):
        handshakes.forget(platform=delivery.slug, shop=reading.shop)
        return Outcome.DONE, "Our app was removed from a shop that nobody here had claimed."
    return Outcome.IGNORED, "It concerns no merchant here."


def _installed_again(
    connection: StoreConnection, delivery: Delivery, reading: Installed, *, now: datetime
) -> Result:
    """The shop is connected; an update of our app there brings new tokens, and ends the old.

    A connection made by hand vouches only for itself: whoever knows its secret could name any
    shop.
    """
    _blank(delivery)
    if not (connection.is_installed and reading.credentials):
        return Outcome.IGNORED, "The shop is connected already."
    renew_access(connection=connection, credentials=dict(reading.credentials), now=now)
    return Outcome.DONE, "The shop gave us new access."


def _blank(delivery: Delivery) -> None:
    """Tokens and codes are kept sealed with the connection, and nowhere else."""
    Delivery.objects.filter(pk=delivery.pk).update(body=b"")


def _installed(delivery: Delivery, reading: Installed, *, now: datetime) -> Result:
    connection = handshakes.installed(
        platform=delivery.slug,
        shop=reading.shop,
        credentials=dict(reading.credentials),
        code=reading.code,
        now=now,
    )
    _blank(delivery)
    if connection is None:
        return Outcome.DONE, "The app is installed; nobody here has claimed the shop yet."
    return Outcome.DONE, "The app is installed, and the shop is connected."


def _save(connection: StoreConnection, update: OrderUpdate, *, now: datetime) -> None:
    saved = save_one(connection, update, now=now)
    if saved.created:
        StoreConnection.objects.filter(pk=connection.pk).update(last_order_at=now)
