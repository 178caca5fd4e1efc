"""Orders of a window, asked page by page and saved page by page: history, and what changed.

A page's orders and the cursor behind them are saved in one transaction, so that a killed worker
begins again at the page it was at, and a page that comes twice changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q

from inbox.models import Delivery, Outcome
from merchants.scope import every_merchant, merchant_scope
from stores.base import PULLED
from stores.connect import KIND
from stores.line import Line
from stores.models import ApiState, Pull, StoreConnection
from stores.saving import save_all
from stores.shop import Page, Shop, Unread, Window
from stores.talk import ShopError, Talk

#: How long one task stays with one pull; the rest is due at once for whoever is free.
SLICE_SECONDS: Final = 20.0
_LEASE: Final = timedelta(minutes=3)
#: A sweep that failed so often leaves it to the next one; history is not given up so soon.
_TRIES: Final = {Pull.Kind.SWEEP: 3, Pull.Kind.BACKFILL: 60}


def begin_backfill(
    connection: StoreConnection, *, since: datetime, until: datetime, now: datetime
) -> Pull:
    """Fetch the orders created in [since, until); in the merchant's scope."""
    return Pull.objects.create(
        merchant_id=connection.merchant_id,
        store=connection,
        kind=Pull.Kind.BACKFILL,
        since=since,
        until=until,
        started_at=now,
        due_at=now,
    )


def due(*, now: datetime, limit: int) -> list[int]:
    """Pulls that go on, claimed; call it in `every_merchant`."""
    rows = Pull.objects.filter(state=Pull.State.RUNNING, due_at__lte=now)
    found = list(
        rows.select_for_update(skip_locked=True)
        .order_by("due_at")
        .values_list("pk", flat=True)[:limit]
    )
    Pull.objects.filter(pk__in=found).update(due_at=now + _LEASE)
    return found


def go_on(pull_id: int, *, now: datetime, seconds: float = SLICE_SECONDS) -> Pull | None:
    """Ask and save pages for a while. Returns the pull as it stands; None when there is nothing
    to go on with. A trouble with the shop is written on the pull, not raised."""
    with every_merchant("a due row says whose it is"):
        pull = (
            Pull.objects.select_related("store", "store__merchant")
            .filter(pk=pull_id, state=Pull.State.RUNNING)
            .first()
        )
    if pull is None:
        return None
    if not pull.store.is_active or pull.store.api_state != ApiState.WORKING:
        return _end(pull, Pull.State.FAILED, problem="The shop must be connected again", now=now)
    line = Line(pull.store, doing=pull.kind)
    deadline = time.monotonic() + seconds
    try:
        while True:
            page = _ask(line, pull, now=now)
            _save(pull, page, now=now)
            if not page.next:
                return _end(pull, Pull.State.DONE, now=now)
            if time.monotonic() >= deadline:
                return _later(pull, due_at=now)
    except ShopError as error:
        return _failed(pull, error, now=now)


def _ask(line: Line, pull: Pull, *, now: datetime) -> Page:
    is_history = pull.kind == Pull.Kind.BACKFILL
    window = Window("created" if is_history else "updated", pull.since, pull.until)

    def ask(shop: Shop) -> Talk[Page]:
        return line.adapter.page(shop, window, pull.cursor)

    return line.hold(ask, now=now)


def _save(pull: Pull, page: Page, *, now: datetime) -> None:
    store = pull.store
    with merchant_scope(pull.merchant_id):
        saved = save_all(store, page.orders, now=now)
        for row in page.unread:
            _keep_unread(store, row, now=now)
        for failed, why in saved.failed:
            _keep_failed(store, failed, why, now=now)
        pull.found += len(page.orders)
        pull.created += len(saved.created)
        if pull.kind == Pull.Kind.SWEEP and store.hooks:
            known_since = max(store.created_at, pull.since)
            due_until = pull.started_at - timedelta(seconds=settings.HOOK_GRACE_SECONDS)
            pull.recovered += sum(
                known_since <= order.placed_at <= due_until for order in saved.created
            )
        pull.unread += len(page.unread) + len(saved.failed)
        pull.total = page.total if page.total is not None else pull.total
        pull.cursor, pull.failures, pull.problem = page.next, 0, ""
        pull.save(
            update_fields=[
                "found", "created", "recovered", "unread", "total", "cursor", "failures", "problem",
            ]
        )  # fmt: skip
        if saved.created:
            StoreConnection.objects.filter(pk=store.pk).update(last_order_at=now)


def _keep_unread(store: StoreConnection, row: Unread, *, now: datetime) -> None:
    """An order that nobody could read waits like a webhook: shown raw, to be replayed."""
    body = json.dumps(row.raw, ensure_ascii=False, default=str).encode()
    _keep(store, body, f"Cannot be read: {row.why}", now=now)


def _keep_failed(store: StoreConnection, external_id: str, why: str, *, now: datetime) -> None:
    body = json.dumps({"external_id": external_id}).encode()
    _keep(store, body, why, now=now)


def _keep(store: StoreConnection, body: bytes, problem: str, *, now: datetime) -> None:
    key = hashlib.sha256(body).hexdigest()
    Delivery.objects.get_or_create(
        merchant_id=store.merchant_id,
        kind=KIND,
        slug=store.platform,
        connection_id=store.pk,
        unique_key=key,
        defaults={
            "topic": PULLED,
            "body": body,
            "received_at": now,
            "outcome": Outcome.FAILED,
            "problem": problem[:500],
            "next_attempt_at": None,
            "finished_at": now,
        },
    )


def _later(pull: Pull, *, due_at: datetime) -> Pull:
    pull.due_at = due_at
    with merchant_scope(pull.merchant_id):
        pull.save(update_fields=["due_at"])
    return pull


def _failed(pull: Pull, error: ShopError, *, now: datetime) -> Pull:
    """Again later at the same page, or given up, by what went wrong."""
    pull.failures, pull.problem = pull.failures + 1, str(error)[:300]
    with merchant_scope(pull.merchant_id):
        pull.save(update_fields=["failures", "problem"])
    if not error.passes and error.kind != "unreadable":
        return _end(pull, Pull.State.FAILED, problem=str(error), now=now)
    if pull.failures >= _TRIES[Pull.Kind(pull.kind)]:
        return _end(pull, Pull.State.FAILED, problem=str(error), now=now)
    wait = timedelta(seconds=error.retry_after or 30.0 * min(pull.failures, 20))
    return _later(pull, due_at=now + wait)


def _end(pull: Pull, state: Pull.State, *, problem: str = "", now: datetime) -> Pull:
    pull.state, pull.problem, pull.finished_at, pull.due_at = state, problem[:300], now, None
    with merchant_scope(pull.merchant_id):
        pull.save(update_fields=["state", "problem", "finished_at", "due_at"])
        if state is Pull.State.DONE and pull.kind == Pull.Kind.SWEEP:
            behind = Q(swept_until__isnull=True) | Q(swept_until__lt=pull.until)
            StoreConnection.objects.filter(behind, pk=pull.store_id).update(swept_until=pull.until)
    return pull
