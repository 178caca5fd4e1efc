"""Questions and answers of a page: the merchant's own, then ours as far as the merchant wants
them, each with the order's own answers filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from help_texts.filling import filled
from help_texts.models import Question as Row
from help_texts.shown import OwnQuestion
from lib.vocabulary import TERMINAL, Status
from merchants.models import Merchant
from storefront_pages.answer import state_of
from storefront_pages.invented import invented, invented_story
from storefront_pages.linked import linked
from storefront_pages.question_values import values_of
from storefront_pages.questions import AT_LOOKUP, Question, ask, asked
from storefront_pages.shop_page import ShopPage, shop_page
from storefront_pages.story import Story
from tracking.models import Order

Stage = Row.Stage

#: Which of ours stand on the public page, and under which heading: those that need no order.
_IN_PUBLIC: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.ALWAYS: AT_LOOKUP,
    Stage.BEFORE: ("other_address",),
    Stage.MOVING: ("not_there", "no_scan"),
    Stage.DELIVERED: ("not_received", "damaged", "send_back"),
}
#: The invented parcel that a stage is shown with.
_SHOWN_AT: Final[Mapping[Stage, str]] = {
    Stage.ALWAYS: "out_for_delivery",
    Stage.BEFORE: "packed",
    Stage.MOVING: "out_for_delivery",
    Stage.LATE: "late",
    Stage.DELIVERED: "delivered",
    Stage.BACK: "returning",
}
_BEFORE: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED})


def questions(story: Story) -> list[Question]:
    """For `components/faq.html`, in the active language."""
    stages = stages_of(story)
    own = [one for one in story.shop_page.questions.own if one.stage in stages]
    values = values_of(story)
    return [*_own(own, story, values), *_ours(asked(story), story, values)]


def lookup_questions(shop: Merchant, *, language: str, now: datetime) -> list[Question]:
    """The questions beside the look-up form; in the shop's scope and the active language."""
    nobody = nobodys_story(shop, shop_page(shop), language=language, now=now)
    return list(_ours(AT_LOOKUP, nobody, values_of(nobody)))


def public_sections(story: Story) -> list[dict[str, Any]]:
    """The public page: {title, questions} by stage, without those that nobody asks anything in.

    `story` is nobody's: answers that need an order leave out what they do not know.
    """
    values = values_of(story)
    found = []
    for stage in Stage:
        own = [one for one in story.shop_page.questions.own if one.stage == stage]
        items = [*_own(own, story, values), *_ours(_IN_PUBLIC.get(stage, ()), story, values)]
        if items:
            title = "" if stage is Stage.ALWAYS else str(stage.label)
            found.append({"title": title, "questions": items})
    return found


def nobodys_story(shop: Merchant, beside: ShopPage, *, language: str, now: datetime) -> Story:
    """The story of no order, for pages that know none. Nothing of it is saved."""
    return Story(
        merchant=shop,
        order=Order(country=shop.country),
        parcels=(),
        loose=(),
        zone=ZoneInfo(shop.zone),
        now=now,
        language=language,
        shop_page=beside,
    )


def stages_of(story: Story) -> frozenset[Stage]:
    """The stages that this order is in."""
    if story.status is Status.DELIVERED:
        return frozenset({Stage.ALWAYS, Stage.DELIVERED})
    if story.status in TERMINAL | {Status.RETURNING}:
        return frozenset({Stage.ALWAYS, Stage.BACK})
    way = Stage.BEFORE if story.status in _BEFORE else Stage.MOVING
    late = {Stage.LATE} if state_of(story, story.speaker).is_late else set()
    return frozenset({Stage.ALWAYS, way, *late})


def _own(
    rows: Iterable[OwnQuestion], story: Story, values: Mapping[str, str]
) -> Iterable[Question]:
    for row in rows:
        code, question, answer = row.said(story.language, usual=story.shop_page.usual_language)
        lang = "" if code == story.language else code
        yield from _pair(question, answer, values, lang=lang)


def _ours(keys: Iterable[str], story: Story, values: Mapping[str, str]) -> Iterable[Question]:
    changes = story.shop_page.questions
    for key in keys:
        if key in changes.left_out:
            continue
        own = changes.reworded.get(key, {}).get(story.language)
        yield from (_pair(*own, values) if own else ()) or [ask(key, story)]


def _pair(question: str, answer: str, values: Mapping[str, str], lang: str = "") -> list[Question]:
    """The merchant's words, filled; nothing where no sentence of either is left."""
    question, answer = filled(question, values), filled(answer, values)
    if not question or not answer:
        return []
    return [{"question": question, "answer": linked(answer), "lang": lang}]


def preview(
    shop: Merchant, *, question: str, answer: str, stage: str, language: str, now: datetime
) -> list[Question]:
    """How a question reads, with the answers of an invented parcel of that stage; empty where no
    sentence is left. The language must be active."""
    state = invented(_SHOWN_AT[Stage(stage)])
    story = invented_story(shop, state, language=language, now=now)
    return _pair(question, answer, values_of(story))
