"""The list of addresses that are not written to, as people look after it.

Channels put addresses on it by `notifications.consent.suppress`; here they are found, added by hand
and taken off. Every reason is kept in words; those that we write ourselves are translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from lib.phones import e164, masked_email, masked_phone
from merchants.models import Merchant
from notifications.channels.registry import CHANNELS, Kind, Reach
from notifications.models import Suppression

ADDED_BY_HAND: Final = gettext_noop("added by hand")
#: What the owner of an address said: nobody writes again before they say otherwise.
_OWN_WORD: Final = frozenset(
    {
        gettext_noop("its owner answered STOP"),
        gettext_noop("its owner blocked our messages"),
        gettext_noop("its owner reported our mail as spam"),
        gettext_noop("its owner unsubscribed"),
    }
)
#: What providers said of addresses that reach nobody. Here for the translators.
_REACHES_NOBODY: Final = frozenset(
    {
        gettext_noop("mail to it bounced"),
        gettext_noop("the address does not exist"),
        gettext_noop("it is no phone number"),
        gettext_noop("it cannot receive SMS"),
        gettext_noop("the number does not exist"),
        gettext_noop("it is a landline"),
        gettext_noop("it is not on WhatsApp"),
    }
)


class NoAddress(ValueError):
    """What was typed is no address of this channel."""


def kinds() -> list[Kind]:
    """The channels whose addresses may be on the list: a browser has none."""
    return [kind for kind in CHANNELS.values() if kind.reach is not Reach.BROWSER]


def newest(*, before: int | None = None) -> QuerySet[Suppression]:
    """The list, newest first, below this id; in the merchant's scope."""
    rows = Suppression.objects.order_by("-pk")
    return rows.filter(pk__lt=before) if before is not None else rows


def find(text: str, *, merchant: Merchant) -> Sequence[Suppression]:
    """What is known of exactly this address, on every channel; in the merchant's scope."""
    wanted = {text.strip().lower(), e164(text, country=merchant.country)} - {""}
    return list(newest().filter(address__in=wanted))


def add(*, merchant: Merchant, channel: str, text: str, reason: str) -> tuple[Suppression, bool]:
    """Put an address on the list; the row, and whether it is new. In the merchant's scope.

    Raises NoAddress.
    """
    address = _address(text, CHANNELS[channel], country=merchant.country)
    return Suppression.objects.get_or_create(
        merchant_id=merchant.pk,
        channel=channel,
        address=address,
        defaults={"reason": reason or ADDED_BY_HAND},
    )


def said_so_themselves(row: Suppression) -> bool:
    """Whether the address is on the list because its owner wanted it."""
    return row.reason in _OWN_WORD


def masked(address: str) -> str:
    """As much of it as somebody needs who knows it."""
    return masked_email(address) if "@" in address else masked_phone(address)


def reason_of(row: Suppression) -> str:
    """Why, in the active language, as a sentence begins: "Its owner answered STOP"."""
    words = gettext(row.reason) if row.reason else ""
    return words[:1].upper() + words[1:]


def _address(text: str, kind: Kind, *, country: str) -> str:
    typed = text.strip().lower()
    if kind.reach is Reach.EMAIL:
        name, at, host = typed.rpartition("@")
        if not (name and at and "." in host) or len(typed) > 254 or " " in typed:
            raise NoAddress
        return typed
    number = e164(typed, country=country)
    if not number:
        raise NoAddress
    return number
