""" "I will not be there", before the courier comes: said, passed on, and shown with its outcome."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from carriers import registry
from carriers.answers import AnswerOptions
from carriers.models import CarrierAccount
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.storefront_pages import scenes
from tracking.answers import settle, waiting_by_hand
from tracking.models import DeliveryAnswer, Order, Shipment


@pytest.fixture
def coming(merchant: Merchant) -> str:
    """The page of a parcel that is out for delivery, paid already."""
    with merchant_scope(merchant.pk):
        order = scenes.out(merchant)
        Order.objects.update(cod_amount=None)
        return scenes.path(merchant, order)


def page_of(client: Client, path: str) -> str:
    return client.get(path, {"lang": "en"}).content.decode()


def say(client: Client, path: str, **values: str) -> Any:
    return client.post(f"{path}answer/", {"parcel": "1", "do": "away", **values})


def answers(merchant: Merchant) -> list[DeliveryAnswer]:
    with merchant_scope(merchant.pk):
        return list(DeliveryAnswer.objects.order_by("pk"))


def test_it_can_be_said_while_the_courier_is_out(client: Client, coming: str) -> None:
    assert "I will not be there" in page_of(client, coming)


@pytest.mark.parametrize(
    ("days", "asked"), [(0, True), (3, True), (4, False), (-1, False)]
)  # fmt: skip
def test_it_is_asked_in_the_days_before(
    client: Client, merchant: Merchant, days: int, asked: bool
) -> None:
    with merchant_scope(merchant.pk):
        order = scenes.in_transit(merchant)
        day = datetime.now(scenes.DUBAI).date() + timedelta(days=days)
        Shipment.objects.update(edd_first=day, edd_last=day)
        path = scenes.path(merchant, order)
    assert ("I will not be there" in page_of(client, path)) is asked


@pytest.mark.parametrize("scene", [scenes.delivered, scenes.returning, scenes.attempt_failed])
def test_it_cannot_be_said_where_nobody_comes(
    client: Client, merchant: Merchant, scene: Callable[[Merchant], Order]
) -> None:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scene(merchant))
    assert "I will not be there" not in page_of(client, path)
    say(client, path, safe_place="With the guard")
    assert answers(merchant) == []


def test_another_day_goes_to_the_shop_and_is_shown(
    client: Client, merchant: Merchant, coming: str
) -> None:
    day = re.findall(r'name="day" value="([^"]+)"', page_of(client, coming))[1]
    response = say(client, coming, day=day, part="evening")
    assert (response.status_code, response.headers["Location"]) == (303, f"{coming}#away")
    (answer,) = answers(merchant)
    assert (answer.kind, str(answer.day), answer.by_hand) == ("away", day, True)
    page = page_of(client, coming)
    assert ("Noor Home has your wish: " in page, 'value="away"' in page) == (True, False)
    with merchant_scope(merchant.pk):
        assert list(waiting_by_hand()) == [answer]


def test_words_are_not_on_the_page(client: Client, merchant: Merchant, coming: str) -> None:
    say(client, coming, safe_place="Behind gate 9", neighbour="Omar, flat 4")
    page = page_of(client, coming)
    assert "a safe place and a neighbour" in page
    assert ("gate 9" in page, "Omar" in page) == (False, False)
    (answer,) = answers(merchant)
    assert (answer.safe_place, answer.neighbour) == ("Behind gate 9", "Omar, flat 4")


def test_refusal_is_said_and_something_else_may_be_asked(
    client: Client, merchant: Merchant, coming: str
) -> None:
    say(client, coming, safe_place="With the guard")
    with merchant_scope(merchant.pk):
        settle(
            answer=DeliveryAnswer.objects.get(), agreed=False, words="Only to the addressee",
            by=factories.user(merchant), now=datetime.now(UTC),
        )  # fmt: skip
    page = page_of(client, coming)
    assert "Aramex could not agree to this: a safe place." in page
    assert "Aramex says: “\u2068Only to the addressee\u2069”." in page
    say(client, coming, neighbour="Omar, flat 4")
    assert [one.state for one in answers(merchant)] == ["refused", "received"]


def test_nothing_asked_for_is_said_beside_the_form(
    client: Client, merchant: Merchant, coming: str
) -> None:
    response = say(client, coming, part="evening", words="Ring the bell")
    page = response.content.decode()
    said = "Choose another day, or say where or with whom it may be left."
    assert (response.status_code, page.count(said), answers(merchant)) == (422, 1, [])
    assert '<details class="faq" open>' in page


def test_who_pays_at_the_door_is_offered_no_safe_place(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scenes.out(merchant))
    page = page_of(client, path)
    assert ('name="neighbour"' in page, 'name="safe_place"' in page) == (True, False)


def test_carrier_that_takes_it_by_api_is_told_by_api(
    client: Client, merchant: Merchant, coming: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = AnswerOptions(frozenset({"date", "words"}), before_attempt=True)
    monkeypatch.setattr(type(registry.CARRIERS["aramex"]), "answers", options)
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(merchant=merchant, carrier="aramex", secrets=seal({}))
    assert "Send to the carrier" in page_of(client, coming)
    say(client, coming, safe_place="With the guard")
    (answer,) = answers(merchant)
    assert (answer.by_hand, answer.due_at is not None) == (False, True)
