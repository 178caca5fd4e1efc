""" "Time to order again?" comes when the shop's list of products says, and only to who agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.consent import choose
from notifications.models import Message
from notifications.ripening import ripen_due
from selling.catalogue import Listed, put
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear, switch
from tracking.models import Recipient, Shipment


@pytest.fixture
def parcel(scope: Merchant) -> Shipment:
    """Of somebody who agreed to offers, from a shop that makes them."""
    made = factories.shipment(scope, carrier="aramex")
    switch(scope, "replenishment", is_on=True)
    agree(made, True)
    return made


def agree(parcel: Shipment, wants: bool) -> None:
    choose(
        recipient=Recipient.objects.get(order=parcel.order), channels=["email"], language="en",
        is_muted=False, now=NOW, wants_marketing=wants,
    )  # fmt: skip


def lasts(merchant: Merchant, title: str, days: int) -> None:
    put(merchant=merchant, listed=[Listed(title, lasts_days=days)], now=NOW)


def offer(parcel: Shipment) -> Message:
    hear(parcel, (0.0, "delivered.generic"), now=NOW)
    compose_due(now=NOW)
    return Message.objects.get(topic="replenishment", channel="email")


def test_it_waits_until_the_first_of_the_goods_runs_out(scope: Merchant, parcel: Shipment) -> None:
    lasts(scope, "Brass lamp", 60)
    found = offer(parcel)
    assert (found.state, found.due_at) == ("planned", NOW + timedelta(days=48))


def test_shop_that_says_nothing_has_the_rules_own_delay(scope: Merchant, parcel: Shipment) -> None:
    assert offer(parcel).due_at == NOW + timedelta(days=30)


def test_order_in_which_nothing_runs_out_is_left_alone(scope: Merchant, parcel: Shipment) -> None:
    lasts(scope, "Oud candle", 60)
    found = offer(parcel)
    assert (found.state, found.reason_code) == ("skipped", "not_needed")


def test_nobody_is_asked_without_a_yes_to_offers(scope: Merchant, parcel: Shipment) -> None:
    agree(parcel, False)
    lasts(scope, "Brass lamp", 60)
    assert offer(parcel).reason_code == "no_consent"


def test_it_is_written_on_its_day(scope: Merchant, parcel: Shipment) -> None:
    lasts(scope, "Brass lamp", 60)
    found = offer(parcel)
    due = NOW + timedelta(days=48)
    assert ripen_due(now=due) == 1
    found.refresh_from_db()
    assert (found.state, found.reason) == ("waiting", "")


def test_what_came_back_is_not_asked_about(scope: Merchant, parcel: Shipment) -> None:
    lasts(scope, "Brass lamp", 60)
    found = offer(parcel)
    Shipment.objects.filter(pk=parcel.pk).update(status="returned")
    ripen_due(now=NOW + timedelta(days=48))
    found.refresh_from_db()
    assert (found.state, found.reason_code) == ("skipped", "not_true")
