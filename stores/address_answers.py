"""What completes an order's address: the shopper's answer, an agent's correction.

An answer is merged into the order and kept beside it, so that a shop that has not heard of it yet
does not undo it, and so that our own address is known again when the shop says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lib.addresses.check import check
from lib.addresses.parts import PARTS, AddressParts, Need
from merchants.models import User
from stores.merging import clip
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

_KEYS = ("number_key", "name_key", "email_key", "phone_key", "search_text")


def settle_address(order: Order, *, now: datetime) -> None:
    """After anything was said about an order: what was answered stays, and it is checked again.

    In the merchant's scope, in the transaction that wrote the order.
    """
    known = checks_of([order])
    if order.pk in known:
        _keep_answer(order, known[order.pk])
    check_addresses([order], known, now=now)


def fill_in(*, order: Order, parts: AddressParts, by: User | None, now: datetime) -> bool:
    """Merge what was filled in; False where nothing came of it. In a transaction, in the scope.

    Empty parts say nothing. A shopper (`by` None) fills only what is missing: whoever holds a
    link cannot send a parcel elsewhere. Nothing is taken once a parcel is on its way.
    """
    if not Order.objects.filter(undispatched(), pk=order.pk).exists():
        return False
    order = Order.objects.select_for_update().get(pk=order.pk)
    said = _columns(parts, among=None if by else _parts_missing(order))
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

    `was` and `filled` hold the changed columns before and after. Who tells the shop of it
    joins here.
    """
    row = note_answer(order=order, was=was, filled=filled, by=by, now=now)
    check_addresses([order], {order.pk: row}, now=now)
    refresh_order(order.pk, now=now)


def is_our_own(order: Order, said: Mapping[str, Any]) -> bool:
    """Whether these address columns only repeat what was answered here: our own change, coming
    back from the shop."""
    row = checks_of([order]).get(order.pk)
    if row is None or not row.answer:
        return False
    answered = row.answer["now"]
    return bool(answered) and all(said.get(name) == value for name, value in answered.items())


def _parts_missing(order: Order) -> frozenset[str]:
    """The parts that would answer what this order lacks right now."""
    found = check(parts_of(order), own=policy_of().levels.get(order.country))
    return frozenset(part for one in found.missing for part in PARTS[Need(one.need)])


def _columns(parts: AddressParts, *, among: frozenset[str] | None) -> dict[str, Any]:
    """The given parts by column; of all, or of those in `among`."""
    given: dict[str, Any] = {
        name: clip(name, text)
        for name in TEXTS
        if (text := getattr(parts, name)) and (among is None or name in among)
    }
    if parts.phone and (among is None or "phone" in among):
        given["customer_phone"] = clip("customer_phone", parts.phone)
    if parts.pin is not None and (among is None or "pin" in among):
        given["latitude"], given["longitude"] = parts.pin
    return given


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
