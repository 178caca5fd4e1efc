"""One dry run: the last 30 days read in pieces, played, counted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from celery.exceptions import SoftTimeLimitExceeded

from merchants.scope import every_merchant, merchant_scope
from notifications.dry_run.asking import Hold, Lost, claim
from notifications.dry_run.past import Past
from notifications.dry_run.plain import from_plain, with_rule
from notifications.dry_run.replaying import replay
from notifications.dry_run.tallying import Tally
from notifications.facts import Shop, read_shop
from notifications.models import DryRun
from notifications.rules import Ruling
from notifications.triggers import topics_of
from tracking.models import Change

log = logging.getLogger("homeward.dry_runs")

DAYS: Final = 30
#: Orders that are read at once: some megabytes.
CHUNK: Final = 1000


def work(run_id: int, *, now: datetime) -> None:
    """Claim a run and do it. Whoever is killed leaves it to another worker, who begins anew."""
    with every_merchant("dry runs of all merchants are one queue"):
        claimed = claim(run_id, now=now)
    if claimed is None:
        return
    run, hold = claimed
    try:
        _run(run, hold)
    except Lost:
        log.warning("dry run %d was taken over by another worker", run.pk)


def _run(run: DryRun, hold: Hold) -> None:
    tried = from_plain(run.ruling) if run.ruling else None
    try:
        found = results(run.merchant_id, tried=tried, now=hold.began, progress=hold.tell)
    except SoftTimeLimitExceeded:
        hold.end(DryRun.State.FAILED, problem="too_long")
    else:
        found["seconds"] = round(hold.seconds, 1)
        hold.end(DryRun.State.DONE, progress=100, results=found)


def results(
    merchant_id: int,
    *,
    tried: Ruling | None,
    now: datetime,
    progress: Callable[[float], None] = lambda share: None,
) -> dict[str, Any]:
    """What the rules as they are would have sent in the last 30 days ("today"), and with the tried
    rule in its place ("tried"; None without one). Opens a scope of its own for each piece."""
    since = now - timedelta(days=DAYS)
    with merchant_scope(merchant_id):
        shop, order_ids = read_shop(merchant_id), _orders(since)
    both = _Both.of(shop, tried)
    parcels = 0
    for start in range(0, len(order_ids), CHUNK):
        with merchant_scope(merchant_id):
            parcels += _piece(order_ids[start : start + CHUNK], both, since=since, now=now)
        progress(min(start + CHUNK, len(order_ids)) / len(order_ids))
    return {
        "since": since.isoformat(),
        "until": now.isoformat(),
        "orders": len(order_ids),
        "parcels": parcels,
        "today": both.today.results(),
        "tried": both.tried.results() if both.tried else None,
    }


@dataclass(slots=True)
class _Both:
    """The rules as they are and, where one is tried, as they would be. Orders to which nothing
    happened that the tried rule is about hear the same by both, and are played once."""

    shop: Shop
    today: Tally
    other: Shop | None = None
    tried: Tally | None = None
    topic: str = ""

    @classmethod
    def of(cls, shop: Shop, tried: Ruling | None) -> _Both:
        if tried is None:
            return cls(shop, Tally(shop))
        other = replace(shop, rules=with_rule(list(shop.rules), tried))
        return cls(shop, Tally(shop), other, Tally(other), str(tried.trigger.slug))

    def differ(self, changes: Sequence[Change]) -> bool:
        return self.other is not None and any(self.topic in topics_of(one) for one in changes)


def _orders(since: datetime) -> list[int]:
    """Ids of the orders that had news since then, oldest first."""
    rows = Change.objects.filter(created_at__gte=since, announce=True)
    return sorted(rows.order_by().values_list("order_id", flat=True).distinct())


def _piece(order_ids: Sequence[int], both: _Both, *, since: datetime, now: datetime) -> int:
    """Play some orders; returns how many parcels they have."""
    past = Past(both.shop, order_ids, now=now)
    for order in past.orders.values():
        changes = past.changes.get(order.pk, ())
        if not both.differ(changes):
            sinks = [both.today, *([both.tried] if both.tried else [])]
            replay(order, shop=both.shop, past=past, since=since, sinks=sinks)
            continue
        assert both.other is not None
        assert both.tried is not None
        replay(order, shop=both.shop, past=past, since=since, sinks=[both.today])
        replay(order, shop=both.other, past=past, since=since, sinks=[both.tried])
    return len(past.shipments)
