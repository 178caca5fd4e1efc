"""Somebody whom the buyer named is told who asked: in the first message, and in every mail."""

from __future__ import annotations

import pytest

from notifications.compose import compose_due
from notifications.models import Message
from stores.named_people import share
from tests.factories import NOW
from tests.notifications.conftest import hear
from tracking.models import Shipment

OMAR = "omar@receiver.example"
ASKED = "You receive this message because Sara Al Mansoori asked Noor Home to tell you."


@pytest.fixture
def shared(shipment: Shipment) -> Shipment:
    share(
        order=shipment.order, name="Omar", email=OMAR, phone="", language="en", is_surprise=False,
        now=NOW,
    )  # fmt: skip
    return shipment


def test_mail_to_the_receiver_says_who_asked(shared: Shipment) -> None:
    hear(shared, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    theirs = Message.objects.get(to=OMAR)
    assert (ASKED in " ".join(theirs.text.split()), ASKED in theirs.html) == (True, True)
    assert "/preferences/" in theirs.text
    others = Message.objects.exclude(to=OMAR).exclude(text="")
    assert [row.pk for row in others if "asked Noor Home" in row.text] == []


def test_surprise_is_told_on_the_day_alone(shipment: Shipment) -> None:
    share(
        order=shipment.order, name="Omar", email=OMAR, phone="", language="en", is_surprise=True,
        now=NOW,
    )  # fmt: skip
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    hear(shipment, (1, "out.on_vehicle"))
    compose_due(now=NOW)
    rows = Message.objects.filter(to=OMAR).order_by("pk")
    assert list(rows.values_list("topic", "reason_code")) == [
        ("shipped", "gift"),
        ("out_for_delivery", ""),
    ]
