"""What is in a parcel, in the words of the shop, as part of a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from lib import formats
from lib.vocabulary import Status
from storefront_pages.story import Parcel, Story

#: More or longer titles are read on the parcel's card.
_MOST: Final = 2
_LONGEST: Final = 60


def still_to_come(story: Story) -> str:
    """What has not arrived yet, where few things are missing and all parcels say what they hold."""
    waiting = [
        parcel
        for parcel in story.parcels
        if parcel.status not in {Status.DELIVERED, Status.CANCELLED}
    ]
    if story.loose or not all(parcel.contents for parcel in waiting):
        return ""
    named = _named(story, waiting)
    return _("Still to come: %(items)s.") % {"items": named} if named else ""


def in_it(story: Story, parcel: Parcel) -> str:
    """What this parcel holds, where that is little."""
    named = _named(story, [parcel])
    return _("In it: %(items)s.") % {"items": named} if named else ""


def _named(story: Story, parcels: Iterable[Parcel]) -> str:
    titles = list(dict.fromkeys(item.title for one in parcels for item, _n in one.contents))
    if not 0 < len(titles) <= _MOST or any(len(title) > _LONGEST for title in titles):
        return ""
    return formats.listing(titles, story.language)
