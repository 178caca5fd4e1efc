"""New rules: open parcels are dated again in the background, and nobody is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from edd.models import DateRules, HandlingRule
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking import redating
from tracking.ingest import review
from tracking.models import Change, Order, OrderItem, Redating, Shipment, ShipmentItem, Watch
from tracking.redating import date_again, is_dating, redate_due


def slower(merchant: Merchant, days: int = 5) -> None:
    DateRules.objects.create(merchant=merchant, handling_days=days)
    date_again(merchant_id=merchant.pk, now=NOW)


def lasts() -> list[int]:
    return [one.edd_last.day for one in Shipment.objects.order_by("pk") if one.edd_last]


def test_open_parcels_get_new_dates_and_nobody_is_told(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant)
        before = lasts()
        slower(merchant)
        assert (lasts(), is_dating(merchant.pk)) == (before, True)
    assert redate_due(now=NOW) == 1
    with merchant_scope(merchant.pk):
        assert lasts() > before
        change = Change.objects.get(kind=Change.Kind.DATE)
        assert (change.announce, change.turns.count()) == (False, 0)
        assert is_dating(merchant.pk) is False


def test_lateness_by_new_rules_is_told_by_the_next_look_and_once(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        one = factories.shipment(merchant)
        slower(merchant)
    redate_due(now=NOW)
    told = Change.objects.filter(announce=True, key__startswith="delayed")
    with merchant_scope(merchant.pk):
        one.refresh_from_db()
        assert (one.delayed, one.untold, told.count()) == (True, ["delayed"], 0)
        for hours in (1, 2):
            review([one.pk], now=NOW + timedelta(hours=hours))
        assert sorted(told.values_list("kind", flat=True)) == ["flag", "milestone"]
        one.refresh_from_db()
        assert one.untold == []


def test_delivered_parcels_are_left_alone(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        one = factories.shipment(merchant)
        Shipment.objects.filter(pk=one.pk).update(status="delivered")
        slower(merchant)
    assert redate_due(now=NOW) == 0


def test_parcel_whose_review_is_due_is_left_to_it(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant)
        Watch.objects.update(review_at=NOW)
        slower(merchant)
    assert redate_due(now=NOW) == 0


def test_work_goes_on_where_it_was_cut_off(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redating, "_BATCH", 2)
    with merchant_scope(merchant.pk):
        for _ in range(5):
            factories.shipment(merchant)
        slower(merchant)
    monkeypatch.setattr(redating, "_SECONDS", -1.0)
    assert redate_due(now=NOW) == 0
    monkeypatch.setattr(redating, "_SECONDS", 20.0)
    assert redate_due(now=NOW) == 0, "claimed by a sweep that may still run"
    assert redate_due(now=NOW + redating.LEASE) == 5
    with merchant_scope(merchant.pk):
        assert len(set(lasts())) == 1
        assert Redating.objects.count() == 0


def test_asking_again_begins_anew(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant)
        slower(merchant)
        Redating.objects.update(after_id=10**9)
        date_again(merchant_id=merchant.pk, now=NOW + timedelta(seconds=1))
    assert redate_due(now=NOW + timedelta(seconds=1)) == 1


def test_contents_and_tags_decide_the_handling(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        HandlingRule.objects.create(merchant=merchant, kind="sku", match="sofa-", handling_days=4)
        plain = factories.shipment(merchant)
        order = Order.objects.get(pk=plain.order_id)
        sofa = OrderItem.objects.create(merchant=merchant, order=order, title="Sofa", sku="SOFA-3")
        with_lamp = factories.shipment(merchant, order=order)
        lamp = order.items.get(title="Brass lamp")
        ShipmentItem.objects.create(merchant=merchant, shipment=with_lamp, item=lamp)
        with_sofa = factories.shipment(merchant, order=order)
        ShipmentItem.objects.create(merchant=merchant, shipment=with_sofa, item=sofa)
        review([plain.pk, with_lamp.pk, with_sofa.pk], now=NOW)
        slow_one, fast_one, sofa_one = (
            Shipment.objects.get(pk=one.pk).edd_last for one in (plain, with_lamp, with_sofa)
        )
        assert slow_one == sofa_one
        assert fast_one is not None
        assert sofa_one is not None
        assert fast_one < sofa_one


def test_skus_are_read_for_all_parcels_at_once_and_only_where_a_rule_asks(
    merchant: Merchant,
) -> None:
    with merchant_scope(merchant.pk):
        ids = [factories.shipment(merchant).pk for _ in range(6)]

        def queries(some: list[int]) -> int:
            review(some, now=NOW)  # settled, so that both runs write the same
            with CaptureQueriesContext(
                connection,
            ) as found:
                review(some, now=NOW)
            return len(found)

        without = queries(ids)
        HandlingRule.objects.create(merchant=merchant, kind="sku", match="sofa-", handling_days=4)
        # The rule itself, and what it asks for: the lines, and the parcels' contents.
        assert (queries(ids[:1]), queries(ids)) == (without + 3, without + 3)
