"""What the schedule is told about parcels that were just asked about."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from carriers import registry
from carriers.base import Limits
from carriers.models import CarrierAccount
from carriers.pacing import take_calls
from carriers.updates import CarrierEvent, Place, TrackingUpdate
from lib.vocabulary import Status
from merchants.models import Merchant
from tests import factories
from tests.factories import NOW
from tracking.asking_when import Followed, followed, next_ask, paces
from tracking.gap_history import tables
from tracking.hazards import Hazard
from tracking.ingest import Heard, ingest
from tracking.models import Shipment, Watch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def parcel(
    merchant: Merchant, *, source: str = "poll", zone: int = 4, **fields: object
) -> Shipment:
    """One whose last scan, at a depot, was two hours ago."""
    made = factories.shipment(merchant, **fields)
    at = (NOW - 2 * HOUR).astimezone(timezone(zone * HOUR))
    event = CarrierEvent(
        code="D", sub_status="transit.at_delivery_depot", at=at, place=Place(city="Dubai")
    )
    update = TrackingUpdate(tracking_number=made.tracking_number, events=(event,))
    ingest(heard=[Heard(made.pk, update)], source=source, now=NOW)
    return made


def standing(shipment: Shipment) -> Followed:
    return followed([shipment.pk], now=NOW)[shipment.pk]


def test_stage_lane_and_last_scan_are_known(scope: Merchant) -> None:
    one = standing(parcel(scope))
    assert (one.stage, one.status, one.lane, one.heard_at, one.zone) == (
        "transit.at_delivery_depot", Status.IN_TRANSIT, "AE>AE", NOW - 2 * HOUR, "Asia/Dubai",
    )  # fmt: skip


def test_parcel_without_a_scan_waits_since_we_follow_it(scope: Merchant) -> None:
    shipment = factories.shipment(scope)
    assert (standing(shipment).heard_at, standing(shipment).stage) == (
        shipment.created_at, "pending",
    )  # fmt: skip


def test_abroad_the_last_scans_clock_counts(scope: Merchant) -> None:
    shipment = parcel(scope, zone=8, ship_from_country="CN")
    assert (standing(shipment).lane, standing(shipment).offset) == ("CN>AE", 480)


def test_at_home_the_last_scan_is_not_looked_up(
    scope: Merchant, django_assert_num_queries: object
) -> None:
    shipment = parcel(scope)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert standing(shipment).offset is None


def account(merchant: Merchant, carrier: str, *, pushed: timedelta | None) -> CarrierAccount:
    """One whose last push came this long ago."""
    at = NOW - pushed if pushed is not None else None
    return CarrierAccount.objects.create(merchant=merchant, carrier=carrier, last_push_at=at)


@pytest.mark.parametrize(
    ("last_push", "pushed"), [(HOUR, True), (2 * DAY, True), (2 * DAY + HOUR, False), (None, False)]
)
def test_carrier_that_pushes_all_its_parcels_pushes_them_while_it_pushes(
    scope: Merchant, last_push: timedelta | None, pushed: bool
) -> None:
    account(scope, "smsa", pushed=last_push)
    assert standing(factories.shipment(scope, carrier="smsa")).pushed is pushed


def test_registered_parcel_is_pushed_whoever_carries_it(scope: Merchant) -> None:
    hub = account(scope, "ship24", pushed=HOUR)
    shipment = factories.shipment(scope, carrier="evri")
    assert standing(shipment).pushed is False
    Watch.objects.filter(shipment=shipment).update(registered_with=hub.pk)
    assert standing(shipment).pushed is True
    CarrierAccount.objects.filter(pk=hub.pk).update(last_push_at=NOW - 3 * DAY)
    assert standing(shipment).pushed is False


@pytest.mark.parametrize(("source", "pushed"), [("push", True), ("poll", False)])
def test_carrier_that_wants_registrations_pushes_what_it_pushed(
    scope: Merchant, source: str, pushed: bool
) -> None:
    account(scope, "ups", pushed=HOUR)
    assert standing(parcel(scope, carrier="ups", source=source)).pushed is pushed


def test_account_that_is_switched_off_pushes_nothing(scope: Merchant) -> None:
    row = account(scope, "smsa", pushed=HOUR)
    CarrierAccount.objects.filter(pk=row.pk).update(is_active=False)
    assert standing(factories.shipment(scope, carrier="smsa")).pushed is False


def test_calls_of_a_day_are_counted_from_one_again_the_next(scope: Merchant) -> None:
    shipment = factories.shipment(scope)
    counts = [standing(shipment).asked_today(now=NOW)]
    Watch.objects.filter(shipment=shipment).update(asked_at=NOW, asked_that_day=6)
    counts += [standing(shipment).asked_today(now=NOW + HOUR)]
    counts += [standing(shipment).asked_today(now=NOW + DAY)]
    assert counts == [1, 7, 1]


def test_carriers_limit_per_parcel_is_kept(
    scope: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.CARRIERS["sandbox"], "limits", Limits(per_parcel_per_day=10))
    shipment = parcel(scope)
    Watch.objects.filter(shipment=shipment).update(asked_at=NOW - HOUR, asked_that_day=9)
    when = next_ask(standing(shipment), tables(now=NOW), now=NOW, found=True, tries=0)
    assert when is not None
    assert when.date() > NOW.date()


def test_account_ahead_of_its_day_stretches_its_parcels_intervals(scope: Merchant) -> None:
    busy = CarrierAccount(pk=7, merchant=scope, carrier="sandbox", calls_per_day=100)
    free = CarrierAccount(pk=8, merchant=scope, carrier="sandbox")
    take_calls("7", 80, Limits(per_day=100), now=NOW)
    found = paces({7: busy, 8: free}, now=NOW)
    assert list(found) == [7]
    assert found[7] > 1.2


def test_schedule_asks_the_table_of_service_and_merchant(
    scope: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipment = parcel(scope, service="Express")
    asked: list[object] = []
    known = tables(now=NOW)

    def find(*where: str, merchant: int) -> Hazard:
        asked.extend([*where, merchant])
        return known.prior("any")

    monkeypatch.setattr(known, "find", find)
    next_ask(standing(shipment), known, now=NOW, found=True, tries=0)
    stage = "transit.at_delivery_depot"
    assert asked == ["sandbox", "AE>AE", stage, "Express", scope.pk]


def test_delivered_parcel_is_asked_no_more(scope: Merchant) -> None:
    shipment = parcel(scope)
    Shipment.objects.filter(pk=shipment.pk).update(status="delivered")
    assert next_ask(standing(shipment), tables(now=NOW), now=NOW, found=True, tries=0) is None
