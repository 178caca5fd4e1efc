"""Hooks of the channels' providers: receipts of what we sent, and what shoppers answer.

One account of the operator's serves all merchants, so these addresses have no token: the
signature is the proof, and the message says whose it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hooks.incoming import Checked, Incoming, Refused, Unknown, Verified
from inbox.models import Delivery, Outcome
from inbox.receive import Inbound, keep_headers
from notifications.channels import twilio_hooks
from notifications.incoming import Answer, Provider, take_answer, take_receipt, whose

KIND: Final = "channel"
PROVIDERS: Final[dict[str, Provider]] = {"twilio": twilio_hooks}

#: Kept with the delivery: the address is signed, and its query holds our reference.
_ADDRESS: Final = "x-homeward-address"

Result = tuple[Outcome, str]


def check(incoming: Incoming) -> Checked:
    """Proven by the provider's signature over the address and the body."""
    provider = PROVIDERS.get(incoming.slug)
    if provider is None or incoming.token:
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


def note_received(connection_id: int, *, now: datetime) -> None:
    """Nothing to note: the operator's account belongs to no merchant."""


def note_refused(connection_id: int, *, now: datetime) -> None:
    """Nothing to note, as above."""


def note_failed(connection_id: int, *, problem: str, now: datetime) -> None:
    """Nothing to note, as above."""


def process(delivery: Delivery, *, now: datetime) -> Result:
    """Settle the message, or obey the shopper; in the merchant's scope."""
    assert delivery.merchant_id is not None
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
