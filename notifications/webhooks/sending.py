"""Deliveries on their way: claimed in batches, sent side by side, noted as each one ends.

Never more than a handful to one endpoint at a time, and whoever has to wait holds up nobody: the
sweep claims for the others as soon as any answer is there. The claim is committed before anything
is sent; a worker that dies gives its rows back by itself, and they go out again under the same
`webhook-id`. So every delivery arrives at least once, and programs know a second one by its id.
"""

from __future__ import annotations

import queue
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import F

from lib.encryption import CannotDecrypt
from lib.signing import standard_webhook_signature
from merchants.scope import every_merchant
from notifications.models import WebhookDelivery
from notifications.webhooks import outcomes
from notifications.webhooks.endpoints import secrets_of
from notifications.webhooks.wire import Answer, Done, Parcel, Wire, shared

#: On their way to one endpoint at a time, and in one sweep.
EACH: Final = 8
MOST: Final = 64
#: By then a sent one is noted, or its worker died.
_LEASE: Final = timedelta(seconds=60)
#: Failures in a row after which an endpoint is tried with one delivery at a time.
_CAREFUL: Final = 3

_DUE: Final = """
    SELECT found.id FROM notifications_webhookendpoint e CROSS JOIN LATERAL (
        SELECT d.id, d.due_at FROM notifications_webhookdelivery d
        WHERE d.endpoint_id = e.id AND d.state = 'waiting' AND d.due_at <= %(now)s
            AND d.body <> '' AND (d.change_id IS NULL OR e.is_on
                AND (e.paused_until IS NULL OR e.paused_until <= %(now)s))
        ORDER BY d.due_at, d.id
        LIMIT CASE WHEN e.failures < %(careful)s THEN %(each)s ELSE 1 END
        FOR UPDATE SKIP LOCKED
    ) found
    WHERE e.removed_at IS NULL AND e.id <> ALL(%(busy)s::bigint[])
    ORDER BY found.due_at, found.id LIMIT %(most)s
"""


def send_due(*, clock: Callable[[], datetime], seconds: float, wire: Wire | None = None) -> int:
    """Send what is due until nothing is, or the time is up. Returns how many were tried."""
    used = wire or shared()
    done: Done = queue.SimpleQueue()
    away: Counter[int] = Counter()
    until, tried = time.monotonic() + seconds, 0
    while True:
        room = MOST - away.total()
        if time.monotonic() < until and room:
            for one in claim(now=clock(), busy=list(away), most=room):
                used.begin(one, done)
                away[one.endpoint_id] += 1
        if not away.total():
            return tried
        for parcel, answer in _finished(done):
            outcomes.note(parcel, answer, now=clock())
            away[parcel.endpoint_id] -= 1
            tried += 1
        away = +away


def _finished(
    done: Done,
) -> list[tuple[Parcel, Answer]]:
    """Wait for one that has ended, and take what else has."""
    found = [done.get()]
    while not done.empty():
        found.append(done.get())
    return found


def claim(*, now: datetime, busy: Sequence[int], most: int) -> list[Parcel]:
    """Take due deliveries of endpoints that are not busy, pushed ahead as they are taken."""
    lease = now + _LEASE
    with every_merchant("deliveries of all merchants wait in one queue"):
        with connection.cursor() as cursor:
            cursor.execute(
                _DUE,
                {"now": now, "busy": list(busy), "most": most, "each": EACH, "careful": _CAREFUL},
            )
            ids = [row[0] for row in cursor.fetchall()]
        rows = WebhookDelivery.objects.filter(pk__in=ids)
        rows.update(due_at=lease, attempts=F("attempts") + 1)
        found = list(rows.select_related("endpoint").order_by("pk"))
    packed = [_pack(row, lease=lease, now=now) for row in found]
    return [one for one in packed if one is not None]


def _pack(row: WebhookDelivery, *, lease: datetime, now: datetime) -> Parcel | None:
    """Signed and ready; None where its secret cannot be read, which is noted."""
    body = row.body.encode()
    headers = {
        "content-type": "application/json",
        "accept-encoding": "identity",
        "webhook-id": row.webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    parcel = Parcel(
        row.pk, row.endpoint_id, row.merchant_id, lease, row.endpoint.url, headers, body
    )
    try:
        secrets = secrets_of(row.endpoint, now=now)
    except CannotDecrypt:
        outcomes.note(parcel, Answer(problem=outcomes.NO_SECRET), now=now)
        return None
    headers["webhook-signature"] = " ".join(
        standard_webhook_signature(
            body, secret=secret, message_id=row.webhook_id, timestamp=headers["webhook-timestamp"]
        )
        for secret in secrets
    )
    return parcel
