"""Parcels follow disruptions: on, begun, changed, over; told as ever, and by batches."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from carriers.updates import CarrierEvent, DateWindow, TrackingUpdate
from edd.disruption_rows import Wanted, change, end, switch_on, switch_on_for_all
from edd.models import MerchantDisruption, OperatorDisruption
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking import disrupting, outbox
from tracking.disrupting import Swept, disruptions_of, sweep_round
from tracking.disruption_preview import Touched, preview
from tracking.ingest import Heard, ingest
from tracking.models import Change, Outbox, Promise, Shipment

#: NOW is Thursday 12 November.
STORM = Wanted(
    days=3, starts=date(2026, 11, 12), ends=date(2026, 11, 18), to_country="AE", cause="weather"
)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A consumer of milestones, so that what is told is seen."""
    monkeypatch.setattr(outbox, "_CONSUMERS", {"probe": frozenset({"milestone"})})


def moving(merchant: Merchant, *, now: datetime = NOW, **fields: object) -> Shipment:
    """A parcel that was picked up yesterday."""
    made = factories.shipment(merchant, now=now, **fields)
    scan = CarrierEvent(code="PU", sub_status="picked_up.accepted", at=now - DAY)
    update = TrackingUpdate(made.tracking_number, (scan,))
    ingest(heard=[Heard(made.pk, update)], source="poll", now=now)
    made.refresh_from_db()
    return made


def sweep(*, now: datetime = NOW) -> Swept:
    return sweep_round(now=now)


def last_day(shipment: Shipment) -> date | None:
    with merchant_scope(shipment.merchant_id):
        shipment.refresh_from_db()
    return shipment.edd_last


def test_switching_on_moves_parcels_once(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        parcel = moving(merchant)
        elsewhere = moving(merchant, country="SA", city="Jeddah")
        before, theirs = parcel.edd_last, elsewhere.edd_last
        switch_on(STORM, merchant_id=merchant.pk, author=None, now=NOW)
    assert before is not None

    assert sweep() == Swept(1, False)
    moved = last_day(parcel)
    assert moved is not None
    assert (moved > before, parcel.own_disruption_id is not None) == (True, True)
    assert last_day(elsewhere) == theirs
    assert sweep() == Swept(0, False)
    with merchant_scope(merchant.pk):
        row = MerchantDisruption.objects.get()
        assert "disrupted:3" in Promise.objects.filter(shipment=parcel).latest("pk").why
        assert disruptions_of([parcel, elsewhere])[parcel.pk].cause == "weather"
        # The date moved behind the promise: that is told, and once.
        changes = Change.objects.filter(shipment=parcel, key="delayed", announce=True)
        assert (changes.count(), Outbox.objects.filter(change__in=changes).count()) == (1, 1)
    # It is looked at again when it has begun everywhere on earth.
    assert row.due_at == datetime(2026, 11, 12, 12, tzinfo=NOW.tzinfo)


def test_operators_disruption_moves_parcels_of_all_merchants(
    merchant: Merchant, other: Merchant
) -> None:
    parcels = []
    for shop in (merchant, other):
        with merchant_scope(shop.pk):
            parcels.append(moving(shop))
    before = [parcel.edd_last for parcel in parcels]
    switch_on_for_all(STORM, note="Floods", now=NOW)

    assert sweep().parcels == 2
    after = [last_day(parcel) for parcel in parcels]
    assert [now > was for now, was in zip(after, before, strict=True) if now and was] == [True] * 2
    assert {parcel.operator_disruption_id for parcel in parcels} == {
        OperatorDisruption.objects.get().pk
    }


def test_merchants_disruption_leaves_other_merchants_alone(
    merchant: Merchant, other: Merchant
) -> None:
    with merchant_scope(other.pk):
        theirs = moving(other)
    before = theirs.edd_last
    with merchant_scope(merchant.pk):
        switch_on(STORM, merchant_id=merchant.pk, author=None, now=NOW)
    assert (sweep().parcels, last_day(theirs)) == (0, before)


def test_rounds_go_on_where_the_last_one_ended(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disrupting, "BATCH", 2)
    with merchant_scope(merchant.pk):
        parcels = [moving(merchant) for _ in range(5)]
        switch_on(STORM, merchant_id=merchant.pk, author=None, now=NOW)
    assert [sweep() for _ in range(3)] == [Swept(2, True), Swept(2, True), Swept(1, False)]
    for parcel in parcels:
        last_day(parcel)
    assert all(parcel.own_disruption_id for parcel in parcels)


def test_edit_while_a_round_runs_begins_anew(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disrupting, "BATCH", 1)
    with merchant_scope(merchant.pk):
        parcels = [moving(merchant) for _ in range(2)]
        row = switch_on(STORM, merchant_id=merchant.pk, author=None, now=NOW)
    sweep()
    with merchant_scope(merchant.pk):
        row.refresh_from_db()
        change(row, Wanted(5, STORM.starts, STORM.ends, to_country="AE"), now=NOW)
    while sweep().goes_on:
        pass
    lasts = {last_day(parcel) for parcel in parcels}
    assert len(lasts) == 1


def test_edit_of_the_place_gives_the_first_place_its_dates_back(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        home, abroad = moving(merchant), moving(merchant, country="SA", city="Jeddah")
        before, theirs = home.edd_last, abroad.edd_last
        row = switch_on(STORM, merchant_id=merchant.pk, author=None, now=NOW)
    sweep()
    with merchant_scope(merchant.pk):
        row.refresh_from_db()
        assert change(row, Wanted(3, STORM.starts, STORM.ends, to_country="SA"), now=NOW) == [
            "to_country", "cause",
        ]  # fmt: skip
    sweep()
    assert (last_day(home), home.own_disruption_id) == (before, None)
    assert (last_day(abroad) != theirs, abroad.own_disruption_id) == (True, row.pk)
    with merchant_scope(merchant.pk):
        assert MerchantDisruption.objects.get().also == []


def test_end_keeps_what_was_under_way_and_gives_new_orders_nothing(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        parcel = moving(merchant)
        row = switch_on(STORM, merchant_id=merchant.pk, author=None, now=NOW)
    sweep()
    moved, later = last_day(parcel), NOW + DAY
    with merchant_scope(merchant.pk):
        row.refresh_from_db()
        end(row, today=later.date(), now=later)
        fresh = factories.shipment(merchant, placed_at=later, now=later)
    sweep(now=later)
    assert row.ends == date(2026, 11, 12)
    assert (last_day(parcel), parcel.own_disruption_id) == (moved, row.pk)
    assert last_day(fresh) is not None
    assert fresh.own_disruption_id is None


def test_one_that_never_ran_a_day_takes_its_days_back_without_a_word(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        parcel = moving(merchant)
        before = parcel.edd_last
        row = switch_on(STORM, merchant_id=merchant.pk, author=None, now=NOW)
    sweep()
    with merchant_scope(merchant.pk):
        told = Outbox.objects.count()
        row.refresh_from_db()
        end(row, today=NOW.date(), now=NOW + timedelta(hours=1))
    sweep(now=NOW + timedelta(hours=1))
    assert (last_day(parcel), parcel.own_disruption_id) == (before, None)
    with merchant_scope(merchant.pk):
        assert Outbox.objects.count() == told
        assert MerchantDisruption.objects.get().due_at is None


def test_long_over_it_is_settled_and_loaded_no_more(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        row = switch_on(STORM, merchant_id=merchant.pk, author=None, now=NOW)
    seen = []
    for _ in range(10):
        with merchant_scope(merchant.pk):
            row.refresh_from_db()
        if row.due_at is None:
            break
        seen.append(row.due_at.date())
        sweep(now=row.due_at)
    # On, begun everywhere, over everywhere, and sixty days later.
    assert seen == [date(2026, 11, 12), date(2026, 11, 12), date(2026, 11, 19), date(2027, 1, 18)]
    assert row.settled_at is not None


def test_preview_counts_and_writes_nothing(scope: Merchant) -> None:
    parcels = [moving(scope) for _ in range(2)]
    moving(scope, country="SA", city="Jeddah")
    promised = moving(scope)
    window = DateWindow(date(2026, 11, 14), date(2026, 11, 15), "Asia/Dubai")
    update = TrackingUpdate(promised.tracking_number, (), edd=window)
    ingest(heard=[Heard(promised.pk, update)], source="poll", now=NOW)
    before = list(Shipment.objects.order_by("pk").values())

    found = preview(
        STORM.as_disruption(), merchant_id=scope.pk, tells=lambda c: c.kind == "milestone", now=NOW
    )

    assert found == Touched(parcels=3, later=2, told=2, by_carrier=1)
    assert list(Shipment.objects.order_by("pk").values()) == before
    assert {parcel.own_disruption_id for parcel in parcels} == {None}


def test_preview_of_an_edit_compares_with_what_is_shown(scope: Merchant) -> None:
    parcel = moving(scope)
    row = switch_on(STORM, merchant_id=scope.pk, author=None, now=NOW)
    sweep()
    parcel.refresh_from_db()
    less = Wanted(1, STORM.starts, STORM.ends, to_country="AE", cause="weather")
    found = preview(
        less.as_disruption(number=row.pk), merchant_id=scope.pk,
        instead_of=STORM.as_disruption(number=row.pk), tells=lambda c: True, now=NOW,
    )  # fmt: skip
    assert (found.parcels, found.earlier, found.later) == (1, 1, 0)
