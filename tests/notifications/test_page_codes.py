"""Codes: where they may go, how they travel unseen, and what an entry is worth."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from lib.personal_data import Person, erase_person, export_person
from merchants.models import Merchant
from notifications.letters import letters_of
from notifications.models import Message, PageCode
from notifications.page_codes import (
    HIDDEN,
    LIFETIME,
    MOST_TRIES,
    Asked,
    Purpose,
    code_of,
    phone_way,
    send_code,
    take_code,
    ways_to,
)
from tests import factories
from tests.factories import NOW
from tests.notifications.phones import SMS_FROM, switch_on
from tracking.models import Change, Order, Recipient


@pytest.fixture
def asked(scope: Merchant) -> Asked:
    order = factories.order(scope)
    return Asked(scope, order, Recipient.objects.get(order=order), link_id=7, language="en")


def sent(asked: Asked, **fields: Any) -> PageCode:
    values: dict[str, Any] = {"purpose": Purpose.OPEN, "way": ways_to(asked)[0], "now": NOW}
    return send_code(asked=asked, **(values | fields))


def take(typed: str, **fields: Any) -> PageCode | None:
    return take_code(
        **({"link_id": 7, "purpose": Purpose.OPEN, "typed": typed, "now": NOW} | fields)
    )


def wrong(row: PageCode) -> str:
    return f"{(int(code_of(row)) + 1) % 1_000_000:06d}"


def test_code_goes_to_the_orders_addresses_and_shows_them_masked(
    asked: Asked, settings: Any
) -> None:
    assert [(way.channel, way.masked) for way in ways_to(asked)] == [
        ("email", "s•••@shopper.example")
    ]
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_SMS_FROM = "AC0", SMS_FROM
    switch_on(asked.merchant, "sms")
    assert [(way.channel, way.to) for way in ways_to(asked)] == [
        ("email", "sara@shopper.example"), ("sms", "+971501234567"),
    ]  # fmt: skip


def test_number_that_was_typed_on_the_page_gets_no_code(asked: Asked, settings: Any) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_SMS_FROM = "AC0", SMS_FROM
    switch_on(asked.merchant, "sms")
    Change.objects.create(
        merchant=asked.merchant, order=asked.order, kind="order", key="address:answered:1", at=NOW,
        data={"by_shopper": True, "parts": ["customer_phone"]},
    )  # fmt: skip
    assert [way.channel for way in ways_to(asked)] == ["email"]


def test_front_desks_code_goes_to_the_front_desk(asked: Asked) -> None:
    desk = Recipient.objects.create(
        merchant=asked.merchant, order=asked.order, role="front_desk", email="desk@tower.example"
    )
    theirs = Asked(asked.merchant, asked.order, desk, link_id=8, language="en")
    assert [way.to for way in ways_to(theirs)] == ["desk@tower.example"]


def test_no_row_holds_the_code(asked: Asked) -> None:
    row = sent(asked)
    message = Message.objects.get()
    digits = code_of(row)
    kept = [str(value) for model in (row, message) for value in model.__dict__.values()]
    assert [text for text in kept if digits in text] == []
    assert message.text.count(HIDDEN) == 1
    assert digits not in str(export_person(Person(order_ids=frozenset({asked.order.pk}))))


def test_letter_has_the_code_on_its_way_out(asked: Asked) -> None:
    row = sent(asked)
    message = Message.objects.select_related("merchant", "recipient", "change").get()
    letter = letters_of([message], {})[message.pk]
    assert re.findall(r"\b\d{6}\b", letter.text) == [code_of(row)]
    assert (HIDDEN in letter.text, HIDDEN in letter.html, HIDDEN in letter.subject) == (
        False, False, False,
    )  # fmt: skip
    assert code_of(row) in letter.html


def test_text_message_is_due_at_once_and_has_no_link(asked: Asked) -> None:
    sent(asked, way=phone_way("+971501234567"))
    message = Message.objects.get()
    assert (message.channel, message.state, message.due_at) == ("sms", "waiting", NOW)
    assert message.text == (
        f"Noor Home: your code is {HIDDEN}. It is valid for 10 minutes. Enter it on the order’s "
        "page and tell it to nobody."
    )


def test_code_counts_once_in_any_scripts_digits(asked: Asked) -> None:
    row = sent(asked)
    arabic = code_of(row).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert take(f" {arabic[:3]} {arabic[3:]} ") == row
    assert take(code_of(row)) is None


def test_code_ends(asked: Asked) -> None:
    row = sent(asked)
    assert take(code_of(row), now=NOW + LIFETIME) is None


def test_after_a_few_wrong_tries_the_right_code_is_wrong_too(asked: Asked) -> None:
    row = sent(asked)
    assert [take(wrong(row)) for _ in range(MOST_TRIES)] == [None] * MOST_TRIES
    assert take(code_of(row)) is None


def test_what_is_no_code_costs_no_try(asked: Asked) -> None:
    row = sent(asked)
    for typed in ("", "12345", "1" * 10_000, "😀", "' OR 1=1 --"):
        assert take(typed) is None
    assert take(code_of(row)) == row


def test_only_the_newest_code_counts(asked: Asked) -> None:
    first = sent(asked)
    second = sent(asked, now=NOW + timedelta(seconds=30))
    later = NOW + timedelta(minutes=1)
    assert code_of(first) != code_of(second)
    assert (take(code_of(first), now=later), take(code_of(second), now=later)) == (None, second)


def test_code_of_another_link_or_purpose_is_wrong(asked: Asked) -> None:
    row = sent(asked)
    assert take(code_of(row), link_id=8) is None
    assert take(code_of(row), purpose=Purpose.PHONE) is None


def test_codes_of_yesterday_are_forgotten(asked: Asked) -> None:
    sent(asked)
    new = sent(asked, now=NOW + timedelta(days=2))
    assert list(PageCode.objects.all()) == [new]


def test_erased_person_leaves_no_code(asked: Asked) -> None:
    sent(asked)
    erase_person(Person(order_ids=frozenset({asked.order.pk})))
    assert PageCode.objects.count() == 0
    assert Order.objects.count() == 1
