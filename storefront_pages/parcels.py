"""Parcel cards and the story of each parcel's scans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from carriers.registry import name_of
from lib import formats
from lib.carrier_words import own_words_of
from lib.vocabulary import SUB_STATUSES, UNKNOWN, Status
from lib.words import place_name, sentence
from storefront_pages.answer import sentence_of
from storefront_pages.attempt import has_agreed_day, heading_of_wish
from storefront_pages.freshness import freshness_of
from storefront_pages.hiding import (
    carrier_name,
    carrier_page,
    hides_carrier,
    scan_time,
    untold_scans,
)
from storefront_pages.story import Parcel, Story
from tracking.models import Event, OrderItem


def cards(story: Story) -> list[dict[str, Any]]:
    """Cards for `components/parcel.html`: every parcel, then what is in none."""
    total = len(story.parcels)
    found = [_card(story, parcel, n, total) for n, parcel in enumerate(story.parcels, start=1)]
    if story.loose:
        found.append(_loose(story))
    return found


def timelines(story: Story) -> list[dict[str, Any]]:
    """One timeline a parcel that was scanned; a title where there are several parcels."""
    several = len(story.parcels) > 1
    return [
        {
            "title": _parcel_title(n, len(story.parcels)) if several else "",
            "events": _events(story, parcel),
        }
        for n, parcel in enumerate(story.parcels, start=1)
        if parcel.events
    ]


def _card(story: Story, parcel: Parcel, n: int, total: int) -> dict[str, Any]:
    shipment = parcel.shipment
    carrier = carrier_name(story, parcel)
    several = total > 1
    title = _parcel_title(n, total) if several else carrier or _("Your parcel")
    return {
        "title": title,
        "status": shipment.status,
        "flags": _flags(story, parcel),
        "carrier": carrier if several else "",
        "tracking_number": shipment.tracking_number,
        "carrier_url": carrier_page(story, parcel),
        "legs": _legs(story, parcel),
        "sentence": _sentence(story, parcel, carrier) if several else "",
        "items": _items(parcel.contents),
        # With one parcel it stands under the heading.
        "fresh": freshness_of(story, parcel) if several else None,
    }


def _legs(story: Story, parcel: Parcel) -> list[dict[str, str]]:
    """Whom it was handed on to, as far as the carrier may be named and is known."""
    return [
        {"said": _("then with %(carrier)s") % {"carrier": name}, "number": leg.number}
        for leg in parcel.legs
        if (name := leg_carrier(story, parcel, leg.position))
    ]


def leg_carrier(story: Story, parcel: Parcel, position: int) -> str:
    """Who made the scans of this leg, in the reader's script; 0 is the first carrier's."""
    first = carrier_name(story, parcel)
    leg = next((one for one in parcel.legs if one.position == position), None)
    if leg is None or not first:
        return first
    return "" if leg.carrier == UNKNOWN else name_of(leg.carrier, language=story.language)


def _parcel_title(n: int, total: int) -> str:
    return _("Parcel %(n)s of %(total)s") % {"n": n, "total": total}


def _loose(story: Story) -> dict[str, Any]:
    """What was ordered and is in no parcel that we know of."""
    if story.order.cancelled_at:
        status = Status.CANCELLED.value
    elif story.parcels and not any(parcel.contents for parcel in story.parcels):
        status = ""  # it is in these parcels; the shop did not say in which
    else:
        status = story.order_milestone.value
    is_rest = status and story.parcels
    return {
        "title": _("Not sent yet") if is_rest else _("What you ordered"),
        "status": status,
        "flags": [],
        "items": _items(story.loose),
    }


def _items(lines: Iterable[tuple[OrderItem, int]]) -> list[dict[str, Any]]:
    return [
        {"name": item.title, "option": "", "quantity": quantity, "image": _picture(item)}
        for item, quantity in lines
    ]


def _picture(item: OrderItem) -> str:
    """The shop's own picture; one that a browser would not load is none."""
    return item.image_url if item.image_url.startswith("https://") else ""


def _sentence(story: Story, parcel: Parcel, carrier: str) -> str:
    return heading_of_wish(story, parcel, carrier=carrier) or sentence_of(story, parcel)


def _flags(story: Story, parcel: Parcel) -> list[str]:
    """The one flag that tells a shopper more than the status does."""
    shipment = parcel.shipment
    if shipment.disputed:
        return ["disputed"]
    if shipment.stalled:
        return ["stalled"]
    if not shipment.is_late or has_agreed_day(story, parcel):
        return []
    return ["delayed" if shipment.delayed else "will_be_late"]


def _events(story: Story, parcel: Parcel) -> list[dict[str, Any]]:
    untold = untold_scans(story, parcel)
    return [_event(story, parcel, event, untold) for event in parcel.events]


def _event(story: Story, parcel: Parcel, event: Event, untold: frozenset[str]) -> dict[str, Any]:
    """A scan for `components/event.html`. The carrier's words name it, and places."""
    row = SUB_STATUSES.get(event.sub_status)
    local = scan_time(story, event, untold=untold)
    is_told = event.key not in untold
    written = event.raw_time if is_told else ""
    return {
        "sub_status": event.sub_status,
        "sentence": sentence(event.sub_status),
        "place": place_name(event.city) if is_told else "",
        "time": formats.day_and_time(local, story.tag) if local else written,
        "iso": local.isoformat() if local else "",
        "carrier_words": event.description if is_told and not hides_carrier(story) else "",
        "carrier_lang": event.language,
        "whose": own_words_of(leg_carrier(story, parcel, event.leg)),
        # Of one carrier's scans the card says whose they are.
        "by": leg_carrier(story, parcel, event.leg) if event.leg else "",
        "act": row is not None and row.status in {Status.ATTEMPT_FAILED, Status.EXCEPTION},
        "is_unknown": event.sub_status == UNKNOWN,
    }
