"""Raw answers: kept with the news they brought, forgotten after a while, erased with the person."""

from __future__ import annotations

import uuid
from datetime import timedelta

from carriers import registry
from carriers.base import Ask
from carriers.calls import Account, Answer, Call
from carriers.updates import CarrierEvent, TrackingUpdate
from lib.personal_data import Person
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tracking import raw_answers
from tracking.ingest import Heard, ingest
from tracking.models import Event, RawAnswer, Shipment

CALL = Call(registry.get("sandbox"), Account("1", "http://x.example", {}), (Ask("1"),))


def told(merchant: Merchant, body: bytes) -> tuple[Shipment, uuid.UUID]:
    """A parcel with one scan, and the body it came from; in scope."""
    shipment, key = factories.shipment(merchant), uuid.uuid4()
    event = CarrierEvent("PU", "picked_up.accepted", at=NOW)
    heard = Heard(shipment.pk, TrackingUpdate("", (event,)), poll_id=key)
    ingest(heard=[heard], source="poll", now=NOW)
    raw_answers.keep([(key, Answer(CALL, raw=body))], merchant_id=merchant.pk, now=NOW)
    return shipment, key


def test_scan_leads_to_the_body_it_came_from(scope: Merchant) -> None:
    _, key = told(scope, b'{"a": 1}')
    event = Event.objects.get()
    assert event.poll_id == key
    assert RawAnswer.objects.get(pk=event.poll_id).text == b'{"a": 1}'


def test_old_bodies_are_forgotten(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        told(merchant, b"old")
    with every_merchant("test"):
        assert raw_answers.forget(now=NOW + timedelta(days=29)) == 0
        assert raw_answers.forget(now=NOW + timedelta(days=31)) == 1
        assert Event.objects.count() == 1


def test_bodies_go_with_the_person(scope: Merchant) -> None:
    shipment, _ = told(scope, b"Sara")
    told(scope, b"somebody else")
    person = Person(order_ids=frozenset({shipment.order_id}))
    assert raw_answers.export_person(person) == [{"carrier": "sandbox", "at": NOW.isoformat()}]
    assert (raw_answers.erase_person(person), raw_answers.erase_person(person)) == (1, 0)
    assert [one.text for one in RawAnswer.objects.all()] == [b"somebody else"]
