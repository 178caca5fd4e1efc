"""The ways to one person: which channels, which addresses, and why not the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext_noop

from merchants.models import Merchant
from notifications.channels.registry import Kind, Reach
from notifications.consent import against, phone_of, suppressed
from notifications.models import Preference, PushSubscription
from tracking.models import Order, Recipient

NO_ADDRESS: Final = gettext_noop("No e-mail address is known.")
NO_PHONE: Final = gettext_noop("No phone number is known that could receive it.")


@dataclass(frozen=True, slots=True)
class Way:
    """One address on one channel; `problem` says in words why it is not used."""

    kind: Kind
    to: str
    problem: str = ""
    subscription: PushSubscription | None = None
    #: Tells several browsers of one person apart: their order of subscribing.
    sequence: int = 1


def ways_to(
    recipient: Recipient,
    *,
    order: Order,
    merchant: Merchant,
    kinds: Sequence[Kind],
    preference: Preference | None,
    quiet: str = "",
    is_answer: bool = False,
) -> list[Way]:
    """Every way that these channels know; in the merchant's scope.

    `quiet` says why nobody of this order is written to at the addresses that came with it; a
    browser that its owner subscribed on the page is told. Channels that ring the same phone are
    alternatives: the first that works is used, unless
    the shopper chose. An answer to what the shopper asked goes out even where the choice leaves
    no way: then by those that the shop uses.
    """
    found: list[Way] = []
    for kind in kinds:
        found += _BY_REACH[kind.reach](kind, recipient, order, merchant)
    found = [_hushed(way, quiet) for way in found]
    judged = [_judged(way, merchant, preference) for way in found]
    if is_answer and all(way.problem for way in judged):
        preference, judged = None, [_judged(way, merchant, None) for way in found]
    return judged if preference is not None else _one_ring(judged)


def _hushed(way: Way, quiet: str) -> Way:
    return way if way.kind.reach is Reach.BROWSER else replace(way, problem=way.problem or quiet)


def _judged(way: Way, merchant: Merchant, preference: Preference | None) -> Way:
    problem = (
        way.problem
        or against(preference, way.kind.slug)
        or suppressed(way.kind.slug, way.to, merchant_id=merchant.pk)
    )
    return replace(way, problem=problem)


def _one_ring(ways: Iterable[Way]) -> list[Way]:
    """Of the usable ways to the phone only the first; those that cannot be used say why."""
    kept: list[Way] = []
    rings = False
    for way in ways:
        if way.kind.reach is Reach.PHONE and not way.problem:
            if rings:
                continue
            rings = True
        kept.append(way)
    return kept


def _email(kind: Kind, recipient: Recipient, order: Order, merchant: Merchant) -> list[Way]:
    address = recipient.email.strip()
    return [Way(kind, address, "" if address else NO_ADDRESS)]


def _phone(kind: Kind, recipient: Recipient, order: Order, merchant: Merchant) -> list[Way]:
    number = phone_of(recipient, order, merchant)
    return [Way(kind, number, "" if number else NO_PHONE)]


def _browsers(kind: Kind, recipient: Recipient, order: Order, merchant: Merchant) -> list[Way]:
    """One way for each browser that subscribed; none is nothing to explain."""
    rows = PushSubscription.objects.filter(order_id=order.pk, recipient_id=recipient.pk)
    return [
        Way(kind, _service(row.endpoint), subscription=row, sequence=nth)
        for nth, row in enumerate(rows.order_by("id"), start=1)
        if row.gone_at is None
    ]


def _service(endpoint: str) -> str:
    """The push service's name: what the log shows instead of the endpoint, which is a secret."""
    return endpoint.partition("://")[2].partition("/")[0][:254]


_BY_REACH: Final = {Reach.EMAIL: _email, Reach.PHONE: _phone, Reach.BROWSER: _browsers}
