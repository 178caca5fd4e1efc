"""The queue: what will be asked about, worst first, and why."""

from __future__ import annotations

import pytest

from helpdesk.queue import Waiting, worst_first, worst_of
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tests.helpdesk.parcels import scanned
from tracking.models import Shipment


def _queue(limit: int = 30) -> list[Waiting]:
    return worst_first(now=NOW, today=NOW.date(), limit=limit)


def test_parcels_that_are_well_are_not_in_the_queue(scope: Merchant) -> None:
    scanned(scope, (20, "picked_up.accepted"), (2, "transit.generic"))
    scanned(scope, (20, "picked_up.accepted"), (2, "delivered.generic"))
    scanned(scope, (20, "picked_up.accepted"), (2, "out.on_vehicle"))
    assert _queue() == []


def test_the_worst_comes_first_with_its_reason(scope: Merchant) -> None:
    silent = scanned(scope, (24 * 6, "transit.generic"), placed_at=NOW, created_at=NOW)
    Shipment.objects.filter(pk=silent.pk).update(delayed=False)
    failed = scanned(scope, (20, "picked_up.accepted"), (2, "attempt.nobody_home"))
    lost = scanned(scope, (20, "picked_up.accepted"), (2, "lost.declared"))
    address = scanned(scope, (20, "picked_up.accepted"), (2, "exception.address"))
    found = [(line.order_id, line.reason) for line in _queue()]
    assert found == [
        (lost.order_id, "The carrier could not find this parcel"),
        (failed.order_id, "1 failed attempt · The carrier reports that nobody was there"),
        (address.order_id, "The carrier needs a clearer address"),
        (silent.order_id, "No scan for 6 days"),
    ]


def test_later_than_promised_says_by_how_much(scope: Merchant) -> None:
    parcel = scanned(scope, (24 * 2, "transit.generic"))
    promised = NOW.date().replace(day=NOW.day - 3)
    Shipment.objects.filter(pk=parcel.pk).update(
        delayed=True, stalled=False, promised_first=promised, promised_last=promised
    )
    assert [line.reason for line in _queue()] == ["Late by 3 days"]


def test_an_order_stands_once_for_its_worst_parcel(scope: Merchant) -> None:
    failed = scanned(scope, (20, "picked_up.accepted"), (2, "attempt.nobody_home"))
    lost = scanned(scope, (20, "picked_up.accepted"), (2, "lost.declared"), order=failed.order)
    assert [(line.order_id, line.shipment_id) for line in _queue()] == [(lost.order_id, lost.pk)]


def test_a_loss_is_forgotten_after_two_weeks(scope: Merchant) -> None:
    scanned(scope, (24 * 16, "picked_up.accepted"), (24 * 15, "lost.declared"))
    assert _queue() == []


def test_queue_is_as_long_as_asked(scope: Merchant) -> None:
    for _ in range(3):
        scanned(scope, (20, "picked_up.accepted"), (2, "attempt.nobody_home"))
    assert len(_queue(limit=2)) == 2


def test_other_merchants_trouble_is_not_ours(merchant: Merchant, other: Merchant) -> None:
    with merchant_scope(other.pk):
        scanned(other, (20, "picked_up.accepted"), (2, "lost.declared"))
        assert len(_queue()) == 1
    with merchant_scope(merchant.pk):
        assert _queue() == []


@pytest.mark.parametrize(
    "flag", ["delayed", "will_be_late", "stalled", "disputed", "action_required"]
)
def test_every_flag_leads_into_the_queue(scope: Merchant, flag: str) -> None:
    parcel = factories.shipment(scope)
    Shipment.objects.filter(pk=parcel.pk).update(**{flag: True})
    assert [line.shipment_id for line in _queue()] == [parcel.pk]


def test_worst_of_puts_the_trouble_first(scope: Merchant) -> None:
    well = scanned(scope, (20, "picked_up.accepted"))
    lost = scanned(scope, (20, "picked_up.accepted"), (2, "lost.declared"), order=well.order)
    assert worst_of([well, lost]) == [lost, well]
