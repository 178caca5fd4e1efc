"""The page's context, from its story. Everything is text in the reader's language."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any, Final

from django.utils.translation import gettext as _

from lib.vocabulary import TERMINAL
from lib.words import place_name
from storefront_pages import blocks
from storefront_pages.answer import answer
from storefront_pages.attempt import attempt_form
from storefront_pages.cash_form import cash_form
from storefront_pages.concerns import address_form, case_cards, concern_form, not_received
from storefront_pages.disruption import disruption_notes
from storefront_pages.freshness import freshness, outage_banner
from storefront_pages.hiding import carrier_name
from storefront_pages.place_form import place_form
from storefront_pages.reach import reach
from storefront_pages.story import Story
from storefront_pages.typed import NOTHING, Typed

#: Seconds between two looks of an open page; the answer is a 304 nearly every time.
LOOK_EVERY: Final = 20
#: First words of names that are no name by themselves.
_PREFIX: Final = re.compile(r"(?:عبد|أبو|ابو|أم|ام|abd(?:ul|el)?|abu|umm|al|el|de|van|von)", re.I)


def track_context(story: Story, *, page: str, typed: Typed = NOTHING) -> dict[str, Any]:
    """The context of `storefront/track.html` beyond the shell's; the language must be active.

    `page` is the page's own path, where its forms are; `typed` what was posted and is wrong.
    """
    top = answer(story)
    ask = f"{page}case/"
    contact = reach(story)
    return {
        "order": {"number": story.order.number, "to": _to_whom(story)},
        "heading": top.heading,
        "lead": top.lead,
        "window": asdict(top.window) if top.window else None,
        "action": asdict(top.action) if top.action else None,
        "facts": top.facts,
        "outage": outage_banner(story),
        "disruptions": disruption_notes(story),
        "blocks": blocks.build(story, story.look.get("blocks")),
        "attempt": attempt_form(
            story,
            typed,
            action=f"{page}answer/",
            carrier_of=lambda parcel: carrier_name(story, parcel),
        ),
        "cash": cash_form(story, typed, action=f"{page}cash/"),
        "place": place_form(story, typed, action=f"{page}place/"),
        "cases": case_cards(story),
        "missing": not_received(story, typed, action=ask),
        "concern": concern_form(story, typed, action=ask),
        "address": address_form(story, typed, action=ask),
        "problem": typed.errors.get("", ""),
        "fresh": freshness(story),
        "contact": asdict(contact) if contact else None,
        "preferences_url": f"{page}preferences/",
        "seen_url": f"{page}seen/",
        "messages_url": f"{page}messages/",
        "live": "" if is_over(story) else LOOK_EVERY,
    }


def is_over(story: Story) -> bool:
    """Nothing more is expected to change on this page."""
    if any(case.is_open for case in story.cases):
        return False
    if not story.parcels:
        return story.order.cancelled_at is not None
    return all(parcel.status in TERMINAL for parcel in story.parcels)


def first_name(name: str) -> str:
    """The given name alone: "Sara" of "Sara Al Mansoori", "عبد الله" of "عبد الله الشمري"."""
    words = name.split()
    if len(words) > 1 and _PREFIX.fullmatch(words[0]):
        return " ".join(words[:2])
    return words[0] if words else ""


def _to_whom(story: Story) -> str:
    """Enough to know that it is the right order, and no more than a link may show."""
    order = story.order
    name = first_name(order.ship_to_name or order.customer_name)
    city = place_name(order.city)
    if name and city:
        return _("for %(name)s in %(city)s") % {"name": name, "city": city}
    return _("for %(name)s") % {"name": name} if name else city
