"""Who is given a voucher: whoever waited longer than the rule says, once, within the caps.

Counted is what is certain: days beyond the day that was promised first, until delivery or today.
A shopper who was not there is not owed one, and neither is a parcel that went back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q

from lib.logs import where
from lib.vocabulary import SUB_STATUSES, TERMINAL, Fault, Status
from merchants.scope import every_merchant, merchant_scope
from notifications.consent import person_of
from notifications.goodwill.codes import make_code
from notifications.models import Voucher, VoucherRule
from tracking.models import Change, Order, Recipient, Shipment
from tracking.outbox import NewChange, write

log = logging.getLogger("homeward.notifications")

#: Of a parcel that came late we still say so within this time.
_AFTER: Final = timedelta(days=3)
_YEAR: Final = timedelta(days=365)
_BATCH: Final = 500
_TRIES: Final = 5
_ABSENT: Final = tuple(
    code
    for code, row in SUB_STATUSES.items()
    if row.status is Status.ATTEMPT_FAILED and row.fault is Fault.CONSIGNEE
)
_GONE: Final = tuple(
    str(status) for status in (*TERMINAL, Status.RETURNING) if status is not Status.DELIVERED
)


def give_due(*, now: datetime) -> int:
    """Give what is owed at every merchant. Returns how many vouchers were given."""
    with every_merchant("rules of all merchants are looked at together"):
        due = list(VoucherRule.objects.filter(is_on=True).values_list("merchant_id", "pk"))
    given = 0
    for merchant_id, rule_id in due:
        try:
            with transaction.atomic(), merchant_scope(merchant_id):
                given += give(rule_id, now=now)
        except Exception as error:  # noqa: BLE001 - outermost loop: one rule must not stop all
            log.error("vouchers were not given: %s", where(error))
    return given


def give(rule_id: int, *, now: datetime) -> int:
    """Give what one rule owes, in its merchant's scope and a transaction. Returns how many.

    The rule's row is locked, so that two workers never count the caps apart.
    """
    rule = VoucherRule.objects.select_for_update().filter(pk=rule_id, is_on=True).first()
    if rule is None:
        return 0
    room = rule.most - _given_since(rule, now - timedelta(days=rule.period_days))
    given = 0
    for order, days in _owed(rule, now=now):
        if room <= given:
            _stop(rule, now=now)
            break
        person = _person(order)
        if not person or _has_enough(rule, person, now=now):
            continue
        voucher = _take(rule, order, person, days, now=now)
        if voucher is None:
            _stop(rule, now=now)
            break
        _tell(rule, voucher, order, now=now)
        given += 1
    return given


def _owed(rule: VoucherRule, *, now: datetime) -> Iterator[tuple[Order, int]]:
    """Orders with a parcel that is late enough, longest wait first, and by how many days."""
    seen = Voucher.objects.filter(rule=rule, order__isnull=False).values("order_id")
    last = now.date() - timedelta(days=rule.least_days)
    rows = (
        Shipment.objects.filter(promised_last__lt=last + timedelta(days=1))
        .filter(Q(delivered_at__isnull=True) | Q(delivered_at__gt=now - _AFTER))
        .filter(Q(delivered_at__isnull=False) | Q(promised_last__gt=now.date() - _YEAR / 6))
        .exclude(status__in=_GONE)
        .exclude(order_id__in=seen)
        .exclude(order__cancelled_at__isnull=False)
        .exclude(events__sub_status__in=_ABSENT)
        .select_related("order")
        .order_by("promised_last", "pk")[:_BATCH]
    )
    told: set[int] = set()
    for parcel in rows:
        days = days_late(parcel, now=now)
        if days > rule.least_days and parcel.order_id not in told:
            told.add(parcel.order_id)
            yield parcel.order, days


def days_late(parcel: Shipment, *, now: datetime) -> int:
    """Days between the last promised day and the delivery, or today, where it goes."""
    if parcel.promised_last is None:
        return 0
    at = (parcel.delivered_at or now).astimezone(ZoneInfo(parcel.edd_zone or "UTC"))
    promised: date = parcel.promised_last
    return (at.date() - promised).days


def _person(order: Order) -> str:
    buyer = Recipient.objects.filter(order=order, role=Recipient.Role.BUYER).first()
    if buyer is None:
        return ""
    buyer.order = order
    return person_of(buyer)


def _given_since(rule: VoucherRule, since: datetime) -> int:
    return Voucher.objects.filter(rule=rule, given_at__gt=since).count()


def _has_enough(rule: VoucherRule, person: str, *, now: datetime) -> bool:
    mine = Voucher.objects.filter(person=person, given_at__gt=now - _YEAR)
    return mine.count() >= rule.most_each


def _take(
    rule: VoucherRule, order: Order, person: str, days: int, *, now: datetime
) -> Voucher | None:
    """One code for this order; None where none is left."""
    values = {"order": order, "person": person, "days_late": days, "given_at": now}
    if rule.pattern:
        return _make(rule, values)
    voucher = (
        Voucher.objects.select_for_update(skip_locked=True)
        .filter(rule=rule, given_at__isnull=True)
        .order_by("pk")
        .first()
    )
    if voucher is None:
        return None
    Voucher.objects.filter(pk=voucher.pk).update(**values)
    return voucher


def _make(rule: VoucherRule, values: dict[str, object]) -> Voucher | None:
    """A new code; one that exists already is thrown again."""
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return Voucher.objects.create(
                    merchant_id=rule.merchant_id, rule=rule, code=make_code(rule.pattern), **values
                )
        except IntegrityError:
            continue
    return None


def _stop(rule: VoucherRule, *, now: datetime) -> None:
    """Note since when nothing could be given; the merchant is shown it."""
    VoucherRule.objects.filter(pk=rule.pk, stopped_at__isnull=True).update(stopped_at=now)


def _tell(rule: VoucherRule, voucher: Voucher, order: Order, *, now: datetime) -> None:
    change = NewChange(
        merchant_id=rule.merchant_id,
        order_id=order.pk,
        shipment_id=None,
        kind=Change.Kind.ORDER,
        key=f"goodwill:{rule.pk}",
        at=now,
        data={"code": voucher.code, "worth": rule.worth},
    )
    write([change], now=now)
