"""The message that asks for what an address lacks: once, in time, and never when it is late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.last_look import why_not_each
from notifications.models import Message, Template
from notifications.reasons import NOT_NEEDED
from notifications.rendering import Own
from notifications.telling import Subject, look_of, tell
from notifications.writing import SHAPES
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import switch
from tracking.address_check import check_addresses, checks_of
from tracking.links import link_for
from tracking.models import Change, Order, Recipient, Shipment


def order_of(merchant: Merchant, **fields: str) -> Order:
    """An order to Riyadh without a National Address, just checked."""
    values = {
        "country": "SA", "line1": "Imam Saud Road", "city": "Riyadh", "language": "en",
        "customer_phone": "0551234567",
    }  # fmt: skip
    made = factories.order(merchant, **(values | fields))
    check_addresses([made], checks_of([made]), now=NOW)
    return made


def told() -> list[tuple[str, str, str]]:
    return list(Message.objects.order_by("id").values_list("topic", "state", "reason"))


def test_shopper_is_asked_once_with_a_link_to_the_form(scope: Merchant) -> None:
    order = order_of(scope)
    for hours in range(3):
        check_addresses([order], checks_of([order]), now=NOW + timedelta(hours=hours))
        compose_due(now=NOW + timedelta(hours=hours))
    message = Message.objects.get()
    assert (message.topic, message.state) == ("address_question", "waiting")
    assert message.subject == f"Your order {order.number}: the address is not complete"
    assert "To deliver your order, the courier needs: National Address" in message.html
    assert 'href="http' in message.html
    assert f'{message.link}#place"' in message.html
    assert "Since January 2026 couriers in Saudi Arabia may not take a parcel" in message.html
    assert "Complete the address" in message.html
    assert "/#place\n" in message.text
    assert f"{message.link}preferences/" in message.html


def test_arabic_message_says_the_same(scope: Merchant) -> None:
    order_of(scope, language="ar")
    Recipient.objects.update(language="ar")
    compose_due(now=NOW)
    message = Message.objects.get()
    assert message.subject.startswith("طلبك ")
    assert "لتوصيل طلبك يحتاج مندوب التوصيل إلى: العنوان الوطني" in message.html


@pytest.mark.parametrize(
    "columns", [{"national_address": "RRMA8228"}, {"cancelled_at": NOW}, {"status": "in_transit"}]
)
def test_what_is_not_needed_any_more_is_not_asked(
    scope: Merchant, columns: dict[str, object]
) -> None:
    order = order_of(scope)
    Order.objects.filter(pk=order.pk).update(**columns)
    order.refresh_from_db()
    check_addresses([order], checks_of([order]), now=NOW)
    compose_due(now=NOW)
    assert told() == [("address_question", "skipped", NOT_NEEDED)]


def test_message_that_waits_is_stopped_when_the_parcel_moves(scope: Merchant) -> None:
    order = order_of(scope)
    compose_due(now=NOW)
    [before] = why_not_each(Message.objects.all()).values()
    factories.shipment(scope, order=order)
    Shipment.objects.update(status="picked_up")
    [after] = why_not_each(Message.objects.all()).values()
    assert (before, after) == ("", NOT_NEEDED)


def test_rule_switches_it_off(scope: Merchant) -> None:
    switch(scope, "address_question", is_on=False)
    order_of(scope)
    compose_due(now=NOW)
    assert told() == []


def test_only_the_buyer_is_asked(scope: Merchant) -> None:
    order = order_of(scope)
    Recipient.objects.create(
        merchant=scope, order=order, role=Recipient.Role.RECEIVER, email="omar@shopper.example"
    )
    compose_due(now=NOW)
    assert list(Message.objects.values_list("to", flat=True)) == ["sara@shopper.example"]


def test_own_words_of_the_merchant_are_used(scope: Merchant) -> None:
    Template.objects.create(
        merchant=scope, topic="address_question", channel="email", language="en",
        subject="One question about {{ order.number }}", body="Where do you live?",
    )  # fmt: skip
    order = order_of(scope)
    compose_due(now=NOW)
    message = Message.objects.get()
    assert message.subject == f"One question about {order.number}"
    assert "Where do you live?" in message.text


def test_text_has_no_link_and_says_where_to_answer(scope: Merchant) -> None:
    order = order_of(scope)
    recipient = Recipient.objects.get(order=order)
    subject = Subject(
        order=order,
        link=link_for(order=order, recipient=recipient),
        data=Change.objects.get(key="address:asked").data,
    )
    telling = tell(
        merchant=scope, look=look_of(scope, None), own=Own(), topic="address_question",
        subject=subject, recipient=recipient, language="en", now=NOW,
    )  # fmt: skip
    assert SHAPES["text"](telling).text == (
        f"Noor Home, order {order.number}: To deliver your order, the courier needs: "
        "National Address. Please add it on your order's page. It takes a minute."
    )
    assert SHAPES["chat"](telling).text.endswith(f"Complete the address:\n{telling.link}#place")
