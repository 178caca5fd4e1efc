"""When nobody knows whether the provider has a message: asked, sent again, or left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lib.personal_data import Person
from merchants.models import Merchant
from notifications.channels.base import ChannelError, CutOff, Doubt
from notifications.compose import compose_due
from notifications.consent import suppress
from notifications.deliver import CLAIM, deliver_next
from notifications.models import Message
from notifications.outcomes import FOUND, INTERRUPTED, LEFT_ALONE
from notifications.privacy import erase_person
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import Postbox, hear
from tests.notifications.phones import pointed_at_phones, switch_on
from tracking.models import Shipment


class PowerCut(BaseException):
    """Kills the worker between the provider's answer and our note of it."""


class Twilio(Postbox):
    """Can be asked: it knows the letters it took."""

    slug = "sms"
    doubt = Doubt.ASK

    def __init__(self, *fail: BaseException, takes: bool = True) -> None:
        super().__init__(*fail)
        self.takes = takes
        self.taken: list[str] = []
        self.asked = 0

    def send(self, letter: Any) -> str:
        if self.takes or not self.fail:
            self.taken.append(letter.text)
        return super().send(letter)

    def candidates(self, letter: Any) -> list[str]:
        self.asked += 1
        return [f"SM{n}" for n, text in enumerate(self.taken) if text == letter.text]


class Push(Postbox):
    """Cannot be asked, and has no id to drop a copy by."""

    slug = "webpush"
    doubt = Doubt.LEAVE


@pytest.fixture
def texted(scope: Merchant, settings: Any) -> Iterator[Message]:
    """One waiting SMS."""
    with pointed_at_phones(settings):
        switch_on(scope, "sms")
        parcel = factories.shipment(scope, carrier="aramex", tracking_number="47218830956")
        hear(parcel, (2, "out.on_vehicle"))
        compose_due(now=NOW)
        yield Message.objects.get(channel="sms")


def step(channel: Postbox, *, later: timedelta = timedelta(0)) -> bool:
    return deliver_next(now=NOW + later, channels={channel.slug: channel})


def test_crash_after_the_provider_took_it_is_settled_by_asking(texted: Message) -> None:
    twilio = Twilio(PowerCut())
    with pytest.raises(PowerCut):
        step(twilio)
    step(twilio, later=CLAIM)
    texted.refresh_from_db()
    assert (texted.state, texted.provider_id, texted.reason) == ("sent", "SM0", FOUND)
    assert (len(twilio.taken), twilio.asked) == (1, 1)


def test_crash_before_the_provider_took_it_is_sent_after_asking(texted: Message) -> None:
    twilio = Twilio(PowerCut(), takes=False)
    with pytest.raises(PowerCut):
        step(twilio)
    step(twilio, later=CLAIM)
    texted.refresh_from_db()
    assert (texted.state, texted.reason, len(twilio.taken), twilio.asked) == ("sent", "", 1, 1)


def test_crash_while_asking_asks_again(texted: Message) -> None:
    class Dies(Twilio):
        def candidates(self, letter: Any) -> list[str]:
            found = super().candidates(letter)
            if self.asked == 1:
                raise PowerCut
            return found

    twilio = Dies(PowerCut())
    for later in (timedelta(0), CLAIM):
        with pytest.raises(PowerCut):
            step(twilio, later=later)
    step(twilio, later=CLAIM * 2)
    texted.refresh_from_db()
    assert (texted.state, len(twilio.taken), twilio.asked) == ("sent", 1, 2)


def test_broken_line_is_asked_about_half_a_minute_later(texted: Message) -> None:
    twilio = Twilio(CutOff("the line broke"))
    step(twilio)
    texted.refresh_from_db()
    assert (texted.state, texted.cut_offs) == ("uncertain", 1)
    assert step(twilio, later=timedelta(seconds=29)) is False
    step(twilio, later=timedelta(seconds=30))
    texted.refresh_from_db()
    assert (texted.state, texted.provider_id, len(twilio.taken)) == ("sent", "SM0", 1)


def test_provider_that_cannot_be_asked_either_leaves_it_uncertain(texted: Message) -> None:
    class Deaf(Twilio):
        def candidates(self, letter: Any) -> list[str]:
            raise ChannelError("Twilio could not be asked")

    twilio = Deaf(CutOff("the line broke"))
    step(twilio)
    step(twilio, later=timedelta(minutes=1))
    texted.refresh_from_db()
    assert (texted.state, len(twilio.taken)) == ("uncertain", 1)
    assert texted.due_at is not None


def test_stop_between_two_tries_keeps_the_second_back(texted: Message) -> None:
    twilio = Twilio(CutOff("the line broke"), takes=False)
    step(twilio)
    suppress(
        merchant_id=texted.merchant_id, channel="sms", address=texted.to, reason="it said STOP"
    )
    step(twilio, later=timedelta(minutes=1))
    texted.refresh_from_db()
    assert (texted.state, texted.due_at, twilio.taken) == ("uncertain", None, [])
    assert texted.reason == "The address is suppressed: it said STOP."


def test_id_that_another_message_took_by_mistake_comes_back(texted: Message) -> None:
    """B was in doubt, asked, and found A's text before A had noted its id."""
    other = Message.objects.get(pk=texted.pk)
    other.pk, other.sequence, other.due_at = None, 2, None
    other.state, other.provider_id = "sent", "provider-1"
    other.save()
    step(Twilio())
    texted.refresh_from_db()
    other.refresh_from_db()
    assert (texted.state, texted.provider_id) == ("sent", "provider-1")
    assert (other.state, other.provider_id, other.due_at is not None) == ("uncertain", "", True)


def test_erased_message_in_doubt_is_left_alone(texted: Message) -> None:
    step(Twilio(CutOff("the line broke")))
    erase_person(Person(order_ids=frozenset({texted.order_id})))
    texted.refresh_from_db()
    assert (texted.state, texted.due_at, texted.to) == ("uncertain", None, "")


def test_two_equal_texts_are_not_settled_by_one_of_theirs(texted: Message, scope: Merchant) -> None:
    other = Message.objects.get(pk=texted.pk)
    other.pk, other.sequence, other.due_at = None, 2, NOW + timedelta(seconds=1)
    other.save()
    twilio = Twilio(CutOff("the line broke"), CutOff("the line broke"))
    for later in (0, 1):
        step(twilio, later=timedelta(seconds=later))
    twilio.taken.pop()  # of the two, the provider has one
    for _ in range(2):
        step(twilio, later=timedelta(minutes=5))
    states = list(Message.objects.filter(channel="sms").values_list("state", flat=True))
    ids = set(Message.objects.filter(channel="sms").values_list("provider_id", flat=True))
    assert (states, len(ids), len(twilio.taken)) == (["sent", "sent"], 2, 2)


def test_push_is_never_sent_again(scope: Merchant, shipment: Shipment) -> None:
    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    Message.objects.update(channel="webpush")
    push = Push(PowerCut())
    with pytest.raises(PowerCut):
        step(push)
    step(push, later=CLAIM)
    message = Message.objects.get()
    assert (message.state, message.reason, message.due_at) == ("uncertain", LEFT_ALONE, None)
    assert (step(push, later=timedelta(days=3)), len(push.letters)) == (False, 1)


def test_mail_on_a_broken_line_goes_out_once_more(message: Message) -> None:
    postbox = Postbox(CutOff("the line broke"))
    step(postbox)
    step(postbox, later=timedelta(minutes=1))
    message.refresh_from_db()
    assert (message.state, message.reason) == ("sent", INTERRUPTED)
    assert len({letter.message_id for letter in postbox.letters}) == 1


def test_stop_between_two_tries_keeps_the_second_mail_back(message: Message) -> None:
    postbox = Postbox(CutOff("the line broke"))
    step(postbox)
    suppress(merchant_id=message.merchant_id, channel="email", address=message.to, reason="spam")
    step(postbox, later=timedelta(minutes=1))
    message.refresh_from_db()
    assert (message.state, message.due_at, len(postbox.letters)) == ("uncertain", None, 1)
    assert message.reason == "The address is suppressed: spam."


def test_mail_cut_off_twice_stays_uncertain(message: Message) -> None:
    postbox = Postbox(CutOff("one"), CutOff("two"))
    step(postbox)
    step(postbox, later=timedelta(minutes=1))
    message.refresh_from_db()
    assert (message.state, message.cut_offs, message.due_at) == ("uncertain", 2, None)
    assert (step(postbox, later=timedelta(days=3)), len(postbox.letters)) == (False, 2)


def test_refusal_of_the_second_try_proves_nothing_of_the_first(message: Message) -> None:
    postbox = Postbox(CutOff("the line broke"), ChannelError("no such mailbox", permanent=True))
    step(postbox)
    step(postbox, later=timedelta(minutes=1))
    message.refresh_from_db()
    assert (message.state, message.reason) == ("uncertain", "no such mailbox")
