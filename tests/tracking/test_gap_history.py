"""The nightly count over everybody's parcels: once each hour, idempotent, then used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from carriers.updates import CarrierEvent, Place, TrackingUpdate
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tracking import gap_history
from tracking.gap_givers import NOBODY, mark_of
from tracking.gap_history import count_gaps, forget, tables
from tracking.gap_tables import Node
from tracking.gaps import Counts
from tracking.ingest import Heard, ingest
from tracking.models import GapCount, Shipment
from tracking.tasks import learn_gaps

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget()
    yield
    forget()


def scan(hours: float, sub_status: str = "transit.generic") -> CarrierEvent:
    """A scan so many hours before five days ago."""
    return CarrierEvent(
        at=NOW - 5 * DAY - hours * HOUR,
        code=sub_status,
        sub_status=sub_status,
        place=Place(city="Dubai", country="AE"),
    )


def tell(shipment: Shipment, *events: CarrierEvent) -> None:
    with merchant_scope(shipment.merchant_id):
        update = TrackingUpdate(tracking_number=shipment.tracking_number, events=events)
        ingest(heard=[Heard(shipment.pk, update)], source="poll", now=NOW)


def parcel(merchant: Merchant, *events: CarrierEvent) -> Shipment:
    with merchant_scope(merchant.pk):
        made = factories.shipment(merchant, placed_at=NOW - 20 * DAY)
    tell(made, *events)
    return made


def count(at: timedelta = timedelta()) -> int:
    with every_merchant("the test counts like the nightly task"):
        return count_gaps(now=NOW + at)


def scans_of(lane: str) -> dict[str, float]:
    rows = GapCount.objects.filter(carrier="sandbox", lane=lane)
    return {row.stage: round(Counts.from_json(row.counts).total, 3) for row in rows}


def test_gaps_of_all_merchants_are_one_sum(merchant: Merchant, other: Merchant) -> None:
    for owner in (merchant, other):
        parcel(owner, scan(9), scan(4, "out.on_vehicle"), scan(1, "delivered.generic"))
    assert count() == 2
    assert scans_of("") == scans_of("AE>AE") == {"in_transit": 2.0, "out_for_delivery": 2.0}


def test_second_run_counts_nothing_twice(merchant: Merchant) -> None:
    parcel(merchant, scan(9), scan(4, "delivered.generic"))
    count()
    before = list(GapCount.objects.order_by("pk").values())
    assert (count(), count(5 * HOUR)) == (0, 0)
    assert list(GapCount.objects.order_by("pk").values()) == before


def test_next_night_adds_its_own_day_and_lets_the_past_fade(merchant: Merchant) -> None:
    one = parcel(merchant, scan(9), scan(4))
    count(-3 * DAY)
    tell(one, scan(-72, "delivered.generic"))  # two days ago
    count()
    share = 0.5 ** (3 / 45)
    assert scans_of("") == {"in_transit": round(share + 1, 3)}


def test_what_is_younger_than_a_day_waits(merchant: Merchant) -> None:
    parcel(merchant, scan(9), scan(-110, "delivered.generic"))
    count()
    assert scans_of("") == {"in_transit": 0.0}
    count(DAY)
    assert scans_of("") == {"in_transit": 1.0}


def test_task_counts(merchant: Merchant) -> None:
    parcel(merchant, scan(9), scan(4, "delivered.generic"))
    learn_gaps()
    assert GapCount.objects.filter(carrier="sandbox").exists()


def test_history_moves_the_table_of_its_carrier_only(merchant: Merchant) -> None:
    prior = tables(now=NOW).find("sandbox", "AE>AE", "in_transit")
    parcel(merchant, *(scan(n) for n in range(60)))
    count()
    forget()
    learned = tables(now=NOW)
    assert learned.find("sandbox", "AE>AE", "in_transit").at(1, 12, 3) > 2 * prior.at(1, 12, 3)
    assert learned.find("ups", "AE>AE", "in_transit") is prior


def test_tables_are_loaded_once_an_hour(merchant: Merchant) -> None:
    assert tables(now=NOW) is tables(now=NOW + 59 * timedelta(minutes=1))
    assert tables(now=NOW) is not tables(now=NOW + HOUR)


def sold(
    merchant: Merchant, service: str, times: int, *scans: CarrierEvent, lane: str = "AE"
) -> None:
    """So many parcels with this service."""
    for _ in range(times):
        one = parcel(merchant, *scans)
        with merchant_scope(merchant.pk):
            Shipment.objects.filter(pk=one.pk).update(service=service)


def nodes() -> set[tuple[str, str]]:
    """Services and lanes that have a row."""
    return set(GapCount.objects.values_list("service", "lane"))


def test_frequent_service_has_nodes_and_its_spellings_are_one(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gap_history, "SERVICE_PARCELS", 3)
    sold(merchant, "Express", 3, scan(9), scan(4))
    sold(merchant, " EXPRESS ", 1, scan(9), scan(4))
    count()
    assert nodes() == {("", ""), ("", "AE>AE"), ("express", ""), ("express", "AE>AE")}
    row = GapCount.objects.get(service="express", lane="AE>AE", stage="in_transit")
    assert row.scans == 4


def test_rare_services_count_in_the_parent_alone(merchant: Merchant) -> None:
    for n in range(5):
        sold(merchant, f"order {n}", 1, scan(9), scan(4))
    count()
    assert nodes() == {("", ""), ("", "AE>AE")}
    assert scans_of("") == {"in_transit": 5}


def test_only_so_many_services_of_a_carrier_have_nodes(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gap_history, "SERVICE_PARCELS", 1)
    monkeypatch.setattr(gap_history, "MOST_SERVICES", 1)
    sold(merchant, "express", 2, scan(9), scan(4))
    sold(merchant, "economy", 1, scan(9), scan(4))
    count()
    assert {service for service, _ in nodes()} == {"", "express"}


def test_service_that_nobody_uses_any_more_loses_its_rows(merchant: Merchant) -> None:
    GapCount.objects.create(
        carrier="sandbox", lane="", stage="in_transit", service="gone",
        counts=Counts().as_json(), counted_until=NOW - 9 * DAY,
    )  # fmt: skip
    parcel(merchant, scan(9), scan(4))
    count()
    assert {service for service, _ in nodes()} == {""}


def test_night_leaves_a_mark_of_each_merchant_and_no_name(
    merchant: Merchant, other: Merchant
) -> None:
    for owner in (merchant, other):
        parcel(owner, scan(9), scan(4))
    count()
    row = GapCount.objects.get(lane="AE>AE", stage="in_transit")
    node = Node("sandbox", "AE>AE", "in_transit")
    assert set(row.givers) == {mark_of(merchant.pk, node), mark_of(other.pk, node)}


def test_lane_of_one_merchant_does_not_move_anothers_schedule(
    merchant: Merchant, other: Merchant
) -> None:
    parcel(merchant, *(scan(n) for n in range(60)))
    count()
    forget()
    found = [
        tables(now=NOW).path("sandbox", "AE>AE", "in_transit", merchant=one.pk)
        for one in (merchant, other)
    ]
    carrier, lane = Node("sandbox", "", "in_transit"), Node("sandbox", "AE>AE", "in_transit")
    assert found == [(carrier, lane), (carrier,)]


def migrated() -> dict[str, str]:
    """What the migration to services makes of a row that knew of none."""
    GapCount.objects.create(
        carrier="sandbox", lane="AE>AE", stage="in_transit",
        counts=Counts().as_json() | {"day_scans": [5, 0, 0, 0, 0, 0, 2.5]}, counted_until=NOW,
    )  # fmt: skip
    step = import_module("tracking.migrations.0017_silence_by_service")
    step.keep_what_was_learned(apps, None)
    row = GapCount.objects.get()
    assert row.scans == 7.5
    return row.givers


def test_migration_knows_whose_counts_they_are_where_there_is_one_merchant(
    merchant: Merchant,
) -> None:
    node = Node("sandbox", "AE>AE", "in_transit")
    assert migrated() == {mark_of(merchant.pk, node): "2026-11-12"}


def test_migration_closes_lanes_where_there_are_several(
    merchant: Merchant, other: Merchant
) -> None:
    assert migrated() == {NOBODY: "2026-11-12"}
