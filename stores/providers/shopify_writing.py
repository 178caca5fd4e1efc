"""Saying things at a Shopify shop: parcels' events, an address, tags, a note.

https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/fulfillmentEventCreate, …/orderUpdate,
…/tagsAdd, …/tagsRemove. Each returns what Shopify answered, in a few words, and raises
ShopError("refused") in Shopify's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from carriers.shapes import text
from lib.folding import number_key
from lib.vocabulary import Status
from stores.payload import part, rows
from stores.providers.shopify_address import attributes_with, mailing_address
from stores.providers.shopify_graph import ask, change, gid
from stores.shop import AddressChange, Note, ParcelNews, Tags
from stores.talk import ShopError, Talk

#: https://shopify.dev/docs/api/admin-graphql/2026-10/enums/FulfillmentEventStatus
#: There is none for a parcel on its way back.
_EVENTS: Final = {
    Status.INFO_RECEIVED: "LABEL_PRINTED",
    Status.PICKED_UP: "CARRIER_PICKED_UP",
    Status.IN_TRANSIT: "IN_TRANSIT",
    Status.CUSTOMS: "IN_TRANSIT",
    Status.OUT_FOR_DELIVERY: "OUT_FOR_DELIVERY",
    Status.AVAILABLE_FOR_PICKUP: "READY_FOR_PICKUP",
    Status.ATTEMPT_FAILED: "ATTEMPTED_DELIVERY",
    Status.EXCEPTION: "FAILURE",
    Status.DELIVERED: "DELIVERED",
    Status.LOST_OR_DESTROYED: "FAILURE",
    Status.CANCELLED: "FAILURE",
}
#: Statuses at which a date of arrival is no longer news.
_ENDED: Final = frozenset({Status.DELIVERED, Status.LOST_OR_DESTROYED, Status.CANCELLED})
_LONGEST_NOTE: Final = 5_000

_FIND: Final = """
query Find($id: ID!) {
  order(id: $id) { fulfillments(first: 50) { id status trackingInfo(first: 10) { number } } }
}"""
_EVENT: Final = """
mutation Event($event: FulfillmentEventInput!) {
  fulfillmentEventCreate(fulfillmentEvent: $event) {
    fulfillmentEvent { id status } userErrors { field message }
  }
}"""
_STANDING: Final = """
query Standing($id: ID!) {
  order(id: $id) {
    displayFulfillmentStatus cancelledAt note
    customAttributes { key value }
    shippingAddress { province provinceCode countryCodeV2 }
  }
}"""
_UPDATE: Final = """
mutation Update($input: OrderInput!) {
  orderUpdate(input: $input) { order { id updatedAt } userErrors { field message } }
}"""
_TAG: Final = """
mutation Tag($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } }
}"""
_UNTAG: Final = """
mutation Untag($id: ID!, $tags: [String!]!) {
  tagsRemove(id: $id, tags: $tags) { node { id } userErrors { field message } }
}"""


def write_parcel(news: ParcelNews) -> Talk[str]:
    """An event of the fulfilment, with our date."""
    status = event_of(news)
    if not status:
        return "Shopify has no event for this; nothing was said"
    fulfilment = news.fulfilment_id or (yield from _fulfilment_of(news))
    event: dict[str, Any] = {
        "fulfillmentId": gid("Fulfillment", fulfilment),
        "status": status,
        "happenedAt": news.at.astimezone(UTC).isoformat(),
        "message": news.text,
        "city": news.city,
        "country": news.country,
    }
    arrival = _arrival(news)
    if arrival is not None:
        event["estimatedDeliveryAt"] = arrival.isoformat()
    said = yield from change(
        _EVENT,
        "fulfillmentEventCreate",
        event={name: value for name, value in event.items() if value},
    )
    noted = text(part(said, "fulfillmentEvent").get("status"))
    return f"Shopify noted {noted or status}"


def event_of(news: ParcelNews) -> str:
    """Shopify's word for the parcel's state; empty where it has none."""
    if news.sub_status.startswith("delay.") or news.sub_status == "customs.delay":
        return "DELAYED"
    return next((word for status, word in _EVENTS.items() if status == news.status), "")


def write_address(wanted: AddressChange) -> Talk[str]:
    """The address, whole; not once the order is on its way or cancelled."""
    order = yield from _standing(wanted.order_id)
    if text(order.get("displayFulfillmentStatus")).upper() == "FULFILLED":
        raise ShopError("The order is shipped already: its address stays", kind="refused")
    if order.get("cancelledAt"):
        raise ShopError("The order is cancelled: its address stays", kind="refused")
    before = [
        (text(row.get("key")), text(row.get("value"))) for row in rows(order, "customAttributes")
    ]
    said: dict[str, Any] = {
        "id": gid("Order", wanted.order_id),
        "shippingAddress": mailing_address(wanted.address, part(order, "shippingAddress")),
    }
    attributes = attributes_with(wanted.address, before)
    if attributes is not None:
        said["customAttributes"] = attributes
    yield from change(_UPDATE, "orderUpdate", input=said)
    return "Shopify took the new address"


def write_tags(tags: Tags) -> Talk[str]:
    """Tags on and off; others stay."""
    order = gid("Order", tags.order_id)
    if tags.remove:
        yield from change(_UNTAG, "tagsRemove", id=order, tags=list(tags.remove))
    if tags.add:
        yield from change(_TAG, "tagsAdd", id=order, tags=list(tags.add))
    return "Shopify changed the tags"


def write_note(note: Note) -> Talk[str]:
    """One more line in the order's note, where there is room for it."""
    order = yield from _standing(note.order_id)
    before = text(order.get("note"))
    if note.text in before.splitlines():
        return "The note says so already"
    whole = f"{before}\n{note.text}".strip()
    if len(whole) > _LONGEST_NOTE:
        raise ShopError("The order’s note is full", kind="refused")
    yield from change(
        _UPDATE, "orderUpdate", input={"id": gid("Order", note.order_id), "note": whole}
    )
    return "Shopify took the note"


def _standing(order_id: str) -> Talk[Mapping[str, Any]]:
    found = yield from ask(_STANDING, id=gid("Order", order_id))
    order = part(found, "order")
    if not order:
        raise ShopError("Shopify does not know this order any more", kind="refused")
    return order


def _fulfilment_of(news: ParcelNews) -> Talk[str]:
    """The shop's fulfilment with this tracking number."""
    found = yield from ask(_FIND, id=gid("Order", news.order_id))
    wanted = number_key(news.tracking_number)
    for row in rows(part(found, "order"), "fulfillments"):
        numbers = {number_key(text(one.get("number"))) for one in rows(row, "trackingInfo")}
        if wanted in numbers and text(row.get("status")).upper() != "CANCELLED":
            return text(row.get("id")).rpartition("/")[2]
    raise ShopError("The shop does not know this parcel", kind="refused")


def _arrival(news: ParcelNews) -> datetime | None:
    """The last day of our window, at noon there: no other zone makes another day of it."""
    day = news.last or news.first
    if day is None or news.status in _ENDED:
        return None
    try:
        zone = ZoneInfo(news.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return datetime.combine(day, time(12), zone)
