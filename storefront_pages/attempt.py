"""After a failed attempt: the form for another time, and what became of the wish."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carriers.answers import BY_HAND
from lib import answer_words, formats
from lib.sentences import joined, quoted
from storefront_pages.asked import AnswerSeen
from storefront_pages.story import Parcel, Story
from storefront_pages.typed import NOTHING, Typed
from tracking.answers import PARTS_OF_DAY, days_for, is_answerable, options_for

#: What stands folded below the days.
_MORE: Final = ("address", "landmark", "place", "phone", "safe_place", "words")


def heading_of_wish(story: Story, parcel: Parcel, *, carrier: str) -> str:
    """The page's sentence once the shopper has asked for something; "" before that."""
    wish = parcel.wish
    if wish is None or not is_answerable(parcel.shipment):
        return ""
    return answer_words.sentence(
        wish.asked,
        carrier=carrier,
        shop=story.merchant.name,
        language=story.tag,
        brief=True,
    )


def lead_of_wish(parcel: Parcel, *, carrier: str) -> str:
    """What happens next with the wish, in the active language; "" without one."""
    wish = parcel.wish
    if wish is None or not is_answerable(parcel.shipment):
        return ""
    if wish.asked.state == "accepted":
        lead = _("Please keep your phone near you on that day: the courier may call.")
    elif wish.asked.state == "refused":
        said = carrier_says(wish, carrier=carrier)
        lead = joined(said, _("Please choose another time below."))
    else:
        lead = _("You need to do nothing more. This page says so as soon as there is an answer.")
    if parcel.denial is not None:
        denied = _("You also told us that nobody came; the shop takes that up with them.")
        return joined(lead, denied)
    return lead


def carrier_says(answer: AnswerSeen, *, carrier: str) -> str:
    """The carrier's own words, which may name it: "" where it is not told who that is."""
    if not answer.carrier_words or not carrier:
        return ""
    words = {"carrier": carrier, "words": quoted(answer.carrier_words)}
    return _("%(carrier)s says: “%(words)s”.") % words


def holds_date(parcel: Parcel) -> bool:
    """Whether a day that was asked for stands above, so that no other date may."""
    if parcel.wish is None or not is_answerable(parcel.shipment):
        return False
    return parcel.wish.asked.day is not None and parcel.wish.asked.state != "refused"


def has_agreed_day(story: Story, parcel: Parcel) -> bool:
    """Whether the carrier agreed to a day that has not passed: late is no word for that."""
    if parcel.wish is None or parcel.wish.asked.day is None or not holds_date(parcel):
        return False
    is_ahead = parcel.wish.asked.day >= story.local(story.now).date()
    return parcel.wish.asked.state == "accepted" and is_ahead


def attempt_form(story: Story, typed: Typed, *, action: str) -> dict[str, Any] | None:
    """`attempt` of the template: for the first parcel whose carrier waits to hear; else None."""
    place = _waiting(story)
    if place is None:
        return None
    parcel = story.parcels[place]
    kinds = options_for(parcel.shipment).parts
    wishes = parcel.wish is None or parcel.wish.asked.state == "refused"
    mine = typed if typed.form == "wish" else NOTHING
    return {
        "action": f"{action}#attempt" if wishes else action,
        "parcel": str(place + 1),
        "wishes": wishes,
        "title": _title(story, place),
        "days": day_choices(story, parcel, chosen=mine.values.get("day", "")),
        "parts": part_choices(),
        "kinds": kinds,
        "values": mine.values,
        "errors": mine.errors,
        "problem": mine.errors.get("", ""),
        "more_open": any(mine.values.get(name) for name in _MORE)
        or bool(set(mine.errors) - {"day", ""}),
        "submit": submit_words(parcel),
        "has_pin": wishes and "pin" in kinds,
        "denies": parcel.denial is None,
    }


def day_choices(story: Story, parcel: Parcel, *, chosen: str) -> list[dict[str, Any]]:
    """The days that may be asked for, as {value, label, chosen}."""
    return [
        {"value": day.isoformat(), "label": _day(story, day), "chosen": chosen == day.isoformat()}
        for day in days_for(parcel.shipment, story.order, now=story.now)
    ]


def part_choices() -> list[dict[str, str]]:
    """The parts of a day, as {value, label}."""
    return [{"value": key, "label": str(answer_words.PARTS[key])} for key in PARTS_OF_DAY]


def _waiting(story: Story) -> int | None:
    """The parcel to ask about: the first one that still has something to be answered."""
    for place, parcel in enumerate(story.parcels):
        if not is_answerable(parcel.shipment):
            continue
        if parcel.wish is None or parcel.wish.asked.state == "refused":
            return place
        if parcel.denial is None and parcel.wish.asked.state != "accepted":
            return place
    return None


def submit_words(parcel: Parcel) -> str:
    """Where it really goes first: to the carrier's API, or to the shop that passes it on."""
    by_hand = options_for(parcel.shipment) is BY_HAND
    return _("Send to the shop") if by_hand else _("Send to the carrier")


def _title(story: Story, place: int) -> str:
    if len(story.parcels) > 1:
        words = {"n": place + 1, "total": len(story.parcels)}
        return _("When should parcel %(n)s of %(total)s come?") % words
    return _("When should the courier come?")


def _day(story: Story, day: date) -> str:
    if day == story.today + timedelta(days=1):
        short = formats.weekday_date(day, story.tag, month=False)
        return pgettext("a day to choose", "Tomorrow, %(day)s") % {"day": short}
    return formats.weekday_date(day, story.tag)
