"""The parts of a page below its answer, in the merchant's order.

A block is a slug, a template and a function that makes the template's context from the story, or
None where it has nothing to say. It must not query for itself: what it shows of the
order is in the story, and what it shows of the shop is in `story.shop_page`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from storefront_pages.details import details
from storefront_pages.faq import questions
from storefront_pages.feedback_block import feedback_block
from storefront_pages.map_block import route_map
from storefront_pages.parcels import cards, timelines
from storefront_pages.progress import rail
from storefront_pages.promotion import promotion
from storefront_pages.social import apps, social
from storefront_pages.story import Story

Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the page. `build` is called with the story's language active."""

    slug: str
    build: Callable[[Story], Context | None]
    #: Whether the merchant may leave it out. Where is it, and what happened, is always said.
    may_go: bool = True

    @property
    def template(self) -> str:
        """It takes one variable, `block`: what `build` returned."""
        return f"storefront/blocks/{self.slug}.html"


def _progress(story: Story) -> Context:
    return {"steps": rail(story)}


def _parcels(story: Story) -> Context | None:
    found = cards(story)
    return {"title": _title(len(found)), "parcels": found} if found else None


def _timeline(story: Story) -> Context | None:
    found = timelines(story)
    return {"timelines": found} if found else None


def _faq(story: Story) -> Context | None:
    found = questions(story)
    return {"questions": found} if found else None


def _title(parcels: int) -> str:
    return _("Your parcel") if parcels == 1 else _("Your parcels")


#: Every block, in the order of a page whose merchant chose none.
BLOCKS: Final = (
    Block("progress", _progress, may_go=False),
    Block("parcels", _parcels, may_go=False),
    Block("timeline", _timeline, may_go=False),
    Block("map", route_map),
    Block("details", details, may_go=False),
    Block("promotion", promotion),
    Block("feedback", feedback_block),
    Block("faq", _faq),
    Block("social", social),
    Block("apps", apps),
)
BY_SLUG: Final = {block.slug: block for block in BLOCKS}


def arranged(chosen: object) -> list[tuple[Block, bool]]:
    """Every block as a merchant ordered them, and whether it is shown.

    `chosen` are slugs in order, "-slug" for one left out. A block the merchant never saw, or may
    not leave out, stands after its usual neighbour.
    """
    wanted = [str(one) for one in chosen] if isinstance(chosen, list) else []
    hidden = {one.removeprefix("-") for one in wanted if one.startswith("-")}
    order = [one for one in dict.fromkeys(_bare(wanted)) if one in BY_SLUG]
    for place, block in enumerate(BLOCKS):
        if block.slug not in order:
            before = BLOCKS[place - 1].slug if place else ""
            order.insert(order.index(before) + 1 if before else 0, block.slug)
    found = (BY_SLUG[slug] for slug in order)
    return [(block, not (block.may_go and block.slug in hidden)) for block in found]


def in_order(chosen: object) -> list[Block]:
    """The blocks to show, as a merchant chose them (`arranged`)."""
    return [block for block, is_shown in arranged(chosen) if is_shown]


def _bare(wanted: Iterable[str]) -> Iterable[str]:
    return (one.removeprefix("-") for one in wanted)


def build(story: Story, chosen: object) -> list[dict[str, Any]]:
    """`blocks` of `storefront/track.html`: {template, slug, block}."""
    made = ((block, block.build(story)) for block in in_order(chosen))
    return [
        {"template": block.template, "slug": block.slug, "block": context}
        for block, context in made
        if context is not None
    ]
