"""What a merchant's answers may name (`help_texts.filling.NAMES`), of one order, in words."""

from __future__ import annotations

from lib import formats
from lib.vocabulary import TERMINAL
from lib.words import STATUS_LABELS, place_name
from storefront_pages.answer import state_of
from storefront_pages.hiding import carrier_name
from storefront_pages.story import Parcel, Story


def values_of(story: Story) -> dict[str, str]:
    """Every name with its words in the active language; "" for what is not known."""
    merchant, order, parcel = story.merchant, story.order, story.speaker
    return {
        "shop.name": merchant.name,
        "shop.email": merchant.support_email,
        "shop.phone": merchant.support_phone,
        "order.number": order.number,
        "order.city": place_name(order.city),
        "parcel.carrier": carrier_name(story, parcel),
        "parcel.status": str(STATUS_LABELS[parcel.status]) if parcel else "",
        "date.window": _window(story, parcel),
        "scan.last": _last_scan(story, parcel),
        "to_pay": _to_pay(story),
    }


def _window(story: Story, parcel: Parcel | None) -> str:
    state = state_of(story, parcel)
    if story.status in TERMINAL or state.first is None or state.last is None:
        return ""
    return formats.date_range(state.first, state.last, story.tag)


def _last_scan(story: Story, parcel: Parcel | None) -> str:
    at = parcel.shipment.last_event_at if parcel else None
    return formats.day_and_time(story.local(at), story.tag) if at else ""


def _to_pay(story: Story) -> str:
    amount = story.order.cod_amount
    if not amount or story.status in TERMINAL:
        return ""
    return formats.money(amount, story.order.currency or "USD", story.tag)
