"""How was it? One tap for the carrier and one for the shop, then words: the `feedback` block."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from lib import formats
from lib.mark_words import MARK_LABELS
from lib.sentences import joined
from storefront_pages.access import Part
from storefront_pages.asked import FeedbackSeen
from storefront_pages.hiding import carrier_name
from storefront_pages.story import Story
from tracking.feedback import CHANGED_FOR, MARKS, is_asked, judges_shop, may_change

#: The form's name, and where it is on the page.
FORM: Final = "feedback"
PART: Final = "#feedback"
#: What the form calls the shop where it would name a parcel by its place.
SHOP: Final = "shop"


def feedback_block(story: Story) -> dict[str, Any] | None:
    """What was delivered, to be judged by whoever holds the link; None while nothing was."""
    places = [n for n, one in enumerate(story.parcels) if is_asked(one.shipment, now=story.now)]
    if not places or not story.access.may(Part.FEEDBACK):
        return None
    asks = [_of_carrier(story, place) for place in places]
    if judges_shop(story.role):
        asks.append(_of_shop(story))
    return {
        # With what is wrong the page comes back to this form, and not to its top.
        "action": f"{story.page}feedback/{PART}",
        "problem": story.typed.errors.get("", "") if story.typed.form == FORM else "",
        "asks": asks,
    }


def _of_carrier(story: Story, place: int) -> dict[str, Any]:
    parcel = story.parcels[place]
    carrier = carrier_name(story, parcel)
    title = (
        _("How was the delivery by %(carrier)s?") % {"carrier": carrier}
        if carrier
        else _("How was the delivery?")
    )
    which = ""
    if len(story.parcels) > 1:
        words = {"n": place + 1, "total": len(story.parcels)}
        which = _("This is about parcel %(n)s of %(total)s.") % words
    seen = story.feedback_on(parcel.shipment.pk)
    return _ask(story, str(place + 1), seen) | {"title": title, "which": which}


def _of_shop(story: Story) -> dict[str, Any]:
    title = _("How was your order from %(shop)s?") % {"shop": story.merchant.name}
    return _ask(story, SHOP, story.feedback_on(None)) | {"title": title, "which": ""}


def _ask(story: Story, which: str, seen: FeedbackSeen | None) -> dict[str, Any]:
    """One question with its answer so far; `marks` is empty once it may not be changed."""
    typed = story.typed if _is_about(story, which) else None
    chosen = seen.mark if seen else None
    is_open = seen is None or may_change(seen.given_at, now=story.now)
    return {
        "about": which,
        "marks": [
            {"value": mark, "label": str(MARK_LABELS[mark]), "chosen": mark == chosen}
            for mark in MARKS
            if is_open
        ],
        "said": joined(
            _said(story, seen, is_open=is_open),
            _("Your words have arrived too.") if seen and seen.has_words else "",
        ),
        "has_words": bool(seen and seen.has_words),
        "asks_words": seen is not None and is_open,
        "words": typed.values.get("words", "") if typed else "",
        "error": typed.errors.get("words", "") if typed else "",
    }


def _is_about(story: Story, which: str) -> bool:
    return story.typed.form == FORM and story.typed.values.get("about") == which


def _said(story: Story, seen: FeedbackSeen | None, *, is_open: bool) -> str:
    """The thanks, once there is something to thank for."""
    if seen is None:
        return ""
    if not is_open:
        return _("You said: %(mark)s. Thank you.") % {"mark": MARK_LABELS[seen.mark]}
    last = story.local(seen.given_at + CHANGED_FOR).date()
    day = formats.weekday_date(last, story.tag)
    return _("Thank you. You can change it until %(day)s.") % {"day": day}
