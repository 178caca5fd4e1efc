"""A merchant's own past as columns: whose parcels, and on which local days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from edd.vocabulary import Rules
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.models import Change, Order, Promise, Shipment
from tracking.past_orders import PastOrders, count_parcels, past_orders

RULES = Rules(zone="Asia/Dubai", country="AE")
SINCE = NOW - timedelta(days=730)


def parcel(merchant: Merchant, **fields: Any) -> Shipment:
    """A parcel that was delivered; fields of the order go by their own names."""
    of_order = {"country", "region", "postcode", "placed_at", "ship_from_country", "ship_from"}
    made = factories.shipment(
        merchant, **{name: fields.pop(name) for name in of_order & fields.keys()}
    )
    values = {
        "status": "delivered",
        "picked_up_at": NOW - timedelta(days=1),
        "delivered_at": NOW,
    } | fields
    Shipment.objects.filter(pk=made.pk).update(**values)
    made.refresh_from_db()
    return made


def read(merchant: Merchant, **options: Any) -> PastOrders:
    found = past_orders(merchant.pk, RULES, since=SINCE, **options)
    assert found is not None
    return found


def day(ordinal: Any) -> str:
    return str(date.fromordinal(int(ordinal)))


def test_days_are_local_to_where_they_happen(scope: Merchant) -> None:
    """Late in the evening of Greenwich it is the next day in Dubai, and the same in New York."""
    late = datetime(2026, 11, 9, 22, 30, tzinfo=UTC)
    parcel(
        scope, placed_at=late, country="US", region="NY", picked_up_at=late,
        delivered_at=late + timedelta(days=1), promised_last=date(2026, 11, 12),
    )  # fmt: skip
    orders = read(scope).orders
    assert day(orders.parcels.placed[0]) == "2026-11-10"
    assert (int(orders.parcels.placed_hour[0]), int(orders.parcels.handed_hour[0])) == (2, 2)
    assert day(orders.parcels.handed[0]) == "2026-11-10"
    assert day(orders.parcels.came[0]) == "2026-11-10"
    assert day(orders.promised[0]) == "2026-11-12"


def test_whereabouts_are_countries_with_their_regions(scope: Merchant) -> None:
    parcel(scope, country="US", region="US-CA", postcode="94 110", ship_from={"name": "Jebel Ali"})
    found = read(scope)
    where = found.orders.parcels.where
    assert (where.origin.names, where.destination.names) == (["AE"], ["US-CA"])
    assert (where.prefix.names, where.kind.names) == (["941"], ["jebel ali"])
    assert found.countries.names == ["US"]


def test_first_attempt_ends_the_road(scope: Merchant) -> None:
    made = parcel(scope, attempts=1)
    Change.objects.create(
        merchant=scope, order=made.order, shipment=made, kind="milestone",
        key="attempt_failed:1", at=NOW - timedelta(hours=23),
    )  # fmt: skip
    assert day(read(scope).orders.parcels.came[0]) == "2026-11-11"


def test_first_date_of_the_carrier_is_what_it_is_held_to(scope: Merchant) -> None:
    made = parcel(scope, carrier_last=date(2026, 11, 12))
    for hour, last, source in (
        (1, date(2026, 11, 9), "configuration"),
        (2, date(2026, 11, 10), "carrier"),
        (3, date(2026, 11, 12), "carrier"),
    ):
        Promise.objects.create(
            merchant=scope, shipment=made, made_at=NOW - timedelta(days=1) + timedelta(hours=hour),
            stage="in_transit", first=last, last=last, zone="Asia/Dubai", source=source,
        )  # fmt: skip
    assert day(read(scope).carrier_said[0]) == "2026-11-10"


def test_without_dates_there_are_none(scope: Merchant) -> None:
    parcel(scope, promised_first=None, promised_last=None)
    Promise.objects.all().delete()
    found = read(scope)
    assert (found.orders.promised.tolist(), found.carrier_said.tolist()) == ([0], [0])


def test_what_was_lost_or_is_on_its_way_never_came(scope: Merchant) -> None:
    parcel(scope, status="lost_or_destroyed")
    parcel(scope, status="in_transit", delivered_at=None)
    assert read(scope).orders.parcels.came.tolist() == [0, 0]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "cancelled"},
        {"status": "returned"},
        {"status": "expired"},
        {"return_leg": True},
        {"withdrawn_at": NOW},
        {"placed_at": NOW - timedelta(days=800)},
    ],
)
def test_what_says_nothing_is_left_out(scope: Merchant, fields: dict[str, Any]) -> None:
    parcel(scope, **fields)
    assert past_orders(scope.pk, RULES, since=SINCE) is None
    assert count_parcels(since=SINCE) == 0


def test_cancelled_order_is_left_out(scope: Merchant) -> None:
    Order.objects.filter(pk=parcel(scope).order_id).update(cancelled_at=NOW)
    assert past_orders(scope.pk, RULES, since=SINCE) is None


def test_newest_are_taken_and_it_is_said(scope: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also over several pages, and where several were placed at the same moment."""
    monkeypatch.setattr("tracking.past_orders._PAGE", 2)
    for ago in (9, 8, 8, 8, 7):
        parcel(scope, placed_at=NOW - timedelta(days=ago))
    heard: list[int] = []
    whole = read(scope, heard=heard.append)
    assert [NOW.toordinal() - int(one) for one in whole.orders.parcels.placed] == [9, 8, 8, 8, 7]
    assert (whole.is_cut, heard) == (False, [2, 4, 5])
    cut = read(scope, most=3)
    assert [NOW.toordinal() - int(one) for one in cut.orders.parcels.placed] == [8, 8, 7]
    assert cut.is_cut


def test_merchants_own_rest_days_count_at_home_only(scope: Merchant) -> None:
    parcel(scope)
    parcel(scope, ship_from_country="SA", placed_at=NOW - timedelta(days=3))
    rules = Rules(zone="Asia/Dubai", country="AE", rest_days=(3,), closures=(date(2026, 11, 10),))
    found = past_orders(scope.pk, rules, since=SINCE)
    assert found is not None
    spans = found.orders.parcels.processing
    abroad, home = (spans.clocks[place] for place in spans.clock.tolist())
    week = [date(2026, 11, 9) + timedelta(days=n) for n in range(7)]
    assert [bool(home.works[one.toordinal() - home.first]) for one in week] == [
        True, False, False, True, True, True, True,
    ]  # fmt: skip
    assert [bool(abroad.works[one.toordinal() - abroad.first]) for one in week] == [
        True, True, True, True, False, False, True,
    ]  # fmt: skip


def test_another_merchants_past_is_not_read(merchant: Merchant, other: Merchant) -> None:
    with merchant_scope(other.pk):
        parcel(other)
    assert past_orders(merchant.pk, RULES, since=SINCE) is None
