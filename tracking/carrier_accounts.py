"""Connecting a carrier or hub: the account, its sealed secrets, its push address, a first try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.db import transaction

from carriers import registry
from carriers.accounts import account_of
from carriers.base import Ask, Carrier, CarrierError
from carriers.calls import Call
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount, PlatformAccount
from inbox.doors import close_doors, hook_url, open_door
from lib.encryption import seal
from merchants.models import Merchant

KIND: Final = "carrier"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a first call. "works": the carrier took the credentials. "unclear": it
    answered, but not so that we could tell. `words` are the carrier's or ours."""

    verdict: Literal["works", "refused", "unclear", "unreachable"]
    words: str = ""


def connect_account(
    *,
    merchant: Merchant,
    carrier: Carrier,
    name: str = "",
    secrets: Mapping[str, str] | None = None,
    platform: PlatformAccount | None = None,
    base_url: str = "",
) -> CarrierAccount:
    """A new account, with its push address where the carrier pushes; in the merchant's scope.

    Either `secrets` of its own or the operator's `platform` account. Raises IntegrityError
    for a name that this merchant has given to another account with the carrier.
    """
    with transaction.atomic():
        account = CarrierAccount.objects.create(
            merchant=merchant,
            carrier=carrier.slug,
            name=name,
            secrets=seal(secrets) if secrets else "",
            platform=platform,
            base_url=base_url,
        )
        if carrier.push:
            open_door(merchant=merchant, kind=KIND, slug=carrier.slug, connection_id=account.pk)
    return account


def push_address(account: CarrierAccount) -> str:
    """Where the carrier is to push to; empty where it does not."""
    return hook_url(KIND, account.carrier, account.pk)


def remove_account(account: CarrierAccount) -> None:
    """Credentials, failures and the address go; parcels stay."""
    with transaction.atomic():
        close_doors(kind=KIND, slug=account.carrier, connection_id=account.pk)
        account.delete()


def try_account(account: CarrierAccount, fetcher: Fetcher) -> Tried:
    """Ask about a number that is nobody's: do the credentials open the door?"""
    carrier = registry.get(account.carrier)
    extra = {name: carrier.test_extra.get(name, "0") for name in carrier.needs}
    call = Call(carrier, account_of(account), (Ask(carrier.test_number, extra),))
    error = fetcher.fetch([call])[0].error
    if error is None or error.kind == "not_found":
        return Tried("works")
    return Tried(_verdict(error), str(error))


def _verdict(error: CarrierError) -> Literal["refused", "unclear", "unreachable"]:
    if error.kind == "credentials":
        return "refused"
    return "unreachable" if error.kind == "unavailable" else "unclear"
