"""Taking leave of a shop: our webhooks are removed there, then the connection is closed here."""

from __future__ import annotations

from datetime import datetime

from stores.connect import disconnect_store, hook_url_of
from stores.line import Line
from stores.models import ApiState, StoreConnection
from stores.registry import get
from stores.shop import Shop
from stores.talk import ShopError, Talk


def leave(connection: StoreConnection, *, now: datetime) -> str:
    """Disconnect, and clean up at the shop as far as it lets us. Outside of transactions.

    Returns in words what had to be left at the shop; empty when nothing stays there.
    """
    problem = ""
    if get(connection.platform).makes_hooks and connection.api_state == ApiState.WORKING:
        url = hook_url_of(connection)

        def remove(shop: Shop) -> Talk[None]:
            return get(connection.platform).remove_hooks(shop, url)

        try:
            Line(connection, doing="hooks").hold(remove, now=now)
        except ShopError as error:
            problem = str(error)
    disconnect_store(connection=connection, now=now)
    return problem
