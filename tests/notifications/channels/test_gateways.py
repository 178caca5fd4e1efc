"""Merchants' own accounts against a real server that plays their providers: what each answer
decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from notifications.channels.base import Account, ChannelError, CutOff, Doubt
from notifications.channels.registry import open_channel
from notifications.sandbox.gateways import WAIT_SECONDS
from notifications.sandbox.running import RunningPhones
from tests.notifications.channels import accounts
from tests.notifications.channels.accounts import letter, pointed_at_gateways

KINDS = ("http_sms", "alimtalk", "line", "postmark")


@pytest.fixture
def sandbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPhones]:
    with pointed_at_gateways(settings, monkeypatch) as running:
        yield running


def account_at(kind: str, sandbox: RunningPhones) -> Account:
    if kind == "http_sms":
        return accounts.http_sms(sandbox.url)
    return getattr(accounts, kind)()


def addressed(kind: str) -> dict[str, str]:
    return {"to": "sara@shopper.example"} if kind == "postmark" else {}


def sent(account: Account, **fields: Any) -> str:
    channel = open_channel(account.channel, account)
    try:
        return channel.send(letter(**fields))
    finally:
        channel.close()


@pytest.mark.parametrize("kind", KINDS)
def test_message_is_taken_and_its_number_is_known(kind: str, sandbox: RunningPhones) -> None:
    theirs = sent(account_at(kind, sandbox), **addressed(kind))
    assert len(sandbox.posted()) == 1
    expected = {
        "http_sms": "3:9001", "alimtalk": "3:req-9001/1", "line": "3:9001", "postmark": "pm-9001",
    }  # fmt: skip
    assert theirs == expected[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_refused_message_is_not_tried_again(kind: str, sandbox: RunningPhones) -> None:
    sandbox.fail("400")
    with pytest.raises(ChannelError) as caught:
        sent(account_at(kind, sandbox), **addressed(kind))
    assert (caught.value.permanent, sandbox.posted()) == (True, [])


@pytest.mark.parametrize("kind", KINDS)
def test_refused_key_waits_to_be_corrected(kind: str, sandbox: RunningPhones) -> None:
    sandbox.fail("401")
    with pytest.raises(ChannelError) as caught:
        sent(account_at(kind, sandbox), **addressed(kind))
    assert (caught.value.permanent, caught.value.suppress) == (False, "")


@pytest.mark.parametrize("kind", KINDS)
def test_too_many_requests_wait_as_long_as_asked(kind: str, sandbox: RunningPhones) -> None:
    sandbox.fail("429")
    with pytest.raises(ChannelError) as caught:
        sent(account_at(kind, sandbox), **addressed(kind))
    assert (caught.value.permanent, caught.value.retry_after) == (False, WAIT_SECONDS)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "postmark"])
def test_server_error_leaves_a_doubt(kind: str, sandbox: RunningPhones) -> None:
    sandbox.fail("500")
    with pytest.raises(CutOff):
        sent(account_at(kind, sandbox))


@pytest.mark.parametrize("kind", KINDS)
def test_line_that_breaks_after_the_message_leaves_a_doubt(
    kind: str, sandbox: RunningPhones
) -> None:
    sandbox.fail("cut")
    with pytest.raises(CutOff):
        sent(account_at(kind, sandbox), **addressed(kind))
    assert len(sandbox.posted()) == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "postmark"])
def test_nobody_listening_is_no_doubt(
    kind: str, sandbox: RunningPhones, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = "127.0.0.1:9"
    monkeypatch.setenv("OUTBOUND_ALLOW", dead)
    settings.ALIMTALK_API_URL = settings.LINE_API_URL = f"http://{dead}"
    account = (
        accounts.http_sms(f"http://{dead}") if kind == "http_sms" else account_at(kind, sandbox)
    )
    with pytest.raises(ChannelError) as caught:
        sent(account)
    assert (type(caught.value), caught.value.permanent) == (ChannelError, False)


def test_dead_number_inside_a_yes_is_suppressed(sandbox: RunningPhones) -> None:
    sandbox.fail("inside")
    with pytest.raises(ChannelError) as caught:
        sent(accounts.http_sms(sandbox.url))
    assert (caught.value.permanent, caught.value.suppress) == (True, "the number is not valid")


def test_unknown_code_inside_a_yes_is_tried_again(sandbox: RunningPhones) -> None:
    sandbox.fail("inside")
    with pytest.raises(ChannelError) as caught:
        sent(accounts.http_sms(sandbox.url, dead_codes=""))
    assert (caught.value.permanent, str(caught.value)) == (
        False, "The SMS gateway refused it (ER-02)",
    )  # fmt: skip


def test_alimtalk_says_no_inside_a_yes(sandbox: RunningPhones) -> None:
    sandbox.fail("inside")
    with pytest.raises(ChannelError) as caught:
        sent(accounts.alimtalk())
    assert str(caught.value) == "NHN Cloud refused it (-1000): Invalid appKey"


def test_gateway_gets_what_its_form_describes(sandbox: RunningPhones) -> None:
    sent(accounts.http_sms(sandbox.url), text='Ready: "Oud" ✓')
    assert sandbox.posted()[0]["content"] == {
        "to": "971501234567", "text": 'Ready: "Oud" ✓', "from": "NoorHome", "ref": "7",
        "unicode": "1",
    }  # fmt: skip


def test_gateway_gets_a_form_with_its_key_in_the_address(sandbox: RunningPhones) -> None:
    with pytest.raises(ChannelError):  # this gateway takes no key there
        sent(accounts.http_sms(sandbox.url, auth="query", auth_name="key"))
    sent(accounts.http_sms(sandbox.url, body_kind="form", body="to={to}\ntext={text}"))
    assert sandbox.posted()[0]["content"] == "to=%2B971501234567&text=Out+for+delivery."


def test_private_address_is_not_called(
    sandbox: RunningPhones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUTBOUND_ALLOW")
    with pytest.raises(ChannelError) as caught:
        sent(accounts.http_sms(sandbox.url))
    assert (str(caught.value), sandbox.posted()) == ("The SMS gateway could not be reached", [])


def test_gateway_that_drops_repeats_is_tried_again(sandbox: RunningPhones) -> None:
    left = open_channel("sms", accounts.http_sms(sandbox.url))
    again = open_channel("sms", accounts.http_sms(sandbox.url, repeats="dropped"))
    assert (left.doubt, again.doubt) == (Doubt.LEAVE, Doubt.SEND_AGAIN)


def test_alimtalk_carries_the_template_of_topic_and_language(sandbox: RunningPhones) -> None:
    sent(accounts.alimtalk(), to="+821012345678", link="https://x.example/t/1")
    content = sandbox.posted()[0]["content"]
    [person] = content["recipientList"]
    assert (content["templateCode"], person["recipientNo"], person["templateParameter"]) == (
        "OUT1", "01012345678",
        {"shop": "Noor Home", "name": "Sara", "message": "Out for delivery.",
         "link": "https://x.example/t/1"},
    )  # fmt: skip


def test_alimtalk_without_a_template_falls_through(sandbox: RunningPhones) -> None:
    with pytest.raises(ChannelError) as caught:
        sent(accounts.alimtalk(), about="delivered")
    assert (caught.value.permanent, sandbox.posted()) == (True, [])


def test_alimtalk_is_asked_about_a_doubtful_message(sandbox: RunningPhones) -> None:
    sandbox.fail("cut", for_requests=1)
    channel = open_channel("alimtalk", accounts.alimtalk())
    with pytest.raises(CutOff):
        channel.send(letter())
    assert channel.candidates(letter()) == ["3:req-9001/1"]
    assert channel.candidates(letter(reference="8")) == []
    channel.close()


def test_second_try_on_line_is_no_second_message(sandbox: RunningPhones) -> None:
    sandbox.fail("cut", for_requests=1)
    channel = open_channel("line", accounts.line())
    with pytest.raises(CutOff):
        channel.send(letter())
    assert (channel.send(letter()), len(sandbox.posted())) == ("", 1)
    channel.close()


def test_mail_goes_out_from_the_merchants_own_address(sandbox: RunningPhones) -> None:
    sent(accounts.postmark(), to="sara@shopper.example")
    content = sandbox.posted()[0]["content"]
    assert (content["From"], content["Metadata"]) == (
        "Noor Home <hello@noor.example>", {"message": "7"},
    )  # fmt: skip


def test_twilio_account_of_the_merchant_is_used(sandbox: RunningPhones, settings: Any) -> None:
    settings.TWILIO_AUTH_TOKEN = "the operator's, which is another"
    sid = sent(accounts.twilio(hook="/hooks/channel/twilio/a-token-of-its-own/"))
    [text] = sandbox.texts(accounts.SARA)
    assert (text["sid"], text["from"]) == (sid, "+15550100009")
    assert sandbox.callbacks() == [] or sandbox.callbacks()[0]["url"].endswith(
        "/hooks/channel/twilio/a-token-of-its-own/?message=7"
    )


def test_account_without_its_keys_sends_nothing(sandbox: RunningPhones) -> None:
    with pytest.raises(ChannelError) as caught:
        sent(Account(merchant_id=3, channel="line", provider="line"))
    assert (caught.value.permanent, sandbox.posted()) == (False, [])
