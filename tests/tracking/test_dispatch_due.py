"""Orders that were not handed over in time: when that is said, and when nobody can know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from edd.models import DateRules
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.models import CashQuestion, Change, Order, Outage, Reminder, Shipment, Watch
from tracking.reminders import foresee_dispatch, remind_due

DAY = timedelta(days=1)
#: Ordered on Tuesday the 10th at noon in Dubai and packed on Wednesday; Thursday is one more
#: working day, and on Friday at nine it is said.
LATE = datetime(2026, 11, 13, 5, tzinfo=UTC)


def ordered(merchant: Merchant, **fields: Any) -> Order:
    """An order that is looked after, with a parcel whose carrier answers."""
    parcel = factories.shipment(merchant, **fields)
    Watch.objects.filter(shipment=parcel).update(answered_at=LATE - timedelta(hours=1))
    foresee_dispatch([parcel.order], now=NOW)
    order: Order = parcel.order
    return order


def waits() -> list[datetime]:
    rows = Reminder.objects.filter(what="not_dispatched").order_by("pk")
    return list(rows.values_list("due_at", flat=True))


def told() -> list[tuple[str, dict[str, Any]]]:
    rows = Change.objects.filter(key="not_dispatched")
    return [(row.kind, row.data) for row in rows]


def test_day_is_found_out_when_it_is_looked_at(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        ordered(merchant)
        assert waits() == [NOW]
    assert remind_due(now=NOW) == (1, 0)
    with merchant_scope(merchant.pk):
        assert waits() == [LATE]
    assert remind_due(now=LATE) == (1, 1)
    with merchant_scope(merchant.pk):
        assert (told(), waits()) == ([("due", {"planned": "2026-11-11"})], [])


def test_slower_handling_is_waited_for(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        ordered(merchant)
        DateRules.objects.create(merchant=merchant, handling_days=3)
    remind_due(now=NOW)
    with merchant_scope(merchant.pk):
        assert waits()[0] > LATE


def test_what_is_promised_for_later_need_not_leave_now(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        ordered(merchant, promised_first=date(2026, 11, 25), promised_last=date(2026, 11, 26))
    remind_due(now=NOW)
    with merchant_scope(merchant.pk):
        assert waits() == [datetime(2026, 11, 26, 5, tzinfo=UTC)]


@pytest.mark.parametrize(
    "fields", [{"cancelled_at": NOW}, {"placed_at": LATE - 31 * DAY, "announce_from": NOW - DAY}]
)
def test_order_that_nobody_waits_for_is_left_alone(
    merchant: Merchant, fields: dict[str, Any]
) -> None:
    with merchant_scope(merchant.pk):
        order = ordered(merchant)
        Order.objects.filter(pk=order.pk).update(**fields)
    assert remind_due(now=LATE) == (1, 0)
    with merchant_scope(merchant.pk):
        assert waits() == []


def test_order_that_has_left_is_left_alone(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        ordered(merchant)
        Shipment.objects.update(picked_up_at=NOW)
    assert remind_due(now=LATE) == (1, 0)


def test_order_that_its_buyer_refused_is_left_alone(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = ordered(merchant)
        CashQuestion.objects.create(merchant=merchant, order=order, asked_at=NOW, confirmed=False)
    assert remind_due(now=LATE) == (1, 0)


def test_order_on_hold_is_looked_at_again_and_has_its_time_after_that(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = ordered(merchant)
        Order.objects.update(hold="out_of_stock", holds=1, hold_changed_at=NOW)
    remind_due(now=LATE)
    with merchant_scope(merchant.pk):
        assert waits() == [LATE + DAY]
        Order.objects.filter(pk=order.pk).update(hold="", hold_changed_at=LATE + 2 * DAY)
    assert remind_due(now=LATE + 2 * DAY).told == 0
    with merchant_scope(merchant.pk):
        assert waits()[0] > LATE + 3 * DAY


@pytest.mark.parametrize("answered_at", [None, LATE - 3 * DAY])
def test_carrier_that_does_not_answer_proves_nothing(
    merchant: Merchant, answered_at: datetime | None
) -> None:
    with merchant_scope(merchant.pk):
        ordered(merchant)
        Watch.objects.update(answered_at=answered_at)
    assert remind_due(now=LATE) == (1, 0)


def test_carrier_whose_feed_is_dead_proves_nothing(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        ordered(merchant)
    Outage.objects.create(carrier="sandbox", kind="silent", since=NOW)
    assert remind_due(now=LATE) == (1, 0)


@pytest.mark.parametrize(("with_numbers", "expected"), [(True, 1), (False, 0)])
def test_order_without_a_parcel_counts_where_the_shop_gives_numbers(
    merchant: Merchant, with_numbers: bool, expected: int
) -> None:
    with merchant_scope(merchant.pk):
        for n in range(3):
            earlier = factories.order(merchant, placed_at=LATE - (4 + n) * DAY)
            if with_numbers:
                factories.shipment(merchant, order=earlier)
        foresee_dispatch([factories.order(merchant)], now=NOW)
    assert remind_due(now=LATE).told == expected


def test_packed_order_without_a_parcel_may_have_left(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant, order=factories.order(merchant, placed_at=LATE - 4 * DAY))
        foresee_dispatch([factories.order(merchant, packed_at=NOW)], now=NOW)
    assert remind_due(now=LATE) == (1, 0)


def test_history_is_not_looked_after(scope: Merchant) -> None:
    foresee_dispatch([factories.order(scope, announce_from=NOW)], now=NOW)
    assert waits() == []
