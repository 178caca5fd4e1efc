"""What completes an order's address: the shopper's answer, an agent's correction.

An answer is merged into the order and kept beside it, so that a shop that has not heard of it yet
does not undo it. Only what a person filled in here is an answer: our own address, coming back from
the shop, changes nothing and is told to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from lib.addresses.check import check
from lib.addresses.parts import PARTS, AddressParts, Need
from merchants.models import User
from stores.saying import clip
from stores.shop import AddressChange
from stores.vocabulary import Address
from stores.writing import queue_write
from tracking.address_check import (
    TEXTS,
    check_addresses,
    checks_of,
    note_answer,
    parts_of,
    policy_of,
    undispatched,
)
from tracking.models import AddressCheck, Order, Recipient
from tracking.orders import fill_keys, refresh_order

#: The part of an address that a column holds, where their names differ.
_PART: Final = {"customer_phone": "phone", "latitude": "pin", "longitude": "pin"}
_KEYS: Final = ("number_key", "name_key", "email_key", "phone_key", "search_text")


def settle_addresses(orders: Sequence[Order], *, now: datetime) -> None:
    """After anything was said about orders: what was answered stays, and each is checked again.

    In the merchant's scope, in the transaction that wrote the orders.
    """
    known = checks_of(orders)
    for order in orders:
        if order.pk in known:
            _keep_answer(order, known[order.pk])
    check_addresses(orders, known, now=now)


def fill_in(*, order: Order, parts: AddressParts, now: datetime) -> bool:
    """Merge what the shopper filled in; False where nothing came of it.

    Empty parts say nothing, and only what is missing is taken: whoever holds a link cannot send
    a parcel elsewhere. In a transaction, in the scope.
    """
    locked = _to_complete(order)
    if locked is None:
        return False
    missing = _parts_missing(locked)
    said = {
        name: value
        for name, value in _columns(parts).items()
        if value not in ("", None) and _PART.get(name, name) in missing
    }
    return _merge(locked, said, by=None, now=now)


def correct(*, order: Order, parts: AddressParts, by: User, now: datetime) -> bool:
    """Take a member's address as a whole, empty parts too; False where nothing came of it.

    In a transaction, in the scope.
    """
    locked = _to_complete(order)
    return locked is not None and _merge(locked, _columns(parts), by=by, now=now)


def move(*, order: Order, parts: AddressParts, now: datetime) -> bool:
    """Take the shopper's own address as a whole; False where nothing came of it.

    For somebody who proved to be who the order is for. In a transaction, in the scope.
    """
    locked = _to_complete(order)
    return locked is not None and _merge(locked, _columns(parts), by=None, now=now)


def _to_complete(order: Order) -> Order | None:
    """The order, locked; None once a parcel is on its way."""
    if not Order.objects.filter(undispatched(), pk=order.pk).exists():
        return None
    return Order.objects.select_for_update().get(pk=order.pk)


def _merge(order: Order, said: Mapping[str, Any], *, by: User | None, now: datetime) -> bool:
    filled = {name: value for name, value in said.items() if getattr(order, name) != value}
    if not filled:
        return False
    was = {name: getattr(order, name) for name in filled}
    _write(order, filled)
    if "customer_phone" in filled:
        Recipient.objects.filter(
            order=order, role=Recipient.Role.BUYER, phone=was["customer_phone"]
        ).update(phone=filled["customer_phone"])
    address_answered(order=order, was=was, filled=filled, by=by, now=now)
    return True


def address_answered(
    *,
    order: Order,
    was: Mapping[str, Any],
    filled: Mapping[str, Any],
    by: User | None,
    now: datetime,
) -> None:
    """All that follows from an answer that was merged: it is kept, and the score made anew.

    `was` and `filled` hold the changed columns before and after. The shop hears of it where its
    platform has a place for it; what it says comes back to the order's page.
    """
    row = note_answer(order=order, was=was, filled=filled, by=by, now=now)
    queue_write(
        order=order,
        change=AddressChange(order.external_id, _address_of(order)),
        key=f"address:{order.pk}:{now.isoformat()}",
        now=now,
    )
    check_addresses([order], {order.pk: row}, now=now)
    refresh_order(order.pk, now=now)


def _address_of(order: Order) -> Address:
    """The order's address as it stands, whole: half of one would send the parcel astray."""
    pin = None
    if order.latitude is not None and order.longitude is not None:
        pin = (order.latitude, order.longitude)
    return Address(
        country=order.country,
        name=order.ship_to_name or order.customer_name,
        line1=order.line1,
        line2=order.line2,
        landmark=order.landmark,
        city=order.city,
        region=order.region,
        postcode=order.postcode,
        phone=order.customer_phone,
        district=order.district,
        makani=order.makani,
        national_address=order.national_address,
        what3words=order.what3words,
        pin=pin,
    )


def _parts_missing(order: Order) -> frozenset[str]:
    """The parts that would answer what this order lacks right now."""
    found = check(parts_of(order), own=policy_of().levels.get(order.country))
    return frozenset(part for one in found.missing for part in PARTS[Need(one.need)])


def _columns(parts: AddressParts) -> dict[str, Any]:
    """The parts by column."""
    latitude, longitude = parts.pin or (None, None)
    texts: dict[str, Any] = {name: clip(name, getattr(parts, name)) for name in TEXTS}
    phone = clip("customer_phone", parts.phone)
    return texts | {"customer_phone": phone, "latitude": latitude, "longitude": longitude}


def _write(order: Order, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(order, name, value)
    fill_keys(order)
    order.save(update_fields=[*columns, *_KEYS])


def _keep_answer(order: Order, row: AddressCheck) -> None:
    """Fill in again what the shop's older version of the same address has overwritten."""
    answer = row.answer
    if not answer:
        return
    was, filled, after = answer["was"], answer["now"], answer["street"]
    before = [was.get("line1", after[0]), was.get("city", after[1])]
    if [order.line1, order.city] not in (before, after):
        return  # another address: the answer was about the old one
    lost = {
        name: value
        for name, value in filled.items()
        if getattr(order, name) == was[name] and was[name] != value
    }
    if lost:
        _write(order, lost)
