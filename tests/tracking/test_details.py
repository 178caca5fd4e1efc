"""What carriers give beside scans and dates is kept, and never blanked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from carriers.updates import Cash, Courier, PickupPoint, Proof, TrackingUpdate
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.details import Details, read_details, with_update
from tracking.ingest import Heard, ingest
from tracking.models import Shipment

POINT = PickupPoint("Kiosk 12", "Main St 1", "8–20", "4711", date(2026, 11, 20))
FULL = TrackingUpdate(
    "N1",
    proof=Proof("M. Ali", "https://photo.example/1.jpg", "Reception"),
    pieces=3,
    cash=Cash(Decimal("249.50"), "AED"),
    pickup_point=POINT,
    courier=Courier("Sami", "+971500000001", "https://live.example/1"),
)


def test_all_of_it_comes_back_as_it_was_said() -> None:
    assert read_details(with_update({}, FULL)) == Details(
        FULL.proof, 3, FULL.cash, POINT, FULL.courier
    )


def test_nothing_said_is_nothing_kept() -> None:
    assert with_update({}, TrackingUpdate("N1")) == {}
    assert read_details({}) == Details()


def test_what_an_update_leaves_out_stays() -> None:
    kept = with_update({}, FULL)
    assert with_update(
        kept, TrackingUpdate("N1", proof=Proof(photo_url="https://new.example"))
    ) == (kept | {"proof": kept["proof"] | {"photo_url": "https://new.example"}})


def test_a_new_courier_replaces_the_old_one_whole() -> None:
    kept = with_update({}, FULL)
    changed = with_update(kept, TrackingUpdate("N1", courier=Courier(name="Lina")))
    assert read_details(changed).courier == Courier("Lina")


def test_details_without_a_scan_are_stored_and_bring_a_new_version(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        parcel = factories.shipment(merchant)
        ingest(heard=[Heard(parcel.pk, FULL)], source="poll", now=NOW)
        ingest(heard=[Heard(parcel.pk, FULL)], source="poll", now=NOW)
        stored = Shipment.objects.get(pk=parcel.pk)
    assert read_details(stored.details).cash == Cash(Decimal("249.50"), "AED")
    assert stored.version == parcel.version + 1
