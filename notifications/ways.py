"""The ways to one person by a chain of channels: which is used, what comes next, what cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from merchants.models import Merchant
from notifications.channels.registry import Kind, Reach
from notifications.consent import against, phone_of
from notifications.facts import Facts
from notifications.models import PushSubscription, WhatsAppTemplate
from notifications.reasons import NO_EMAIL, NO_PHONE, NO_REASON, Reason, Unsent
from notifications.texts import CASE
from notifications.whatsapp.opening import against_opening
from tracking.models import Recipient


@dataclass(frozen=True, slots=True)
class Way:
    """One address on one channel; `problem` says why it is not used."""

    kind: Kind
    to: str
    problem: Reason = NO_REASON
    subscription: PushSubscription | None = None
    #: Tells several browsers of one person apart: their order of subscribing.
    sequence: int = 1

    @property
    def key(self) -> tuple[str, str, int]:
        """The same for two ways to the same place."""
        return self.kind.slug, self.to.lower(), self.subscription.pk if self.subscription else 0


@dataclass(frozen=True, slots=True)
class Chain:
    """What one chain of channels comes to: the ways that are used (several browsers are one), the
    channels to fall back to, and those that cannot be used, with the reason."""

    used: Sequence[Way]
    then: Sequence[str]
    unused: Sequence[Way]


def ways_of(
    recipient: Recipient,
    chains: Iterable[Sequence[str]],
    *,
    topic: str,
    merchant: Merchant,
    kinds: Mapping[str, Kind],
    facts: Facts,
    template: WhatsAppTemplate | None = None,
) -> list[Chain]:
    """Each chain with its channels judged; what the merchant does not use is left out.

    A browser that its owner subscribed on the page is told even where nobody of the order is
    written to at the addresses that came with it. An answer to what the shopper asked goes out even
    where choice leaves no way: then by those that the shop uses. `template` is what WhatsApp was
    asked to approve for this topic in the reader's language.
    """
    known = [[kinds[slug] for slug in chain if slug in kinds] for chain in chains]
    judged = [
        [_judged(way, recipient, template, topic=topic, facts=facts, heeds=True)
         for kind in chain for way in _open(kind, recipient, merchant, facts)]
        for chain in known
    ]  # fmt: skip
    if topic == CASE and all(way.problem for chain in judged for way in chain):
        judged = [
            [_judged(way, recipient, template, topic=topic, facts=facts, heeds=False)
             for kind in chain for way in _open(kind, recipient, merchant, facts)]
            for chain in known
        ]  # fmt: skip
    return [_chain(ways) for ways in judged if ways]


def places_of(
    recipient: Recipient, *, merchant: Merchant, kinds: Iterable[Kind], facts: Facts
) -> list[tuple[str, str]]:
    """Every (channel, address) of this person: what suppressions are read for."""
    return [
        (kind.slug, way.to) for kind in kinds for way in _open(kind, recipient, merchant, facts)
    ]


def _chain(ways: Sequence[Way]) -> Chain:
    usable = [way for way in ways if not way.problem]
    unused = [way for way in ways if way.problem]
    if not usable:
        return Chain((), (), unused)
    first = usable[0].kind.slug
    used = [way for way in usable if way.kind.slug == first]
    then = list(dict.fromkeys(way.kind.slug for way in usable if way.kind.slug != first))
    return Chain(used, then, unused)


def _judged(
    way: Way,
    recipient: Recipient,
    template: WhatsAppTemplate | None,
    *,
    topic: str,
    facts: Facts,
    heeds: bool,
) -> Way:
    """`heeds`: whether what the shopper chose counts."""
    if way.problem:
        return way
    order = facts.orders[recipient.order_id]
    is_own = way.kind.reach in {Reach.BROWSER, Reach.FEED}
    quiet = "" if is_own else facts.quiet(order)
    problem = Reason(Unsent.QUIET_ORDER, quiet) if quiet else NO_REASON
    if heeds and not problem:
        preference = facts.preference(recipient)
        problem = against(preference, way.kind.slug, topic=topic, order_id=order.pk)
    problem = problem or facts.ban(way.kind.slug, way.to)
    if way.kind.needs_approval and not problem:
        problem = _unopened(way, recipient, template, facts)
    return replace(way, problem=problem)


def _unopened(
    way: Way, recipient: Recipient, template: WhatsAppTemplate | None, facts: Facts
) -> Reason:
    preference = facts.preference(recipient)
    offers = preference is not None and preference.wants_marketing
    # Whoever wrote to us is asked for only where an approved template does not open the door.
    reason = against_opening(template, number=way.to, is_open=(), offers=offers)
    return NO_REASON if reason and way.to in facts.open_numbers else reason


def _open(kind: Kind, recipient: Recipient, merchant: Merchant, facts: Facts) -> list[Way]:
    return _BY_REACH[kind.reach](kind, recipient, merchant, facts)


def _email(kind: Kind, recipient: Recipient, merchant: Merchant, facts: Facts) -> list[Way]:
    address = recipient.email.strip()
    problem = NO_REASON if address else Reason(Unsent.NO_ADDRESS, NO_EMAIL)
    return [Way(kind, address, problem)]


def _phone(kind: Kind, recipient: Recipient, merchant: Merchant, facts: Facts) -> list[Way]:
    number = phone_of(recipient, facts.orders[recipient.order_id], merchant)
    problem = NO_REASON if number else Reason(Unsent.NO_ADDRESS, NO_PHONE)
    return [Way(kind, number, problem)]


def _browsers(kind: Kind, recipient: Recipient, merchant: Merchant, facts: Facts) -> list[Way]:
    """One way for each browser that subscribed; none is nothing to explain."""
    rows = enumerate(facts.browsers.get(recipient.pk, ()), start=1)
    return [
        Way(kind, _service(row.endpoint), subscription=row, sequence=nth)
        for nth, row in rows
        if row.gone_at is None
    ]


def _handle(kind: Kind, recipient: Recipient, merchant: Merchant, facts: Facts) -> list[Way]:
    """Where the shop told us what the person is called there; else there is nothing to explain."""
    address = facts.handle(recipient, kind.slug)
    return [Way(kind, address)] if address else []


def _feed(kind: Kind, recipient: Recipient, merchant: Merchant, facts: Facts) -> list[Way]:
    """The feed is the recipient's own: there is no address to it."""
    return [Way(kind, "")]


def _service(endpoint: str) -> str:
    """The push service's name: what the log shows instead of the endpoint, which is a secret."""
    return endpoint.partition("://")[2].partition("/")[0][:254]


_BY_REACH: Final = {
    Reach.EMAIL: _email,
    Reach.PHONE: _phone,
    Reach.BROWSER: _browsers,
    Reach.HANDLE: _handle,
    Reach.FEED: _feed,
}
