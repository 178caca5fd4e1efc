"""What is sent, by which channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lib.vocabulary import Milestone
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.models import ChannelSetting
from notifications.rules import channels_on, rules_of, topics_on
from notifications.sandbox.running import RunningPhones
from notifications.texts import ADDRESS
from tests.dashboard.conftest import SignIn
from tests.notifications.phones import pointed_at_phones

PATH = "/app/noor/messages/rules/"


@pytest.fixture
def phones(settings: Any) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        yield running


def test_only_channels_of_this_installation_can_be_switched(sign_in: SignIn) -> None:
    html = sign_in().get(PATH).content.decode()
    assert ('name="use_email"' in html, 'name="use_sms"' in html) == (True, False)
    assert html.count("Not set up.") == 5


def test_switches_are_kept_and_written_down(
    sign_in: SignIn, merchant: Merchant, phones: RunningPhones
) -> None:
    posted = {"use_email": "on", "use_sms": "on", "sender_sms": "NoorHome"}
    posted |= {"tell_sms_out_for_delivery": "on", "tell_email_delivered": "on"}
    assert sign_in().post(PATH, posted).status_code == 303
    with merchant_scope(merchant.pk):
        assert [kind.slug for kind in channels_on(merchant)] == ["email", "sms"]
        assert topics_on(rules_of(merchant), channel="sms") & set(Milestone) == {
            Milestone.OUT_FOR_DELIVERY
        }
        assert topics_on(rules_of(merchant), channel="email") & set(Milestone) == {
            Milestone.DELIVERED
        }
        assert ChannelSetting.objects.get(channel="sms").sender == "NoorHome"
        assert AuditEntry.objects.get().action == "messages.changed"


def test_question_about_the_address_has_a_switch(sign_in: SignIn, merchant: Merchant) -> None:
    client, name = sign_in(), "tell_email_address_question"
    assert f'name="{name}"' in client.get(PATH).content.decode()
    with merchant_scope(merchant.pk):
        assert ADDRESS in topics_on(rules_of(merchant), channel="email")
    client.post(PATH, {"use_email": "on"})
    with merchant_scope(merchant.pk):
        assert ADDRESS not in topics_on(rules_of(merchant), channel="email")
    client.post(PATH, {"use_email": "on", name: "on"})
    with merchant_scope(merchant.pk):
        assert ADDRESS in topics_on(rules_of(merchant), channel="email")


def test_impossible_sender_is_refused_and_stays_in_the_field(
    sign_in: SignIn, merchant: Merchant, phones: RunningPhones
) -> None:
    answer = sign_in().post(PATH, {"use_sms": "on", "sender_sms": "نور هوم!"})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Enter a number such as +97141234567, or a name of 3 to 11 letters." in html
    assert "نور هوم!" in html
    with merchant_scope(merchant.pk):
        assert ChannelSetting.objects.count() == 0


def test_agent_sees_the_log_but_not_the_switches(sign_in: SignIn) -> None:
    client = sign_in(Role.AGENT)
    assert client.get(PATH).status_code == 403
    assert "What is sent" not in client.get("/app/noor/messages/").content.decode()
