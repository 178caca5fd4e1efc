"""SPF, DKIM and DMARC of a sender's domain, asked of a real DNS server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lib.dns_lookup import Lookup, NoAnswer
from merchants.models import Merchant
from notifications.channels.accounts import account_of
from notifications.channels.base import Account
from notifications.channels.domain_watch import found_of, look_at, look_at_due
from notifications.channels.sender_domain import Check, Finding, check_domain
from notifications.models import ChannelSetting
from tests.factories import NOW
from tests.lib.fake_dns import Zone, running_dns

RIGHT = {
    "noor.example": ["v=spf1 include:spf.mailjet.com ~all"],
    "spf.mailjet.com": ["v=spf1 ip4:192.0.2.0/24 ~all"],
    "mailjet._domainkey.noor.example": ["k=rsa; p=MIGf"],
    "_dmarc.noor.example": ["v=DMARC1; p=none"],
}


def account(provider: str = "mailjet", **config: str) -> Account:
    return Account(merchant_id=1, channel="email", provider=provider, config=config)


def checked(zone: Zone, domain: str = "noor.example", **kwargs: Any) -> dict[str, Check]:
    with running_dns(zone) as server:
        found = check_domain(account(**kwargs), domain, dns=Lookup(server))
    return {one.name: one for one in found}


def findings(zone: Zone, domain: str = "noor.example", **kwargs: Any) -> dict[str, Finding]:
    return {name: one.finding for name, one in checked(zone, domain, **kwargs).items()}


def test_domain_with_its_three_records_is_right() -> None:
    assert findings(RIGHT) == dict.fromkeys(("spf", "dkim", "dmarc"), Finding.FINE)


def test_empty_domain_is_told_what_to_add() -> None:
    found = checked({"noor.example": []})
    assert [(one.name, one.finding, one.host, one.record) for one in found.values()] == [
        ("spf", Finding.MISSING, "noor.example", "v=spf1 include:spf.mailjet.com ~all"),
        ("dkim", Finding.MISSING, "mailjet._domainkey.noor.example", ""),
        ("dmarc", Finding.MISSING, "_dmarc.noor.example", "v=DMARC1; p=none"),
    ]


def test_record_for_somebody_else_is_completed() -> None:
    zone = RIGHT | {"noor.example": ["google-site=1", "v=spf1 include:_spf.else.example mx -all"]}
    spf = checked(zone)["spf"]
    assert (spf.finding, spf.record) == (
        Finding.NOT_INCLUDED, "v=spf1 include:_spf.else.example mx include:spf.mailjet.com -all",
    )  # fmt: skip


def test_provider_that_is_included_by_another_counts() -> None:
    zone = RIGHT | {
        "noor.example": ["v=spf1 include:all.noor.example -all"],
        "all.noor.example": ["v=spf1 include:spf.mailjet.com -all"],
    }
    assert findings(zone)["spf"] == Finding.FINE


def test_two_spf_records_are_none() -> None:
    zone = RIGHT | {"noor.example": ["v=spf1 include:spf.mailjet.com ~all", "v=spf1 mx -all"]}
    assert findings(zone)["spf"] == Finding.TWICE


def test_record_that_needs_too_many_lookups_says_so() -> None:
    names = " ".join(f"include:n{n}.example" for n in range(11))
    zone = RIGHT | {"noor.example": [f"v=spf1 {names} include:spf.mailjet.com ~all"]}
    assert findings(zone)["spf"] == Finding.TOO_MANY_LOOKUPS


def test_records_that_include_each_other_end() -> None:
    zone = RIGHT | {
        "noor.example": ["v=spf1 include:a.example -all"],
        "a.example": ["v=spf1 include:noor.example -all"],
    }
    assert findings(zone)["spf"] == Finding.NOT_INCLUDED


def test_spf_of_a_provider_with_its_own_return_address_is_not_asked_for() -> None:
    zone = {"_dmarc.noor.example": ["v=DMARC1; p=reject"], "pm._domainkey.noor.example": ["p=MIG"]}
    assert findings(zone, provider="postmark", dkim_selector="pm") == {
        "spf": Finding.NOT_NEEDED, "dkim": Finding.FINE, "dmarc": Finding.FINE,
    }  # fmt: skip


def test_key_without_a_selector_cannot_be_looked_for() -> None:
    assert findings({}, provider="postmark")["dkim"] == Finding.NO_SELECTOR


def test_empty_key_was_revoked() -> None:
    zone = RIGHT | {"mailjet._domainkey.noor.example": ["v=DKIM1; p="]}
    assert findings(zone)["dkim"] == Finding.REVOKED


def test_key_of_the_parent_domain_is_not_this_ones() -> None:
    assert findings(RIGHT, domain="shop.noor.example")["dkim"] == Finding.MISSING


def test_policy_of_the_parent_domain_counts() -> None:
    found = checked(RIGHT, domain="shop.noor.example")["dmarc"]
    assert (found.finding, found.host) == (Finding.FINE, "_dmarc.noor.example")


def test_policy_that_cannot_be_read_is_none() -> None:
    zone = RIGHT | {"_dmarc.noor.example": ["v=DMARC1; p=perhaps"]}
    assert findings(zone)["dmarc"] == Finding.UNREADABLE


def test_silent_resolver_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.dns_lookup._SECONDS", 0.3)
    with pytest.raises(NoAnswer):
        Lookup("127.0.0.1:9").txt("noor.example")


@pytest.fixture
def row(scope: Merchant) -> ChannelSetting:
    return ChannelSetting.objects.create(
        merchant=scope, channel="email", is_on=True, provider="mailjet",
        sender="hello@noor.example", config={"api_key": "k"},
    )  # fmt: skip


def test_own_address_is_used_once_the_records_are_right(row: ChannelSetting) -> None:
    assert account_of(row.merchant_id, "email") is None
    with running_dns(RIGHT) as server:
        assert look_at(row, now=NOW, dns=Lookup(server))
    own = account_of(row.merchant_id, "email")
    assert own is not None
    assert own.sender == "hello@noor.example"


def test_own_address_is_left_when_a_record_goes(row: ChannelSetting, settings: Any) -> None:
    ChannelSetting.objects.update(checked_at=NOW - timedelta(days=2))
    assert account_of(row.merchant_id, "email") is not None
    with running_dns(RIGHT | {"_dmarc.noor.example": []}) as server:
        settings.DNS_SERVERS = server
        assert look_at_due(now=NOW) == 1
        assert look_at_due(now=NOW + timedelta(hours=1)) == 0
    assert account_of(row.merchant_id, "email") is None
    row.refresh_from_db()
    assert [one.finding for one in found_of(row) if not one.is_good] == [Finding.MISSING]


def test_silence_changes_nothing(
    row: ChannelSetting, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.dns_lookup._SECONDS", 0.3)
    settings.DNS_SERVERS = "127.0.0.1:9"
    ChannelSetting.objects.update(checked_at=NOW - timedelta(days=2))
    assert look_at_due(now=NOW) == 0
    assert account_of(row.merchant_id, "email") is not None
