"""The check of an order's address before dispatch: kept, asked about once, answered.

The rules are `lib.addresses`; this is the only writer of AddressCheck and AddressPolicy. It never
holds an order up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from lib.addresses.check import Check, check
from lib.addresses.parts import AddressParts, Level
from lib.personal_data import Person
from lib.vocabulary import Status
from merchants.models import User
from tracking.models import AddressCheck, AddressPolicy, Change, Order, Shipment
from tracking.orders import touch
from tracking.outbox import NewChange, write

#: Changes about addresses have keys "address:asked" and "address:answered:<n>".
CHANGE_PREFIX: Final = "address:"
ASKED: Final = f"{CHANGE_PREFIX}asked"
#: The text columns of an order that are parts of its address, under the parts' names.
TEXTS: Final = (
    "line1", "line2", "landmark", "city", "region", "postcode", "district", "makani",
    "national_address", "what3words",
)  # fmt: skip
#: Nobody has held the parcel yet.
_BEFORE_PICKUP: Final = (Status.PENDING, Status.INFO_RECEIVED)
_CHUNK: Final = 500


def parts_of(order: Order) -> AddressParts:
    """The order's address as the rules take it; the buyer's phone is the courier's."""
    pin = None
    if order.latitude is not None and order.longitude is not None:
        pin = (order.latitude, order.longitude)
    return AddressParts(
        country=order.country,
        phone=order.customer_phone,
        pin=pin,
        **{name: getattr(order, name) for name in TEXTS},
    )


def policy_of() -> AddressPolicy:
    """What the merchant in scope wants; the default, not saved, where nothing was chosen."""
    return AddressPolicy.objects.first() or AddressPolicy(asks=True, levels={})


def checks_of(orders: Iterable[Order]) -> dict[int, AddressCheck]:
    """The checks that there are, by order; one query."""
    rows = AddressCheck.objects.filter(order_id__in=[order.pk for order in orders])
    return {row.order_id: row for row in rows}


def check_addresses(
    orders: Iterable[Order],
    known: Mapping[int, AddressCheck],
    *,
    now: datetime,
    asks: bool = True,
) -> None:
    """Check these orders of the merchant in scope, and ask the shopper where a must is missing.

    `known` are their checks (`checks_of`). Safe to repeat: what is as it was writes nothing, and
    nobody is asked twice. Two queries for any number of orders where nothing changed, four more
    where something did. `asks=False` only checks.
    """
    checked = [order for order in orders if parts_of(order).is_address]
    if not checked:
        return
    policy = policy_of()
    found = {
        order.pk: check(parts_of(order), own=policy.levels.get(order.country)) for order in checked
    }
    changed = [order for order in checked if _differs(found[order.pk], known.get(order.pk))]
    if not changed:
        return
    AddressCheck.objects.bulk_create(
        [_row(order, found[order.pk], now=now) for order in changed],
        update_conflicts=True,
        unique_fields=["order"],
        update_fields=["score", "missing", "lacks_must", "checked_at"],
    )
    if asks and policy.asks:
        unasked = [
            order
            for order in changed
            if found[order.pk].lacks_must
            and not (order.pk in known and known[order.pk].asked_at)
            and order.placed_at >= order.announce_from
        ]
        _ask(unasked, found, now=now)


def undispatched() -> Q:
    """Orders of which no parcel is on its way: only their address can still be completed."""
    gone = Shipment.objects.filter(order_id=OuterRef("pk")).exclude(
        status__in=[*_BEFORE_PICKUP, Status.CANCELLED]
    )
    return Q(cancelled_at__isnull=True, status__in=_BEFORE_PICKUP) & ~Q(Exists(gone))


def can_be_completed(order: Order, parcels: Iterable[Shipment]) -> bool:
    """The same of one order whose parcels are at hand."""
    if order.cancelled_at is not None or order.status not in _BEFORE_PICKUP:
        return False
    before = {*_BEFORE_PICKUP, Status.CANCELLED}
    return all(parcel.status in before for parcel in parcels)


def incomplete_orders() -> QuerySet[Order]:
    """Orders that wait to be dispatched and lack what a courier must have; in the scope."""
    return Order.objects.filter(undispatched(), address_check__lacks_must=True)


def is_waiting(order_id: int) -> bool:
    """Whether this order is one of them: an answer still helps."""
    return incomplete_orders().filter(pk=order_id).exists()


def note_answer(
    *,
    order: Order,
    was: Mapping[str, Any],
    filled: Mapping[str, Any],
    by: User | None,
    now: datetime,
) -> AddressCheck:
    """Keep what was filled in, by column, and write it into the order's story.

    `was` holds the same columns as they were before. `by` is None for the shopper.
    """
    row, _ = AddressCheck.objects.get_or_create(
        order=order,
        defaults={"merchant_id": order.merchant_id, "score": 0, "checked_at": now},
    )
    row.answers += 1
    row.answered_at, row.answered_by = now, by
    street = [order.line1, order.city]
    row.answer = {"was": dict(was), "now": dict(filled), "street": street}
    row.save(update_fields=["answers", "answered_at", "answered_by", "answer"])
    data = {"event": "answered", "parts": sorted(filled), "by_shopper": by is None}
    _tell(order, f"{CHANGE_PREFIX}answered:{row.answers}", data, announce=False, now=now)
    touch(order.pk, now=now)
    return row


def is_phone_given_on_page(order: Order) -> bool:
    """Whether somebody ever filled in the buyer's phone by the order's link: it proves nothing."""
    filled = Change.objects.filter(
        order=order,
        kind=Change.Kind.ORDER,
        key__startswith=f"{CHANGE_PREFIX}answered:",
        data__by_shopper=True,
        data__parts__contains="customer_phone",
    )
    return filled.exists()


def save_policy(
    *, merchant_id: int, asks: bool, levels: Mapping[str, Mapping[str, str]], now: datetime
) -> None:
    """Keep a merchant's choices and check again what waits; nobody is asked because of it."""
    AddressPolicy.objects.update_or_create(
        merchant_id=merchant_id,
        defaults={"asks": asks, "levels": levels, "changed_at": now},
    )
    waiting = Order.objects.filter(undispatched()).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    for start in range(0, len(ids), _CHUNK):
        orders = list(Order.objects.filter(pk__in=ids[start : start + _CHUNK]))
        check_addresses(orders, checks_of(orders), now=now, asks=False)


def export_person(person: Person) -> list[dict[str, Any]]:
    """What was filled in for this person's orders."""
    rows = AddressCheck.objects.filter(order_id__in=person.order_ids).exclude(answer={})
    return [
        {"order": row.order_id, "at": _iso(row.answered_at), "filled_in": row.answer["now"]}
        for row in rows.order_by("pk")
    ]


def erase_person(person: Person) -> int:
    """Forget the answers; that there was one stays."""
    rows = AddressCheck.objects.filter(order_id__in=person.order_ids).exclude(answer={})
    return rows.update(answer={})


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _missing(found: Check) -> list[dict[str, Any]]:
    return [asdict(one) for one in found.missing]


def _differs(found: Check, known: AddressCheck | None) -> bool:
    if known is None:
        return True
    return (found.score, _missing(found)) != (known.score, known.missing)


def _row(order: Order, found: Check, *, now: datetime) -> AddressCheck:
    return AddressCheck(
        merchant_id=order.merchant_id,
        order=order,
        score=found.score,
        missing=_missing(found),
        lacks_must=found.lacks_must,
        checked_at=now,
    )


def _ask(orders: list[Order], found: Mapping[int, Check], *, now: datetime) -> None:
    """Write the change that messages are made from; once for each order."""
    wanted = Order.objects.filter(undispatched(), pk__in=[order.pk for order in orders])
    still = set(wanted.values_list("pk", flat=True)) if orders else set()
    for order in orders:
        if order.pk in still:
            needs = [one.need.value for one in found[order.pk].missing if one.level is Level.MUST]
            _tell(order, ASKED, {"event": "asked", "needs": needs}, announce=True, now=now)
    if still:
        AddressCheck.objects.filter(order_id__in=still).update(asked_at=now)


def _tell(order: Order, key: str, data: dict[str, Any], *, announce: bool, now: datetime) -> None:
    change = NewChange(
        merchant_id=order.merchant_id,
        order_id=order.pk,
        shipment_id=None,
        kind=Change.Kind.ORDER,
        key=key,
        at=now,
        announce=announce,
        data=data,
    )
    write([change], now=now)
