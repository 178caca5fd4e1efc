"""A corrected code: stored scans read again, parcels derived again, nobody told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carriers.updates import CarrierEvent, TrackingUpdate
from lib.vocabulary import UNKNOWN
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking import outbox
from tracking.ingest import Heard, ingest
from tracking.models import Change, CodeOverride, Event, Outbox, Shipment
from tracking.remap import NoSuchMeaning, Placed, place_code

SOON = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A consumer that wants every change, so that a turn would be seen."""
    monkeypatch.setattr(outbox, "_CONSUMERS", {"probe": frozenset(Change.Kind.values)})


def scan(shipment: Shipment, code: str, sub_status: str, *, hours_ago: float = 2) -> None:
    event = CarrierEvent(code=code, sub_status=sub_status, at=NOW - timedelta(hours=hours_ago))
    update = TrackingUpdate(shipment.tracking_number, (event,))
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=NOW)


def place(merchant: Merchant, sub_status: str, *, code: str = "ZZ9") -> Placed:
    return place_code(
        merchant_id=merchant.pk, carrier="sandbox", code=code, sub_status=sub_status,
        author=None, now=SOON,
    )  # fmt: skip


def test_placed_code_changes_state_without_a_turn(scope: Merchant) -> None:
    shipment = factories.shipment(scope)
    scan(shipment, "ZZ9", UNKNOWN)
    turns = Outbox.objects.count()

    placed = place(scope, "delivered.generic")

    shipment.refresh_from_db()
    assert placed == Placed(version=1, scans=1, parcels=1)
    assert (shipment.status, shipment.unknown_events) == ("delivered", 0)
    assert Change.objects.get(shipment=shipment, key="delivered").announce is False
    assert Outbox.objects.count() == turns


def test_placed_code_is_not_announced_by_a_later_scan(scope: Merchant) -> None:
    shipment = factories.shipment(scope)
    scan(shipment, "ZZ9", UNKNOWN)
    place(scope, "delivered.generic")
    scan(shipment, "POD", "delivered.signed", hours_ago=1)
    assert list(Change.objects.filter(key="delivered").values_list("announce", flat=True)) == [
        False
    ]


def test_other_codes_and_carriers_keep_their_meaning(scope: Merchant) -> None:
    mine = factories.shipment(scope)
    scan(mine, "AB1", "transit.generic")
    elsewhere = factories.shipment(scope, carrier="smsa", tracking_number="290000000001")
    scan(elsewhere, "ZZ9", UNKNOWN)

    placed = place(scope, "delivered.generic")

    assert (placed.scans, placed.parcels) == (0, 0)
    found = Event.objects.order_by("pk").values_list("sub_status", flat=True)
    assert list(found) == ["transit.generic", UNKNOWN]


def test_new_meaning_raises_the_version_and_the_same_does_not(scope: Merchant) -> None:
    versions = [
        place(scope, meaning).version
        for meaning in ("transit.generic", "transit.generic", "customs.started")
    ]
    assert versions == [1, 1, 2]
    assert CodeOverride.objects.get().sub_status == "customs.started"


def test_later_scans_of_the_code_are_read_by_the_override(scope: Merchant) -> None:
    place(scope, "out.on_vehicle")
    shipment = factories.shipment(scope)
    scan(shipment, "ZZ9", UNKNOWN)
    shipment.refresh_from_db()
    assert shipment.sub_status == "out.on_vehicle"


def test_other_merchants_parcels_stay_as_they_are(merchant: Merchant, other: Merchant) -> None:
    with merchant_scope(other.pk):
        theirs = factories.shipment(other)
        scan(theirs, "ZZ9", UNKNOWN)
    with merchant_scope(merchant.pk):
        placed = place(merchant, "delivered.generic")
    with merchant_scope(other.pk):
        assert Event.objects.get(shipment=theirs).sub_status == UNKNOWN
    assert placed.scans == 0


def test_unheard_of_meaning_is_refused(scope: Merchant) -> None:
    with pytest.raises(NoSuchMeaning):
        place(scope, "delivered.hopefully")
    assert CodeOverride.objects.count() == 0
