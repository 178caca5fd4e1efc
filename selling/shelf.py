"""What a shop offers now, read as values: once a process and version of the shop's pages."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from selling.choosing import Good, Offer, Shelf, Words
from selling.models import Product, Promotion

#: Promotions of one shop that count, and goods that are held ready: what is most often bought.
MOST_OFFERS: Final = 50
MOST_GOODS: Final = 500


def shelf(language: str) -> Shelf:
    """Every promotion that is on, whatever its dates, and the goods they need; one or two queries.

    In the merchant's scope; `language` is the shop's own.
    """
    offers = tuple(
        offer_of(one, language=language)
        for one in Promotion.objects.filter(is_on=True)[:MOST_OFFERS]
    )
    needs_goods = any(offer.kind != Promotion.Kind.OFFER for offer in offers)
    return Shelf(offers, _goods() if needs_goods else {})


def offer_of(promotion: Promotion, *, language: str) -> Offer:
    """The row as a page needs it; `language` is the shop's own."""
    words = {
        code: Words(**{name: str(text) for name, text in texts.items() if name in _TEXTS})
        for code, texts in promotion.translations.items()
    }
    words[language] = Words(promotion.title, promotion.text, promotion.button)
    return Offer(
        id=promotion.pk,
        kind=promotion.kind,
        words=words,
        url=promotion.url,
        image_url=promotion.image_url,
        countries=frozenset(promotion.countries),
        languages=frozenset(promotion.languages),
        stages=frozenset(promotion.stages),
        tags=frozenset(promotion.tags),
        bought=frozenset(promotion.bought),
        starts_at=promotion.starts_at,
        ends_at=promotion.ends_at,
        share=promotion.share,
    )


_TEXTS: Final = frozenset({"title", "text", "button"})


def good_of(product: Product) -> Good:
    """The row as a page needs it: what a person picked to go with it stands first."""
    together = dict.fromkeys((*product.goes_with, *product.bought_with))
    return Good(
        id=product.pk,
        title=product.title,
        titles=product.titles,
        url=product.url,
        image_url=product.image_url,
        lasts_days=product.lasts_days,
        goes_with=tuple(together),
    )


def _goods() -> dict[str, Good]:
    offered = Product.objects.filter(is_on=True).exclude(url="", goes_with=[], bought_with=[])
    by_hand = Q(lasts_days__isnull=False) | ~Q(goes_with=[])
    picked = offered.filter(by_hand).order_by("-sold", "id")[:MOST_GOODS]
    found = {one.key: good_of(one) for one in picked}
    rest = offered.exclude(by_hand).order_by("-sold", "id")[: MOST_GOODS - len(found)]
    return found | {one.key: good_of(one) for one in rest}
