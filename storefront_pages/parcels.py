"""Parcel cards and the story of each parcel's scans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from lib import formats
from lib.vocabulary import SUB_STATUSES, UNKNOWN, Status
from lib.words import place_name, sentence
from storefront_pages.answer import carrier_name, carrier_page, sentence_of
from storefront_pages.attempt import has_agreed_day, heading_of_wish
from storefront_pages.freshness import freshness_of, local_time
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
            "events": [_event(story, parcel, event) for event in parcel.events],
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
        "carrier_url": carrier_page(parcel),
        "sentence": _sentence(story, parcel, carrier) if several else "",
        "items": _items(parcel.contents),
        # With one parcel it stands under the heading.
        "fresh": freshness_of(story, parcel) if several else None,
    }


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
        {"name": item.title, "option": "", "quantity": quantity, "image": item.image_url}
        for item, quantity in lines
    ]


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


def _event(story: Story, parcel: Parcel, event: Event) -> dict[str, Any]:
    row = SUB_STATUSES.get(event.sub_status)
    local = local_time(event)
    return {
        "sub_status": event.sub_status,
        "sentence": sentence(event.sub_status),
        "place": place_name(event.city),
        "time": formats.day_and_time(local, story.tag) if local else event.raw_time,
        "iso": local.isoformat() if local else "",
        "carrier_words": event.description,
        "carrier_lang": event.language,
        "carrier": carrier_name(story, parcel),
        "act": row is not None and row.status in {Status.ATTEMPT_FAILED, Status.EXCEPTION},
        "is_unknown": event.sub_status == UNKNOWN,
    }
