"""Connecting where the shop's own server posts the keys (WooCommerce's wc-auth), or installs us.

The merchant agrees on the shop's page; minutes later the shop calls an address with a token that
only this attempt has.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from lib.encryption import seal, unseal
from lib.signing import fingerprint, new_token
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import CannotConnect, connect_api, renew_access
from stores.models import ConnectAttempt, Installation, StoreConnection
from stores.registry import get

#: As long as somebody may take to log in to their shop and agree.
GOOD_FOR: Final = timedelta(hours=1)


def begin(
    *,
    merchant: Merchant,
    platform: str,
    shop: str,
    name: str,
    now: datetime,
    connection: StoreConnection | None = None,
) -> str:
    """The token under which the shop may answer, once, within the hour."""
    token = new_token()
    ConnectAttempt.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    ConnectAttempt.objects.create(
        fingerprint=fingerprint(token),
        merchant=merchant,
        platform=platform,
        shop=shop,
        store_name=name[:120],
        connection_id=connection.pk if connection else None,
        expires_at=now + GOOD_FOR,
    )
    return token


def finish(*, platform: str, token: str, body: bytes, now: datetime) -> StoreConnection | None:
    """Take the keys that the shop posted; None for a token that is unknown, old or used.

    Raises StoreError for a body without keys, CannotConnect.
    """
    with transaction.atomic():
        attempt = (
            ConnectAttempt.objects.select_for_update()
            .select_related("merchant")
            .filter(
                fingerprint=fingerprint(token),
                platform=platform,
                used_at__isnull=True,
                expires_at__gt=now,
            )
            .first()
        )
        if attempt is None:
            return None
        credentials = get(platform).handshake(body)
        ConnectAttempt.objects.filter(pk=attempt.pk).update(used_at=now)
        return _connect(attempt, credentials, now=now)


def _connect(
    attempt: ConnectAttempt, credentials: Mapping[str, str], *, now: datetime
) -> StoreConnection:
    with merchant_scope(attempt.merchant_id):
        if attempt.connection_id is not None:
            known = StoreConnection.objects.filter(pk=attempt.connection_id, is_active=True).first()
            if known is not None:
                renew_access(connection=known, credentials=credentials, now=now)
                return known
        return connect_api(
            merchant=attempt.merchant,
            platform=attempt.platform,
            name=attempt.store_name,
            shop=attempt.shop,
            credentials=credentials,
            now=now,
        )


def installed(
    *, platform: str, shop: str, credentials: Mapping[str, str], code: str, now: datetime
) -> StoreConnection | None:
    """Our app was installed in a shop, or its settings there named a merchant's code.

    The two come in any order, and may be repeated. Returns the connection once both are known.
    """
    with transaction.atomic():
        row, _ = Installation.objects.select_for_update().get_or_create(
            platform=platform, shop=shop, defaults={"secrets": seal({})}
        )
        kept = unseal(row.secrets) | dict(credentials)
        code = code.strip() or row.code
        row.secrets, row.code = seal(kept), code[:40]
        row.save(update_fields=["secrets", "code"])
        attempt = _of_code(platform, code, shop, now=now) if code and kept else None
        if attempt is None:
            return None
        row.delete()
        try:
            with transaction.atomic():
                return connect_api(
                    merchant=attempt.merchant,
                    platform=platform,
                    name=attempt.store_name,
                    shop=shop,
                    credentials=kept,
                    now=now,
                    is_installed=True,
                )
        except CannotConnect:
            return _renewed(attempt.merchant, platform, shop, kept, now=now)


def _of_code(platform: str, code: str, shop: str, *, now: datetime) -> ConnectAttempt | None:
    """Whose code it is; after the first shop that named it, it is good for that shop only."""
    attempt = (
        ConnectAttempt.objects.select_for_update(of=("self",))
        .select_related("merchant")
        .filter(fingerprint=fingerprint(code), platform=platform, expires_at__gt=now)
        .filter(shop__in=("", shop))
        .first()
    )
    if attempt is not None:
        ConnectAttempt.objects.filter(pk=attempt.pk).update(used_at=now, shop=shop)
    return attempt


def _renewed(
    merchant: Merchant, platform: str, shop: str, credentials: Mapping[str, str], *, now: datetime
) -> StoreConnection | None:
    """The shop is connected already and was installed anew: its new tokens are taken."""
    with merchant_scope(merchant.pk):
        known = StoreConnection.objects.filter(
            platform=platform, external_id=get(platform).shop_name(shop), is_active=True
        ).first()
        if known is not None:
            known.is_installed = True
            known.save(update_fields=["is_installed"])
            renew_access(connection=known, credentials=credentials, now=now)
        return known


def forget(*, platform: str, shop: str) -> None:
    """Our app was removed from a shop that nobody here had claimed: its tokens go."""
    Installation.objects.filter(platform=platform, shop=shop).delete()
