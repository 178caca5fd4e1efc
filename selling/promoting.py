"""Making, changing, ordering and switching promotions: the only writer of `Promotion`.

Everything here changes what pages show, so it ends with `pages_changed`. In the merchant's scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from merchants.look_languages import turned_texts
from merchants.models import Merchant
from merchants.page_version import pages_changed
from selling.keys import folded
from selling.models import Promotion
from selling.shelf import MOST_OFFERS

#: What is one text in the shop's own language and others by language.
TEXTS: Final = ("title", "text", "button")


@dataclass(frozen=True, slots=True)
class Draft:
    """A promotion as somebody wrote it. Tags and goods as typed, moments with their zone."""

    kind: str
    title: str = ""
    text: str = ""
    button: str = ""
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    url: str = ""
    image_url: str = ""
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    bought: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    share: int = 100


class TooMany(Exception):
    """The shop has as many promotions as count."""


def make(*, merchant: Merchant, draft: Draft, now: datetime) -> Promotion:
    """A new promotion, on, behind all others. Raises TooMany."""
    last = Promotion.objects.order_by("-position").first()
    if Promotion.objects.count() >= MOST_OFFERS:
        raise TooMany
    made = Promotion.objects.create(
        merchant=merchant, position=last.position + 1 if last else 0, **_columns(draft, now)
    )
    pages_changed(merchant.pk)
    return made


def drafted(draft: Draft) -> Promotion:
    """The draft as an unsaved row, for previews."""
    return Promotion(**_texts(draft))


def change(*, promotion: Promotion, draft: Draft, now: datetime) -> None:
    """Make it what the draft says; place and switch stay."""
    Promotion.objects.filter(pk=promotion.pk).update(**_columns(draft, now))
    pages_changed(promotion.merchant_id)


def switch(*, promotion: Promotion, is_on: bool) -> None:
    Promotion.objects.filter(pk=promotion.pk).update(is_on=is_on)
    pages_changed(promotion.merchant_id)


def remove(*, promotion: Promotion) -> None:
    """It goes with its counts."""
    promotion.delete()
    pages_changed(promotion.merchant_id)


def move(*, promotion: Promotion, by: int) -> None:
    """Up (-1) or down (1) by one place; at an end it stays."""
    order = list(Promotion.objects.select_for_update().order_by("position", "id"))
    here = [one.pk for one in order].index(promotion.pk)
    there = min(max(here + by, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    for place, one in enumerate(order):
        one.position = place
    Promotion.objects.bulk_update(order, ["position"])
    pages_changed(promotion.merchant_id)


def turn_texts(*, merchant_id: int, before: str, after: str) -> None:
    """The shop's own language is `after` from now on: texts go to their places."""
    for one in Promotion.objects.select_for_update().filter(merchant_id=merchant_id):
        own = {name: str(getattr(one, name)) for name in TEXTS}
        own, others = turned_texts(own, one.translations, before=before, after=after)
        Promotion.objects.filter(pk=one.pk).update(**own, translations=others)
    pages_changed(merchant_id)


def next_turn(
    starts_at: datetime | None, ends_at: datetime | None, *, now: datetime
) -> datetime | None:
    """When it begins or ends next; None where time changes nothing any more."""
    return min((at for at in (starts_at, ends_at) if at and at > now), default=None)


def turn_due(*, now: datetime, limit: int) -> int:
    """Renew the pages of shops whose promotions began or ended; in `every_merchant`.

    Returns how many promotions that were.
    """
    due = Promotion.objects.select_for_update(skip_locked=True, of=("self",))
    found = list(due.filter(turns_at__lte=now).order_by("turns_at")[:limit])
    for one in found:
        one.turns_at = next_turn(one.starts_at, one.ends_at, now=now)
    Promotion.objects.bulk_update(found, ["turns_at"])
    for merchant_id in sorted({one.merchant_id for one in found}):
        pages_changed(merchant_id)
    return len(found)


def _texts(draft: Draft) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "title": draft.title,
        "text": draft.text,
        "button": draft.button,
        "translations": {code: dict(texts) for code, texts in draft.translations.items()},
        "url": draft.url,
        "image_url": draft.image_url,
    }


def _columns(draft: Draft, now: datetime) -> dict[str, Any]:
    return _texts(draft) | {
        "countries": list(draft.countries),
        "languages": list(draft.languages),
        "stages": list(draft.stages),
        "tags": _folded(draft.tags),
        "bought": _folded(draft.bought),
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
        "share": draft.share,
        "turns_at": next_turn(draft.starts_at, draft.ends_at, now=now),
    }


def _folded(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(map(folded, words)) if word]
