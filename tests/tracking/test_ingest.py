"""The one door: scans in; state, changes and dates out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carriers.updates import CarrierEvent, DateWindow, Place, TrackingUpdate
from lib.vocabulary import UNKNOWN
from merchants.models import Merchant
from tests import factories
from tests.factories import NOW
from tracking import outbox
from tracking.ingest import Heard, Ingested, ingest, review
from tracking.models import Change, CodeOverride, Event, Outbox, Promise, Shipment, Watch


def scan(hours_ago: float, sub_status: str, **fields: object) -> CarrierEvent:
    values = {
        "code": sub_status.upper()[:20],
        "sub_status": sub_status,
        "at": NOW - timedelta(hours=hours_ago),
        "description": "Said by the carrier",
        "place": Place(city="Dubai", country="AE"),
    }
    return CarrierEvent(**(values | fields))  # type: ignore[arg-type]


def hear(shipment: Shipment, *events: CarrierEvent, **options: object) -> Ingested:
    update = TrackingUpdate(shipment.tracking_number, tuple(events))
    values = {"source": "poll", "now": NOW} | options
    return ingest(heard=[Heard(shipment.pk, update)], **values)  # type: ignore[arg-type]


def milestones(shipment: Shipment) -> list[tuple[str, bool]]:
    rows = Change.objects.filter(shipment=shipment, kind="milestone").order_by("id")
    return [(row.key, row.announce) for row in rows]


@pytest.fixture
def shipment(scope: Merchant) -> Shipment:
    return factories.shipment(scope)


def test_new_parcel_has_a_promise_and_a_watch(shipment: Shipment) -> None:
    assert shipment.edd_last is not None
    assert Promise.objects.filter(shipment=shipment).count() == 1
    assert Watch.objects.get(shipment=shipment).next_ask_at == NOW


def test_ingest_stores_scans_and_derives_the_state(shipment: Shipment) -> None:
    found = hear(shipment, scan(9, "picked_up.accepted"), scan(2, "transit.arrived_facility"))
    shipment.refresh_from_db()
    assert found.new_events == 2
    assert (shipment.status, shipment.sub_status) == ("in_transit", "transit.arrived_facility")
    assert shipment.picked_up_at == NOW - timedelta(hours=9)
    assert shipment.last_place == "Dubai"
    assert shipment.order.status == "in_transit"


def test_same_scan_twice_is_one(shipment: Shipment) -> None:
    hear(shipment, scan(9, "picked_up.accepted"))
    again = hear(shipment, scan(9, "picked_up.accepted", description="تم الاستلام"), source="push")
    assert (again.new_events, again.derived) == (0, [])
    assert Event.objects.filter(shipment=shipment).count() == 1


def test_only_the_furthest_new_milestone_is_announced(shipment: Shipment) -> None:
    hear(shipment, scan(9, "picked_up.accepted"), scan(2, "out.on_vehicle"))
    assert milestones(shipment) == [
        ("shipped", False),
        ("in_transit", False),
        ("out_for_delivery", True),
    ]


def test_late_scan_of_an_implied_milestone_announces_nothing(shipment: Shipment) -> None:
    hear(shipment, scan(1, "delivered.generic"))
    before = milestones(shipment)
    hear(shipment, scan(9, "picked_up.accepted"))
    assert milestones(shipment) == before


def test_history_older_than_the_import_is_not_announced(scope: Merchant) -> None:
    shipment = factories.shipment(scope, announce_from=NOW)
    hear(shipment, scan(9, "picked_up.accepted"))
    announced = [row for row in milestones(shipment) if row[1]]
    assert (milestones(shipment)[0], announced) == (("shipped", False), [])


def test_second_failed_attempt_is_announced_again(shipment: Shipment) -> None:
    hear(shipment, scan(30, "attempt.nobody_home"))
    hear(shipment, scan(26, "transit.at_delivery_depot"), scan(3, "attempt.nobody_home"))
    attempts = [row for row in milestones(shipment) if row[0].startswith("attempt")]
    assert attempts == [("attempt_failed:1", True), ("attempt_failed:2", True)]


def test_unknown_code_is_kept_and_changes_nothing(shipment: Shipment) -> None:
    hear(shipment, scan(9, "transit.generic"))
    hear(shipment, scan(2, UNKNOWN, code="QX9"))
    shipment.refresh_from_db()
    assert (shipment.status, shipment.unknown_events) == ("in_transit", 1)
    assert Event.objects.get(code="QX9").sub_status == UNKNOWN


def test_merchants_override_maps_the_code(shipment: Shipment) -> None:
    CodeOverride.objects.create(
        merchant=shipment.merchant, carrier=shipment.carrier, code="QX9", sub_status="customs.delay"
    )
    hear(shipment, scan(2, UNKNOWN, code="QX9"))
    shipment.refresh_from_db()
    assert shipment.status == "customs"


def test_scan_of_an_earlier_parcel_is_quarantined(shipment: Shipment) -> None:
    hear(shipment, scan(24 * 90, "delivered.generic"))
    shipment.refresh_from_db()
    assert shipment.status == "pending"
    assert Event.objects.get().quarantined == "before_order"
    assert milestones(shipment) == []


def test_promise_that_passes_raises_delayed_once(shipment: Shipment) -> None:
    hear(shipment, scan(9, "picked_up.accepted"))
    later = NOW + timedelta(days=12)
    hear(shipment, scan(-24 * 11, "transit.generic"), now=later)
    review([shipment.pk], now=later + timedelta(hours=1))
    shipment.refresh_from_db()
    assert shipment.delayed is True
    assert [row for row in milestones(shipment) if row[0] == "delayed"] == [("delayed", True)]
    assert shipment.edd_last is not None
    assert shipment.promised_last is not None
    assert shipment.edd_last > shipment.promised_last
    assert shipment.edd_last >= later.date()


def test_better_date_that_got_worse_again_breaks_no_promise(shipment: Shipment) -> None:
    told = (shipment.promised_first, shipment.promised_last)
    assert told[1] is not None
    today = NOW.date()
    at_depot = scan(2, "transit.at_delivery_depot")
    better = TrackingUpdate("", (at_depot,), edd=DateWindow(today, today))
    ingest(heard=[Heard(shipment.pk, better)], source="poll", now=NOW)
    worse = TrackingUpdate("", (scan(1, "transit.generic"),), edd=DateWindow(told[1], told[1]))
    ingest(heard=[Heard(shipment.pk, worse)], source="poll", now=NOW)
    shipment.refresh_from_db()
    assert (shipment.promised_first, shipment.promised_last) == told
    assert (shipment.edd_last, shipment.delayed) == (told[1], False)


def test_failed_attempt_is_told_and_not_also_the_delay(shipment: Shipment) -> None:
    hear(shipment, scan(9, "out.on_vehicle"))
    hear(shipment, scan(1, "attempt.nobody_home"))
    assert [name for name, told in milestones(shipment) if told] == [
        "out_for_delivery",
        "attempt_failed:1",
    ]


def test_consumer_gets_one_turn_at_each_announced_change(
    shipment: Shipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_CONSUMERS", {"test": frozenset({"milestone"})})
    hear(shipment, scan(9, "picked_up.accepted"), scan(2, "out.on_vehicle"))
    turns = outbox.claim("test", now=NOW, limit=10)
    assert [turn.change.key for turn in turns] == ["out_for_delivery"]
    assert outbox.claim("test", now=NOW, limit=10) == []
    outbox.done(turns, now=NOW)
    assert Outbox.objects.filter(done_at__isnull=True).count() == 0


def test_turn_of_a_dead_consumer_comes_again(
    shipment: Shipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_CONSUMERS", {"test": frozenset({"milestone"})})
    hear(shipment, scan(9, "picked_up.accepted"))
    first = outbox.claim("test", now=NOW, limit=10)
    again = outbox.claim("test", now=NOW + timedelta(minutes=3), limit=10)
    assert [turn.pk for turn in again] == [turn.pk for turn in first]
