"""Taking leave of a shop: our webhooks are removed there, then the connection is closed here.

Its own webhooks are refused from the first moment. The keys are kept until the shop has answered,
or has been silent for too long.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from merchants.scope import every_merchant, merchant_scope
from stores.connect import disconnect_store, hook_url_of
from stores.line import Line
from stores.models import ApiState, StoreConnection
from stores.registry import STORES
from stores.shop import Shop
from stores.talk import ShopError, Talk

_LEASE: Final = timedelta(minutes=3)
#: After the first, second … try that came to nothing; then what stands there stays there.
_WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))


def begin_leaving(*, connection: StoreConnection, now: datetime) -> None:
    """Stop listening to this shop at once, and clean up there soon; orders stay."""
    adapter = STORES.get(connection.platform)
    if adapter is None or not adapter.makes_hooks or connection.api_state != ApiState.WORKING:
        disconnect_store(connection=connection, now=now)
        return
    with merchant_scope(connection.merchant_id):
        connection.is_active = False
        connection.leaving_at, connection.leaving_tries = now, 0
        connection.setup_at = connection.next_sweep_at = None
        connection.save(
            update_fields=[
                "is_active", "leaving_at", "leaving_tries", "setup_at", "next_sweep_at",
            ]
        )  # fmt: skip


def due(*, now: datetime, limit: int) -> list[int]:
    """Connections that still have something of ours at the shop, claimed; in `every_merchant`."""
    rows = StoreConnection.objects.filter(leaving_at__lte=now)
    found = list(
        rows.select_for_update(skip_locked=True)
        .order_by("leaving_at")
        .values_list("pk", flat=True)[:limit]
    )
    StoreConnection.objects.filter(pk__in=found).update(leaving_at=now + _LEASE)
    return found


def leave(connection_id: int, *, now: datetime) -> None:
    """Remove our webhooks and forget the keys; outside of transactions.

    What a shop did not let us remove is said on the connection.
    """
    with every_merchant("a due row says whose it is"):
        connection = StoreConnection.objects.filter(
            pk=connection_id, leaving_at__isnull=False
        ).first()
    if connection is None:
        return
    line, url = Line(connection, doing="hooks"), hook_url_of(connection)

    def remove(shop: Shop) -> Talk[None]:
        return line.adapter.remove_hooks(shop, url)

    problem = ""
    try:
        line.hold(remove, now=now)
    except ShopError as error:
        if error.passes and connection.leaving_tries < len(_WAITS):
            _later(connection, now=now)
            return
        problem = f"Disconnected. Our webhooks may still stand in the shop: {error}."
    disconnect_store(connection=connection, now=now)
    if problem:
        with merchant_scope(connection.merchant_id):
            StoreConnection.objects.filter(pk=connection.pk).update(last_problem=problem[:300])


def _later(connection: StoreConnection, *, now: datetime) -> None:
    with merchant_scope(connection.merchant_id):
        StoreConnection.objects.filter(pk=connection.pk).update(
            leaving_at=now + _WAITS[connection.leaving_tries],
            leaving_tries=connection.leaving_tries + 1,
            paused_until=None,
        )
