"""What a shopper needs for the last metres: what to pay, where it waits, who brings it.

The code that opens a locker is not shown: whoever has the link would have the parcel.
Proof of delivery is not shown here either: it names people.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from django.utils.translation import gettext as _

from lib import formats, headlines
from lib.vocabulary import Status
from lib.words import place_name
from storefront_pages.hiding import hides_carrier, last_place
from storefront_pages.settled import settled_facts
from storefront_pages.story import Parcel, Story
from tracking.details import Details, read_details

Fact = dict[str, str]
#: https://developers.google.com/maps/documentation/urls/get-started#search-action
_MAP: Final = "https://www.google.com/maps/search/?api=1&query="

_PAYS: Final = frozenset(Status) - {
    Status.DELIVERED,
    Status.RETURNING,
    Status.RETURNED,
    Status.LOST_OR_DESTROYED,
    Status.CANCELLED,
}


def facts(story: Story, parcel: Parcel | None) -> list[Fact]:
    """Lines under the heading, each {icon, text} and perhaps {url}."""
    details = read_details(parcel.shipment.details) if parcel is not None else Details()
    found = [*_to_pay(story, parcel, details), *settled_facts(story)]
    if parcel is None:
        return found
    if parcel.status is Status.AVAILABLE_FOR_PICKUP:
        found += _where_it_waits(story, parcel, details)
    if parcel.status is Status.OUT_FOR_DELIVERY and details.courier is not None:
        courier = details.courier
        if courier.name:
            words = _("%(name)s is bringing it") % {"name": courier.name}
            found.append({"icon": "user", "text": words})
        if courier.phone:
            found.append({"icon": "phone", "text": courier.phone, "url": f"tel:{courier.phone}"})
        if courier.live_url and not hides_carrier(story):
            words = _("See on the carrier’s map where it is")
            found.append({"icon": "map", "text": words, "url": courier.live_url})
    return found


def _to_pay(story: Story, parcel: Parcel | None, details: Details) -> list[Fact]:
    """What the shop says is to be paid; the carrier's word where the shop says nothing."""
    order = story.order
    amount, currency = order.cod_amount, order.currency
    if not amount and details.cash is not None:
        amount, currency = details.cash.amount, details.cash.currency or order.currency
    if not amount or story.status not in _PAYS:
        return []
    text = headlines.pay_on_delivery(amount, currency or "USD", story.tag)
    found = [{"icon": "banknote", "text": text}]
    if parcel is not None and parcel.status is Status.OUT_FOR_DELIVERY:
        found.append({"icon": "key-round", "text": headlines.code_advice(story.language)})
    return found


def _where_it_waits(story: Story, parcel: Parcel, details: Details) -> list[Fact]:
    point = details.pickup_point
    found: list[Fact] = []
    between = formats.comma(story.language)
    where = between.join(part for part in (point.name, point.address) if part) if point else ""
    city = place_name(last_place(story, parcel))
    if where:
        found.append({"icon": "map-pin", "text": where, "url": _MAP + quote(where)})
    elif city:
        found.append({"icon": "map-pin", "text": _("In %(place)s") % {"place": city}})
    if point is not None and point.hours:
        found.append({"icon": "clock", "text": point.hours})
    return found
