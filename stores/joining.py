"""A fulfilment partner's order and the shop's order that it is about are one order here.

The partner names the shop's order (`OrderUpdate.references`). Numbers repeat from shop to shop, so
a person or a place must agree too, and exactly one order may fit; else the partner's order stands
by itself. Whichever of the two comes first, the other finds it. In the merchant's scope, inside
the transaction that saves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django.db.models import Q

from lib.folding import digits, fold, number_key
from stores.models import OrderVersion, PartnerOrder, StoreConnection
from stores.registry import STORES
from stores.vocabulary import FulfilmentUpdate, OrderUpdate
from tracking.models import Order, OrderItem

#: Enough of a phone's end to know it again, with or without the country's prefix.
_PHONE_END: Final = 8


def place_of(store: StoreConnection, update: OrderUpdate) -> tuple[str, OrderUpdate]:
    """Where an update is saved: the source of its order, and what it may say about it."""
    if STORES[store.platform].kind == "shop":
        _adopt(store, update)
        return store.source, update
    home = _home(store, update)
    return (home.source, _as_parcels(home, update)) if home else (store.source, update)


def has_partners() -> bool:
    """Whether the merchant in scope has somebody else pack and ship."""
    return StoreConnection.objects.filter(platform__in=_partner_platforms()).exists()


def partners_of(order: Order) -> list[tuple[StoreConnection, str]]:
    """The partners who pack this order, each with its own id of it."""
    joined = PartnerOrder.objects.filter(order=order).select_related("store").order_by("pk")
    return [(row.store, row.external_id) for row in joined]


def _home(store: StoreConnection, update: OrderUpdate) -> Order | None:
    """The shop's order that this partner's order joins."""
    known = PartnerOrder.objects.filter(store=store, external_id=update.external_id[:100])
    row = known.select_related("order").first()
    if row is not None:
        joined: Order = row.order
        return joined
    if not update.references or _is_known(store, update):
        return None
    named = Q(external_id__in=update.references) | Q(number_key__in=_keys(update.references))
    home = _only(Order.objects.filter(named).exclude(source=store.source), update)
    if home is not None:
        _join(store, update.external_id, home)
    return home


def _adopt(store: StoreConnection, update: OrderUpdate) -> None:
    """A partner's order that came before its shop's becomes the shop's: parcels and links stay."""
    partners = [
        one
        for one in StoreConnection.objects.filter(platform__in=_partner_platforms())
        if one.pk != store.pk
    ]
    if not partners or update.partial or _is_known(store, update):
        return
    sources = {one.source: one for one in partners}
    named = Order.objects.filter(number_key__in=_keys([update.number]), source__in=sources)
    order = _only(named.select_for_update(), update)
    if order is None:
        return
    _join(sources[order.source], order.external_id, order)
    _rename_lines(order, update)
    # The partner's clock says nothing about the shop's versions.
    OrderVersion.objects.filter(order=order).delete()
    Order.objects.filter(pk=order.pk).update(
        source=store.source, external_id=update.external_id[:100]
    )


def _partner_platforms() -> list[str]:
    return [slug for slug, adapter in STORES.items() if adapter.kind == "fulfilment"]


def _is_known(store: StoreConnection, update: OrderUpdate) -> bool:
    return Order.objects.filter(source=store.source, external_id=update.external_id[:100]).exists()


def _join(store: StoreConnection, external_id: str, order: Order) -> None:
    PartnerOrder.objects.get_or_create(
        merchant_id=order.merchant_id,
        store=store,
        external_id=external_id[:100],
        defaults={"order": order},
    )


def _keys(numbers: Iterable[str]) -> list[str]:
    return [key for key in (number_key(number)[:60] for number in numbers) if key]


def _only(candidates: Iterable[Order], update: OrderUpdate) -> Order | None:
    """The one order that the same person gets at the same place."""
    fitting = [order for order in candidates if _agrees(order, update)]
    return fitting[0] if len(fitting) == 1 else None


def _agrees(order: Order, update: OrderUpdate) -> bool:
    where, who = update.destination, update.customer
    if where and order.country and where.country != order.country:
        return False
    theirs = _marks(
        email=who.email,
        names=(who.name, where.name if where else ""),
        phones=(who.phone, where.phone if where else ""),
        postcode=where.postcode if where else "",
    )
    ours = _marks(
        email=order.customer_email,
        names=(order.customer_name, order.ship_to_name),
        phones=(order.customer_phone,),
        postcode=order.postcode,
    )
    return bool(theirs & ours)


def _marks(
    *, email: str, names: Iterable[str], phones: Iterable[str], postcode: str
) -> set[tuple[str, str]]:
    """What tells one shopper from another, folded."""
    found = {("email", email.strip().lower()), ("postcode", number_key(postcode))}
    found |= {("name", fold(name)) for name in names}
    ends = (digits(phone)[-_PHONE_END:] for phone in phones)
    found |= {("phone", end) for end in ends if len(end) == _PHONE_END}
    return {mark for mark in found if mark[1]}


def _as_parcels(home: Order, update: OrderUpdate) -> OrderUpdate:
    """What a partner may say about the shop's order: how far it is, and its parcels."""
    lines = _lines_by_sku(home)
    skus = {item.external_id: item.sku for item in update.items}
    return OrderUpdate(
        external_id=home.external_id,
        number=home.number,
        parcels=tuple(
            replace(parcel, contents=_contents(parcel, skus, lines)) for parcel in update.parcels
        ),
        ship_from_country=update.ship_from_country,
        ship_from=update.ship_from,
        shop_status=update.shop_status,
        confirmed_at=update.confirmed_at,
        packed_at=update.packed_at,
        updated_at=update.updated_at,
        partial=True,
    )


def _contents(
    parcel: FulfilmentUpdate, skus: dict[str, str], lines: dict[str, str]
) -> tuple[tuple[str, int], ...]:
    """The contents by the shop's own lines, as far as a SKU says which."""
    named = ((lines.get(skus.get(item, ""), ""), count) for item, count in parcel.contents)
    return tuple((line, count) for line, count in named if line)


def _lines_by_sku(order: Order) -> dict[str, str]:
    """The external id of each line whose SKU stands on no other line."""
    found: dict[str, list[str]] = {}
    for line in OrderItem.objects.filter(order=order).exclude(sku="").exclude(external_id=""):
        found.setdefault(line.sku, []).append(line.external_id)
    return {sku: ids[0] for sku, ids in found.items() if len(ids) == 1}


def _rename_lines(order: Order, update: OrderUpdate) -> None:
    """The partner's lines become the shop's where the SKU says so; the others go, the shop's
    come instead."""
    names: dict[str, list[str]] = {}
    for item in update.items:
        if item.sku:
            names.setdefault(item.sku, []).append(item.external_id)
    for line in OrderItem.objects.filter(order=order):
        mine = names.get(line.sku, [])
        if len(mine) == 1:
            OrderItem.objects.filter(pk=line.pk).update(external_id=mine[0][:100])
        else:
            line.delete()
