"""From keys or a grant to orders in the database, and webhooks in between, for any platform."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from lib.signing import standard_webhook_signature
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_api, hook_path_of
from stores.models import Pull, StoreConnection
from stores.pulling import go_on
from stores.setting_up import set_up
from tests.factories import NOW


def connect(
    merchant: Merchant,
    platform: str,
    *,
    credentials: Mapping[str, str],
    shop: str = "",
    now: datetime = NOW,
) -> StoreConnection:
    """Connect a shop and take it through its first dialogue."""
    made = connect_api(
        merchant=merchant, platform=platform, name="", shop=shop, credentials=credentials, now=now
    )
    set_up(made.pk, now=now)
    return reload(made)


def reload(store: StoreConnection) -> StoreConnection:
    with merchant_scope(store.merchant_id):
        return StoreConnection.objects.select_related("merchant").get(pk=store.pk)


def backfill(store: StoreConnection, *, now: datetime = NOW) -> Pull:
    """Go on with the history once; the pull as it stands."""
    with merchant_scope(store.merchant_id):
        pull = Pull.objects.get(store=store, kind=Pull.Kind.BACKFILL)
    found = go_on(pull.pk, now=now)
    assert found is not None
    return found


def hook_address(store: StoreConnection) -> str:
    return settings.BASE_URL + hook_path_of(store)


def standard_headers(body: bytes, *, secret: str, message_id: str = "msg_1") -> dict[str, str]:
    """Headers of a delivery as standardwebhooks.com signs it, just now."""
    stamp = str(int(time.time()))
    signature = standard_webhook_signature(
        body, secret=secret, message_id=message_id, timestamp=stamp
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": signature,
    }
