"""What a shop does not tell: who carries its parcels, and where they come from.

Whatever shows a carrier's name, its words, a link to it or the place of a scan asks here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from carriers.registry import CARRIERS, name_of
from lib.folding import fold
from lib.vocabulary import SUB_STATUSES, UNKNOWN, Status
from storefront_pages.story import Parcel, Story
from tracking.models import Event

#: A parcel in one of these is in the country of delivery, whatever its scan says of the country.
_THERE: Final = frozenset(
    {
        Status.OUT_FOR_DELIVERY,
        Status.ATTEMPT_FAILED,
        Status.AVAILABLE_FOR_PICKUP,
        Status.DELIVERED,
    }
)
_ARRIVED: Final = frozenset({"transit.arrived_destination_country", "transit.at_delivery_depot"})


def hides_carrier(story: Story) -> bool:
    """Whether no carrier may be recognised."""
    return bool(story.look.get("hide_carrier"))


def carrier_name(story: Story, parcel: Parcel | None) -> str:
    """The carrier in the reader's script; empty while it is not known, or not told."""
    slug = parcel.shipment.carrier if parcel else ""
    if slug in {"", UNKNOWN} or hides_carrier(story):
        return ""
    return name_of(slug, language=story.language)


def carrier_page(story: Story, parcel: Parcel) -> str:
    """The carrier's own tracking page, or "". The number is not in it: it would be logged there."""
    carrier = CARRIERS.get(parcel.shipment.carrier)
    return carrier.website if carrier and not hides_carrier(story) else ""


def untold_scans(story: Story, parcel: Parcel) -> frozenset[str]:
    """The keys of the parcel's scans whose place is not told; none where the shop hides nothing.

    They are those before it reached the country of delivery, those outside of it, and those in
    the town where it was scanned first, unless that is where it goes.
    """
    if not story.look.get("hide_origin"):
        return frozenset()
    scans = parcel.events[::-1]
    home = story.order.country
    arrived = next((n for n, one in enumerate(scans) if _is_there(one, home)), len(scans))
    origin = next((fold(one.city) for one in scans if one.city), "")
    if origin == fold(story.order.city):
        origin = ""
    return frozenset(
        one.key
        for n, one in enumerate(scans)
        if n < arrived or one.country not in {"", home} or (origin and fold(one.city) == origin)
    )


def last_place(story: Story, parcel: Parcel) -> str:
    """The town of the newest scan that named one, as the carrier wrote it; "" where untold."""
    untold = untold_scans(story, parcel)
    newest = next((one for one in parcel.events if one.city), None)
    if untold and (newest is None or newest.key in untold):
        return ""
    return parcel.shipment.last_place


def scan_time(story: Story, event: Event, *, untold: frozenset[str]) -> datetime | None:
    """The scan's moment on the clock of the place where it was made; of an untold place on that
    of the destination, because an offset names a country too. None where it has no time."""
    if event.at is None:
        return None
    if event.key in untold:
        return story.local(event.at)
    offset = timezone(timedelta(minutes=event.utc_offset)) if event.utc_offset else UTC
    return event.at.astimezone(offset)


def _is_there(event: Event, home: str) -> bool:
    if event.country == home or event.sub_status in _ARRIVED:
        return True
    row = SUB_STATUSES.get(event.sub_status)
    return row is not None and row.status in _THERE
