"""An order as an app shows it: what the page says, in the same words, with the codes beside them.

It is made from the page's own parts, so that a link tells an app nothing that it does not tell on
the page. `docs/embedding.md` has the shape; fields are added to a version, never taken away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from lib.formats import is_rtl
from lib.vocabulary import TERMINAL, Status
from lib.words import STATUS_LABELS
from storefront_pages.answer import Window, answer, state_of
from storefront_pages.attempt import holds_date
from storefront_pages.banners import banner_of
from storefront_pages.freshness import freshness
from storefront_pages.hiding import carrier_name
from storefront_pages.pages import LOOK_EVERY, is_over
from storefront_pages.parcels import cards, timelines
from storefront_pages.progress import rail
from storefront_pages.story import Parcel, Story

VERSION: Final = 1
Json = dict[str, Any]
#: Where a day on which it comes means nothing, or no longer.
_WITHOUT_DATE: Final = TERMINAL | {Status.RETURNING, Status.EXPIRED, Status.AVAILABLE_FOR_PICKUP}


def order_shape(story: Story, *, page_url: str, notice: Mapping[str, str] | None) -> Json:
    """The order for apps; call it with the story's language active.

    `page_url` is absolute; `notice` is the shop's own line above its pages.
    """
    top = answer(story)
    shown = cards(story)
    parcels = [
        _parcel(story, parcel, card, events)
        for parcel, card, events in zip(story.parcels, shown, _events(story), strict=False)
    ]
    loose = shown[len(story.parcels) :]
    return {
        "version": VERSION,
        "language": story.language,
        "direction": "rtl" if is_rtl(story.language) else "ltr",
        "order": {
            "number": story.order.number,
            "placed_at": story.local(story.order.placed_at).isoformat(timespec="seconds"),
            "zone": story.zone.key,
            "status": story.status.value,
            "status_text": str(STATUS_LABELS[story.status]),
            "page_url": page_url,
        },
        "heading": top.heading,
        "lead": top.lead,
        "window": _window(top.window, story),
        "facts": [{"text": one["text"], "url": one.get("url", "")} for one in top.facts],
        "notice": notice["text"] if notice else None,
        "banner": asdict(banner) if (banner := banner_of(story)) else None,
        "milestones": [_step(step) for step in rail(story)],
        "parcels": parcels,
        "items_without_parcel": [item for card in loose for item in _items(card)],
        "freshness": _freshness(story),
        "is_over": is_over(story),
        "ask_again_seconds": None if is_over(story) else LOOK_EVERY,
    }


def _window(said: Window | None, story: Story) -> Json | None:
    """The dates of the parcel that speaks for the order, and the page's words about them."""
    days = _days(story, story.speaker) if story.speaker else None
    if days is None and said is None:
        return None
    words = {
        "text": said.text if said else "",
        "was": said.was if said else "",
        "sure": said.sure if said else "",
    }
    return (days or {"from": None, "to": None}) | words


def _days(story: Story, parcel: Parcel) -> Json | None:
    """The window as far as it lies ahead, as local dates; None where the page tells none."""
    if parcel.status in _WITHOUT_DATE or holds_date(parcel):
        return None
    state = state_of(story, parcel)
    if state.first is None or state.last is None:
        return None
    return {"from": state.first.isoformat(), "to": state.last.isoformat()}


def _step(step: Mapping[str, str]) -> Json:
    return {
        "key": step["key"],
        "text": step["label"],
        "state": step["state"],
        "date": step["iso"] or None,
        "date_text": step["date"],
    }


def _events(story: Story) -> list[Sequence[Mapping[str, Any]]]:
    """The page's timeline of each parcel; empty for one that nobody has scanned."""
    told = iter(timelines(story))
    return [next(told)["events"] if parcel.events else () for parcel in story.parcels]


def _parcel(
    story: Story, parcel: Parcel, card: Mapping[str, Any], events: Sequence[Mapping[str, Any]]
) -> Json:
    shipment = parcel.shipment
    return {
        "title": card["title"],
        "status": shipment.status,
        "sub_status": shipment.sub_status,
        "status_text": str(STATUS_LABELS[parcel.status]),
        "flags": card["flags"],
        "sentence": card["sentence"],
        "carrier": carrier_name(story, parcel),
        "tracking_number": card["tracking_number"],
        "carrier_url": card["carrier_url"],
        "window": _days(story, parcel),
        "delivered_at": shipment.milestones.get("delivered"),
        "items": _items(card),
        "timeline": [_event(event) for event in events],
    }


def _items(card: Mapping[str, Any]) -> list[Json]:
    return [
        {"name": item["name"], "quantity": item["quantity"], "image_url": item["image"]}
        for item in card["items"]
    ]


def _event(event: Mapping[str, Any]) -> Json:
    return {
        "at": event["iso"] or None,
        "time_text": event["time"],
        "sub_status": event["sub_status"],
        "text": event["sentence"],
        "place": event["place"],
        "carrier_words": event["carrier_words"],
        "carrier_language": event["carrier_lang"],
    }


def _freshness(story: Story) -> list[Json]:
    """What the carrier said last, when we asked, when we ask again; one sentence each."""
    found = freshness(story)
    return [
        {
            "text": f"{line['before']}{line['time']}{line['after']}",
            "at": line["iso"],
        }
        for line in (found["lines"] if found else ())
    ]
