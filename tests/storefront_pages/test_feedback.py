"""After a delivery: one tap that counts at once, then words, kept once a person and parcel."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from helpdesk.models import Case, CaseEntry
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.storefront_pages import scenes
from tracking.feedback import save_feedback_policy
from tracking.links import link_for, page_path
from tracking.models import Feedback, Order, Recipient, Shipment


@pytest.fixture
def came(merchant: Merchant) -> tuple[str, Order]:
    """The page of an order whose parcel has arrived."""
    with merchant_scope(merchant.pk):
        order = scenes.delivered(merchant)
        Shipment.objects.update(delivered_at=datetime.now(UTC) - timedelta(hours=2))
        return scenes.path(merchant, order), order


def said(merchant: Merchant) -> list[tuple[str, str, int, str]]:
    with merchant_scope(merchant.pk):
        rows = Feedback.objects.order_by("pk")
        return list(rows.values_list("about", "role", "mark", "words"))


def page_of(client: Client, path: str, language: str = "en") -> str:
    return client.get(path, {"lang": language}).content.decode()


def tap(client: Client, path: str, about: str, **values: str) -> Any:
    return client.post(f"{path}feedback/", {"about": about, **values})


def test_nothing_is_asked_before_it_came(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scenes.in_transit(merchant))
    assert 'id="feedback"' not in page_of(client, path)
    tap(client, path, "1", mark="1")
    tap(client, path, "shop", mark="1")
    assert said(merchant) == []


def test_carrier_and_shop_are_judged_apart(
    client: Client, merchant: Merchant, came: tuple[str, Order]
) -> None:
    path, _ = came
    response = tap(client, path, "1", mark="2")
    assert (response.status_code, response.headers["Location"]) == (303, f"{path}#feedback")
    tap(client, path, "shop", mark="5")
    assert said(merchant) == [("carrier", "buyer", 2, ""), ("shop", "buyer", 5, "")]
    pressed = re.findall(r'value="(\d)" aria-pressed="true"', page_of(client, path))
    assert pressed == ["2", "5"]


def test_page_names_both(client: Client, came: tuple[str, Order]) -> None:
    page = page_of(client, came[0])
    assert re.findall(r"<h3>(How[^<]*)</h3>", page) == [
        "How was the delivery by Aramex?",
        "How was your order from Noor Home?",
    ]


def test_second_tap_changes_the_first(
    client: Client, merchant: Merchant, came: tuple[str, Order]
) -> None:
    for mark in ("2", "2", "4"):
        tap(client, came[0], "1", mark=mark)
    assert said(merchant) == [("carrier", "buyer", 4, "")]


def test_words_come_after_the_mark_and_are_not_on_the_page(
    client: Client, merchant: Merchant, came: tuple[str, Order]
) -> None:
    path, _ = came
    tap(client, path, "1", words="Too early to say")
    assert said(merchant) == []
    assert 'name="words"' not in page_of(client, path)
    tap(client, path, "1", mark="4")
    assert 'name="words"' in page_of(client, path)
    tap(client, path, "1", words="A very kind courier")
    assert said(merchant) == [("carrier", "buyer", 4, "A very kind courier")]
    page = page_of(client, path)
    assert ("kind courier" in page, "Your words have arrived too." in page) == (False, True)


def test_words_that_are_too_long_come_back(
    client: Client, merchant: Merchant, came: tuple[str, Order]
) -> None:
    path, _ = came
    tap(client, path, "1", mark="4")
    response = tap(client, path, "1", words="x" * 1001)
    page = response.content.decode()
    assert (response.status_code, page.count("Please keep it under 1000 letters.")) == (422, 1)
    assert "x" * 1001 in page
    assert said(merchant) == [("carrier", "buyer", 4, "")]


@pytest.mark.parametrize("mark", ["0", "6", "-1", "five", "", "٣"])
def test_what_is_no_mark_is_none(
    client: Client, merchant: Merchant, came: tuple[str, Order], mark: str
) -> None:
    assert tap(client, came[0], "1", mark=mark).status_code == 303
    assert said(merchant) == []


@pytest.mark.parametrize("about", ["2", "0", "", "carrier"])
def test_parcel_that_is_none_is_not_judged(
    client: Client, merchant: Merchant, came: tuple[str, Order], about: str
) -> None:
    tap(client, came[0], about, mark="5")
    assert said(merchant) == []


def test_after_a_week_it_stands(
    client: Client, merchant: Merchant, came: tuple[str, Order]
) -> None:
    path, _ = came
    tap(client, path, "1", mark="4")
    with merchant_scope(merchant.pk):
        Feedback.objects.update(given_at=datetime.now(UTC) - timedelta(days=7))
        Order.objects.update(updated_at=datetime.now(UTC))
    tap(client, path, "1", mark="1")
    assert said(merchant) == [("carrier", "buyer", 4, "")]
    assert "You said: Good. Thank you." in page_of(client, path)


def test_nobody_is_asked_months_later(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scenes.delivered(merchant))
        Shipment.objects.update(delivered_at=datetime.now(UTC) - timedelta(days=61))
    assert 'id="feedback"' not in page_of(client, path)


def test_who_did_not_receive_it_is_not_asked_how_it_was(
    client: Client, came: tuple[str, Order]
) -> None:
    path, _ = came
    client.post(f"{path}case/", {"kind": "not_received", "parcel": "1"})
    assert 'id="feedback"' not in page_of(client, path)


def test_receiver_judges_the_delivery_alone(
    client: Client, merchant: Merchant, came: tuple[str, Order]
) -> None:
    path, order = came
    with merchant_scope(merchant.pk):
        receiver = Recipient.objects.create(
            merchant=merchant, order=order, role="receiver", name="Omar", email="o@x.example"
        )
        theirs = page_path(link_for(order=order, recipient=receiver), merchant=merchant)
    tap(client, path, "1", mark="5")
    assert 'aria-pressed="true"' not in page_of(client, theirs)
    assert "How was your order from" not in page_of(client, theirs)
    tap(client, theirs, "1", mark="2")
    tap(client, theirs, "shop", mark="1")
    assert said(merchant) == [("carrier", "buyer", 5, ""), ("carrier", "receiver", 2, "")]


def test_low_mark_opens_a_case_only_where_the_shop_wants_it(
    client: Client, merchant: Merchant, came: tuple[str, Order]
) -> None:
    path, _ = came
    tap(client, path, "shop", mark="1")
    with merchant_scope(merchant.pk):
        assert Case.objects.count() == 0
        save_feedback_policy(merchant_id=merchant.pk, opens_cases=True, now=factories.NOW)
    tap(client, path, "1", mark="3")
    tap(client, path, "1", mark="2")
    tap(client, path, "1", mark="1")
    tap(client, path, "1", words="He shouted at my mother")
    with merchant_scope(merchant.pk):
        (case,) = Case.objects.all()
        assert (case.kind, case.by_shopper) == ("concern", True)
        assert case.text == "I give the delivery 2 of 5."
        words = CaseEntry.objects.filter(kind="from_shopper").values_list("text", flat=True)
        assert list(words) == ["He shouted at my mother"]


def test_arabic_page_asks_in_arabic(client: Client, came: tuple[str, Order]) -> None:
    page = page_of(client, came[0], "ar")
    assert ("How was" in page, "كيف كان التوصيل مع أرامكس؟" in page) == (False, True)
