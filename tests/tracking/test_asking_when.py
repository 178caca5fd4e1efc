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
    return followed([shipment.pk])[shipment.pk]


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


def test_parcel_whose_newest_scan_was_pushed_is_pushed(scope: Merchant) -> None:
    assert standing(parcel(scope, carrier="smsa", source="push")).pushed is True
    assert standing(parcel(scope, carrier="smsa", source="poll")).pushed is False


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


def test_delivered_parcel_is_asked_no_more(scope: Merchant) -> None:
    shipment = parcel(scope)
    Shipment.objects.filter(pk=shipment.pk).update(status="delivered")
    assert next_ask(standing(shipment), tables(now=NOW), now=NOW, found=True, tries=0) is None
