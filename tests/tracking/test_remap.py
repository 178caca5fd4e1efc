"""A corrected code: stored scans read again, parcels derived again, nobody told."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from carriers.updates import CarrierEvent, TrackingUpdate
from lib.vocabulary import UNKNOWN
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking import outbox
from tracking.ingest import Heard, ingest
from tracking.models import Change, CodeOverride, Event, OperatorOverride, Outbox, Shipment
from tracking.remap import NoSuchMeaning, Placed, place_code, place_for_all, preview

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


def test_preview_names_what_would_move_and_changes_nothing(scope: Merchant) -> None:
    moves = factories.shipment(scope)
    scan(moves, "ZZ9", UNKNOWN)
    stays = factories.shipment(scope)
    scan(stays, "ZZ9", UNKNOWN, hours_ago=5)
    scan(stays, "POD", "delivered.signed")
    turns, changes = Outbox.objects.count(), Change.objects.count()

    found = preview(carrier="sandbox", code="ZZ9", sub_status="out.on_vehicle", now=SOON)

    assert (found.scans, found.parcels, found.left_out) == (2, 2, 0)
    assert [(one.shipment_id, one.before, one.after) for one in found.moved] == [
        (moves.pk, "pending.not_registered", "out.on_vehicle")
    ]
    moves.refresh_from_db()
    assert (moves.status, Event.objects.filter(sub_status=UNKNOWN).count()) == ("pending", 2)
    assert (Outbox.objects.count(), Change.objects.count()) == (turns, changes)
    assert CodeOverride.objects.count() == 0


def test_preview_says_what_the_correction_then_does(scope: Merchant) -> None:
    shipment = factories.shipment(scope)
    scan(shipment, "ZZ9", UNKNOWN)
    found = preview(carrier="sandbox", code="ZZ9", sub_status="attempt.nobody_home", now=SOON)
    place(scope, "attempt.nobody_home")
    shipment.refresh_from_db()
    assert [one.after for one in found.moved] == [shipment.sub_status]


def test_operators_reading_is_for_all_who_have_none_of_their_own(
    merchant: Merchant, other: Merchant
) -> None:
    parcels = []
    for shop in (merchant, other):
        with merchant_scope(shop.pk):
            parcels.append(factories.shipment(shop))
            scan(parcels[-1], "ZZ9", UNKNOWN)
    with merchant_scope(other.pk):
        place(other, "customs.delay")
        turns = Outbox.objects.count()

    placed = place_for_all(carrier="sandbox", code="ZZ9", sub_status="delivered.generic", now=SOON)

    assert placed == Placed(version=1, scans=1, parcels=1)
    statuses = []
    for shop, parcel in zip((merchant, other), parcels, strict=True):
        with merchant_scope(shop.pk):
            statuses.append(Shipment.objects.get(pk=parcel.pk).status)
            told = Outbox.objects.filter(change__kind="milestone")
            assert told.count() == 0
    assert statuses == ["delivered", "customs"]
    with merchant_scope(other.pk):
        assert Outbox.objects.count() == turns


def test_operators_reading_holds_for_later_scans(scope: Merchant) -> None:
    OperatorOverride.objects.create(carrier="sandbox", code="ZZ9", sub_status="customs.started")
    shipment = factories.shipment(scope)
    scan(shipment, "ZZ9", UNKNOWN)
    shipment.refresh_from_db()
    assert shipment.sub_status == "customs.started"


def test_command_shows_first_and_does_it_only_with_yes(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = factories.shipment(merchant)
        scan(shipment, "ZZ9", UNKNOWN)
    out = StringIO()
    call_command("remap", "sandbox", "ZZ9", "customs.started", stdout=out)
    assert out.getvalue().splitlines() == [
        "noor: 1 scans of 1 parcels, 1 would stand elsewhere",
        f"  {shipment.tracking_number:<24} pending.not_registered -> customs.started",
        "Nothing was changed. Say it again with --yes to do it.",
    ]
    assert OperatorOverride.objects.count() == 0
    call_command("remap", "sandbox", "ZZ9", "customs.started", "--yes", stdout=out)
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get().status == "customs"
    with pytest.raises(CommandError):
        call_command("remap", "sandbox", "ZZ9", "customs.perhaps", stdout=out)
