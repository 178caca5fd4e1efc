"""How it is said what a shopper asked of a courier, and what became of it.

Page, desk and dashboard say the same. The language must be active.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from lib import formats
from lib.carrier_words import naming

#: Parts of a day as a shopper picks them.
PARTS: Final[dict[str, Promise]] = {
    "morning": pgettext_lazy("part of a day", "in the morning"),
    "afternoon": pgettext_lazy("part of a day", "in the afternoon"),
    "evening": pgettext_lazy("part of a day", "in the evening"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish without its personal parts: of an address, a landmark, a phone and words only
    that they were given. `state` is one of received, sent, accepted, refused."""

    state: str
    by_hand: bool = False
    day: date | None = None
    part_of_day: str = ""
    address: bool = False
    landmark: bool = False
    phone: bool = False
    words: bool = False
    safe_place: bool = False
    neighbour: bool = False
    pin: bool = False


def what(asked: Asked, language: str) -> str:
    """What was asked for: "Thursday 12 November in the afternoon, a landmark"."""
    parts = []
    if asked.day is not None:
        day = formats.weekday_date(asked.day, language, style="long")
        part = PARTS.get(asked.part_of_day)
        parts.append(
            pgettext("a day and its part", "%(day)s %(part)s") % {"day": day, "part": part}
            if part
            else day
        )
    parts += [
        words
        for given, words in (
            (asked.address, pgettext("asked for", "another address")),
            (asked.landmark, pgettext("asked for", "a landmark")),
            (asked.phone, pgettext("asked for", "a phone number")),
            (asked.pin, pgettext("asked for", "a point on the map")),
            (asked.safe_place, pgettext("asked for", "a safe place")),
            (asked.neighbour, pgettext("asked for", "a neighbour")),
            (asked.words, pgettext("asked for", "a note for the courier")),
        )
        if given
    ]
    return formats.listing(parts, language)


def sentence(asked: Asked, *, carrier: str, shop: str, language: str, brief: bool = False) -> str:
    """What became of it, without a full stop; "" for a state that says nothing any more.
    `carrier` is empty where it is not known or not told.

    `brief`, for a heading, says of a wish with a day the day alone.
    """
    if brief and asked.day is not None:
        asked = Asked(asked.state, asked.by_hand, day=asked.day, part_of_day=asked.part_of_day)
    words = {"what": what(asked, language), "carrier": carrier, "shop": shop}
    if asked.state == "received" and asked.by_hand:
        return _("%(shop)s has your wish: %(what)s. It is passed on to the carrier next") % words
    if asked.state == "received":
        return _("Your wish is on its way to the carrier: %(what)s") % words
    if asked.state == "sent":
        return _("We passed your wish on: %(what)s. Waiting for the carrier") % words
    if asked.state == "accepted":
        named, nameless = _("%(carrier)s confirmed: %(what)s"), _("The carrier confirmed: %(what)s")
        return naming(carrier, named, nameless) % words
    if asked.state == "refused":
        return (
            naming(
                carrier,
                _("%(carrier)s could not agree to this: %(what)s"),
                _("The carrier could not agree to this: %(what)s"),
            )
            % words
        )
    return ""
