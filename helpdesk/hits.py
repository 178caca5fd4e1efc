"""The left column: what a search found, or the queue, as `desk/_results.html` takes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.queue import Waiting, worst_first
from helpdesk.reader import Reader
from helpdesk.search import find_orders, fragments
from helpdesk.written_words import count_words
from lib.folding import digits, fold
from lib.vocabulary import Status
from merchants.models import Merchant
from notifications.answers.settling import unanswered
from tracking.models import Order, Shipment

LIMIT: Final = 30
FLAGS: Final = ("disputed", "delayed", "will_be_late", "stalled", "action_required")
LATE: Final = frozenset({"delayed", "will_be_late"})
#: On its own a pill for these statuses says that the customer must act.
_SAYS_ACTION: Final = frozenset({Status.ATTEMPT_FAILED, Status.AVAILABLE_FOR_PICKUP})


def search_hits(
    query: str, *, merchant: Merchant, reader: Reader, opened: int | None, shows_contact: bool
) -> dict[str, Any]:
    """What a search found; why an order was found is shown only to who may see contact data."""
    ids = find_orders(query, limit=LIMIT)
    orders, parcels = _load(ids)
    hits = [
        _hit(
            orders[order_id],
            parcels[order_id],
            merchant=merchant,
            reader=reader,
            opened=opened,
            match=_matched(query, orders[order_id], parcels[order_id]) if shows_contact else "",
        )
        for order_id in ids
        if order_id in orders
    ]
    if not hits:
        said = _("Nothing found. Try a part of the number, the e-mail, the phone or the name.")
    elif len(hits) >= LIMIT:
        said = _("The first %(n)s orders; one more letter narrows them") % {"n": LIMIT}
    else:
        said = ngettext("%(n)s order found", "%(n)s orders found", len(hits)) % {"n": len(hits)}
    return {"results_sentence": said, "hits": hits}


def queue_hits(*, merchant: Merchant, reader: Reader, opened: int | None) -> dict[str, Any]:
    """What will be asked about next, worst first."""
    waiting = worst_first(now=reader.now, today=reader.today, limit=LIMIT)
    orders, parcels = _load([line.order_id for line in waiting])
    hits = [
        _hit(
            orders[line.order_id],
            _worst_of(line, parcels[line.order_id]),
            merchant=merchant,
            reader=reader,
            opened=opened,
            match=line.reason,
        )
        for line in waiting
    ]
    said = (
        _("These will cause a question soon, the worst first")
        if hits
        else _("All quiet: no parcel gives a reason to ask")
    )
    return {"results_sentence": said, "hits": hits, "unanswered": _unanswered(merchant)}


def _unanswered(merchant: Merchant) -> dict[str, str] | None:
    """The way to what customers wrote and nobody answered, those without an order too."""
    count = unanswered().count()
    if not count:
        return None
    return {
        "url": reverse("helpdesk:unanswered", args=[merchant.slug]),
        "said": count_words(count),
    }


def _load(order_ids: Sequence[int]) -> tuple[dict[int, Order], dict[int, list[Shipment]]]:
    orders = Order.objects.in_bulk(order_ids)
    parcels: dict[int, list[Shipment]] = defaultdict(list)
    for parcel in Shipment.objects.filter(order_id__in=order_ids).order_by("pk"):
        parcels[parcel.order_id].append(parcel)
    return orders, parcels


def _worst_of(line: Waiting, parcels: Iterable[Shipment]) -> list[Shipment]:
    return [parcel for parcel in parcels if parcel.pk == line.shipment_id]


def _hit(
    order: Order,
    parcels: Sequence[Shipment],
    *,
    merchant: Merchant,
    reader: Reader,
    opened: int | None,
    match: str,
) -> dict[str, Any]:
    status = order.status
    if len(parcels) == 1:
        status = parcels[0].status
    speaking = next((parcel for parcel in parcels if parcel.status == status), None)
    updated = (speaking.last_event_at if speaking else None) or order.placed_at
    return {
        "number": order.number,
        "url": reverse("helpdesk:story", args=[merchant.slug, order.pk]),
        "open": order.pk == opened,
        "customer": order.customer_name or order.ship_to_name or _("Customer without a name"),
        "match": match,
        "status": status,
        "flags": flags_of(parcels),
        "when": _when(order, speaking, reader),
        "updated": reader.spoken(updated),
        "updated_iso": reader.iso(updated),
    }


def flags_of(parcels: Iterable[Shipment], *, agreed: date | None = None) -> list[str]:
    """The flags that any of these parcels has and that its status does not say already.

    With a day that the carrier `agreed` to, nothing is late by an older one.
    """
    return [
        flag
        for flag in FLAGS
        if not (agreed is not None and flag in LATE)
        and any(
            getattr(parcel, flag)
            and not (flag == "action_required" and parcel.status in _SAYS_ACTION)
            for parcel in parcels
        )
    ]


def _when(order: Order, parcel: Shipment | None, reader: Reader) -> str:
    """The date that counts: delivered, expected, else ordered."""
    if parcel is not None and parcel.delivered_at:
        day = reader.day(parcel.delivered_at.astimezone(reader.zone).date())
        return _("Delivered %(day)s") % {"day": day}
    window = reader.window(parcel.edd_first, parcel.edd_last) if parcel else ""
    if window and parcel is not None and parcel.status != Status.CANCELLED:
        return _("Expected %(when)s") % {"when": window}
    day = reader.day(order.placed_at.astimezone(reader.zone).date())
    return _("Ordered %(day)s") % {"day": day}


def _matched(query: str, order: Order, parcels: Sequence[Shipment]) -> str:
    """What the query is a part of, where the line does not show it anyway."""
    parts = fragments(query)
    shown = fold(f"{order.number} {order.customer_name}")
    missing = [part for part in parts if part not in shown]
    if not missing:
        return ""
    candidates = (
        order.customer_email,
        order.customer_phone,
        *(parcel.tracking_number for parcel in parcels),
        order.ship_to_name,
        order.city,
    )
    for value in candidates:
        text = f"{fold(value)} {digits(value)} {fold(value).replace(' ', '')}"
        if value and any(part in text for part in missing):
            return value
    return ""
