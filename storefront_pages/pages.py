"""The page's context, from its story. Everything is text in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from lib.vocabulary import TERMINAL
from lib.words import place_name
from storefront_pages import blocks
from storefront_pages.access import Part
from storefront_pages.answer import answer
from storefront_pages.attempt import attempt_form
from storefront_pages.away import FORM as AWAY
from storefront_pages.away import away_form
from storefront_pages.calendar_links import calendar_links
from storefront_pages.cash_form import cash_form
from storefront_pages.complaint_ways import complaint_way
from storefront_pages.concerns import KINDS, address_form, case_cards, concern_form, not_received
from storefront_pages.disruption import disruption_notes
from storefront_pages.feedback_block import FORM as FEEDBACK
from storefront_pages.freshness import freshness, outage_banner
from storefront_pages.hiding import carrier_name
from storefront_pages.place_form import place_form
from storefront_pages.promotion import seen_mark
from storefront_pages.reach import reach
from storefront_pages.share_form import FORM as SHARE
from storefront_pages.share_form import share_form
from storefront_pages.story import Parcel, Story
from storefront_pages.typed import NOTHING, Typed
from storefront_pages.withholding import first_name

#: Seconds between two looks of an open page; the answer is a 304 nearly every time.
LOOK_EVERY: Final = 20
#: What is offered on the page, by the template's name for it.
_OFFERED: Final[Mapping[str, Part]] = {
    "attempt": Part.ANSWER_ATTEMPT,
    "away": Part.ANSWER_ATTEMPT,
    "share": Part.SHARE,
    "cash": Part.CONFIRM_CASH,
    "place": Part.COMPLETE_ADDRESS,
    "cases": Part.CASES,
    "missing": Part.CONCERN,
    "concern": Part.CONCERN,
    "address": Part.CONCERN,
    "preferences_url": Part.CHOOSE_CHANNELS,
    "push_url": Part.CHOOSE_CHANNELS,
    "calendar": Part.DATES,
    "messages_url": Part.MESSAGES,
}

#: Forms far down the page. They say themselves what is wrong with all of them, and a post leads
#: back to them.
_LOW: Final = frozenset({FEEDBACK, SHARE, *KINDS})


def track_context(
    story: Story, *, page: str, host: str = "", typed: Typed = NOTHING
) -> dict[str, Any]:
    """The context of `storefront/track.html` beyond the shell's; the language must be active.

    `page` is the page's own path, where its forms are, on `host`; `typed` what was posted and is
    wrong.
    """
    story = replace(story, page=page, host=host, typed=typed)
    top = answer(story)
    contact = reach(story)
    context = _forms(story, typed) | {
        "order": {"number": story.order.number, "to": _to_whom(story)},
        "heading": top.heading,
        "lead": top.lead,
        "window": asdict(top.window) if top.window else None,
        "action": asdict(top.action) if top.action else None,
        "facts": top.facts,
        "outage": outage_banner(story),
        "disruptions": disruption_notes(story),
        "blocks": blocks.build(story, story.look.get("blocks")),
        "calendar": calendar_links(story),
        "cases": case_cards(story),
        "complaint": complaint_way(story),
        "fresh": freshness(story),
        "contact": asdict(contact) if contact else None,
        "preferences_url": f"{page}preferences/",
        "seen_url": f"{page}seen/",
        "push_url": f"{page}preferences/#push" if story.shop_page.pushes else "",
        "seen_mark": seen_mark(story),
        "messages_url": f"{page}messages/",
        "live": "" if is_over(story) else LOOK_EVERY,
    }
    withheld = {name for name, part in _OFFERED.items() if not story.access.may(part)}
    return context | dict.fromkeys(withheld)


def _forms(story: Story, typed: Typed) -> dict[str, Any]:
    """The page's forms by the template's names for them, and `problem` for its top."""
    ask, answers = f"{story.page}case/", f"{story.page}answer/"

    def carrier_of(parcel: Parcel) -> str:
        return carrier_name(story, parcel)

    attempt = attempt_form(story, typed, action=answers)
    away = away_form(story, carrier_of=carrier_of)
    own_words = set(_LOW)
    if attempt and attempt["wishes"]:
        own_words.add("wish")
    if away and "problem" in away:
        own_words.add(AWAY)
    return {
        "attempt": attempt,
        "away": away,
        "cash": cash_form(story, typed, action=f"{story.page}cash/"),
        "place": place_form(story, typed, action=f"{story.page}place/"),
        "missing": not_received(story, typed, action=ask),
        "concern": concern_form(story, typed, action=ask),
        "address": address_form(story, typed, action=ask),
        "share": share_form(story),
        "problem": "" if typed.form in own_words else typed.errors.get("", ""),
    }


def is_over(story: Story) -> bool:
    """Nothing more is expected to change on this page."""
    if any(case.is_open for case in story.cases):
        return False
    if not story.parcels:
        return story.order.cancelled_at is not None
    return all(parcel.status in TERMINAL for parcel in story.parcels)


def _to_whom(story: Story) -> str:
    """Enough to know that it is the right order, and no more than a link may show."""
    order = story.order
    name = first_name(story.receiver_name or order.ship_to_name or order.customer_name)
    city = place_name(order.city)
    if name and city:
        return _("for %(name)s in %(city)s") % {"name": name, "city": city}
    return _("for %(name)s") % {"name": name} if name else city
