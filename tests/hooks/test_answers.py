"""What shoppers write by WhatsApp and SMS: signed by Twilio, found, kept, answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from twilio.request_validator import RequestValidator

from hooks.tasks import process_waiting
from inbox.models import Delivery
from lib.personal_data import Person
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.answers.rules import save_rules
from notifications.compose import compose_due
from notifications.consent import suppressed
from notifications.deliver import deliver_due
from notifications.models import Answer, ChannelSetting, Message, Suppression
from notifications.privacy import erase_person, export_person
from notifications.sandbox.running import TOKEN, RunningPhones
from tests import factories
from tests.notifications.conftest import hear
from tests.notifications.phones import SMS_FROM, WHATSAPP_FROM, pointed_at_phones, switch_on
from tracking.models import DeliveryAnswer, Shipment

SARA = "+971501234567"
PATH = "/hooks/channel/twilio/"


@pytest.fixture
def phones(settings: Any) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        yield running


def told(merchant: Merchant, channel: str = "whatsapp", *, days_ago: int = 0, **of: Any) -> Message:
    """A message that went out so many days ago."""
    now = timezone.now()
    with merchant_scope(merchant.pk):
        switch_on(merchant, channel)
        hear(
            factories.shipment(merchant, placed_at=now - timedelta(days=2), **of),
            (2, "out.on_vehicle"),
            now=now,
        )
    compose_due(now=now)
    deliver_due(clock=lambda: now)
    with merchant_scope(merchant.pk):
        message = Message.objects.filter(channel=channel).latest("pk")
        Message.objects.filter(pk=message.pk).update(created_at=now - timedelta(days=days_ago))
    return message


def write(client: Client, body: str = "", *, channel: str = "whatsapp", sid: str = "SM1",
          **fields: str) -> int:  # fmt: skip
    """Sara writes; the answer's status."""
    prefix = "whatsapp:" if channel == "whatsapp" else ""
    ours = WHATSAPP_FROM if channel == "whatsapp" else SMS_FROM
    params = {
        "MessageSid": sid,
        "From": prefix + SARA,
        "To": prefix + ours,
        "Body": body,
        "NumMedia": "0",
        **fields,
    }
    signature = RequestValidator(TOKEN).compute_signature(f"http://127.0.0.1:8000{PATH}", params)
    response = client.post(
        PATH,
        data=urlencode(params),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    process_waiting()
    return response.status_code


def answers(merchant: Merchant) -> list[Answer]:
    with merchant_scope(merchant.pk):
        return list(Answer.objects.order_by("pk"))


def said_back(merchant: Merchant) -> list[Message]:
    with merchant_scope(merchant.pk):
        return list(Message.objects.filter(purpose="answer").order_by("pk"))


def test_words_are_kept_with_their_order_and_acknowledged_with_its_page(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = told(merchant)
    assert write(client, "Can you come after six?") == 200
    (answer,) = answers(merchant)
    assert (answer.order_id, answer.message_id, answer.state, answer.found_by) == (
        message.order_id, message.pk, "open", "newest",
    )  # fmt: skip
    (back,) = said_back(merchant)
    assert (back.topic, back.to, back.state) == ("answer_received", SARA, "waiting")
    assert back.text == (
        "*We have your message.*\n\nNoor Home answers as soon as it can.\n\n"
        f"Your order #1001:\nhttp://127.0.0.1:8000{back.link}"
    )


def test_acknowledgement_goes_out_by_the_ordinary_delivery_and_once_a_day(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant)
    for number in range(3):
        write(client, f"Hello {number}", sid=f"SM{number}")
    deliver_due(clock=timezone.now)
    received = [
        text["body"] for text in phones.texts(SARA) if "We have your message" in text["body"]
    ]
    assert (len(answers(merchant)), len(received)) == (3, 1)


def test_shop_that_wants_no_acknowledgement_sends_none(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant)
    with merchant_scope(merchant.pk):
        save_rules(merchant=merchant, replies_by_itself=False, takes_mail=True, now=timezone.now())
    write(client, "Hello")
    assert ([one.state for one in answers(merchant)], said_back(merchant)) == (["open"], [])


def test_text_message_is_acknowledged_without_a_link(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant, "sms")
    write(client, "Where?", channel="sms")
    assert [message.text for message in said_back(merchant)] == [
        "Noor Home: We have your message. Noor Home answers as soon as it can."
    ]


def test_posted_twice_is_kept_once(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant)
    for _ in range(2):
        assert write(client, "Hello") == 200
    assert (len(answers(merchant)), len(said_back(merchant))) == (1, 1)


def test_unknown_sender_is_nobodys(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant, customer_phone="+971 55 999 9999")
    assert write(client, "Hello") == 200
    with every_merchant("test"):
        kept = Delivery.objects.get(topic="answer")
        assert (kept.merchant_id, kept.outcome, Answer.objects.count()) == (None, "ignored", 0)


def test_of_two_shops_the_one_that_wrote_last_is_meant(
    merchant: Merchant, other: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant, days_ago=1)
    message = told(other)
    write(client, "Hello")
    assert ([one.order_id for one in answers(other)], answers(merchant)) == ([message.order_id], [])


def test_of_two_shops_that_wrote_long_ago_none_is_guessed(
    merchant: Merchant, other: Merchant, phones: RunningPhones, client: Client
) -> None:
    for one in (merchant, other):
        told(one, days_ago=8)
    write(client, "Hello")
    found = [(one.order_id, one.state) for shop in (merchant, other) for one in answers(shop)]
    assert (found, said_back(merchant), said_back(other)) == ([(None, "open")] * 2, [], [])


def test_answer_to_a_certain_message_is_that_shops_however_old(
    merchant: Merchant, other: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = told(merchant, days_ago=30)
    told(other)
    write(client, "Hello", OriginalRepliedMessageSid=message.provider_id)
    found = [(one.message_id, one.found_by) for one in answers(merchant)]
    assert (found, answers(other)) == ([(message.pk, "reply")], [])


def test_shop_with_a_number_of_its_own_is_not_concerned(
    merchant: Merchant, other: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant, days_ago=9)
    told(other)
    with merchant_scope(other.pk):
        ChannelSetting.objects.filter(channel="whatsapp").update(sender="+15550109999")
    write(client, "Hello")
    assert (len(answers(merchant)), answers(other)) == (1, [])


@pytest.mark.parametrize(
    ("word", "language", "said"),
    [
        ("STOP", "en", "*You get no more WhatsApp messages from Noor Home.*"),
        ("إيقاف", "ar", "*لن تصلك رسائل واتساب أخرى من Noor Home.*"),
        ("إيقاف", "en", "*لن تصلك رسائل واتساب أخرى من Noor Home.*"),
        ("रोकें", "en", "*Noor Home से अब आपको WhatsApp संदेश नहीं आएँगे।*"),
        ("退订", "en", "*您不会再收到 Noor Home 的 WhatsApp 消息。*"),
    ],
)
def test_stop_by_whatsapp_is_obeyed_and_confirmed_in_the_persons_language(
    merchant: Merchant, phones: RunningPhones, client: Client, word: str, language: str, said: str
) -> None:
    told(merchant, language=language)
    write(client, word)
    with merchant_scope(merchant.pk):
        reason = suppressed("whatsapp", SARA, merchant_id=merchant.pk)
    (back,) = said_back(merchant)
    assert (reason, back.text.partition("\n")[0]) == (
        "The address is suppressed: its owner answered STOP.", said,
    )  # fmt: skip
    deliver_due(clock=timezone.now)
    assert [one.state for one in said_back(merchant)] == ["sent"]
    assert [one.state for one in answers(merchant)] == ["noted"]


def test_stop_binds_every_shop_and_one_confirms(
    merchant: Merchant, other: Merchant, phones: RunningPhones, client: Client
) -> None:
    for one in (merchant, other):
        told(one, days_ago=9)
    write(client, "STOP")
    with every_merchant("test"):
        assert Suppression.objects.filter(channel="whatsapp", address=SARA).count() == 2
        assert Message.objects.filter(topic="stop_confirmed").count() == 1


@pytest.mark.parametrize(
    "fields", [{"Body": "STOP"}, {"Body": "إيقاف", "OptOutType": "STOP"}, {"Body": "Cancel"}]
)
def test_what_twilio_confirms_is_not_confirmed_again(
    merchant: Merchant, phones: RunningPhones, client: Client, fields: dict[str, str]
) -> None:
    told(merchant, "sms")
    write(client, channel="sms", **fields)
    with merchant_scope(merchant.pk):
        stopped = Suppression.objects.filter(channel="sms").count()
    assert (stopped, said_back(merchant)) == (1, [])


def test_word_that_twilio_does_not_know_is_confirmed_by_us(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant, "sms")
    write(client, "إيقاف", channel="sms")
    assert [message.topic for message in said_back(merchant)] == ["stop_confirmed"]


def test_cancel_by_sms_stops_and_is_read_by_a_person(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant, "sms")
    write(client, "Cancel", channel="sms")
    assert [(one.wish, one.state) for one in answers(merchant)] == [("stop", "open")]


def test_cancel_by_whatsapp_is_about_the_order(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant)
    write(client, "Cancel")
    with merchant_scope(merchant.pk):
        assert Suppression.objects.count() == 0
    assert [(one.wish, one.state) for one in answers(merchant)] == [("", "open")]


def test_yes_by_sms_starts_again_only_after_a_stop(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant, "sms")
    write(client, "Yes", channel="sms", sid="SM1")
    write(client, "Stop", channel="sms", sid="SM2")
    write(client, "Yes", channel="sms", sid="SM3")
    with merchant_scope(merchant.pk):
        assert Suppression.objects.count() == 0
    assert [one.wish for one in answers(merchant)] == ["", "stop", "start"]


def test_help_says_who_writes_and_how_to_reach_the_shop(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(support_email="care@noor.example")
    told(merchant)
    write(client, "Help")
    (back,) = said_back(merchant)
    assert (back.topic, "care@noor.example" in back.text, back.link in back.text) == (
        "help_answered", True, True,
    )  # fmt: skip


def test_thanks_are_noted_and_bother_nobody(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant)
    write(client, "شكراً 👍")
    assert ([one.state for one in answers(merchant)], said_back(merchant)) == (["noted"], [])


def test_place_is_kept(merchant: Merchant, phones: RunningPhones, client: Client) -> None:
    told(merchant)
    write(client, Latitude="25.0805", Longitude="55.1403", Label="Gate 3", Address="Marina")
    (answer,) = answers(merchant)
    assert (answer.kind, answer.latitude, answer.longitude, answer.place) == (
        "location", 25.0805, 55.1403, "Gate 3, Marina",
    )  # fmt: skip


@pytest.mark.parametrize("latitude", ["91", "x", "nan"])
def test_place_that_is_nowhere_is_words(
    merchant: Merchant, phones: RunningPhones, client: Client, latitude: str
) -> None:
    told(merchant)
    write(client, "here", Latitude=latitude, Longitude="55.1")
    assert [(one.kind, one.latitude) for one in answers(merchant)] == [("text", None)]


def test_picture_is_named_by_twilios_id_and_not_fetched(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    told(merchant)
    url = f"{phones.url}/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME42"
    write(client, NumMedia="1", MediaUrl0=url, MediaContentType0="image/jpeg")
    (answer,) = answers(merchant)
    assert (answer.kind, answer.media) == ("media", [{"type": "image/jpeg", "id": "ME42"}])


def failed(merchant: Merchant) -> Shipment:
    told(merchant)
    with merchant_scope(merchant.pk):
        shipment = Shipment.objects.get()
        hear(shipment, (1, "attempt.nobody_home"), now=timezone.now())
        shipment.refresh_from_db()
    return shipment


def test_button_that_nobody_came_is_kept_as_evidence(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    shipment = failed(merchant)
    write(client, ButtonText="No", ButtonPayload=f"attempt:{shipment.pk}:nobody")
    with merchant_scope(merchant.pk):
        assert [one.kind for one in DeliveryAnswer.objects.all()] == ["nobody_came"]
    assert [(one.text, one.state) for one in answers(merchant)] == [("No", "done")]


@pytest.mark.parametrize("payload", ["attempt:999999:nobody", "unknown:1", "attempt:x:nobody"])
def test_button_that_nobody_knows_is_read_by_a_person(
    merchant: Merchant, phones: RunningPhones, client: Client, payload: str
) -> None:
    failed(merchant)
    write(client, ButtonText="No", ButtonPayload=payload)
    with merchant_scope(merchant.pk):
        assert DeliveryAnswer.objects.count() == 0
    assert [one.state for one in answers(merchant)] == ["open"]


def test_person_may_have_what_they_wrote_and_have_it_forgotten(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = told(merchant)
    write(client, "My secret", Latitude="25.1", Longitude="55.1")
    person = Person(order_ids=frozenset({message.order_id}))
    with merchant_scope(merchant.pk):
        assert [row["text"] for row in export_person(person)["answers"]] == ["My secret"]
        erase_person(person)
        kept = Answer.objects.values_list("sender", "text", "latitude", "state")
        assert list(kept) == [("", "", None, "open")]
