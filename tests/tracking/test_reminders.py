"""Reminders: a row when a date moves, a change when it is still true, and then no row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from carriers.updates import DateWindow, PickupPoint, TrackingUpdate
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tests.tracking.test_ingest import scan
from tracking import outbox, reminders
from tracking.ingest import Heard, ingest, review
from tracking.models import Change, Outage, Outbox, Reminder, Shipment
from tracking.reminders import LEASE, remind_due

DAY = timedelta(days=1)
#: 17:00 and 7:30 in Dubai.
EVENING = datetime(2026, 11, 13, 13, tzinfo=UTC)
MORNING = datetime(2026, 11, 14, 3, 30, tzinfo=UTC)
FOURTEENTH = date(2026, 11, 14)


def comes(shipment: Shipment, first: date, last: date | None = None, **options: object) -> None:
    """The carrier has it, and names these days."""
    window = DateWindow(first, last or first, "Asia/Dubai")
    update = TrackingUpdate(
        shipment.tracking_number, (scan(9, "picked_up.accepted"),), edd=window, **options
    )  # type: ignore[arg-type]
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=NOW)


def foreseen() -> list[tuple[str, datetime]]:
    rows = Reminder.objects.exclude(what="not_dispatched").order_by("due_at")
    return [(row.key, row.due_at) for row in rows]


def told() -> list[tuple[str, bool]]:
    rows = Change.objects.filter(kind="due").order_by("pk")
    return [(row.key, row.announce) for row in rows]


@pytest.fixture
def shipment(merchant: Merchant) -> Shipment:
    with merchant_scope(merchant.pk):
        return factories.shipment(merchant)


def test_date_that_moves_overwrites_what_was_foreseen(
    merchant: Merchant, shipment: Shipment
) -> None:
    with merchant_scope(merchant.pk):
        comes(shipment, date(2026, 11, 18))
        comes(shipment, FOURTEENTH)
        assert foreseen() == [
            ("arriving_tomorrow:2026-11-14", EVENING),
            ("arriving_today:2026-11-14", MORNING),
        ]


def test_what_is_due_and_true_is_told_once(merchant: Merchant, shipment: Shipment) -> None:
    with merchant_scope(merchant.pk):
        comes(shipment, FOURTEENTH)
    assert remind_due(now=EVENING - timedelta(minutes=1)) == (0, 0)
    assert remind_due(now=EVENING) == (1, 1)
    assert remind_due(now=EVENING + LEASE) == (0, 0)
    assert remind_due(now=MORNING) == (1, 1)
    with merchant_scope(merchant.pk):
        assert told() == [
            ("arriving_tomorrow:2026-11-14", True),
            ("arriving_today:2026-11-14", True),
        ]
        assert Change.objects.filter(kind="due").first().data == {"day": "2026-11-14"}
        assert foreseen() == []


def test_change_of_this_kind_gets_the_turns_of_who_hears_of_it(
    merchant: Merchant, shipment: Shipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outbox._CONSUMERS, "listener", frozenset({"due"}))
    with merchant_scope(merchant.pk):
        comes(shipment, FOURTEENTH)
    remind_due(now=EVENING)
    with merchant_scope(merchant.pk):
        assert Outbox.objects.filter(consumer="listener").count() == 1


def test_date_that_moved_away_is_not_told(merchant: Merchant, shipment: Shipment) -> None:
    with merchant_scope(merchant.pk):
        comes(shipment, FOURTEENTH)
        comes(shipment, FOURTEENTH, date(2026, 11, 19))
    assert remind_due(now=EVENING) == (1, 0)
    with merchant_scope(merchant.pk):
        assert told() == []


def test_parcel_at_the_door_needs_no_reminder(merchant: Merchant, shipment: Shipment) -> None:
    with merchant_scope(merchant.pk):
        comes(shipment, FOURTEENTH)
        Shipment.objects.update(status="out_for_delivery")
    assert remind_due(now=MORNING) == (2, 0)


def test_carrier_that_is_not_heard_is_not_spoken_for(
    merchant: Merchant, shipment: Shipment
) -> None:
    with merchant_scope(merchant.pk):
        comes(shipment, FOURTEENTH)
    Outage.objects.create(carrier="sandbox", kind="silent", since=NOW)
    assert remind_due(now=EVENING) == (1, 0)


def test_worker_that_dies_gives_its_reminders_back(
    merchant: Merchant, shipment: Shipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with merchant_scope(merchant.pk):
        comes(shipment, FOURTEENTH)
    with monkeypatch.context() as broken:
        broken.setattr(reminders, "_settle", lambda *args, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            remind_due(now=EVENING)
    assert remind_due(now=EVENING + timedelta(minutes=4)) == (0, 0)
    assert remind_due(now=EVENING + LEASE) == (1, 1)


def test_last_day_of_collection_is_planned_from_what_the_carrier_gave(
    merchant: Merchant, shipment: Shipment
) -> None:
    update = TrackingUpdate(
        shipment.tracking_number,
        (scan(5, "pickup.ready"),),
        pickup_point=PickupPoint(name="Locker 4", last_day=date(2026, 11, 20)),
    )
    with merchant_scope(merchant.pk):
        ingest(heard=[Heard(shipment.pk, update)], source="poll", now=NOW)
        deadline = Reminder.objects.get(what="pickup_deadline")
    assert deadline.due_at == datetime(2026, 11, 19, 6, tzinfo=UTC)
    assert remind_due(now=deadline.due_at).told == 1
    with merchant_scope(merchant.pk):
        assert told() == [("pickup_deadline:2026-11-20", True)]


def test_moved_dates_of_many_parcels_cost_one_statement_and_none_that_stay(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    really = reminders._upsert
    monkeypatch.setattr(reminders, "_upsert", lambda rows: (sizes.append(len(rows)), really(rows)))
    with merchant_scope(merchant.pk):
        parcels = [factories.shipment(merchant) for _ in range(5)]
        window = DateWindow(date(2026, 11, 17), date(2026, 11, 17), "Asia/Dubai")
        scans = (scan(9, "picked_up.accepted"),)
        heard = [
            Heard(one.pk, TrackingUpdate(one.tracking_number, scans, edd=window)) for one in parcels
        ]
        sizes.clear()
        ingest(heard=heard, source="poll", now=NOW)
        ingest(heard=heard, source="poll", now=NOW)
        review([one.pk for one in parcels], now=NOW)
        assert (sizes, len(foreseen())) == ([10, 0], 10)


def test_merchants_never_meet_in_one_batch(merchant: Merchant, other: Merchant) -> None:
    for one in (merchant, other):
        with merchant_scope(one.pk):
            comes(factories.shipment(one), FOURTEENTH)
    assert remind_due(now=EVENING) == (2, 2)
    with merchant_scope(other.pk):
        assert [change.merchant_id for change in Change.objects.filter(kind="due")] == [other.pk]
