"""Own words in real messages: which are used, what they cost, and what happens to broken ones."""

from __future__ import annotations

import importlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lib.phones import country_of
from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.models import Message, MessagePrice, Template
from notifications.preview import invented
from notifications.rendering import Line, Own
from notifications.segments import plan
from notifications.templates.mail import letter
from notifications.texts import TEXTS
from notifications.writing import SHAPES
from tests.factories import NOW
from tests.notifications.conftest import hear
from tests.notifications.phones import pointed_at_phones, switch_on
from tracking.models import Shipment


def write(merchant: Merchant, body: str, *, language: str = "en", channel: str = "email") -> None:
    Template.objects.create(
        merchant=merchant, topic="out_for_delivery", channel=channel, language=language, body=body
    )


def sent(shipment: Shipment, channel: str = "email") -> Message:
    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    return Message.objects.get(channel=channel)


def test_broken_text_never_stops_a_message(scope: Merchant, shipment: Shipment) -> None:
    write(scope, "Today {{ 1 | divided_by: 0 }}")
    message = sent(shipment)
    assert message.state == "waiting"
    assert "The courier has it." in message.text
    row = Template.objects.get()
    assert row.problem.startswith("Line 1, column ")
    assert row.problem_at == NOW


def test_text_for_the_country_goes_before_the_one_for_all(
    scope: Merchant, shipment: Shipment
) -> None:
    write(scope, "For everybody.")
    write(scope, "For the Emirates.", language="en-AE")
    write(scope, "For Saudi Arabia.", language="en-SA")
    assert "For the Emirates." in sent(shipment).text


def test_text_without_words_for_this_order_is_ours(scope: Merchant, shipment: Shipment) -> None:
    write(scope, "{% if amount %}A refund.{% endif %}")
    message = sent(shipment)
    assert "The courier has it." in message.text
    assert Template.objects.get().problem == ""


def test_parts_and_price_are_kept_with_the_message(
    scope: Merchant, shipment: Shipment, settings: Any
) -> None:
    MessagePrice.objects.create(
        merchant=scope, channel="sms", country="AE", amount=Decimal("0.12"), currency="AED"
    )
    write(scope, "م" * 80, channel="sms")
    with pointed_at_phones(settings):
        switch_on(scope, "sms")
        message = sent(shipment, "sms")
    assert (message.segments, message.cost, message.cost_currency) == (2, Decimal("0.24"), "AED")


def test_price_follows_the_number_of_the_reader() -> None:
    assert [country_of(one) for one in ("+971501234567", "+12125550123", "x")] == ["AE", "US", ""]


@pytest.mark.parametrize("topic", list(TEXTS))
def test_our_english_texts_fit_the_telephones_alphabet(scope: Merchant, topic: str) -> None:
    telling = invented(merchant=scope, topic=topic, language="en", now=NOW)
    assert plan(SHAPES["text"](telling).text).encoding.label == "GSM-7"


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_topic_has_every_shape(scope: Merchant, language: str, shape: str) -> None:
    for topic in TEXTS:
        telling = invented(merchant=scope, topic=topic, language=language, now=NOW)
        rendered = SHAPES[shape](telling)
        assert rendered.text.strip()
        assert len(rendered.html.encode()) < 60_000


def test_blocks_stand_where_they_were_placed_and_once(scope: Merchant) -> None:
    own = Own("", 'Before.\n\n{% items %}\n\n{% button "Look" %}\n\nAfter.')
    text = letter(invented(merchant=scope, topic="shipped", language="en", now=NOW, own=own)).text
    order = [text.index(words) for words in ("Before.", "In this parcel", "Look:", "After.")]
    assert order == sorted(order)
    assert (text.count("In this parcel"), text.count("http")) == (1, 1)


def test_promotion_ends_with_its_day(scope: Merchant) -> None:
    for until, expected in (("2026-11-30", 1), ("2020-01-01", 0)):
        own = Own("", '{% promotion "10 % off", until: "' + until + '" %} Hello.')
        telling = invented(merchant=scope, topic="shipped", language="en", now=NOW, own=own)
        assert letter(telling).html.count("10 % off") == expected


def test_nothing_that_is_written_becomes_html(scope: Merchant) -> None:
    own = Own("", "<b>{{ customer.name }}</b> *bold* https://noor.example/?a=1&b=<x>")
    html = letter(invented(merchant=scope, topic="shipped", language="en", now=NOW, own=own)).html
    assert "&lt;b&gt;Layla Haddad&lt;/b&gt; <strong>bold</strong>" in html
    assert '<a href="https://noor.example/?a=1&amp;b=' in html
    assert "<x>" not in html


def test_mail_asks_nobody_for_anything(scope: Merchant) -> None:
    html = letter(invented(merchant=scope, topic="shipped", language="en", now=NOW)).html
    assert "fonts.googleapis" not in html
    assert "<img" not in html
    assert 'name="color-scheme" content="light dark"' in html


def test_pictures_of_items_are_shown_beside_those_without(scope: Merchant) -> None:
    items = (Line("Lamp", 1, "https://shop.example/lamp.png"), Line("Cover", 2))
    telling = invented(merchant=scope, topic="shipped", language="en", now=NOW)
    html = letter(replace(telling, items=items)).html
    assert (html.count("<img"), html.count("<td></td>")) == (1, 1)


def test_old_placeholders_become_liquid() -> None:
    migration = importlib.import_module("notifications.migrations.0010_templates_in_liquid")
    assert migration.as_liquid("{shop}: {number}, {other} {{ x }}") == (
        "{{ shop.name }}: {{ order.number }}, {other} {{ x }}"
    )
