"""The promotion on a page: at most one, chosen by the shop's rules, and only when all is well.

Its links lead through `going`, which counts them; the page's beacon says that it was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lib.vocabulary import Status
from selling.choosing import Chosen, Good, Offer, Situation, Words, choose, line
from selling.keys import folded, product_key
from selling.models import Promotion
from storefront_pages.gentle import may_offer, stage_of
from storefront_pages.story import Story

Kind = Promotion.Kind


def promotion(story: Story) -> Mapping[str, Any] | None:
    """`block` of `storefront/blocks/promotion.html`, in the active language."""
    found = chosen(story)
    if found is None:
        return None
    links = f"{_root(story.page)}go/{found.offer.id}/{stage_of(story).value}/"
    language, default = story.language, story.merchant.default_language
    return shown(found, shop=story.merchant.name, links=links, languages=(language, default))


def chosen(story: Story) -> Chosen | None:
    """The one promotion that this page shows."""
    shelf = story.shop_page.shelf
    return choose(shelf, _situation(story)) if shelf.offers and may_offer(story) else None


def seen_mark(story: Story) -> str:
    """What the page's beacon says of the promotion, e.g. "12.delivered"; "" without one."""
    found = chosen(story)
    return f"{found.offer.id}.{stage_of(story).value}" if found else ""


def shown(found: Chosen, *, shop: str, links: str, languages: tuple[str, str]) -> Mapping[str, Any]:
    """The block's context; `languages` are the reader's and the shop's own, which stands in."""
    language, default = languages
    offer = found.offer
    spoken = language if _has_words(offer, language) else default
    words = offer.words.get(spoken, Words())
    title, text, button = _ours(offer.kind)
    return {
        "from": _("From %(shop)s") % {"shop": shop},
        "title": words.title or title,
        "text": words.text or text,
        "lang": spoken if words.title and spoken != language else "",
        "image": offer.image_url if offer.kind == Kind.OFFER else "",
        "url": links if offer.kind == Kind.OFFER else "",
        "button": words.button or button,
        "goods": [_good(one, links, language) for one in found.goods],
    }


def _has_words(offer: Offer, language: str) -> bool:
    """Whether it may speak this language; what is ours speaks every one."""
    words = offer.words.get(language)
    return bool(words and words.title) or offer.kind != Kind.OFFER


def _ours(kind: str) -> tuple[str, str, str]:
    """Title, text and button where the merchant wrote none."""
    if kind == Kind.GOES_WITH:
        return _("Goes well with your order"), "", ""
    if kind == Kind.RUNS_OUT:
        return _("Running low?"), _("You can order it again before it is used up."), ""
    return "", "", _("See it in the shop")


def _good(one: Good, links: str, language: str) -> dict[str, str]:
    return {
        "title": str(one.titles.get(language) or one.title),
        "image": one.image_url,
        "url": f"{links}{one.id}/",
    }


def _situation(story: Story) -> Situation:
    order, parcels = story.order, story.parcels
    lines = [item for parcel in parcels for item, _n in parcel.contents]
    lines += [item for item, _n in story.loose]
    arrivals = [one.shipment.delivered_at for one in parcels if one.shipment.delivered_at]
    is_there = story.status is Status.DELIVERED and len(arrivals) == len(parcels)
    return Situation(
        order_id=order.pk,
        country=order.country,
        language=story.language,
        stage=stage_of(story).value,
        now=story.now,
        today=story.today,
        delivered_on=story.local(max(arrivals)).date() if is_there and arrivals else None,
        tags=frozenset(folded(str(tag)) for tag in order.tags),
        bought=[
            line(sku=one.sku, title=one.title, key=product_key(sku=one.sku, title=one.title))
            for one in lines
        ],
    )


def _root(page: str) -> str:
    """Where the shop's pages begin, from the path of one: "/p/noor/" or "/"."""
    return "/".join(page.split("/")[:-3]) + "/"
