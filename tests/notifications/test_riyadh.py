"""One shopper in Riyadh: what is sent, when, and why not otherwise.

The order is in Arabic, quiet hours are 22 to 9, WhatsApp was opted out of, SMS is one-way there,
and mail to the address bounced yesterday.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from merchants.models import Merchant
from notifications.channels.base import Registration
from notifications.compose import compose_due
from notifications.consent import suppress
from notifications.letters import letters_of
from notifications.models import Calm, ChannelSetting, Message, RegisteredText, Template
from notifications.ripening import ripen_due
from notifications.sms_rules import has_link, rule_for
from tests import factories
from tests.notifications.conftest import hear, switch
from tests.notifications.test_planning import rule
from tracking.models import Recipient, Shipment

#: 23:10 in Riyadh, and the next morning at nine there.
NIGHT = datetime(2026, 11, 10, 20, 10, tzinfo=UTC)
NINE = datetime(2026, 11, 11, 6, 0, tzinfo=UTC)
SAUD = "+966501234567"


@pytest.fixture
def twilio(settings: Any) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "token"
    settings.TWILIO_SMS_FROM, settings.TWILIO_WHATSAPP_FROM = "NoorHome", "+14155238886"


@pytest.fixture
def parcel(scope: Merchant, twilio: None) -> Shipment:
    Calm.objects.create(merchant=scope, quiet_from=time(22), quiet_to=time(9))
    for channel in ("sms", "whatsapp"):
        ChannelSetting.objects.create(merchant=scope, channel=channel, is_on=True)
    parcel = factories.shipment(scope, carrier="aramex", country="SA", city="Riyadh")
    parcel.order.language = "ar"
    parcel.order.save(update_fields=["language"])
    Recipient.objects.update(phone=SAUD, language="ar", name="سارة")
    suppress(
        merchant_id=scope.pk, channel="email", address="sara@shopper.example",
        reason="mail to it bounced",
    )  # fmt: skip
    suppress(
        merchant_id=scope.pk, channel="whatsapp", address=SAUD, reason="its owner answered STOP"
    )
    return parcel


def told() -> list[tuple[str, str, str, str]]:
    rows = Message.objects.order_by("id")
    return list(rows.values_list("topic", "channel", "state", "reason"))


def test_shopper_in_riyadh_hears_by_text_in_the_morning(parcel: Shipment) -> None:
    hear(parcel, (0.5, "picked_up.accepted"), now=NIGHT)
    compose_due(now=NIGHT)
    assert told() == [
        ("shipped", "email", "skipped", "The address is suppressed: mail to it bounced."),
        ("shipped", "whatsapp", "skipped", "The address is suppressed: its owner answered STOP."),
        ("shipped", "sms", "planned", ""),
    ]
    text = Message.objects.get(channel="sms")
    assert (text.due_at, text.to, text.language, text.then) == (NINE, SAUD, "ar", [])
    ripen_due(now=NINE)
    text.refresh_from_db()
    assert (text.state, text.due_at) == ("waiting", NINE)
    assert text.text.startswith("Noor Home، الطلب ")
    assert not has_link(text.text)


def test_newer_truth_replaces_what_waited_for_the_morning(parcel: Shipment) -> None:
    hear(parcel, (0.5, "picked_up.accepted"), now=NIGHT)
    compose_due(now=NIGHT)
    dawn = NIGHT + timedelta(hours=8)  # 07:10 in Riyadh
    hear(parcel, (0.2, "out.on_vehicle"), now=dawn)
    compose_due(now=dawn)
    texts = Message.objects.filter(channel="sms").order_by("id")
    assert list(texts.values_list("topic", "state", "reason", "due_at")) == [
        ("shipped", "skipped", "A newer message already says more.", None),
        ("out_for_delivery", "planned", "", NINE),
    ]


def test_link_of_the_merchants_own_text_is_not_sent_where_links_are_filtered(
    parcel: Shipment, scope: Merchant
) -> None:
    Template.objects.create(
        merchant=scope, topic="shipped", channel="sms", language="ar",
        body="شحنتك في الطريق https://noor.example/t",
    )  # fmt: skip
    hear(parcel, (0.5, "picked_up.accepted"), now=NINE)
    compose_due(now=NINE)
    text = Message.objects.get(channel="sms")
    assert (text.state, has_link(text.text)) == ("waiting", False)
    assert text.text.startswith("Noor Home، الطلب ")


def test_offer_needs_consent_and_a_sender_for_offers(scope: Merchant, twilio: None) -> None:
    emirates = rule_for("AE", "*", "promotion")
    assert (emirates.first, emirates.last, emirates.prefix) == (time(7), time(21), "AD-")
    ChannelSetting.objects.create(merchant=scope, channel="sms", is_on=True)
    parcel = factories.shipment(scope, carrier="aramex")
    Recipient.objects.update(phone="+971501234567")
    switch(scope, "replenishment", is_on=True)
    rule(scope, "replenishment", ways=(("sms",),), delay_minutes=0)
    hear(parcel, (0.5, "delivered.generic"), now=NINE)
    compose_due(now=NINE)
    offer = Message.objects.get(topic="replenishment")
    assert (offer.state, offer.reason_code) == ("skipped", "no_consent")


def test_text_to_india_is_the_registered_one_or_none(scope: Merchant, twilio: None) -> None:
    ChannelSetting.objects.create(merchant=scope, channel="sms", is_on=True)
    parcels = [factories.shipment(scope, carrier="delhivery", country="IN") for _ in range(2)]
    Recipient.objects.update(phone="+919812345678")
    hear(parcels[0], (0.5, "picked_up.accepted"), now=NINE)
    compose_due(now=NINE)
    RegisteredText.objects.create(
        merchant=scope, country="IN", topic="shipped", language="en", entity_id="1101",
        header="NOORHM", template_id="1107", state="approved", values=["shop", "number"],
        body="{#var#}: order {#var#} has left the shop.",
    )  # fmt: skip
    hear(parcels[1], (0.5, "picked_up.accepted"), now=NINE)
    compose_due(now=NINE)
    texts = Message.objects.filter(channel="sms").order_by("id")
    assert list(texts.values_list("state", "reason_code", "text")) == [
        ("skipped", "country", ""),
        ("waiting", "", f"Noor Home: order {parcels[1].order.number} has left the shop."),
    ]


def test_letter_of_a_registered_text_names_its_registration(scope: Merchant, twilio: None) -> None:
    ChannelSetting.objects.create(merchant=scope, channel="sms", is_on=True)
    RegisteredText.objects.create(
        merchant=scope, country="IN", topic="shipped", language="en", entity_id="1101",
        header="NOORHM", template_id="1107", state="approved", values=["number"],
        body="Order {#var#} has left the shop.",
    )  # fmt: skip
    parcel = factories.shipment(scope, carrier="delhivery", country="IN")
    Recipient.objects.update(phone="+919812345678")
    hear(parcel, (0.5, "picked_up.accepted"), now=NINE)
    compose_due(now=NINE)
    text, mail = (Message.objects.get(channel=channel) for channel in ("sms", "email"))
    letter = letters_of([text], {})[text.pk]
    assert letter.registration == Registration("1101", "NOORHM", "1107")
    assert letter.sender == "NOORHM"
    assert letters_of([mail], {})[mail.pk].registration == Registration()
