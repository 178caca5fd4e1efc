"""Who really saw a page: looks become visits, and programs' fetches stay what they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from lib.personal_data import Person
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications import looks, seen
from notifications.compose import compose_due
from notifications.looks import Look
from notifications.models import Message, PageView
from notifications.ripening import ripen_due
from notifications.seen import STILL_THERE, Visits, seen_since, visits_of
from notifications.tasks import forget_looks, write_looks
from tests import factories
from tests.notifications.conftest import hear
from tracking.models import Order, Recipient, Shipment

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)


@pytest.fixture(autouse=True)
def nobody_looked() -> Iterator[None]:
    looks.forget()
    yield
    looks.forget()


@pytest.fixture
def order(merchant: Merchant) -> Order:
    with merchant_scope(merchant.pk):
        made = factories.order(merchant)
        Recipient.objects.create(merchant=merchant, order=made, role="receiver", name="Omar")
        return made


def person(order: Order, role: str = "buyer") -> Recipient:
    with merchant_scope(order.merchant_id):
        return Recipient.objects.get(order_id=order.pk, role=role)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def look(
    order: Order, minutes: float, *, proof: str = "beacon", of: Recipient | None, device: str = ""
) -> None:
    looks.note(
        Look(
            order.merchant_id, order.pk, of.pk if of else None, at(minutes).timestamp(), proof,
            device,
        )
    )  # fmt: skip


def write() -> int:
    assert looks.hand_over()
    return write_looks()


def rows(order: Order) -> list[tuple[object, ...]]:
    with merchant_scope(order.merchant_id):
        found = PageView.objects.order_by("opened_at", "pk")
        return list(found.values_list("opened_at", "seen_at", "proof", "device"))


def test_fetch_alone_is_not_seen(order: Order) -> None:
    buyer = person(order)
    look(order, 0, proof="", of=buyer)
    assert write() == 1
    assert rows(order) == [(at(0), None, "", "")]
    with merchant_scope(order.merchant_id):
        assert seen_since(recipients=[buyer.pk], orders=[order.pk]) == {}


def test_looks_close_together_are_one_visit_however_they_are_written(order: Order) -> None:
    buyer = person(order)
    look(order, 0, proof="", of=buyer, device="phone")
    look(order, 1, of=buyer, device="phone")
    write()
    look(order, 20, of=buyer)
    look(order, 90, proof="deed", of=buyer, device="computer")
    write()
    assert rows(order) == [
        (at(0), at(20), "beacon", "phone"), (at(90), at(90), "deed", "computer"),
    ]  # fmt: skip


def test_looks_that_come_out_of_order_move_nothing_back(order: Order) -> None:
    buyer = person(order)
    look(order, 10, of=buyer)
    write()
    look(order, 4, of=buyer)
    write()
    assert rows(order) == [(at(4), at(10), "beacon", "")]


def test_fetch_after_a_look_takes_no_proof_away(order: Order) -> None:
    buyer = person(order)
    look(order, 0, of=buyer)
    write()
    look(order, 5, proof="", of=buyer)
    write()
    assert rows(order) == [(at(0), at(0), "beacon", "")]


def test_each_person_counts_alone(order: Order) -> None:
    buyer, receiver = person(order), person(order, "receiver")
    look(order, 0, of=buyer)
    look(order, 60, of=buyer)
    look(order, 70, of=None)
    write()
    with merchant_scope(order.merchant_id):
        found = seen_since(recipients=[buyer.pk, receiver.pk], orders=[order.pk])
        visits = visits_of(order.pk)
    assert found == {(order.pk, buyer.pk): at(60)}
    assert visits == [Visits("", 1, at(70), 0), Visits("buyer", 2, at(60), 0)]


def test_many_are_asked_about_in_one_query(order: Order, django_assert_num_queries: object) -> None:
    buyer = person(order)
    look(order, 0, of=buyer)
    write()
    with merchant_scope(order.merchant_id), django_assert_num_queries(1):  # type: ignore[operator]
        seen_since(recipients=range(buyer.pk, buyer.pk + 500), orders=range(order.pk + 500))


def test_same_looks_twice_change_nothing(order: Order) -> None:
    buyer = person(order)
    look(order, 0, of=buyer)
    look(order, 90, of=buyer)
    looks.hand_over()
    with every_merchant("a worker that died before it cleared what it had taken"):
        seen.write_down(now=timezone.now())
    assert write_looks() == 2
    assert write_looks() == 0
    assert [row[1] for row in rows(order)] == [at(0), at(90)]


def test_what_is_gone_meanwhile_holds_up_nobody(order: Order) -> None:
    buyer, receiver = person(order), person(order, "receiver")
    look(order, 0, of=receiver)
    look(order, 1, of=buyer)
    looks.note(Look(order.merchant_id, order.pk + 1_000, None, at(0).timestamp(), "", ""))
    with merchant_scope(order.merchant_id):
        receiver.delete()
    assert write() == 3
    assert rows(order) == [(at(1), at(1), "beacon", "")]


def test_another_merchants_order_is_not_written_to(order: Order, other: Merchant) -> None:
    looks.note(Look(other.pk, order.pk, None, at(0).timestamp(), "beacon", ""))
    write()
    assert rows(order) == []


def test_old_visits_are_forgotten(order: Order) -> None:
    buyer = person(order)
    look(order, 0, of=buyer)
    write()
    with merchant_scope(order.merchant_id):
        PageView.objects.create(
            merchant_id=order.merchant_id, order=order, opened_at=START - timedelta(days=91)
        )
    assert forget_looks() == 1
    assert len(rows(order)) == 1


def test_person_takes_their_visits_along(order: Order) -> None:
    look(order, 0, of=person(order), device="phone")
    write()
    asked = Person(order_ids=frozenset({order.pk}))
    with merchant_scope(order.merchant_id):
        exported = seen.export_person(asked)
        erased = (seen.erase_person(asked), seen.erase_person(asked))
    assert exported == [
        {"opened_at": at(0).isoformat(), "seen_at": at(0).isoformat(), "device": "phone"}
    ]
    assert erased == (1, 0)


def told(merchant: Merchant) -> list[tuple[str, str]]:
    with merchant_scope(merchant.pk):
        rows = Message.objects.filter(
            channel="email", topic="out_for_delivery", recipient__role="buyer"
        )
        return list(rows.values_list("state", "reason_code"))


def saw(parcel: Shipment, when: datetime, *, role: str = "buyer") -> None:
    PageView.objects.create(
        merchant_id=parcel.merchant_id,
        order_id=parcel.order_id,
        recipient=Recipient.objects.get(order_id=parcel.order_id, role=role),
        opened_at=when,
        seen_at=when,
        proof="beacon",
    )


@pytest.fixture
def parcel(merchant: Merchant) -> Shipment:
    with merchant_scope(merchant.pk):
        made = factories.shipment(merchant, now=timezone.now())
        hear(made, (0.1, "out.on_vehicle"), now=timezone.now())
        return made


def test_whoever_saw_the_page_after_it_happened_is_not_written_to(
    merchant: Merchant, parcel: Shipment
) -> None:
    now = timezone.now()
    with merchant_scope(merchant.pk):
        saw(parcel, now + timedelta(seconds=1))
    compose_due(now=now + timedelta(seconds=2))
    assert told(merchant) == [("skipped", "seen")]


def test_whoever_has_the_page_open_is_written_to_only_if_they_leave(
    merchant: Merchant, parcel: Shipment
) -> None:
    now = timezone.now()
    with merchant_scope(merchant.pk):
        saw(parcel, now - timedelta(seconds=15))
    compose_due(now=now)
    assert told(merchant) == [("planned", "")]
    ripen_due(now=now + STILL_THERE + timedelta(seconds=1))
    assert told(merchant) == [("waiting", "")]


def test_whoever_stays_on_the_page_until_the_news_is_there_is_not(
    merchant: Merchant, parcel: Shipment
) -> None:
    now = timezone.now()
    with merchant_scope(merchant.pk):
        saw(parcel, now - timedelta(seconds=15))
    compose_due(now=now)
    with merchant_scope(merchant.pk):
        PageView.objects.update(seen_at=now + timedelta(seconds=5))
    ripen_due(now=now + STILL_THERE + timedelta(seconds=1))
    assert told(merchant) == [("skipped", "seen")]


def test_earlier_visit_and_another_persons_spare_nobody(
    merchant: Merchant, parcel: Shipment
) -> None:
    now = timezone.now()
    with merchant_scope(merchant.pk):
        Recipient.objects.create(merchant=merchant, order_id=parcel.order_id, role="front_desk")
        saw(parcel, now - timedelta(hours=1))
        saw(parcel, now + timedelta(seconds=1), role="front_desk")
    compose_due(now=now + timedelta(seconds=2))
    assert told(merchant) == [("waiting", "")]
