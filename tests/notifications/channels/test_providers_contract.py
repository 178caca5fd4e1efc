"""What holds for every provider of every channel."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from notifications.channels.account_hooks import HOOKS
from notifications.channels.base import Account, ChannelError, Doubt
from notifications.channels.forms import Provider
from notifications.channels.registry import CHANNELS, Kind, open_channel
from notifications.models import ChannelSetting


def every() -> Iterator[tuple[Kind, Provider]]:
    for kind in CHANNELS.values():
        for provider in kind.providers.values():
            yield kind, provider


def named(pair: tuple[Kind, Provider]) -> str:
    return f"{pair[0].slug}-{pair[1].slug}"


PAIRS = pytest.mark.parametrize("pair", list(every()), ids=named)


def filled(kind: Kind, provider: Provider) -> Account:
    values = {
        one.name: one.choices[0][0] if one.choices else one.initial or "value"
        for one in provider.fields
    }
    values |= {"host": "mail.noor.example"} if "host" in values else {}
    secrets = {one.name: values.pop(one.name) for one in provider.fields if one.is_secret}
    return Account(
        merchant_id=1, channel=kind.slug, provider=provider.slug, sender="hello@noor.example",
        config=values, secrets=secrets,
    )  # fmt: skip


@PAIRS
def test_provider_can_be_named_in_an_address_and_a_column(pair: tuple[Kind, Provider]) -> None:
    kind, provider = pair
    longest = ChannelSetting._meta.get_field("provider").max_length
    assert re.fullmatch(r"[a-z][a-z0-9_]*", provider.slug)
    assert len(provider.slug) <= (longest or 0)
    assert len(kind.slug) <= (ChannelSetting._meta.get_field("channel").max_length or 0)


@PAIRS
def test_provider_asks_for_each_thing_once(pair: tuple[Kind, Provider]) -> None:
    names = [one.name for one in pair[1].fields]
    assert len(names) == len(set(names))
    assert not {"hook", "secrets_since", "dns"} & set(names)


@PAIRS
def test_filled_in_form_opens_a_channel_of_its_kind(pair: tuple[Kind, Provider]) -> None:
    kind, provider = pair
    channel = open_channel(kind.slug, filled(kind, provider))
    assert (channel.slug, isinstance(channel.doubt, Doubt)) == (kind.slug, True)
    channel.close()


@PAIRS
def test_form_without_what_it_needs_opens_nothing(pair: tuple[Kind, Provider]) -> None:
    kind, provider = pair
    account = Account(merchant_id=1, channel=kind.slug, provider=provider.slug)
    assert bool(provider.missing(account)) or provider.slug == "http_sms"
    channel = open_channel(kind.slug, account)
    assert channel.slug == "not_set_up"


@PAIRS
def test_secrets_never_show_in_a_log(pair: tuple[Kind, Provider]) -> None:
    account = filled(*pair)
    shown = repr(account)
    assert "secrets" not in shown


@PAIRS
def test_provider_with_an_address_has_somebody_behind_it(pair: tuple[Kind, Provider]) -> None:
    assert pair[1].hooks == (pair[1].slug in HOOKS)


def test_accounts_with_another_secret_are_not_equal() -> None:
    first, second = (
        Account(merchant_id=1, channel="line", provider="line", secrets={"access_token": one})
        for one in "ab"
    )
    assert (first == second, hash(first) == hash(second)) == (False, True)


def test_channel_of_merchants_alone_refuses_without_an_account() -> None:
    with pytest.raises(ChannelError):
        open_channel("line", None).candidates(None)  # type: ignore[arg-type]
