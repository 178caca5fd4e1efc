"""Hooks of the channels' providers: receipts of what we sent, and what shoppers answer.

The operator's account serves all merchants, so its address has no token: the signature is the
proof, and the message says whose it is. A merchant's own account has an address with a token, which
says whose it is, whatever is posted there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hooks.incoming import Checked, Incoming, Refused, Unknown, Verified
from inbox.doors import find_by_token
from inbox.models import Delivery, Outcome
from inbox.receive import Inbound, keep_headers
from merchants.scope import merchant_scope
from notifications.channels import twilio_hooks
from notifications.channels.account_hooks import HOOKS, Posted
from notifications.channels.accounts import Account, account_from
from notifications.incoming import Answer, Provider, take_answer, take_receipt, whose
from notifications.models import ChannelSetting

KIND: Final = "channel"
PROVIDERS: Final[dict[str, Provider]] = {"twilio": twilio_hooks}

#: Kept with the delivery: the address is signed, and its query holds our reference.
_UNSIGNED: Final = "A receipt came whose signature is missing or wrong."
_ADDRESS: Final = "x-homeward-address"

Result = tuple[Outcome, str]


def check(incoming: Incoming) -> Checked:
    """Proven by the provider's signature over the address and the body."""
    if incoming.token:
        return _check_own(incoming)
    provider = PROVIDERS.get(incoming.slug)
    if provider is None:
        return Unknown()
    if not provider.is_signed(url=incoming.url, headers=incoming.headers, body=incoming.body):
        return Refused()
    said = provider.read(url=incoming.url, body=incoming.body)
    inbound = Inbound(
        kind=KIND,
        slug=incoming.slug,
        connection_id=None,
        topic="answer" if isinstance(said, Answer) else "receipt",
        unique_key=provider.key_of(incoming.body),
        headers=keep_headers(incoming.headers, prefixes=()) | {_ADDRESS: incoming.url},
        body=incoming.body,
    )
    merchants: list[int | None] = list(whose(said)) or [None]
    return Verified(tuple((merchant_id, inbound) for merchant_id in merchants))


def _check_own(incoming: Incoming) -> Checked:
    """A merchant's own account: the token finds it, the provider's signature proves it further."""
    hooks = HOOKS.get(incoming.slug)
    door = find_by_token(kind=KIND, slug=incoming.slug, token=incoming.token)
    if hooks is None or door is None:
        return Unknown()
    account = _account(door.merchant_id, door.connection_id)
    if account is None or account.provider != incoming.slug:
        return Unknown()
    posted = Posted(incoming.url, incoming.headers, incoming.body)
    if not hooks.is_genuine(account, posted):
        return Refused(door.merchant_id, door.connection_id)
    inbound = Inbound(
        kind=KIND,
        slug=incoming.slug,
        connection_id=door.connection_id,
        topic="own",
        unique_key=posted.key,
        headers=keep_headers(incoming.headers, prefixes=()) | {_ADDRESS: incoming.url},
        body=incoming.body,
    )
    return Verified(((door.merchant_id, inbound),))


def _account(merchant_id: int, setting_id: int) -> Account | None:
    with merchant_scope(merchant_id):
        row = ChannelSetting.objects.filter(pk=setting_id).first()
        return account_from(row) if row else None


def note_received(connection_id: int, *, now: datetime) -> None:
    """Nothing to note: every receipt shows with its message."""


def note_refused(connection_id: int, *, now: datetime) -> None:
    """Somebody knows the address and not the key, or the key was changed over there."""
    ChannelSetting.objects.filter(pk=connection_id).exclude(channel="email").update(
        problem=_UNSIGNED
    )


def note_failed(connection_id: int, *, problem: str, now: datetime) -> None:
    """Nothing to note, as above."""


def process(delivery: Delivery, *, now: datetime) -> Result:
    """Settle the message, or obey the shopper; in the merchant's scope."""
    assert delivery.merchant_id is not None
    if delivery.connection_id is not None:
        return _process_own(delivery, now=now)
    provider = PROVIDERS[delivery.slug]
    said = provider.read(url=delivery.headers.get(_ADDRESS, ""), body=bytes(delivery.body))
    if said is None:
        return Outcome.IGNORED, "It is still on its way."
    if isinstance(said, Answer):
        if take_answer(said, merchant_id=delivery.merchant_id):
            return Outcome.DONE, ""
        return (
            Outcome.IGNORED,
            "An answer in the shopper’s own words is kept, and read by nobody yet.",
        )
    if take_receipt(said, now=now):
        return Outcome.DONE, ""
    return Outcome.IGNORED, "No message of yours has this number."


def _process_own(delivery: Delivery, *, now: datetime) -> Result:
    account = _account(delivery.merchant_id or 0, delivery.connection_id or 0)
    if account is None or account.provider != delivery.slug:
        return Outcome.IGNORED, "The account was disconnected."
    url = delivery.headers.get(_ADDRESS, "")
    posted = Posted(url, delivery.headers, bytes(delivery.body))
    if HOOKS[delivery.slug].take(account, posted, now=now):
        return Outcome.DONE, ""
    return Outcome.IGNORED, "It says nothing of a message of yours, or nothing that ends its way."
