"""Connecting a merchant's shop: the connection, its sealed secrets, and its hook address.

A connection whose API we may use is only written down here; `stores.setting_up` then asks the
shop, in a worker: no page waits for somebody else's server.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from inbox.doors import close_doors, find_own_door, hook_path, hook_url, open_door
from inbox.models import Door
from lib.encryption import seal
from lib.signing import new_token
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores import registry
from stores.models import ApiState, StoreConnection
from stores.payload import StoreError

KIND = "store"


class CannotConnect(ValueError):
    """The shop cannot be connected; the message says why, for people."""


def connect_store(
    *, merchant: Merchant, platform: str, name: str, secret: str, external_id: str = ""
) -> StoreConnection:
    """Connect a shop by hand: webhooks only, signed with a secret typed on both sides.

    `external_id` is the platform's own name of the shop (for Shopify `shop.myshopify.com`), by
    which app-wide hooks find it. Raises CannotConnect for a platform we do not know, an empty
    secret, and a shop that this merchant has connected already.
    """
    if not secret.strip():
        raise CannotConnect("The webhook secret is empty: nothing could be verified.")
    return _connect(merchant, platform, name, external_id, credentials={"secret": secret.strip()})


def connect_api(
    *,
    merchant: Merchant,
    platform: str,
    name: str,
    shop: str,
    credentials: Mapping[str, str],
    now: datetime,
    is_installed: bool = False,
) -> StoreConnection:
    """Connect a shop with keys, tokens, or a grant still to be exchanged for them.

    The shop itself is asked soon, in a worker; `api_state` says how far that is. A shop that was
    disconnected is taken up again as the same connection, so that its orders stay the same
    orders. What the adapter lists as made by us (a secret for webhooks that we make) is made here.
    Raises CannotConnect.
    """
    return _connect(
        merchant, platform, name, shop,
        credentials=_made_by_us(platform) | dict(credentials),
        setup_at=now, is_installed=is_installed,
    )  # fmt: skip


def _made_by_us(platform: str) -> dict[str, str]:
    adapter = registry.STORES.get(platform)
    secrets = adapter.secrets if adapter else ()
    return {secret.name: new_token(32) for secret in secrets if secret.made_by_us}


def renew_access(
    *, connection: StoreConnection, credentials: Mapping[str, str], now: datetime
) -> None:
    """New keys for a connection, e.g. after the shop refused the old ones; it is set up again."""
    with merchant_scope(connection.merchant_id):
        connection.secrets = seal(connection.credentials | dict(credentials))
        connection.api_state = ApiState.SETTING_UP
        connection.setup_at, connection.paused_until = now, None
        connection.api_failures, connection.api_problem = 0, ""
        connection.save(
            update_fields=[
                "secrets", "api_state", "setup_at", "paused_until", "api_failures", "api_problem",
            ]
        )  # fmt: skip


def _connect(
    merchant: Merchant,
    platform: str,
    name: str,
    shop: str,
    *,
    credentials: Mapping[str, str],
    setup_at: datetime | None = None,
    is_installed: bool = False,
) -> StoreConnection:
    adapter = registry.STORES.get(platform)
    if adapter is None:
        raise CannotConnect(f"We cannot connect {platform!r} yet.")
    try:
        external_id = adapter.shop_name(shop) if shop.strip() else ""
    except StoreError as error:
        raise CannotConnect(str(error)) from error
    state = ApiState.NONE if setup_at is None else ApiState.SETTING_UP
    with merchant_scope(merchant.pk):
        connection = _row_for(merchant, platform, external_id)
        connection.name = name.strip()[:120] or adapter.name
        connection.secrets = seal(dict(credentials))
        connection.api_state, connection.setup_at = state, setup_at
        connection.is_installed = is_installed
        connection.is_active, connection.last_problem = True, ""
        connection.leaving_at = None
        connection.api_failures, connection.api_problem, connection.paused_until = 0, "", None
        if not connection.pk:
            connection.status_map = dict(adapter.usual_statuses)
            connection.may_message = adapter.may_message_buyers
            connection.writes = list(adapter.first_writes)
            if setup_at is not None:
                connection.created_at = setup_at
        connection.save()
        open_door(
            merchant=merchant,
            kind=KIND,
            slug=platform,
            connection_id=connection.pk,
            external_id=external_id,
        )
    return connection


def _row_for(merchant: Merchant, platform: str, shop: str) -> StoreConnection:
    """The row of this shop: a new one, or the one that was disconnected."""
    known = StoreConnection.objects.filter(platform=platform, external_id=shop)
    if shop:
        if known.filter(is_active=True).exists():
            raise CannotConnect(f"{shop} is connected already.")
        before = known.order_by("-pk").first()
        if before is not None:
            return before
    return StoreConnection(merchant=merchant, platform=platform, external_id=shop)


def hook_path_of(connection: StoreConnection) -> str:
    """The path that the shop's webhooks are sent to; empty once disconnected."""
    door: Door | None = find_own_door(
        kind=KIND, slug=connection.platform, connection_id=connection.pk
    )
    return hook_path(door) if door else ""


def hook_url_of(connection: StoreConnection) -> str:
    """The whole address that webhooks made by API point to."""
    return hook_url(KIND, connection.platform, connection.pk)


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
    """Close the address and forget the secrets; orders and their parcels stay.

    What of ours stands at the shop is not touched: people disconnect by `stores.leaving`.
    """
    with merchant_scope(connection.merchant_id), transaction.atomic():
        close_doors(kind=KIND, slug=connection.platform, connection_id=connection.pk)
        connection.is_active = False
        connection.secrets = ""
        connection.last_problem = "Disconnected."
        connection.last_problem_at = now
        connection.api_state = ApiState.NONE
        connection.setup_at = connection.next_sweep_at = connection.leaving_at = None
        connection.save(
            update_fields=[
                "is_active", "secrets", "last_problem", "last_problem_at",
                "api_state", "setup_at", "next_sweep_at", "leaving_at",
            ]
        )  # fmt: skip
