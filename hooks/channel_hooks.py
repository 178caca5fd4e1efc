"""Hooks of the channels' providers: receipts of what we sent, and what shoppers answer.

One account of the operator's serves all merchants, so these addresses have no token: the
signature is the proof, and the message says whose it is. Mail comes through anymail's own addresses
(`hooks.mail`) and is worked on here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils import timezone

from hooks.incoming import Checked, Incoming, Refused, Unknown, Verified
from inbox.models import Delivery, Outcome
from inbox.receive import Inbound, keep_headers
from notifications.answers import mail
from notifications.answers.finding import Concerned
from notifications.answers.said import Said
from notifications.answers.taking import For, take
from notifications.channels import twilio_hooks
from notifications.incoming import Provider, Receipt, take_receipt, whose

KIND: Final = "channel"
#: The slug of what came by mail, whatever provider took it.
MAIL: Final = "mail"
PROVIDERS: Final[dict[str, Provider]] = {"twilio": twilio_hooks}

#: Kept with the delivery: the address is signed, and its query holds our reference.
_ADDRESS: Final = "x-homeward-address"
#: Whose an answer is: found when it came, across merchants, and written down beside it.
_MESSAGE: Final = "x-homeward-message"
_FOUND_BY: Final = "x-homeward-found-by"
_IS_MEANT: Final = "x-homeward-is-meant"

Result = tuple[Outcome, str]


def check(incoming: Incoming) -> Checked:
    """Proven by the provider's signature over the address and the body."""
    provider = PROVIDERS.get(incoming.slug)
    if provider is None or incoming.token:
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


def note_received(connection_id: int, *, now: datetime) -> None:
    """Nothing to note: the operator's account belongs to no merchant."""


def note_refused(connection_id: int, *, now: datetime) -> None:
    """Nothing to note, as above."""


def note_failed(connection_id: int, *, problem: str, now: datetime) -> None:
    """Nothing to note, as above."""


def process(delivery: Delivery, *, now: datetime) -> Result:
    """Settle the message, or obey the shopper; in the merchant's scope."""
    assert delivery.merchant_id is not None
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
