"""What providers post to the address of a merchant's own account: is it theirs, what does it say.

The address holds a token that names the merchant (`inbox.doors`), so whatever is said counts for
that merchant's messages only: who brings an account along cannot speak for others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from notifications.answers.finding import concerned
from notifications.answers.said import Said
from notifications.answers.taking import For, take
from notifications.channels import alimtalk_hooks, esp_hooks, http_sms_hooks, twilio_hooks
from notifications.channels.base import Account
from notifications.channels.esps import ESPS
from notifications.incoming import Receipt, take_receipt
from notifications.models import Answer, Message


@dataclass(frozen=True, slots=True)
class Posted:
    """One request to an account's address; `headers` by lower-case name."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def key(self) -> str:
        """The same bytes at the same address are the same news."""
        return hashlib.sha256(self.url.encode() + b"\n" + self.body).hexdigest()


class Hooks(Protocol):
    """A provider's side of an account's address."""

    def is_genuine(self, account: Account, posted: Posted) -> bool:
        """Whether it is theirs. The token proves it where the provider signs nothing."""
        ...

    def take(self, account: Account, posted: Posted, *, now: datetime) -> int:
        """Do what it says, in the merchant's scope; returns of how many of its messages."""
        ...


class _Twilio:
    def is_genuine(self, account: Account, posted: Posted) -> bool:
        token = account.secrets.get("auth_token", "")
        return bool(token) and twilio_hooks.is_signed(
            url=posted.url, headers=posted.headers, body=posted.body, auth_token=token
        )

    def take(self, account: Account, posted: Posted, *, now: datetime) -> int:
        said = twilio_hooks.read(url=posted.url, body=posted.body)
        return _take(account, [] if said is None else [said], now=now)


class _HttpSms:
    def is_genuine(self, account: Account, posted: Posted) -> bool:
        return True

    def take(self, account: Account, posted: Posted, *, now: datetime) -> int:
        return _take(account, http_sms_hooks.read(account, posted.url, posted.body), now=now)


class _AlimTalk:
    def is_genuine(self, account: Account, posted: Posted) -> bool:
        return alimtalk_hooks.is_signed(account, posted.headers)

    def take(self, account: Account, posted: Posted, *, now: datetime) -> int:
        return _take(account, alimtalk_hooks.read(account, posted.body), now=now)


class _Esp:
    def is_genuine(self, account: Account, posted: Posted) -> bool:
        return esp_hooks.is_genuine(account, posted.url, posted.headers, posted.body)

    def take(self, account: Account, posted: Posted, *, now: datetime) -> int:
        return esp_hooks.take(account, posted.url, posted.headers, posted.body)


def _take(account: Account, said: Sequence[Receipt | Said], *, now: datetime) -> int:
    done = 0
    for one in said:
        if isinstance(one, Receipt):
            done += take_receipt(one, now=now)
        else:
            done += take(one, _whose(account, one, now=now), received_at=now, now=now)
    return done


def _whose(account: Account, said: Said, *, now: datetime) -> For:
    """The account's merchant is meant, whoever else wrote to this number."""
    for found in concerned(said, now=now):
        if found.merchant_id == account.merchant_id and found.message_id is not None:
            return For(found.merchant_id, True, found.message_id, found.found_by)
    rows = Message.objects.filter(channel=said.channel, to=said.number).order_by("-pk")
    newest = rows.values_list("pk", flat=True).first()
    how = Answer.FoundBy.NEWEST.value if newest else ""
    return For(account.merchant_id, True, newest, how)


#: By the provider's slug, which is the word in the address.
HOOKS: Final[Mapping[str, Hooks]] = {
    "twilio": _Twilio(),
    "http_sms": _HttpSms(),
    "nhn": _AlimTalk(),
    **{esp.slug: _Esp() for esp in ESPS.values() if esp.view},
}
