"""What a shop shows on its pages beside its look, the same for every order of it.

Read once a process and version: whoever changes any of it calls `merchants.page_version`
in the same transaction, and the next look at a page finds a new version in its stamp.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from help_texts.shown import Questions, RunningBanner, banners_of, questions_of
from merchants.models import Merchant
from notifications.channels.accounts import pushes
from selling.choosing import Shelf
from selling.shelf import shelf


@dataclass(frozen=True, slots=True)
class ShopPage:
    """Rows of the shop as values, each part with a reader of its own; empty in previews.

    `pushes`: a shopper's browser may be told.
    """

    pushes: bool = False

    shelf: Shelf = field(default_factory=Shelf)

    questions: Questions = field(default_factory=Questions)
    banners: tuple[RunningBanner, ...] = ()
    #: The shop's own language, for texts that it did not write in the reader's.
    usual_language: str = "en"


def shop_page(merchant: Merchant) -> ShopPage:
    """What this shop shows now. In the merchant's scope."""
    return _read(merchant.pk, merchant.page_version, merchant.default_language)


def forget() -> None:
    """Begin anew; for tests, whose rows go without a change of version."""
    _read.cache_clear()


@lru_cache(maxsize=512)
def _read(merchant_id: int, version: int, usual_language: str) -> ShopPage:
    return ShopPage(
        pushes=pushes(merchant_id),
        shelf=shelf(usual_language),
        questions=questions_of(merchant_id),
        banners=banners_of(merchant_id),
        usual_language=usual_language,
    )
