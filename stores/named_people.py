"""People whom somebody named beside the order: its receiver, the front desk of the house.

The order's own word (`stores.people`) does not change them any more: whoever named them knows
better than an address. With `stores.people` and privacy the only writer of Recipient.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lib.folding import western_digits
from stores.held import Held
from stores.people import main_language
from stores.saying import email_or_nothing
from stores.vocabulary import Named
from tracking.models import Link, Order, Recipient

#: The buyer is the order's own.
ROLES: Final = (Recipient.Role.RECEIVER, Recipient.Role.FRONT_DESK)
_COLUMNS: Final = ("name", "email", "phone", "language")


@dataclass(frozen=True, slots=True)
class Put:
    """Who is named now, and whether anything is new."""

    recipient: Recipient
    is_changed: bool


def put_person(*, order: Order, named: Named) -> Put:
    """Name somebody, or say other things of them; as it is said, so that an empty value blanks.
    In a transaction, in the merchant's scope."""
    row = Recipient.objects.select_for_update().filter(order=order, role=named.role).first()
    said = _said(named, order) | {"is_added": True}
    if row is None:
        row = Recipient.objects.create(
            merchant_id=order.merchant_id, order=order, role=named.role, **said
        )
        return Put(row, is_changed=True)
    changed = [column for column, value in said.items() if getattr(row, column) != value]
    for column in changed:
        setattr(row, column, said[column])
    row.save(update_fields=changed)
    return Put(row, is_changed=bool(changed))


def share(
    *, order: Order, name: str, email: str, phone: str, language: str, is_surprise: bool,
    now: datetime,
) -> Recipient | None:  # fmt: skip
    """The buyer names who receives the parcel; None where a receiver is known already.

    In a transaction, in the merchant's scope. An order has one receiver: whom the shop named, or
    the address, is not replaced by this.
    """
    Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    known = Recipient.objects.filter(order=order, role=Recipient.Role.RECEIVER).first()
    if known is not None and is_reached(known):
        return None
    named = Named(
        role=Recipient.Role.RECEIVER, name=name, email=email, phone=phone, language=language
    )
    row = put_person(order=order, named=named).recipient
    row.shared_at, row.is_surprise = now, is_surprise
    row.save(update_fields=["shared_at", "is_surprise"])
    return row


def unshare(*, order: Order, now: datetime) -> Recipient | None:
    """The buyer takes back whom they named; None where that was somebody else's word."""
    rows = Recipient.objects.filter(order=order, role=Recipient.Role.RECEIVER)
    if not rows.filter(shared_at__isnull=False).exists():
        return None
    row = take_off(order=order, role=Recipient.Role.RECEIVER, now=now)
    rows.update(shared_at=None, is_surprise=False)
    return row


def is_reached(recipient: Recipient) -> bool:
    """Whether this person can be written to at all."""
    return bool(recipient.email or recipient.phone)


def take_off(*, order: Order, role: str, now: datetime) -> Recipient | None:
    """Tell this person nothing any more and close their page; None where nobody was named.

    The row stays, without anything of theirs: the messages that they had hang on it.
    """
    row = Recipient.objects.filter(order=order, role=role).first()
    if row is None or role not in ROLES or is_nobody(row):
        return None
    row.name = row.email = row.phone = ""
    row.is_added = True
    row.save(update_fields=["name", "email", "phone", "is_added"])
    Link.objects.filter(
        merchant_id=order.merchant_id, order_id=order.pk, recipient_id=row.pk,
        revoked_at__isnull=True,
    ).update(revoked_at=now)  # fmt: skip
    return row


def is_nobody(recipient: Recipient) -> bool:
    """Whether the row stands for nobody: taken off, or erased."""
    return not (recipient.name or recipient.email or recipient.phone)


def merge_named(held: Held, people: Iterable[Named]) -> None:
    """What a program says beside its order. Like all of an order it blanks nothing."""
    for named in people:
        row, said = held.people.get(named.role), _said(named, held.order)
        if row is None:
            held.people[named.role] = Recipient(
                merchant_id=held.order.merchant_id, role=named.role, is_added=True, **said
            )
            continue
        held.put(row, "is_added", True)
        for column in _COLUMNS:
            if getattr(named, column):
                held.put(row, column, said[column])


def _said(named: Named, order: Order) -> dict[str, str]:
    language = named.language or main_language(order.country)
    return {
        "name": named.name.strip()[:200],
        "email": email_or_nothing(named.email),
        "phone": western_digits(named.phone).strip()[:40],
        "language": language[:10],
    }
