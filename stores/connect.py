"""Connecting a merchant's shop: the connection, its sealed secret, and its hook address."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from inbox.doors import close_doors, find_own_door, hook_path, open_door
from inbox.models import Door
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores import registry
from stores.models import StoreConnection

KIND = "store"


class CannotConnect(ValueError):
    """The shop cannot be connected; the message says why, for people."""


def connect_store(
    *, merchant: Merchant, platform: str, name: str, secret: str, external_id: str = ""
) -> StoreConnection:
    """Connect a shop: makes the connection and opens its hook address (`hook_path_of`).

    `secret` signs the platform's webhooks. `external_id` is the platform's own name of the
    shop (for Shopify `shop.myshopify.com`), by which app-wide hooks find it. Raises
    CannotConnect for a platform we do not know, an empty secret, and a shop that this
    merchant has connected already.
    """
    if platform not in registry.STORES:
        raise CannotConnect(f"We cannot connect {platform!r} yet.")
    if not secret.strip():
        raise CannotConnect("The webhook secret is empty: nothing could be verified.")
    shop = _plain_host(external_id)
    with merchant_scope(merchant.pk):
        same = StoreConnection.objects.filter(platform=platform, external_id=shop, is_active=True)
        if shop and same.exists():
            raise CannotConnect(f"{shop} is connected already.")
        connection = StoreConnection.objects.create(
            merchant=merchant,
            platform=platform,
            name=name.strip() or registry.get(platform).name,
            external_id=shop,
            secrets=seal({"secret": secret.strip()}),
        )
        open_door(
            merchant=merchant,
            kind=KIND,
            slug=platform,
            connection_id=connection.pk,
            external_id=shop,
        )
    return connection


def hook_path_of(connection: StoreConnection) -> str:
    """The path that the shop's webhooks are sent to; empty once disconnected."""
    door: Door | None = find_own_door(
        kind=KIND, slug=connection.platform, connection_id=connection.pk
    )
    return hook_path(door) if door else ""


def rotate_secret(*, connection: StoreConnection, secret: str) -> None:
    """Take a new secret; the old one keeps verifying until the next rotation.

    Platforms sign with the old secret for up to an hour after it was changed.
    """
    if not secret.strip():
        raise CannotConnect("The webhook secret is empty: nothing could be verified.")
    with merchant_scope(connection.merchant_id):
        old = connection.credentials
        kept = {"secret": secret.strip(), "previous_secret": old.get("secret", "")}
        connection.secrets = seal(old | kept)
        connection.save(update_fields=["secrets"])


def disconnect_store(*, connection: StoreConnection, now: datetime) -> None:
    """Close the address and forget the secrets; orders and their parcels stay."""
    with merchant_scope(connection.merchant_id), transaction.atomic():
        close_doors(kind=KIND, slug=connection.platform, connection_id=connection.pk)
        connection.is_active = False
        connection.secrets = ""
        connection.last_problem = "Disconnected."
        connection.last_problem_at = now
        connection.save(update_fields=["is_active", "secrets", "last_problem", "last_problem_at"])


def _plain_host(text: str) -> str:
    """`https://Shop.myshopify.com/admin` as `shop.myshopify.com`."""
    host = text.strip().lower()
    host = host.split("://", 1)[-1].split("/", 1)[0]
    return host[:255]
