"""The one writer of orders: whatever a shop, a program or a form says becomes rows here.

An order is known again by (source, external id) or by its idempotency key. What is said
later is merged: a known value is never blanked, a parcel never removed, and an older
version of the order never overwrites a newer one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction

from lib.folding import fold, number_key
from lib.vocabulary import Milestone
from merchants.models import Merchant
from stores.address_answers import settle_address
from stores.merging import (
    address_fields,
    clip,
    fills_gap,
    order_fields,
    receiver_fields,
    replaces_address,
)
from stores.models import OrderVersion
from stores.vocabulary import FulfilmentUpdate, Item, OrderUpdate
from tracking.carrier_change import believe
from tracking.changes import reach_order_milestone
from tracking.links import link_for
from tracking.models import Order, OrderItem, Recipient, Shipment
from tracking.orders import fill_keys, refresh_order
from tracking.parcels import add_parcel

#: An order first seen later than this after it was placed is history: it is not announced.
FRESH: Final = timedelta(days=2)

_NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Saved:
    """The order as it stands, and whether this call made it."""

    order: Order
    created: bool


def save_order(
    *,
    merchant: Merchant,
    source: str,
    update: OrderUpdate,
    now: datetime,
    idempotency_key: str | None = None,
    status_map: Mapping[str, str] = _NOTHING,
) -> Saved:
    """Make or merge one order, with its lines, recipients and parcels; in the merchant's scope.

    `source` is "api", "form", "csv" or a connection's `source`. `status_map` maps the
    shop's own statuses and tags to "confirmed" or "packed". A repeated idempotency key
    changes nothing. Two callers with the same order at the same time wait for each other.
    """
    with transaction.atomic():
        if idempotency_key:
            known = Order.objects.filter(idempotency_key=idempotency_key).first()
            if known is not None:
                return Saved(known, created=False)
        order, created = _find_or_make(merchant, source, update, now, idempotency_key)
        stale = not created and _is_stale(order, update)
        if not created:
            _merge(order, update, gaps_only=stale or update.partial)
        _remember_version(order, update)
        lines = _save_items(order, update.items, gaps_only=stale or update.partial)
        _save_buyer(order, update, gaps_only=stale or update.partial)
        _reach_milestones(order, update, status_map, now=now)
        for parcel in update.parcels:
            save_parcel(order, parcel, lines, now=now)
        settle_address(order, now=now)
        refresh_order(order.pk, now=now)
        order.refresh_from_db()
        return Saved(order, created)


def _find_or_make(
    merchant: Merchant, source: str, update: OrderUpdate, now: datetime, key: str | None
) -> tuple[Order, bool]:
    found = _locked(source, update.external_id)
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            return _make(merchant, source, update, now, key), True
    except IntegrityError:
        # Somebody else made it between our look and our insert; the insert waited for them.
        found = _locked(source, update.external_id)
        if found is None and key:
            found = Order.objects.select_for_update().filter(idempotency_key=key).first()
        if found is None:
            raise
        return found, False


def _locked(source: str, external_id: str) -> Order | None:
    known = Order.objects.filter(source=source, external_id=clip("external_id", external_id))
    return known.select_for_update().first()


def _make(
    merchant: Merchant, source: str, update: OrderUpdate, now: datetime, key: str | None
) -> Order:
    placed_at = min(update.placed_at or now, now)
    values = receiver_fields(update) | {"number": clip("number", update.external_id), "country": ""}
    values |= order_fields(update) | {"placed_at": placed_at}
    order = Order(
        **values,
        merchant=merchant,
        source=source,
        external_id=clip("external_id", update.external_id),
        idempotency_key=key,
        announce_from=placed_at if now - placed_at < FRESH else now,
        created_at=now,
        updated_at=now,
    )
    fill_keys(order)
    order.save(force_insert=True)
    return order


def _is_stale(order: Order, update: OrderUpdate) -> bool:
    """Whether a newer version of this order is known already."""
    if update.updated_at is None:
        return False
    return OrderVersion.objects.filter(order=order, said_at__gt=update.updated_at).exists()


def _remember_version(order: Order, update: OrderUpdate) -> None:
    if update.updated_at is None or update.partial:
        return
    version, made = OrderVersion.objects.get_or_create(
        order=order,
        defaults={"merchant_id": order.merchant_id, "said_at": update.updated_at},
    )
    if not made and version.said_at < update.updated_at:
        OrderVersion.objects.filter(pk=version.pk).update(said_at=update.updated_at)


def _merge(order: Order, update: OrderUpdate, *, gaps_only: bool) -> None:
    """Take over what is said; where only gaps may be filled, known values stay."""
    said = order_fields(update)
    if update.destination and not gaps_only and replaces_address(order, update.destination):
        # Another address is taken as a whole: half of the old one would send the parcel astray.
        said |= address_fields(update.destination, blanks=True)
    changed = {
        name: value
        for name, value in said.items()
        if getattr(order, name) != value and (not gaps_only or fills_gap(order, name))
    }
    for name, value in receiver_fields(update).items():
        if name not in said and fills_gap(order, name):
            changed[name] = value
    if not changed:
        return
    for name, value in changed.items():
        setattr(order, name, value)
    fill_keys(order)
    keys = ("number_key", "name_key", "email_key", "phone_key", "search_text")
    order.save(update_fields=[*changed, *keys])


def _save_items(order: Order, items: tuple[Item, ...], *, gaps_only: bool) -> dict[str, OrderItem]:
    """Make and merge the lines; returns those that parcels can name, by external id."""
    known = list(OrderItem.objects.filter(order=order))
    by_id = {line.external_id: line for line in known if line.external_id}
    by_name = {(line.sku, line.title): line for line in known if not line.external_id}
    position = len(known)
    for item in items:
        said = _item_fields(item)
        line = by_id.get(item.external_id) if item.external_id else None
        line = line or by_name.get((said["sku"], said["title"]))
        if line is not None:
            _merge_item(line, said, gaps_only=gaps_only)
        elif item.quantity:
            line = OrderItem.objects.create(
                merchant_id=order.merchant_id, order=order, position=min(position, 32_000), **said
            )
            position += 1
        if line is not None and line.external_id:
            by_id[line.external_id] = line
    return by_id


def _item_fields(item: Item) -> dict[str, Any]:
    return {
        "external_id": item.external_id[:100],
        "sku": item.sku[:120],
        "title": item.title[:300] or item.sku[:120] or "–",
        "quantity": item.quantity,
        "price": item.price,
        "image_url": item.image_url if len(item.image_url) <= 500 else "",
    }


def _merge_item(line: OrderItem, said: Mapping[str, Any], *, gaps_only: bool) -> None:
    """A quantity of 0 stays as a row: parcels may hold what was taken off the order since."""
    changed = {
        name: value
        for name, value in said.items()
        if value not in ("", None)
        and getattr(line, name) != value
        and (not gaps_only or getattr(line, name) in ("", None))
    }
    if changed:
        for name, value in changed.items():
            setattr(line, name, value)
        line.save(update_fields=list(changed))


def _save_buyer(order: Order, update: OrderUpdate, *, gaps_only: bool) -> None:
    """The buyer is told; and has a link from the first moment."""
    said = {
        "name": order.customer_name,
        "email": order.customer_email,
        "phone": order.customer_phone,
        "language": clip("language", update.customer.language or order.language),
    }
    buyer, made = Recipient.objects.get_or_create(
        order=order,
        role=Recipient.Role.BUYER,
        defaults={"merchant_id": order.merchant_id, **said},
    )
    changed = {
        name: value
        for name, value in said.items()
        if value and getattr(buyer, name) != value and (not gaps_only or not getattr(buyer, name))
    }
    if not made and changed:
        Recipient.objects.filter(pk=buyer.pk).update(**changed)
    link_for(order=order, recipient=buyer)


def _reach_milestones(
    order: Order, update: OrderUpdate, status_map: Mapping[str, str], *, now: datetime
) -> None:
    """Placed always; confirmed and packed where the shop or the merchant's mapping says so."""
    reached = {Milestone.PLACED: order.placed_at}
    meanings = {fold(word): meaning for word, meaning in status_map.items()}
    said_at = update.updated_at or now
    for word in (update.shop_status, *update.tags):
        meaning = meanings.get(fold(word), "") if word else ""
        if meaning in {Milestone.CONFIRMED, Milestone.PACKED}:
            reached[Milestone(meaning)] = said_at
    if update.confirmed_at is not None:
        reached[Milestone.CONFIRMED] = update.confirmed_at
    if update.packed_at is not None:
        reached[Milestone.PACKED] = update.packed_at
    for milestone in (Milestone.PLACED, Milestone.CONFIRMED, Milestone.PACKED):
        if milestone in reached:
            at = min(reached[milestone], now)
            reach_order_milestone(order=order, milestone=milestone, at=at, now=now)


def save_parcel(
    order: Order, parcel: FulfilmentUpdate, lines: Mapping[str, OrderItem], *, now: datetime
) -> tuple[Shipment, bool] | None:
    """Make or merge one parcel of a locked order; None for a number without letters and digits.

    `lines` are the order's lines by external id. Returns the parcel and whether it is new.
    """
    number = parcel.tracking_number[:60]
    key = number_key(number)
    if not key:
        return None
    # The same number in the same order is the same parcel, also when the shop names its
    # carrier only now: correcting a carrier is not making a parcel.
    known = Shipment.objects.filter(order=order, number_key=key).order_by("pk").first()
    if known and parcel.carrier:
        believe(known, parcel.carrier, now=now)
    extra = dict(parcel.extra)
    if parcel.carrier_name and not parcel.carrier:
        extra.setdefault("carrier_name", parcel.carrier_name[:80])
    return add_parcel(
        order=order,
        carrier=known.carrier if known else parcel.carrier,
        tracking_number=number,
        now=now,
        external_id=parcel.external_id[:100],
        service=parcel.service[:60],
        extra=extra,
        shipped_at=min(parcel.shipped_at, now) if parcel.shipped_at else None,
        contents=[(lines[line], count) for line, count in parcel.contents if line in lines],
    )
