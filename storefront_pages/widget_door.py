"""Whom a publishable key belongs to and what it may do, kept in the process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from help_texts.shown import RunningBanner
from lib.at_hand import AtHand, Kept
from merchants import publishable
from merchants.models import PublishableKey
from merchants.scope import merchant_scope
from storefront_pages.languages import offered
from storefront_pages.shop_page import shop_page


@dataclass(frozen=True, slots=True)
class Door:
    """A live key. `country` and `zone` are the merchant's, `languages` its own, default first."""

    merchant_id: int
    country: str
    zone: str
    origins: frozenset[str]
    languages: tuple[str, ...]
    answers_usual_days: bool
    banners: tuple[RunningBanner, ...] = ()


def _read(key: str) -> Door | None:
    found = publishable.find(key)
    if found is None:
        return None
    merchant = found.merchant
    with merchant_scope(merchant.pk):
        banners = shop_page(merchant).banners
    return Door(
        merchant_id=merchant.pk,
        country=merchant.country,
        zone=merchant.zone,
        origins=frozenset(found.origins),
        languages=tuple(offered(merchant)),
        answers_usual_days=found.fallback == PublishableKey.Fallback.USUAL,
        banners=banners,
    )


DOORS: Final[AtHand[str, Door | None]] = AtHand(_read, most=10_000)


def door_of(key: str) -> Kept[Door | None] | None:
    """The door of a key: a value of None where there is none, None where nobody can tell yet."""
    return DOORS.get(key)
