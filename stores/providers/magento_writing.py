"""What is written into a Magento shop: comments, tracking numbers, corrected addresses.

https://developer.adobe.com/commerce/webapi/rest/quick-reference/ (orders/{id}/comments,
shipment/track, orders/{parent_id}: an address). No shipment is made here, as that would move the
order on and take stock; and a comment repeats the order's status, which Magento would otherwise
empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from carriers.shapes import mapping, mappings, text
from lib.folding import number_key
from stores.checkout_fields import part_of, said_of, written_out
from stores.payload import amount, joined, need_text
from stores.providers.magento_calls import ROOT, all_of
from stores.providers.magento_orders import shipping_address
from stores.self_hosted import no, saying, split_name
from stores.shop import AddressChange, Note, ParcelNews, ShopChange
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Address

_ANSWERS: Final = frozenset({400, 403, 404})
_CLOSED: Final = frozenset({"complete", "closed", "canceled"})
_TRACKS: Final = "items[entity_id,order_id,tracks[track_number]]"


def write(change: ShopChange) -> Talk[str]:
    """Raises ShopError("refused") in the shop's words."""
    if isinstance(change, ParcelNews):
        return _track(change)
    if isinstance(change, AddressChange):
        return _move(change)
    if isinstance(change, Note):
        return _comment(change)
    raise ShopError("Magento has no tags on orders", kind="refused")


def _comment(note: Note) -> Talk[str]:
    order = yield from _order(note.order_id)
    history = {
        "comment": note.text,
        "parent_id": int(note.order_id),
        "status": need_text(order, "status"),
        "is_customer_notified": 0,
        "is_visible_on_front": 0,
    }
    path = f"{ROOT}/orders/{int(note.order_id)}/comments"
    answer = yield Call("POST", path, json={"statusHistory": history}, readable=_ANSWERS)
    _good(answer)
    return "Comment added"


def _track(news: ParcelNews) -> Talk[str]:
    if news.fulfilment_id:
        return "The shop has this parcel already"
    number = str(int(news.order_id))
    shipments = yield from all_of("/shipments", "order_id", [number], fields=_TRACKS)
    tracks = [row for one in shipments for row in mappings(one.get("tracks"))]
    known = {number_key(text(row.get("track_number"))) for row in tracks}
    if number_key(news.tracking_number) in known:
        return "The shop has this parcel already"
    if len(shipments) != 1:
        count = "several shipments" if shipments else "no shipment"
        return f"Not written: the order has {count} at the shop"
    entity = {
        "order_id": int(number),
        "parent_id": shipments[0].get("entity_id"),
        "track_number": news.tracking_number,
        "title": news.carrier_name or "Parcel",
        "carrier_code": "custom",
        "description": "",
        "qty": 0,
        "weight": 0,
    }
    path = f"{ROOT}/shipment/track"
    answer = yield Call("POST", path, json={"entity": entity}, readable=_ANSWERS)
    _good(answer)
    return "Tracking number added to the shipment"


def _move(change: AddressChange) -> Talk[str]:
    order = yield from _order(change.order_id)
    state = text(order.get("state"))
    if state in _CLOSED:
        raise ShopError(f"The order is {state} at the shop", kind="refused")
    if any(amount(row.get("qty_shipped")) for row in mappings(order.get("items"))):
        raise ShopError("The shop has shipped a part of this order", kind="refused")
    now = shipping_address(order)
    if not now:
        raise ShopError("The order has no shipping address at the shop", kind="refused")
    path = f"{ROOT}/orders/{int(change.order_id)}"
    entity = _entity(now, change.address, parent=int(change.order_id))
    answer = yield Call("PUT", path, json={"entity": entity}, readable=_ANSWERS)
    _good(answer)
    return "Address changed"


def _entity(now: Mapping[str, Any], address: Address, *, parent: int) -> dict[str, Any]:
    """The address as Magento keeps it, with what we say in its place."""
    first, last = text(now.get("firstname")), text(now.get("lastname"))
    if joined(first, last) != address.name:
        first, last = split_name(address.name)
    entity = {
        **now,
        "parent_id": parent,
        "address_type": "shipping",
        "firstname": first,
        "lastname": last or first,  # it must not be empty
        "street": [line for line in (address.line1, written_out(address)) if line],
        "city": address.city,
        "region": address.region,
        "postcode": address.postcode,
        "country_id": address.country,
        "telephone": address.phone or text(now.get("telephone")),
    }
    if address.region != text(now.get("region")) or address.country != now.get("country_id"):
        entity |= {"region_id": None, "region_code": None}
    more = {
        name: said_of(address, part_of(name))
        for name in mapping(now.get("extension_attributes"))
        if part_of(name) and said_of(address, part_of(name))
    }
    if more:
        entity["extension_attributes"] = {**now["extension_attributes"], **more}
    return entity


def _order(number: str) -> Talk[dict[str, Any]]:
    answer = yield Call("GET", f"{ROOT}/orders/{int(number)}", readable=_ANSWERS)
    return _good(answer).mapping()


def _good(answer: Answer) -> Answer:
    if answer.status in _ANSWERS:
        raise no(answer, f"The shop says: {saying(answer, 'message')}")
    return answer
