"""Connecting channels by hand: forms, secrets that stay secret, tests, the sender's domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lib.encryption import unseal
from merchants.models import AuditEntry, Merchant
from merchants.scope import merchant_scope
from notifications.channels.accounts import account_of
from notifications.models import ChannelSetting
from notifications.rules import channels_on
from notifications.sandbox.gateways import KEY
from notifications.sandbox.running import RunningPhones
from tests.dashboard.conftest import SignIn
from tests.lib.fake_dns import running_dns
from tests.notifications.channels.accounts import http_sms, pointed_at_gateways

BASE = "/app/noor/messages/channels/"
SMS = f"{BASE}sms/"


@pytest.fixture
def sandbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPhones]:
    with pointed_at_gateways(settings, monkeypatch) as running:
        settings.TWILIO_ACCOUNT_SID = settings.TWILIO_SMS_FROM = ""
        yield running


def typed(sandbox: RunningPhones, **fields: str) -> dict[str, str]:
    return {**http_sms(sandbox.url).config, "auth_secret": KEY, "sender": "NoorHome", **fields}


def setting(merchant: Merchant, channel: str = "sms") -> ChannelSetting:
    with merchant_scope(merchant.pk):
        return ChannelSetting.objects.get(channel=channel)


def test_every_channel_is_listed_with_its_state(sign_in: SignIn) -> None:
    html = sign_in().get(BASE).content.decode()
    assert [html.count(f'href="{BASE}{slug}/"') for slug in ("email", "sms", "line", "inbox")] == [
        1, 1, 1, 1,
    ]  # fmt: skip


def test_gateway_is_connected_tried_and_used(
    sign_in: SignIn, merchant: Merchant, sandbox: RunningPhones
) -> None:
    client = sign_in()
    answer = client.post(f"{SMS}through/http_sms/", typed(sandbox))
    assert (answer.status_code, answer["Location"]) == (303, SMS)
    client.post(f"{SMS}try/", {"to": "050 123 4567"})
    assert sandbox.posted()[0]["content"]["to"] == "971501234567"
    with merchant_scope(merchant.pk):
        own = account_of(merchant.pk, "sms")
        assert own is not None
        assert (own.provider, own.secrets) == ("http_sms", {"auth_secret": KEY})
        assert "sms" in [kind.slug for kind in channels_on(merchant)]
        assert ChannelSetting.objects.get().problem == ""
        assert AuditEntry.objects.filter(action="channel.connected").count() == 1


def test_secret_is_never_shown_and_kept_where_it_is_not_typed(
    sign_in: SignIn, merchant: Merchant, sandbox: RunningPhones
) -> None:
    client = sign_in()
    client.post(f"{SMS}through/http_sms/", typed(sandbox))
    html = client.get(f"{SMS}through/http_sms/").content.decode()
    assert (KEY in html, "Kept. Type it only to replace it." in html) == (False, True)
    assert KEY not in client.get(SMS).content.decode()
    client.post(f"{SMS}through/http_sms/", typed(sandbox, auth_secret="", sender="Noor"))
    row = setting(merchant)
    assert (row.sender, unseal(row.secrets)) == ("Noor", {"auth_secret": KEY})


def test_secret_of_another_provider_is_forgotten(
    sign_in: SignIn, merchant: Merchant, sandbox: RunningPhones
) -> None:
    client = sign_in()
    client.post(f"{SMS}through/http_sms/", typed(sandbox))
    client.post(
        f"{SMS}through/twilio/", {"account_sid": "AC1", "auth_token": "t", "sender": "NoorHome"}
    )
    assert unseal(setting(merchant).secrets) == {"auth_token": "t"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://sms.example/send"),
        ("url", "https://10.0.0.1/send"),
        ("url", "https://localhost/send"),
        ("url", "https://user:pw@sms.example/"),
        ("url", "https://{to}.example/"),
        ("body", "{not json"),
        ("per_second", "fast"),
        ("sender", "a name that is far too long"),
    ],
)
def test_form_that_cannot_work_is_refused(
    sign_in: SignIn, sandbox: RunningPhones, field: str, value: str
) -> None:
    answer = sign_in().post(f"{SMS}through/http_sms/", typed(sandbox, **{field: value}))
    assert answer.status_code == 400
    assert answer.context["fields"][[one["name"] for one in answer.context["fields"]].index(field)][
        "error"
    ]


def test_example_fills_the_form(sign_in: SignIn) -> None:
    html = sign_in().get(f"{SMS}through/http_sms/?example=taqnyat").content.decode()
    assert ("https://api.taqnyat.sa/v1/messages" in html, "dev.taqnyat.sa" in html) == (True, True)


@pytest.mark.parametrize("example", ["unifonic", "taqnyat"])
def test_examples_are_forms_that_can_be_saved(
    sign_in: SignIn, merchant: Merchant, example: str
) -> None:
    client = sign_in()
    fields = client.get(f"{SMS}through/http_sms/?example={example}").context["fields"]
    given = {one["name"]: one["value"] for one in fields}
    for one in fields:
        if one["kind"] == "select" and not given[one["name"]]:
            given[one["name"]] = one["options"][0]["value"]
    given |= {"sender": "NoorHome", "auth_secret": "k"}
    assert client.post(f"{SMS}through/http_sms/", given).status_code == 303
    assert setting(merchant).provider == "http_sms"


def test_refused_test_is_told_in_the_providers_words(
    sign_in: SignIn, merchant: Merchant, sandbox: RunningPhones
) -> None:
    client = sign_in()
    client.post(f"{SMS}through/http_sms/", typed(sandbox))
    sandbox.fail("401")
    html = client.post(f"{SMS}try/", {"to": "+971501234567"}, follow=True).content.decode()
    assert "The SMS gateway answered 401" in html
    assert setting(merchant).problem == "The SMS gateway answered 401"


def test_mail_goes_from_the_own_address_once_its_records_are_right(
    sign_in: SignIn, merchant: Merchant, settings: Any, sandbox: RunningPhones
) -> None:
    client = sign_in()
    zone = {"pm._domainkey.noor.example": ["p=MIG"]}
    given = {"server_token": KEY, "sender": "hello@noor.example", "dkim_selector": "pm"}
    with running_dns(zone) as server:
        settings.DNS_SERVERS = server
        client.post(f"{BASE}email/through/postmark/", given)
    html = client.get(f"{BASE}email/").content.decode()
    assert ("_dmarc.noor.example" in html, "v=DMARC1; p=none" in html) == (True, True)
    with merchant_scope(merchant.pk):
        assert account_of(merchant.pk, "email") is None
    with running_dns(zone | {"_dmarc.noor.example": ["v=DMARC1; p=none"]}) as server:
        settings.DNS_SERVERS = server
        client.post(f"{BASE}email/look/")
    html = client.get(f"{BASE}email/").content.decode()
    assert "All three are right: mail goes out from your own address." in html
    with merchant_scope(merchant.pk):
        assert account_of(merchant.pk, "email") is not None


def test_mail_server_of_a_private_network_is_refused(sign_in: SignIn) -> None:
    given = {"host": "10.1.2.3", "port": "25", "security": "tls", "sender": "a@noor.example"}
    assert sign_in().post(f"{BASE}email/through/smtp/", given).status_code == 400


def test_account_is_left_after_a_question(
    sign_in: SignIn, merchant: Merchant, sandbox: RunningPhones
) -> None:
    client = sign_in()
    client.post(f"{SMS}through/http_sms/", typed(sandbox))
    assert client.get(f"{SMS}remove/").status_code == 200
    client.post(f"{SMS}remove/")
    row = setting(merchant)
    assert (row.provider, row.secrets, row.config, row.is_on) == ("", "", {}, False)


def test_switching_a_channel_keeps_its_account(
    sign_in: SignIn, merchant: Merchant, sandbox: RunningPhones
) -> None:
    client = sign_in()
    client.post(f"{SMS}through/http_sms/", typed(sandbox))
    client.post(f"{SMS}switch/", {"to": "off"})
    row = setting(merchant)
    assert (row.is_on, row.provider, row.sender) == (False, "http_sms", "NoorHome")


def test_what_is_sent_keeps_the_senders_of_own_accounts(
    sign_in: SignIn, merchant: Merchant, sandbox: RunningPhones
) -> None:
    client = sign_in()
    client.post(f"{SMS}through/http_sms/", typed(sandbox))
    client.post("/app/noor/messages/rules/", {"use_email": "on", "use_sms": "on"})
    assert setting(merchant).sender == "NoorHome"
