"""Our webhooks at the shop: made, looked at, mended, taken away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from merchants.scope import merchant_scope
from stores.connect import rotate_secret
from stores.line import Line
from stores.models import StoreConnection
from stores.shop import Hook, Shop
from stores.talk import Talk

#: Platforms switch webhooks off without a word: looked at so often, beside every suspicion.
EVERY: Final = timedelta(hours=6)


def keep_hooks(line: Line, hook_url: str, *, now: datetime) -> tuple[Hook, ...]:
    """See that all our webhooks are there and on. Returns them; `mended` says what was done.

    Raises ShopError.
    """

    def ensure(shop: Shop) -> Talk[tuple[Hook, ...]]:
        return line.adapter.ensure_hooks(shop, hook_url)

    hooks = line.hold(ensure, now=now)
    known = [
        {"topic": hook.topic, "id": hook.external_id, "active": hook.is_active} for hook in hooks
    ]
    with merchant_scope(line.connection.merchant_id):
        StoreConnection.objects.filter(pk=line.connection.pk).update(
            hooks=known, hooks_checked_at=now
        )
    secret = next((hook.secret for hook in hooks if hook.secret), "")
    if secret:
        with merchant_scope(line.connection.merchant_id):
            # Another worker may have renewed the tokens meanwhile.
            line.connection.refresh_from_db(fields=["secrets"])
        rotate_secret(connection=line.connection, secret=secret)
    return hooks


def is_due(connection: StoreConnection, *, now: datetime) -> bool:
    """Whether it is time to look at the webhooks again."""
    checked = connection.hooks_checked_at
    return checked is None or checked <= now - EVERY
