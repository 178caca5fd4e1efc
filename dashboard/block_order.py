"""The order of the page's parts as the editor's form posts it.

`block` comes once for each part, in order, `show` once for each that is on. `move` is the button
that was pressed, "faq:up": without JavaScript it moves the part, and everything typed is saved.
"""

from __future__ import annotations

from typing import Final

from django.http import QueryDict

from storefront_pages.blocks import arranged

_STEPS: Final = {"up": -1, "down": 1}


def posted_order(data: QueryDict, saved: list[str]) -> list[str]:
    """`Look.blocks` as posted; what was `saved` where the form had no list; [] for the usual."""
    if "block" not in data:
        return saved
    on = set(data.getlist("show"))
    slugs = [block.slug for block, _ in arranged(data.getlist("block"))]
    slug, _colon, way = data.get("move", "").partition(":")
    if slug in slugs and way in _STEPS:
        slugs = _moved(slugs, slug, _STEPS[way])
    found = _canonical([one if one in on else f"-{one}" for one in slugs])
    return [] if found == _canonical([]) else found


def _moved(slugs: list[str], slug: str, step: int) -> list[str]:
    """The part one place further up or down; at an end it stays."""
    place = slugs.index(slug)
    rest = [one for one in slugs if one != slug]
    place = min(max(place + step, 0), len(rest))
    return [*rest[:place], slug, *rest[place:]]


def _canonical(chosen: list[str]) -> list[str]:
    """The same order with every part in it, and none left out that must not be."""
    return [block.slug if is_shown else f"-{block.slug}" for block, is_shown in arranged(chosen)]
