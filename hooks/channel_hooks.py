"""Hooks of the channels' providers: receipts of what we sent, and what shoppers answer.

The operator's account serves all merchants, so its address has no token: the signature is the
proof, and the message says whose it is. A merchant's own account has an address with a token, which
says whose it is, whatever is posted there. Mail comes through anymail's own addresses
(`hooks.mail`) and is worked on here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils import timezone

from hooks.incoming import Checked, Incoming, Refused, Unknown, Verified
from inbox.doors import find_by_token
from inbox.models import Delivery, Outcome
from inbox.receive import Inbound, keep_headers
from merchants.scope import merchant_scope
from notifications.answers import mail
from notifications.answers.finding import Concerned
from notifications.answers.said import Said
from notifications.answers.taking import For, take
from notifications.channels import twilio_hooks
from notifications.channels.account_hooks import HOOKS, Posted
from notifications.channels.accounts import Account, account_from
from notifications.incoming import Provider, Receipt, take_receipt, whose
from notifications.models import ChannelSetting

KIND: Final = "channel"
#: The slug of what came by mail, whatever provider took it.
MAIL: Final = "mail"
PROVIDERS: Final[dict[str, Provider]] = {"twilio": twilio_hooks}

#: Kept with the delivery: the address is signed, and its query holds our reference.
_UNSIGNED: Final = "A receipt came whose signature is missing or wrong."
_ADDRESS: Final = "x-homeward-address"
#: Whose an answer is: found when it came, across merchants, and written down beside it.
_MESSAGE: Final = "x-homeward-message"
_FOUND_BY: Final = "x-homeward-found-by"
_IS_MEANT: Final = "x-homeward-is-meant"

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
    headers = keep_headers(incoming.headers, prefixes=()) | {_ADDRESS: incoming.url}
    return Verified(
        deliveries(
            slug=incoming.slug,
            said=said,
            unique_key=provider.key_of(incoming.body),
            headers=headers,
            body=incoming.body,
        )
    )


def deliveries(
    *,
    slug: str,
    said: Receipt | Said | None,
    unique_key: str,
    headers: Mapping[str, str],
    body: bytes,
) -> tuple[tuple[int | None, Inbound], ...]:
    """One for each merchant that it concerns; for nobody where it concerns none."""

    def inbound(more: Mapping[str, str]) -> Inbound:
        return Inbound(
            kind=KIND,
            slug=slug,
            connection_id=None,
            topic="answer" if isinstance(said, Said) else "receipt",
            unique_key=unique_key,
            headers={**headers, **more},
            body=body,
        )

    found = whose(said, now=timezone.now())
    if not found:
        return ((None, inbound({})),)
    is_answer = isinstance(said, Said)
    return tuple((one.merchant_id, inbound(_noted(one) if is_answer else {})) for one in found)


def _noted(one: Concerned) -> dict[str, str]:
    return {
        _MESSAGE: str(one.message_id or ""),
        _FOUND_BY: one.found_by,
        _IS_MEANT: "yes" if one.is_meant else "",
    }


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
    said = _read(delivery)
    if said is None:
        return Outcome.IGNORED, "It is still on its way."
    if isinstance(said, Said):
        take(said, _whose(delivery), received_at=delivery.received_at, now=now)
        return Outcome.DONE, ""
    if take_receipt(said, now=now):
        return Outcome.DONE, ""
    return Outcome.IGNORED, "No message of yours has this number."


def _read(delivery: Delivery) -> Receipt | Said | None:
    body = bytes(delivery.body)
    if delivery.slug == MAIL:
        return mail.load(body)
    return PROVIDERS[delivery.slug].read(url=delivery.headers.get(_ADDRESS, ""), body=body)


def _whose(delivery: Delivery) -> For:
    assert delivery.merchant_id is not None
    message = delivery.headers.get(_MESSAGE, "")
    return For(
        merchant_id=delivery.merchant_id,
        is_meant=bool(delivery.headers.get(_IS_MEANT)),
        message_id=int(message) if message else None,
        found_by=delivery.headers.get(_FOUND_BY, ""),
    )


def _process_own(delivery: Delivery, *, now: datetime) -> Result:
    account = _account(delivery.merchant_id or 0, delivery.connection_id or 0)
    if account is None or account.provider != delivery.slug:
        return Outcome.IGNORED, "The account was disconnected."
    url = delivery.headers.get(_ADDRESS, "")
    posted = Posted(url, delivery.headers, bytes(delivery.body))
    if HOOKS[delivery.slug].take(account, posted, now=now):
        return Outcome.DONE, ""
    return Outcome.IGNORED, "It says nothing of a message of yours, or nothing that ends its way."
