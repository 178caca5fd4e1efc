"""A person says who carries a parcel: it stays the same parcel, and is asked about at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carriers.updates import CarrierEvent, Place, TrackingUpdate
from lib.vocabulary import Doubt
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.carrier_change import AlreadyFollowed, believe, correct
from tracking.ingest import Heard, ingest
from tracking.links import link_for
from tracking.models import Change, Event, Shipment, Watch

NUMBER = "231200021009"


def follow(merchant: Merchant, carrier: str = "aramex") -> Shipment:
    made = factories.shipment(merchant, carrier=carrier, tracking_number=NUMBER)
    scan = CarrierEvent(
        "SH005", "delivered.generic", at=NOW - timedelta(hours=5),
        place=Place(city="Dubai", country="AE"),
    )  # fmt: skip
    ingest(heard=[Heard(made.pk, TrackingUpdate(NUMBER, (scan,)))], source="poll", now=NOW)
    return made


def test_correction_keeps_id_and_link_and_asks_at_once(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = follow(merchant)
        link = link_for(order=shipment.order).token
        Watch.objects.update(digest="d", failures=4, result="not_found", registered_with=7)
        correct(shipment_id=shipment.pk, carrier="smsa", now=NOW)
        found, watch = Shipment.objects.get(), Watch.objects.get()
        assert (found.pk, found.carrier, found.generation) == (shipment.pk, "smsa", 1)
        assert link_for(order=found.order).token == link
        assert (watch.carrier, watch.next_ask_at, watch.failures) == ("smsa", NOW, 0)
        assert (watch.digest, watch.result, watch.registered_with) == ("", "", None)


def test_scans_of_the_wrong_carrier_are_set_aside_and_nobody_is_told(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = follow(merchant)
        told = Change.objects.filter(announce=True).count()
        correct(shipment_id=shipment.pk, carrier="smsa", now=NOW)
        found = Shipment.objects.get()
        assert Event.objects.get().quarantined == Doubt.OTHER_CARRIER
        assert (found.status, found.delivered_at, found.last_event_at) == ("pending", None, None)
        assert Change.objects.filter(announce=True).count() == told


def test_same_carrier_only_ends_the_asking_around(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = follow(merchant)
        Watch.objects.update(candidates=[{"slug": "aramex", "said": "", "why": ""}])
        correct(shipment_id=shipment.pk, carrier="aramex", now=NOW)
        assert (Watch.objects.get().candidates, Event.objects.get().quarantined) == ([], "")


def test_parcel_that_is_followed_already_is_not_doubled(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        other = factories.shipment(merchant, carrier="smsa", tracking_number=NUMBER)
        shipment = factories.shipment(merchant, carrier="aramex", tracking_number=NUMBER)
        with pytest.raises(AlreadyFollowed) as refused:
            correct(shipment_id=shipment.pk, carrier="smsa", now=NOW)
        assert refused.value.order_id == other.order_id
        assert Shipment.objects.get(pk=shipment.pk).carrier == "aramex"


def test_shop_is_believed_only_while_nothing_is_certain(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = factories.shipment(merchant, carrier="aramex", tracking_number=NUMBER)
        believe(shipment, "ups", now=NOW)
        certain = Shipment.objects.get().carrier
        Watch.objects.update(candidates=[{"slug": "aramex", "said": "", "why": ""}])
        believe(shipment, "smsa", now=NOW)
        assert (certain, Shipment.objects.get().carrier) == ("aramex", "smsa")
        assert Watch.objects.get().candidates == []
