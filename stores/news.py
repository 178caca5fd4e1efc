"""What becomes of a parcel, for the shop it came from: a reader of tracking's changes."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from django.utils.translation import override

from carriers.registry import name_of
from lib.logs import where
from lib.vocabulary import Status
from lib.words import sentence
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.registry import STORES
from stores.shop import Note, ParcelNews, ShopChange, Tags
from stores.writing import queue_write, store_of
from tracking import outbox
from tracking.links import link_for, page_url
from tracking.models import Change, Order, Outbox, Shipment

log = logging.getLogger("homeward.stores")

CONSUMER: Final = "stores"
KINDS: Final = (Change.Kind.MILESTONE, Change.Kind.STATUS, Change.Kind.DATE)
#: What a shop has heard of itself, or what is no news of the parcel.
_NO_NEWS: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED, Status.EXPIRED})
#: The statuses that get a tag of their own, where the merchant wants tags.
_TAGGED: Final = frozenset(
    {
        Status.OUT_FOR_DELIVERY,
        Status.ATTEMPT_FAILED,
        Status.EXCEPTION,
        Status.DELIVERED,
        Status.RETURNING,
        Status.RETURNED,
        Status.LOST_OR_DESTROYED,
    }
)


def report_due(*, now: datetime, limit: int = 200) -> int:
    """Take due turns and queue what their shops are to hear. Returns how many were taken."""
    with every_merchant("changes of all merchants wait in one queue"):
        turns = outbox.claim(CONSUMER, now=now, limit=limit)
        changes = Change.objects.select_related("order", "shipment").in_bulk(
            [turn.change_id for turn in turns]
        )
        for turn in turns:
            _take(turn, changes[turn.change_id], now=now)
    return len(turns)


def _take(turn: Outbox, change: Change, *, now: datetime) -> None:
    try:
        with merchant_scope(turn.merchant_id):
            if change.shipment is not None:
                tell_shop(change.order, change.shipment, now=now)
        outbox.done([turn], now=now)
    except Exception as error:  # noqa: BLE001 - outermost loop: one parcel must not stop all
        log.error("news for a shop could not be written down: %s", where(error))
        outbox.failed(turn, problem=type(error).__name__, now=now)


def tell_shop(order: Order, shipment: Shipment, *, now: datetime) -> None:
    """Queue the parcel's present state for its shop; in the merchant's scope.

    What is already said is not said again: the keys hold the state, not the change.
    """
    store = store_of(order)
    if shipment.status in _NO_NEWS or store is None:
        return
    merchant = Merchant.objects.get(pk=order.merchant_id)
    state = f"{shipment.pk}:{shipment.sub_status}:{shipment.attempts}"
    days = f"{shipment.edd_first}:{shipment.edd_last}"
    keeps_all = STORES[store.platform].keeps_milestones
    with override(merchant.default_language):
        news = _news(order, shipment, merchant)
    queue: list[tuple[str, ShopChange]] = [
        (f"parcel:{state}:{days}" if keeps_all else f"parcel:{shipment.pk}", news),
        (f"note:{state}", Note(order.external_id, news.text)),
    ]
    if shipment.status in _TAGGED:
        mine = _tag(shipment.status)
        gone = tuple(_tag(status) for status in sorted(_TAGGED) if _tag(status) != mine)
        queue.append((f"tags:{state}", Tags(order.external_id, (mine,), gone)))
    for key, change in queue:
        queue_write(order=order, change=change, key=key, shipment=shipment, now=now)


def _tag(status: str) -> str:
    return f"homeward-{status.replace('_', '-')}"


def _news(order: Order, shipment: Shipment, merchant: Merchant) -> ParcelNews:
    carrier = (
        name_of(shipment.carrier, language=merchant.default_language) if shipment.carrier else ""
    )
    says = sentence(shipment.sub_status)
    return ParcelNews(
        order_id=order.external_id,
        tracking_number=shipment.tracking_number,
        status=shipment.status,
        sub_status=shipment.sub_status,
        at=shipment.status_at or shipment.updated_at,
        fulfilment_id=shipment.external_id,
        carrier=shipment.carrier,
        carrier_name=carrier,
        page_url=page_url(link_for(order=order), merchant=merchant),
        city=shipment.last_place,
        country=order.country,
        first=shipment.edd_first,
        last=shipment.edd_last,
        zone=shipment.edd_zone,
        text=" ".join(filter(None, [carrier, f"{shipment.tracking_number}:", says])),
    )
