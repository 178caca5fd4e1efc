"""“Shall we send it?”: answered by a button or a word, signed by Twilio, said back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.answers.yes_no import NO, YES, meaning
from notifications.compose import compose_due
from notifications.deliver import deliver_due
from notifications.models import ChannelSetting, Message, OperatorSmsRule
from notifications.sandbox.running import RunningPhones
from notifications.text_limits import may_answer_with_link
from tests import factories
from tests.hooks.test_answers import SARA, answers, phones, said_back, told, write
from tests.notifications.phones import switch_on
from tracking.cash import ask_for_cash, save_cash_policy
from tracking.models import CashQuestion, Order

__all__ = ["phones"]


@pytest.fixture
def asked(merchant: Merchant, phones: RunningPhones) -> Order:
    """An order whose shopper was asked by WhatsApp a moment ago."""
    return ask(merchant)


def ask(merchant: Merchant, channel: str = "whatsapp", *, language: str = "en") -> Order:
    now = timezone.now()
    with merchant_scope(merchant.pk):
        switch_on(merchant, channel)
        save_cash_policy(merchant_id=merchant.pk, asks=True, now=now)
        order = factories.order(
            merchant, placed_at=now, cod_amount=Decimal("149.00"), currency="AED",
            language=language,
        )  # fmt: skip
        ask_for_cash([order], now=now)
    compose_due(now=now)
    deliver_due(clock=lambda: now)
    return order


def confirmed(merchant: Merchant) -> bool | None:
    with merchant_scope(merchant.pk):
        return CashQuestion.objects.get().confirmed


def test_button_confirms_and_is_said_back(asked: Order, merchant: Merchant, client: Client) -> None:
    write(client, ButtonText="Yes", ButtonPayload=f"cod:{asked.pk}:yes")
    assert (confirmed(merchant), [one.state for one in answers(merchant)]) == (True, ["done"])
    (back,) = said_back(merchant)
    assert (back.topic, back.text.splitlines()[0]) == (
        "answer_understood", f"*You have confirmed your order {asked.number}.*",
    )  # fmt: skip
    assert "149.00 to pay at the door. If that is not so, please answer “no”." in back.text


@pytest.mark.parametrize(
    ("word", "said"),
    [("Yes, thanks!", True), ("نعم", True), ("हाँ", True), ("是的", True), ("👍🏽", True),
     ("No thanks", False), ("لا", False), ("いいえ", False)],
)  # fmt: skip
def test_word_that_answers_the_question_counts(
    asked: Order, merchant: Merchant, client: Client, word: str, said: bool
) -> None:
    write(client, word)
    assert (confirmed(merchant), [one.state for one in answers(merchant)]) == (said, ["done"])


def test_last_word_counts_and_each_is_said_back(
    asked: Order, merchant: Merchant, client: Client
) -> None:
    for number, word in enumerate(("yes", "no", "no")):
        write(client, word, sid=f"SM{number}")
    assert confirmed(merchant) is False
    assert [message.text.splitlines()[0] for message in said_back(merchant)] == [
        f"*You have confirmed your order {asked.number}.*",
        f"*You do not want your order {asked.number} any more.*",
        f"*You do not want your order {asked.number} any more.*",
    ]


@pytest.mark.parametrize("word", ["Yes?", "yes but after six", "yes no", "thanks", "who is this"])
def test_what_is_not_clearly_yes_or_no_is_a_persons(
    asked: Order, merchant: Merchant, client: Client, word: str
) -> None:
    write(client, word)
    assert confirmed(merchant) is None


def test_yes_after_our_acknowledgement_still_answers_the_question(
    asked: Order, merchant: Merchant, client: Client
) -> None:
    write(client, "When will it come", sid="SM1")
    deliver_due(clock=timezone.now)
    write(client, "yes", sid="SM2")
    assert confirmed(merchant) is True


def test_yes_to_a_newer_message_is_a_persons(
    asked: Order, merchant: Merchant, client: Client
) -> None:
    told(merchant)
    write(client, "yes")
    assert (confirmed(merchant), [one.state for one in answers(merchant)]) == (None, ["open"])


def test_yes_after_two_days_is_a_persons(asked: Order, merchant: Merchant, client: Client) -> None:
    with merchant_scope(merchant.pk):
        Message.objects.update(sent_at=timezone.now() - timedelta(hours=49))
    write(client, "yes")
    assert (confirmed(merchant), [one.state for one in answers(merchant)]) == (None, ["open"])


def test_no_after_packing_is_a_persons(asked: Order, merchant: Merchant, client: Client) -> None:
    with merchant_scope(merchant.pk):
        Order.objects.update(packed_at=timezone.now())
    write(client, "no")
    assert (confirmed(merchant), [one.state for one in answers(merchant)]) == (None, ["open"])


def test_button_of_another_order_is_a_persons(
    asked: Order, merchant: Merchant, client: Client
) -> None:
    write(client, ButtonText="Yes", ButtonPayload=f"cod:{asked.pk + 1}:yes")
    assert (confirmed(merchant), [one.state for one in answers(merchant)]) == (None, ["open"])


def test_yes_by_text_message_is_said_back_in_the_orders_language(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    order = ask(merchant, "sms", language="ar")
    write(client, "نعم", channel="sms")
    assert confirmed(merchant) is True
    (back,) = said_back(merchant)
    assert (back.language, order.number in back.text, "http" in back.text) == ("ar", True, False)


@pytest.mark.parametrize("words", [YES, NO])
def test_every_language_has_its_words(words: dict[str, tuple[str, ...]]) -> None:
    assert len(words) == 15
    every = [word for some in words.values() for word in some]
    assert [word for word in every if meaning(word) is not (words is YES)] == []


def test_acknowledgement_has_the_link_where_the_country_lets_it_through(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    OperatorSmsRule.objects.create(country="AE", kind="service", may_link=True)
    told(merchant, "sms")
    write(client, "Where?", channel="sms")
    (back,) = said_back(merchant)
    assert back.text.endswith(f"as soon as it can. http://127.0.0.1:8000{back.link}")


def test_name_that_cannot_be_answered_sends_no_link(
    merchant: Merchant, phones: RunningPhones
) -> None:
    OperatorSmsRule.objects.create(country="AE", kind="service", may_link=True)
    with merchant_scope(merchant.pk):
        assert may_answer_with_link(merchant.pk, SARA) is True
        ChannelSetting.objects.create(
            merchant=merchant, channel="sms", is_on=True, sender="NoorHome"
        )
        assert may_answer_with_link(merchant.pk, SARA) is False


def test_nothing_is_said_by_text_where_texts_are_registered(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    OperatorSmsRule.objects.create(country="AE", kind="service", is_registered=True)
    told(merchant, "sms")
    with merchant_scope(merchant.pk):
        Message.objects.filter(channel="sms").update(state="sent")
    write(client, "Where?", channel="sms")
    assert ([one.state for one in answers(merchant)], said_back(merchant)) == (["open"], [])
