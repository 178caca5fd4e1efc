"""Somebody else receives it: named by the buyer alone, told who asked, and nothing of the goods."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.gifts import against_gift
from storefront_pages import share as share_view
from tests.storefront_pages import scenes
from tracking.links import link_for, page_path
from tracking.models import Link, Order, OrderItem, Recipient

OMAR = {"name": "Omar Al Farsi", "email": "omar@receiver.example", "language": "ar"}


@pytest.fixture
def bought(merchant: Merchant) -> tuple[str, Order]:
    """The buyer's own page of a parcel on its way."""
    with merchant_scope(merchant.pk):
        order = scenes.in_transit(merchant)
        buyer = order.recipients.get()
        return page_path(link_for(order=order, recipient=buyer), merchant=merchant), order


def name(client: Client, path: str, **values: str) -> Any:
    return client.post(f"{path}share/", OMAR | values)


def receivers(merchant: Merchant) -> list[tuple[str, str, str, bool]]:
    with merchant_scope(merchant.pk):
        rows = Recipient.objects.filter(role="receiver").order_by("pk")
        return list(rows.values_list("name", "email", "language", "is_surprise"))


def page_of(client: Client, path: str) -> str:
    return client.get(path, {"lang": "en"}).content.decode()


def test_receiver_is_named_with_a_language(
    client: Client, merchant: Merchant, bought: tuple[str, Order]
) -> None:
    path, _ = bought
    assert "Somebody else receives it" in page_of(client, path)
    response = name(client, path)
    assert (response.status_code, response.headers["Location"]) == (303, f"{path}#share")
    assert receivers(merchant) == [("Omar Al Farsi", "omar@receiver.example", "ar", False)]
    page = page_of(client, path)
    assert "Noor Home tells the receiver too" in page
    assert ("omar@receiver" in page, "Omar" in page) == (False, False)


def test_receivers_page_has_no_goods_and_names_nobody_else(
    client: Client, merchant: Merchant, bought: tuple[str, Order]
) -> None:
    path, order = bought
    with merchant_scope(merchant.pk):
        title = OrderItem.objects.get(order=order).title
    assert title in page_of(client, path)
    name(client, path)
    with merchant_scope(merchant.pk):
        omar = Recipient.objects.get(role="receiver")
        theirs = page_path(link_for(order=order, recipient=omar), merchant=merchant)
    page = page_of(client, theirs)
    assert (title in page, "Somebody else receives it" in page) == (False, False)
    assert ("for Omar" in page, "for Omar" in page_of(client, path)) == (True, False)
    assert name(client, theirs, name="Layla").status_code == 303
    assert [one[0] for one in receivers(merchant)] == ["Omar Al Farsi"]


def test_only_the_buyers_link_may(
    client: Client, merchant: Merchant, bought: tuple[str, Order]
) -> None:
    with merchant_scope(merchant.pk):
        found_by_number = scenes.path(merchant, bought[1])
    assert "Somebody else receives it" not in page_of(client, found_by_number)
    name(client, found_by_number)
    assert receivers(merchant) == []


def test_second_receiver_does_not_replace_the_first(
    client: Client, merchant: Merchant, bought: tuple[str, Order]
) -> None:
    for who in ("Omar Al Farsi", "Layla"):
        name(client, bought[0], name=who)
    assert [one[0] for one in receivers(merchant)] == ["Omar Al Farsi"]


def test_receiver_of_the_shop_stays(
    client: Client, merchant: Merchant, bought: tuple[str, Order]
) -> None:
    path, order = bought
    with merchant_scope(merchant.pk):
        Recipient.objects.create(
            merchant=merchant, order=order, role="receiver", name="Desk", phone="+971501112233"
        )
        Order.objects.update(updated_at=timezone.now())
    page = page_of(client, path)
    assert ("Somebody else receives it" in page, "Tell them nothing" in page) == (False, False)
    name(client, path)
    client.post(f"{path}share/", {"do": "take_back"})
    assert [one[0] for one in receivers(merchant)] == ["Desk"]


def test_taken_back_closes_their_page(
    client: Client, merchant: Merchant, bought: tuple[str, Order]
) -> None:
    path, order = bought
    name(client, path, surprise="on")
    with merchant_scope(merchant.pk):
        omar = Recipient.objects.get(role="receiver")
        theirs = page_path(link_for(order=order, recipient=omar), merchant=merchant)
    assert client.get(theirs).status_code == 200
    client.post(f"{path}share/", {"do": "take_back"})
    assert (client.get(theirs).status_code, receivers(merchant)) == (404, [("", "", "ar", False)])
    assert "Somebody else receives it" in page_of(client, path)
    assert Link.objects.filter(revoked_at__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"name": ""}, "Please write the name alone, in letters."),
        ({"name": "Win at www.prize.example"}, "Please write the name alone, in letters."),
        ({"name": "prize.example"}, "Please write the name alone, in letters."),
        ({"name": "Call 0501234567"}, "Please write the name alone, in letters."),
        ({"name": "x" * 61}, "Please write the name alone, in letters."),
        ({"email": "omar"}, "Enter an e-mail address, such as omar@example.com."),
        ({"email": ""}, "A phone number or an e-mail address is needed."),
        (
            {"phone": "call me"},
            "Enter a phone number with 6 to 15 digits, such as 050 123 4567.",
        ),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    client: Client, merchant: Merchant, bought: tuple[str, Order], values: dict[str, str],
    error: str,
) -> None:  # fmt: skip
    response = name(client, bought[0], **values)
    assert (response.status_code, response.content.decode().count(error)) == (422, 1)
    assert receivers(merchant) == []


@pytest.mark.parametrize("who", ["عبد الله الشمري", "Zoë O’Hara-Smith", "李小龍", "अनिता", "J. R."])
def test_names_of_all_scripts_are_names(
    client: Client, merchant: Merchant, bought: tuple[str, Order], who: str
) -> None:
    name(client, bought[0], name=who)
    assert [one[0] for one in receivers(merchant)] == [who]


def test_naming_is_limited(
    client: Client, merchant: Merchant, bought: tuple[str, Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_view, "NAMED_AN_ORDER", (1, 3600))
    name(client, bought[0])
    client.post(f"{bought[0]}share/", {"do": "take_back"})
    response = name(client, bought[0], name="Layla")
    page = response.content.decode()
    assert (response.status_code, "Please try again tomorrow" in page) == (422, True)
    assert [one[0] for one in receivers(merchant)] == [""]


def test_surprise_is_kept_until_the_day(
    client: Client, merchant: Merchant, bought: tuple[str, Order]
) -> None:
    path, order = bought
    name(client, path, surprise="on")
    assert "on the day it comes, and not what is in it" in page_of(client, path)
    with merchant_scope(merchant.pk):
        omar = Recipient.objects.get(role="receiver")
        kept = [bool(against_gift(topic, omar, order)) for topic in ("shipped", "arriving_today")]
    assert kept == [True, False]
