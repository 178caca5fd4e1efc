"""Which dates a page tells, for the ledger."""

from __future__ import annotations

from lib.headlines import names_window
from storefront_pages.answer import says_window, state_of
from storefront_pages.attempt import heading_of_wish
from storefront_pages.hiding import carrier_name
from storefront_pages.stamps import Stamp
from storefront_pages.story import Parcel, Story
from tracking.shown import Where, Who, note_shown, seen


def dates_shown(story: Story) -> list[Parcel]:
    """The parcels whose window the page tells, at its top or on a card."""
    several = len(story.parcels) > 1
    return [
        parcel
        for parcel in story.parcels
        if says_window(story, parcel) or (several and _on_card(story, parcel))
    ]


def note_page(story: Story, stamp: Stamp) -> None:
    """Note them for whoever's link this is; in the merchant's scope."""
    looks = seen(
        (parcel.shipment for parcel in dates_shown(story)),
        where=Where.PAGE,
        who=stamp.role or Who.ANONYMOUS,
        recipient=stamp.recipient,
    )
    note_shown(looks, merchant_id=story.merchant.pk, now=story.now)


def _on_card(story: Story, parcel: Parcel) -> bool:
    wish = heading_of_wish(story, parcel, carrier=carrier_name(story, parcel))
    return not wish and names_window(state_of(story, parcel))
