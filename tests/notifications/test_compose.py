"""From changes to messages."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from help_texts.models import Banner
from lib.vocabulary import Milestone
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.compose import compose_due
from notifications.models import Message, Suppression, Template
from notifications.reasons import NO_EMAIL, SUPERSEDED
from notifications.rules import rules_of, topics_on
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear, switch
from tracking.changes import reach_order_milestone
from tracking.models import Link, Order, Outbox, Recipient, Shipment


def told() -> list[tuple[str, str, str]]:
    return list(Message.objects.order_by("id").values_list("topic", "state", "reason"))


def test_one_change_makes_one_message_however_often_it_is_composed(shipment: Shipment) -> None:
    hear(shipment, (2, "picked_up.accepted"))
    taken = [compose_due(now=NOW + timedelta(hours=n)) for n in range(3)]
    assert taken == [1, 0, 0]
    assert told() == [("shipped", "waiting", "")]


def test_turn_taken_again_after_a_crash_makes_no_second_message(shipment: Shipment) -> None:
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    Outbox.objects.filter(consumer="messages").update(done_at=None, due_at=NOW)
    compose_due(now=NOW)
    assert told() == [("shipped", "waiting", "")]


def test_message_is_addressed_and_written(message: Message) -> None:
    link = Link.objects.get()
    assert (message.to, message.language) == ("sara@shopper.example", "en")
    assert message.subject == "Your parcel from Noor Home is out for delivery"
    assert "Out for delivery, expected today" in message.html
    assert f"/p/noor/t/{link.token}/" in message.text
    assert link.recipient_id == message.recipient_id


def test_implied_milestones_are_not_told(shipment: Shipment) -> None:
    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    assert told() == [("out_for_delivery", "waiting", "")]


def test_history_imported_late_is_not_told(scope: Merchant) -> None:
    old = factories.shipment(scope, announce_from=NOW)
    hear(old, (30, "picked_up.accepted"))
    compose_due(now=NOW)
    assert told() == []


def test_recipient_without_an_address_is_skipped_and_says_so(shipment: Shipment) -> None:
    Recipient.objects.update(email="")
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    assert told() == [("shipped", "skipped", NO_EMAIL)]


def test_suppressed_address_is_skipped_and_says_why(shipment: Shipment) -> None:
    Suppression.objects.create(
        merchant_id=shipment.merchant_id,
        channel="email",
        address="sara@shopper.example",
        reason="mail to it bounced",
    )
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    assert told() == [("shipped", "skipped", "The address is suppressed: mail to it bounced.")]


def test_milestone_that_is_off_makes_no_row(shipment: Shipment, scope: Merchant) -> None:
    switch(scope, "shipped", is_on=False)
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    assert told() == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (False, set(Milestone)),
        (True, set(Milestone) - {Milestone.PLACED, Milestone.CONFIRMED}),
        (None, set(Milestone) - {Milestone.PLACED, Milestone.CONFIRMED}),
    ],
)
def test_confirmations_wait_for_the_merchants_answer(
    scope: Merchant, answer: bool | None, expected: set[Milestone]
) -> None:
    scope.sends_own_confirmations = answer
    assert topics_on(rules_of(scope), channel="email") & set(Milestone) == expected


def test_rule_switches_a_confirmation_on(scope: Merchant) -> None:
    scope.sends_own_confirmations = None
    switch(scope, "placed", is_on=True)
    assert Milestone.PLACED in topics_on(rules_of(scope), channel="email")


def test_waiting_milestones_of_one_parcel_collapse_to_the_newest(shipment: Shipment) -> None:
    hear(shipment, (5, "picked_up.accepted"))
    hear(shipment, (3, "transit.departed_facility"))
    hear(shipment, (1, "out.on_vehicle"))
    compose_due(now=NOW)
    assert told() == [
        ("shipped", "skipped", SUPERSEDED),
        ("in_transit", "skipped", SUPERSEDED),
        ("out_for_delivery", "waiting", ""),
    ]


def test_message_that_still_waits_gives_way_to_the_next(shipment: Shipment) -> None:
    hear(shipment, (5, "picked_up.accepted"))
    compose_due(now=NOW)
    hear(shipment, (1, "out.on_vehicle"))
    compose_due(now=NOW)
    assert told() == [("shipped", "skipped", SUPERSEDED), ("out_for_delivery", "waiting", "")]


def test_message_that_was_sent_is_left_alone(shipment: Shipment) -> None:
    hear(shipment, (5, "picked_up.accepted"))
    compose_due(now=NOW)
    Message.objects.update(state="sent")
    hear(shipment, (1, "out.on_vehicle"))
    compose_due(now=NOW)
    assert [state for _, state, _ in told()] == ["sent", "waiting"]


def test_milestone_that_is_off_does_not_silence_the_one_before(
    shipment: Shipment, scope: Merchant
) -> None:
    switch(scope, "in_transit", is_on=False)
    hear(shipment, (5, "picked_up.accepted"))
    hear(shipment, (3, "transit.departed_facility"))
    compose_due(now=NOW)
    assert told() == [("shipped", "waiting", "")]


def test_two_parcels_of_one_order_do_not_silence_each_other(shipment: Shipment) -> None:
    second = factories.shipment(shipment.merchant, order=shipment.order)
    hear(shipment, (5, "picked_up.accepted"))
    hear(second, (3, "picked_up.accepted"))
    compose_due(now=NOW)
    assert [row for row in told() if row[0] == "shipped"] == [("shipped", "waiting", "")] * 2


def test_second_failed_attempt_is_told_again(shipment: Shipment) -> None:
    hear(shipment, (30, "attempt.nobody_home"))
    compose_due(now=NOW)
    Message.objects.update(state="sent")
    hear(shipment, (2, "attempt.nobody_home"))
    compose_due(now=NOW)
    assert [milestone for milestone, _, _ in told()] == ["attempt_failed", "attempt_failed"]


def test_order_milestones_are_told_with_their_own_words(scope: Merchant) -> None:
    order = factories.order(scope, number="1001")
    reach_order_milestone(order=order, milestone=Milestone.CONFIRMED, at=NOW, now=NOW)
    compose_due(now=NOW)
    message = Message.objects.get()
    assert message.subject == "Your order 1001 is confirmed"
    assert "Confirmed. We are preparing it" in message.text
    assert "Brass lamp" in message.text


def test_only_the_buyer_reads_what_was_bought(shipment: Shipment) -> None:
    values = {"merchant_id": shipment.merchant_id, "order_id": shipment.order_id}
    Recipient.objects.create(**values, role="receiver", email="omar@shopper.example")
    Recipient.objects.create(**values, role="front_desk", email="desk@tower.example")
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    rows = Message.objects.order_by("recipient_id")
    assert [(row.to, "Brass lamp" in row.html) for row in rows] == [
        ("sara@shopper.example", True),
        ("omar@shopper.example", False),
    ]
    told = set(Message.objects.values_list("recipient_id", flat=True))
    links = Link.objects.filter(recipient_id__in=told)
    assert links.values("token").distinct().count() == 2


def test_one_address_is_written_to_once(shipment: Shipment) -> None:
    Recipient.objects.create(
        merchant_id=shipment.merchant_id,
        order_id=shipment.order_id,
        role="receiver",
        email="Sara@shopper.example",
    )
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("recipient", "order", "shop", "expected"),
    [
        ("ar", "en", "en", "ar"),
        ("", "ar-SA", "en", "ar"),
        ("", "", "ar", "ar"),
        ("sv", "", "ar", "ar"),
        ("", "", "", "en"),
    ],
)
def test_language_is_the_first_of_recipients_orders_merchants(
    scope: Merchant, recipient: str, order: str, shop: str, expected: str
) -> None:
    Merchant.objects.filter(pk=scope.pk).update(default_language=shop)
    parcel = factories.shipment(scope, language=order)
    Recipient.objects.update(language=recipient)
    hear(parcel, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    assert Message.objects.get().language == expected


def test_arabic_message_is_arabic_from_right_to_left(scope: Merchant) -> None:
    parcel = factories.shipment(scope, carrier="aramex", language="ar")
    hear(parcel, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    message = Message.objects.get()
    assert message.subject == "شحنتك من Noor Home في عهدة شركة الشحن"
    assert '<html lang="ar" dir="rtl"' in message.html
    assert "سلّمنا شحنتك إلى أرامكس" in message.text


def test_merchants_own_words_replace_ours(shipment: Shipment, scope: Merchant) -> None:
    Template.objects.create(
        merchant=scope,
        topic="shipped",
        language="en",
        subject="{{ shop.name }}: {{ order.number }} is off",
        body="Dear {{ customer.name }}, <b>{{ parcel.carrier }}</b> has it. {unknown}",
    )
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    message = Message.objects.get()
    assert message.subject == f"Noor Home: {shipment.order.number} is off"
    assert "Dear Sara Al Mansoori, &lt;b&gt;Aramex&lt;/b&gt; has it. {unknown}" in message.html


def test_broken_order_does_not_stop_the_others(
    scope: Merchant, shipment: Shipment, caplog: pytest.LogCaptureFixture
) -> None:
    broken = factories.shipment(scope, order=factories.order(scope, number="1002"))
    hear(broken, (2, "picked_up.accepted"))
    hear(shipment, (2, "picked_up.accepted"))
    Order.objects.filter(pk=broken.order_id).update(country="")
    Shipment.objects.filter(pk=broken.pk).update(edd_zone="No/Where")
    compose_due(now=NOW)
    turn = Outbox.objects.get(consumer="messages", change__shipment=broken, done_at__isnull=True)
    assert [row.shipment_id for row in Message.objects.all()] == [shipment.pk]
    assert (turn.failures, turn.due_at) == (1, NOW + timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_message_once() -> None:
    merchant = factories.merchant()
    with merchant_scope(merchant.pk):
        for number in range(12):
            parcel = factories.shipment(merchant, number=f"{number}")
            hear(parcel, (2, "picked_up.accepted"))
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        while compose_due(now=NOW, limit=2):
            pass
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with every_merchant("the test counts all"):
        assert Message.objects.filter(state="waiting").count() == 12
        assert Outbox.objects.filter(consumer="messages", done_at__isnull=True).count() == 0


def test_present_is_not_announced_to_whom_it_is_for(shipment: Shipment) -> None:
    order = shipment.order
    order.is_gift = True
    order.save(update_fields=["is_gift"])
    Recipient.objects.create(
        merchant_id=order.merchant_id, order=order, role="receiver", email="omar@shopper.example"
    )
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    told = Message.objects.exclude(state="skipped")
    assert set(told.values_list("to", flat=True)) == {"sara@shopper.example"}


def test_banner_stands_in_the_confirmation_and_in_nothing_else(scope: Merchant) -> None:
    Banner.objects.create(
        merchant=scope, texts={"en": "Couriers rest <over> Eid."}, places=["messages"],
        first=NOW.date(), last=NOW.date(),
    )  # fmt: skip
    order = factories.order(scope, number="1001")
    reach_order_milestone(order=order, milestone=Milestone.CONFIRMED, at=NOW, now=NOW)
    compose_due(now=NOW)
    Message.objects.update(state="sent")
    hear(factories.shipment(scope, order=order), (2, "out.on_vehicle"))
    compose_due(now=NOW)
    said = {
        row.topic: (
            row.text.count("Couriers rest <over> Eid."),
            row.html.count("Couriers rest &lt;over&gt; Eid."),
        )
        for row in Message.objects.all()
    }
    assert said == {"confirmed": (1, 1), "out_for_delivery": (0, 0)}


def test_banner_that_is_over_or_stands_elsewhere_is_in_no_message(scope: Merchant) -> None:
    day, own = NOW.date(), {"merchant": scope, "texts": {"en": "Couriers rest over Eid."}}
    yesterday = day - timedelta(days=1)
    Banner.objects.create(**own, places=["messages"], first=yesterday, last=yesterday)
    Banner.objects.create(**own, places=["page"], first=day, last=day)
    order = factories.order(scope, number="1001")
    reach_order_milestone(order=order, milestone=Milestone.CONFIRMED, at=NOW, now=NOW)
    compose_due(now=NOW)
    assert "Eid" not in Message.objects.get().text
