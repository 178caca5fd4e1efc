"""What became of messages, for merchants' programs: ids and states, never a text or an address.

Whoever settles a message (a worker, a provider's receipt) only writes its state. Here rows are
found whose state was not reported yet, so that nothing is missed and nobody waits; of several
states between two looks the last is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import F

from merchants.scope import every_merchant
from notifications.models import Message, WebhookDelivery, WebhookEndpoint
from notifications.models.messages import BEFORE_REPORTS, REPORTED_STATES
from notifications.webhooks import payload
from notifications.webhooks.events import hears
from notifications.webhooks.queue import COLUMNS, id_of
from tracking.writing import insert_many


def report_due(*, now: datetime, limit: int = 500) -> int:
    """Make deliveries of states that are new. Returns how many messages were looked at."""
    with every_merchant("messages of all merchants are settled in one place"):
        rows = list(
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("recipient")
            .only(*_READ)
            .filter(state__in=REPORTED_STATES)
            .exclude(reported=F("state"))
            .exclude(reported=BEFORE_REPORTS)
            .order_by("id")[:limit]
        )
        _add([row for row in rows if row.purpose != Message.Purpose.TEST], now=now)
        by_state: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            by_state[row.state].append(row.pk)
        for state, pks in by_state.items():
            Message.objects.filter(pk__in=pks).update(reported=state)
    return len(rows)


_READ: Final = (
    "merchant_id", "order_id", "shipment_id", "change_id", "recipient__role", "topic", "channel",
    "language", "state", "reason_code", "purpose", "sent_at", "delivered_at", "reported",
)  # fmt: skip


def _add(rows: Sequence[Message], *, now: datetime) -> None:
    endpoints: dict[int, list[WebhookEndpoint]] = defaultdict(list)
    merchants = {row.merchant_id for row in rows}
    for one in WebhookEndpoint.objects.filter(merchant_id__in=merchants, is_on=True):
        endpoints[one.merchant_id].append(one)
    waiting = WebhookDelivery.State.WAITING.value
    made = []
    for row in rows:
        event, at = f"message.{row.state}", _at(row, now)
        for endpoint in endpoints[row.merchant_id]:
            if hears(endpoint.events, event):
                body = payload.message_news(event, row, at=at)
                made.append(
                    (row.merchant_id, endpoint.pk, row.change_id, row.order_id,
                     id_of(f"{event}:{row.pk}"), event, body, waiting, now, now, 0, "")
                )  # fmt: skip
    insert_many(WebhookDelivery, COLUMNS, made, returning=("id",))


def _at(row: Message, now: datetime) -> datetime:
    found = row.delivered_at if row.state == Message.State.DELIVERED else row.sent_at
    return now if row.state == Message.State.FAILED else found or now
