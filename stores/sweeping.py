"""Asking a shop what changed since the last time, whatever its webhooks told us.

Every quarter of an hour by itself, and at once when the silence of a shop is suspicious. On
platforms without webhooks this is how orders come at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from merchants.scope import every_merchant, merchant_scope
from stores import hook_upkeep
from stores.connect import hook_url_of
from stores.line import Line
from stores.models import ApiState, Pull, StoreConnection
from stores.pulling import go_on
from stores.registry import get
from stores.shop import Hook
from stores.talk import ShopError

#: How often a shop is asked whose webhooks tell us; one without, as its adapter says.
EVERY: Final = timedelta(minutes=15)
#: Shops stamp a change before it can be read: the last minutes are asked for again.
OVERLAP: Final = timedelta(minutes=10)
#: A sweep after a long outage goes on in the queue of pulls.
_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep found: orders that changed, of these such as a webhook should have brought.

    `mended` are webhooks that had to be made or switched on again; `problem` is the shop's
    refusal in words, empty where it answered. `is_done`: the whole window was asked.
    """

    found: int = 0
    recovered: int = 0
    mended: tuple[Hook, ...] = ()
    problem: str = ""
    is_done: bool = False


def due(*, now: datetime, limit: int) -> list[int]:
    """Connections whose turn it is, pushed ahead to their next; call it in `every_merchant`."""
    rows = StoreConnection.objects.filter(
        is_active=True, api_state=ApiState.WORKING, next_sweep_at__lte=now
    )
    found = list(rows.select_for_update(skip_locked=True).order_by("next_sweep_at")[:limit])
    for connection in found:
        every = EVERY if connection.hooks else get(connection.platform).asked_every
        StoreConnection.objects.filter(pk=connection.pk).update(next_sweep_at=now + every)
    return [connection.pk for connection in found]


def sweep(connection_id: int, *, now: datetime, repair: bool = False, reason: str = "") -> Swept:
    """Ask what changed, save it, and look after the webhooks: when `repair`, or when it is time.

    Outside of any transaction. A trouble with the shop is returned, not raised.
    """
    with every_merchant("a due row says whose it is"):
        connection = (
            StoreConnection.objects.select_related("merchant")
            .filter(pk=connection_id, is_active=True, api_state=ApiState.WORKING)
            .first()
        )
    if connection is None:
        return Swept(problem="The shop must be connected again")
    pull = go_on(_pull(connection, reason=reason, now=now).pk, now=now, seconds=_SECONDS)
    mended, trouble = _look_after_hooks(connection, repair=repair, now=now)
    if pull is None:  # somebody else finished it
        return Swept(mended=mended, problem=trouble)
    return Swept(
        found=pull.found,
        recovered=pull.recovered,
        mended=mended,
        problem=pull.problem or trouble,
        is_done=pull.state == Pull.State.DONE,
    )


def _pull(connection: StoreConnection, *, reason: str, now: datetime) -> Pull:
    """The sweep that is under way, or a new one from where the last one ended."""
    with merchant_scope(connection.merchant_id):
        running = Pull.objects.filter(
            store=connection, kind=Pull.Kind.SWEEP, state=Pull.State.RUNNING
        ).first()
        if running is not None:
            return running
        since = (connection.swept_until or connection.created_at) - OVERLAP
        return Pull.objects.create(
            merchant_id=connection.merchant_id,
            store=connection,
            kind=Pull.Kind.SWEEP,
            reason=reason,
            since=since,
            until=now,
            started_at=now,
            # Whoever dies over it leaves it to the queue.
            due_at=now + timedelta(minutes=3),
        )


def _look_after_hooks(
    connection: StoreConnection, *, repair: bool, now: datetime
) -> tuple[tuple[Hook, ...], str]:
    if not get(connection.platform).makes_hooks:
        return (), ""
    if not repair and not hook_upkeep.is_due(connection, now=now):
        return (), ""
    line = Line(connection, doing="hooks")
    try:
        hooks = hook_upkeep.keep_hooks(line, hook_url_of(connection), now=now)
    except ShopError as error:
        return (), str(error)
    return tuple(hook for hook in hooks if hook.mended), ""
