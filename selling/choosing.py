"""Which one promotion an order's page shows: the first in the merchant's order that fits. Pure.

The same order is shown the same one each time: nothing is drawn by lot, and nothing about the
shopper is remembered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from selling.keys import folded

#: Goods that one promotion shows at most.
MOST_GOODS: Final = 3
#: So long before and after something ran out its shopper is asked.
_SHARE_OF_TIME: Final = 5
_LEAST_LEAD: Final = 3
_MOST_LEAD: Final = 14
_ASKED_AFTER: Final = 30


@dataclass(frozen=True, slots=True)
class Words:
    """An offer's texts in one language; empty where the merchant wrote none."""

    title: str = ""
    text: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion as a page needs it. `words` are by language, the shop's own included."""

    id: int
    kind: str
    words: Mapping[str, Words]
    url: str = ""
    image_url: str = ""
    countries: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    bought: frozenset[str] = frozenset()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    share: int = 100


@dataclass(frozen=True, slots=True)
class Good:
    """A product as a page needs it; `goes_with` has the keys of others, best first."""

    id: int
    title: str
    titles: Mapping[str, str]
    url: str
    image_url: str
    lasts_days: int | None = None
    goes_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bought:
    """One line of the order: its key as a product, its SKU and title folded."""

    key: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule may ask of a page. `delivered_on` and `today` are days at the destination."""

    order_id: int
    country: str
    language: str
    stage: str
    now: datetime
    today: date
    delivered_on: date | None = None
    tags: frozenset[str] = frozenset()
    bought: Sequence[Bought] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The promotion to show, with its goods where it shows any."""

    offer: Offer
    goods: Sequence[Good] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a shop offers now: promotions in its order, and the goods they may show, by key."""

    offers: Sequence[Offer] = ()
    goods: Mapping[str, Good] = field(default_factory=dict)


def choose(shelf: Shelf, at: Situation) -> Chosen | None:
    """The first offer that fits; None where none does."""
    for offer in shelf.offers:
        if not _fits(offer, at):
            continue
        if offer.kind == "offer":
            return Chosen(offer)
        goods = tuple(_goods(offer.kind, shelf.goods, at))[:MOST_GOODS]
        if goods:
            return Chosen(offer, goods)
    return None


def lead_days(lasts_days: int) -> int:
    """How many days before it runs out somebody is asked: a fifth of the time, 3 to 14 days."""
    return min(max(lasts_days // _SHARE_OF_TIME, _LEAST_LEAD), _MOST_LEAD, lasts_days)


def asked_after(lasts_days: int) -> timedelta:
    """How long after delivery the shopper of such a product is asked."""
    return timedelta(days=lasts_days - lead_days(lasts_days))


def _fits(offer: Offer, at: Situation) -> bool:
    if offer.starts_at and at.now < offer.starts_at:
        return False
    if offer.ends_at and at.now >= offer.ends_at:
        return False
    rules: tuple[tuple[frozenset[str], Collection[str]], ...] = (
        (offer.countries, {at.country}),
        (offer.languages, {at.language}),
        (offer.stages, {at.stage}),
        (offer.tags, at.tags),
        (offer.bought, {word for line in at.bought for word in line.words}),
    )
    if any(wanted and wanted.isdisjoint(found) for wanted, found in rules):
        return False
    return _turn(offer.id, at.order_id) < offer.share


def _turn(promotion_id: int, order_id: int) -> int:
    """0 to 99, the same for an order and a promotion each time."""
    digest = hashlib.blake2b(f"{promotion_id}:{order_id}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) % 100


def _goods(kind: str, goods: Mapping[str, Good], at: Situation) -> Iterator[Good]:
    mine = dict.fromkeys(line.key for line in at.bought)
    bought = [goods[key] for key in mine if key in goods]
    if kind == "runs_out":
        yield from (one for one in bought if one.url and _runs_out(one, at))
        return
    others = dict.fromkeys(key for one in bought for key in one.goes_with)
    yield from (goods[key] for key in others if key in goods and key not in mine and goods[key].url)


def _runs_out(good: Good, at: Situation) -> bool:
    if good.lasts_days is None or at.delivered_on is None:
        return False
    begins = at.delivered_on + asked_after(good.lasts_days)
    ends = at.delivered_on + timedelta(days=good.lasts_days + _ASKED_AFTER)
    return begins <= at.today <= ends


def line(*, sku: str, title: str, key: str) -> Bought:
    """A line of an order as rules ask for it."""
    return Bought(key, frozenset(word for word in (folded(sku), folded(title)) if word))
