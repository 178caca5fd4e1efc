"""The question whether an order that is paid at the door stands, on the shopper's page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages import asking
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.cash import ask_for_cash, save_cash_policy
from tracking.models import CashQuestion, Change, Order

TITLE = "Confirm your order: AED 250.00 to pay at the door"


def page_of(merchant: Merchant, *, asks: bool = True, **fields: Any) -> str:
    with merchant_scope(merchant.pk):
        save_cash_policy(merchant_id=merchant.pk, asks=asks, now=NOW)
        order = scenes.order(merchant, **({"cod_amount": Decimal(250)} | fields))
        ask_for_cash([order], now=NOW)
        return scenes.path(merchant, order)


def shown(client: Client, path: str) -> str:
    return client.get(path, {"lang": "en"}).content.decode().replace("\xa0", " ")


def answers(page: str) -> list[str]:
    return [value for value in ("yes", "no") if f'name="answer" value="{value}"' in page]


def send(client: Client, path: str, answer: str) -> Any:
    return client.post(f"{path}cash/?lang=en", {"answer": answer})


def test_question_is_asked_with_both_answers(client: Client, merchant: Merchant) -> None:
    page = shown(client, page_of(merchant))
    assert (TITLE in page, answers(page)) == (True, ["yes", "no"])


@pytest.mark.parametrize("fields", [{"asks": False}, {"cod_amount": None}, {"packed_at": NOW}])
def test_question_is_not_there_without_reason(
    client: Client, merchant: Merchant, fields: dict[str, Any]
) -> None:
    assert answers(shown(client, page_of(merchant, **fields))) == []


def test_answer_is_kept_shown_and_may_be_changed(client: Client, merchant: Merchant) -> None:
    path = page_of(merchant)
    response = send(client, path, "yes")
    assert (response.status_code, response.url) == (303, f"{path}#cash")
    page = shown(client, path)
    assert "You confirmed the order: AED 250.00 to pay at the door." in page
    assert (TITLE in page, answers(page)) == (False, ["no"])
    send(client, path, "no")
    page = shown(client, path)
    assert "You told Noor Home that you do not want the order any more." in page
    assert answers(page) == ["yes"]
    with merchant_scope(merchant.pk):
        keys = Change.objects.filter(kind="order").order_by("pk").values_list("key", flat=True)
        assert list(keys) == ["cod_confirm", "cod_confirmed:1", "cod_refused:2"]


def test_anything_else_is_no_answer(client: Client, merchant: Merchant) -> None:
    response = send(client, page_of(merchant), "perhaps")
    assert response.status_code == 422
    assert "Please choose one of the two answers." in response.content.decode()


def test_packed_order_takes_no_answer(client: Client, merchant: Merchant) -> None:
    path = page_of(merchant)
    with merchant_scope(merchant.pk):
        Order.objects.update(packed_at=NOW)
    assert send(client, path, "no").status_code == 303
    with merchant_scope(merchant.pk):
        assert CashQuestion.objects.get().confirmed is None


def test_many_posts_are_told_to_wait(
    client: Client, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "POSTS_A_LINK", (1, 3600))
    path = page_of(merchant)
    assert [send(client, path, "yes").status_code for _ in range(2)] == [303, 429]


@pytest.mark.parametrize(
    ("hold", "words"),
    [
        ("on_hold", "Noor Home has put the order on hold"),
        ("out_of_stock", "Something in the order is out of stock"),
    ],
)
def test_page_says_what_the_shop_waits_for(
    client: Client, merchant: Merchant, hold: str, words: str
) -> None:
    assert words in shown(client, page_of(merchant, hold=hold))
