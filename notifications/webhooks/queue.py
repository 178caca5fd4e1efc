"""From changes to deliveries: a row for each change and endpoint, then the body of each.

Pulled from the outbox by a consumer of its own, so that no message waits for a webhook. Runs in as
many workers as anybody likes: turns and rows are claimed, and the unique key says the rest.
"""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop

from lib.logs import where
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.webhooks import payload, shapes
from notifications.webhooks.events import EVENTS, event_of, hears
from tracking import outbox
from tracking.models import Change
from tracking.page_links import tracking_urls
from tracking.writing import insert_many, update_many

log = logging.getLogger("homeward.notifications")

CONSUMER: Final = "webhooks"
UNREADABLE: Final = gettext_noop("It could not be written; the operator has the reason.")
#: Makes one id of a change, the same for every endpoint and for ever.
_IDS: Final = uuid.UUID("3a1b4c1e-4f0e-4f7e-9f39-5d8f2f1b6c11")
COLUMNS: Final = (
    "merchant_id", "endpoint_id", "change_id", "order_id", "webhook_id", "event", "body", "state",
    "due_at", "began_at", "attempts", "problem",
)  # fmt: skip


def listening(merchants: Collection[int]) -> Collection[int]:
    """Which of these merchants have an endpoint that is on."""
    found = WebhookEndpoint.objects.filter(merchant_id__in=list(merchants), is_on=True)
    return set(found.values_list("merchant_id", flat=True))


def queue_due(*, now: datetime, limit: int = 500) -> int:
    """Take due turns and make their deliveries, without bodies. Returns how many turns."""
    with every_merchant("changes of all merchants wait in one queue"):
        turns = outbox.claim(CONSUMER, now=now, limit=limit)
        changes = list(Change.objects.filter(pk__in=[turn.change_id for turn in turns]))
        endpoints: dict[int, list[WebhookEndpoint]] = defaultdict(list)
        for one in WebhookEndpoint.objects.filter(
            merchant_id__in={change.merchant_id for change in changes}, is_on=True
        ):
            endpoints[one.merchant_id].append(one)
        add_deliveries(
            [(one, change) for change in changes for one in endpoints[change.merchant_id]], now=now
        )
        outbox.done(turns, now=now)
    return len(turns)


def add_deliveries(pairs: Sequence[tuple[WebhookEndpoint, Change]], *, now: datetime) -> int:
    """A delivery for each that the endpoint wants and has not got. Returns how many are new."""
    rows = [
        (change.merchant_id, endpoint.pk, change.pk, change.order_id, webhook_id_of(change), event,
         "", WebhookDelivery.State.WAITING.value, now, now, 0, "")
        for endpoint, change in pairs
        if (event := event_of(change.kind, change.key)) and hears(endpoint.events, event)
    ]  # fmt: skip
    return len(insert_many(WebhookDelivery, COLUMNS, rows, returning=("id",)))


def webhook_id_of(change: Change) -> str:
    """What `webhook-id` says: the same on every try, to every endpoint."""
    return id_of(str(change.pk))


def id_of(name: str) -> str:
    """The same for the same name, for ever."""
    return f"msg_{uuid.uuid5(_IDS, name).hex}"


def write_due(*, limit: int = 200) -> int:
    """Write the bodies of deliveries that have none yet. Returns how many were taken."""
    with every_merchant("deliveries of all merchants wait in one queue"):
        rows = list(
            WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("change")
            .filter(state=WebhookDelivery.State.WAITING, body="")
            .order_by("id")[:limit]
        )
        by_merchant: dict[int, list[WebhookDelivery]] = defaultdict(list)
        for row in rows:
            by_merchant[row.merchant_id].append(row)
        for mine in by_merchant.values():
            _write(mine)
    return len(rows)


def _write(rows: Sequence[WebhookDelivery]) -> None:
    """One merchant's bodies; one that cannot be written is found by halving, and fails alone."""
    try:
        with merchant_scope(rows[0].merchant_id):
            update_many(WebhookDelivery, ("body",), _bodies(rows))
    except Exception as error:  # noqa: BLE001 - outermost loop: one order must not stop all
        half = len(rows) // 2
        if half:
            _write(rows[:half])
            _write(rows[half:])
            return
        log.error("could not write a webhook: %s", where(error))
        WebhookDelivery.objects.filter(pk=rows[0].pk).update(
            state=WebhookDelivery.State.FAILED, problem=UNREADABLE
        )


def _bodies(rows: Sequence[WebhookDelivery]) -> list[tuple[int, str]]:
    """(id, body) of each; in the merchant's scope."""
    of_parcel = [row for row in rows if EVENTS[row.event].about == "parcel"]
    shipments = (
        shapes.shipments()
        .select_related("watch", "order")
        .prefetch_related("order__recipients")
        .in_bulk([row.change.shipment_id for row in of_parcel if row.change])
    )
    orders = shapes.orders().in_bulk([row.order_id for row in rows if row not in of_parcel])
    merchant = Merchant.objects.get(pk=rows[0].merchant_id)
    of_all = {one.order_id: one.order for one in shipments.values()} | orders
    urls = tracking_urls(list(of_all.values()), merchant=merchant)
    found = []
    for row in rows:
        assert row.change is not None
        assert row.order_id is not None
        url = urls[row.order_id]
        if row in of_parcel:
            parcel = shipments[row.change.shipment_id or 0]
            body = payload.parcel_news(row.event, row.change, parcel, tracking_url=url)
        else:
            body = payload.order_news(row.event, row.change, orders[row.order_id], tracking_url=url)
        found.append((row.pk, body))
    return found
