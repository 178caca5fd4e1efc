"""Teams hear by mail what a person must pass on: gathered, each answer once, nothing personal."""

from __future__ import annotations

from django.core import mail

from dashboard.answers.waiting_mail import tell_of_answers
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.answers import Wish, settle, take_absence, take_denial, take_wish
from tracking.models import DeliveryAnswer, Order, Shipment


def waiting(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        scenes.attempt_failed(merchant)
        scenes.out(merchant)
        failed, out = Shipment.objects.order_by("pk")
        take_wish(shipment=failed, wish=Wish(landmark="The mosque", phone="0501234567"), now=NOW)
        take_denial(shipment=failed, called=False, now=NOW)
        take_absence(shipment=out, wish=Wish(neighbour="Omar in flat 4"), now=NOW)


def test_team_is_told_once_of_all_that_waits(merchant: Merchant) -> None:
    waiting(merchant)
    factories.user(merchant, role=Role.AGENT, email="agent@noor.example")
    factories.user(merchant, role=Role.VIEWER, email="viewer@noor.example")
    assert (tell_of_answers(now=NOW), tell_of_answers(now=NOW)) == (1, 0)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (
        ["agent@noor.example"],
        "Customers of Noor Home wait to be passed on",
    )
    with merchant_scope(merchant.pk):
        numbers = list(Order.objects.order_by("pk").values_list("number", flat=True))
    lines = [line for line in str(sent.body).splitlines() if line.startswith("Order ")]
    assert lines == [
        f"Order {numbers[0]}: Pass on to Aramex: a landmark and a phone number.",
        f"Order {numbers[0]}: The customer says nobody came at attempt 1. Ask Aramex"
        " · Nobody called.",
        f"Order {numbers[1]}: The customer will not be there. Pass on to Aramex: a neighbour.",
    ]
    assert "/desk/noor/" in sent.body
    assert [word for word in ("mosque", "0501234567", "Omar") if word in sent.body] == []


def test_what_was_settled_before_is_not_told(merchant: Merchant) -> None:
    waiting(merchant)
    agent = factories.user(merchant, role=Role.AGENT, email="agent@noor.example")
    with merchant_scope(merchant.pk):
        for answer in DeliveryAnswer.objects.all():
            settle(answer=answer, agreed=True, words="", by=agent, now=NOW)
    assert (tell_of_answers(now=NOW), mail.outbox) == (0, [])


def test_shop_without_a_team_is_tried_again(merchant: Merchant) -> None:
    waiting(merchant)
    assert tell_of_answers(now=NOW) == 0
    factories.user(merchant, role=Role.OWNER)
    assert tell_of_answers(now=NOW) == 1
