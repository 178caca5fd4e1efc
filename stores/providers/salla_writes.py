"""What is said at Salla: a shipment's state, an address, a note in the order's history.

https://docs.salla.dev/5578810e0 (a shipment: number and status are required; a shipping app's
shipments are its own), https://docs.salla.dev/5751605e0 (an order's receiver and address, until it
is completed; countries and cities by Salla's ids), https://docs.salla.dev/5394163e0 (a note).
The order's own status is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from carriers.shapes import mappings, text
from lib.folding import fold, number_key
from lib.vocabulary import Status
from stores.payload import joined, need_text, part
from stores.providers.salla_orders import shipment_status
from stores.providers.salla_pages import all_rows
from stores.shop import AddressChange, Note, ParcelNews, Shop, ShopChange
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Address

_NO: Final = frozenset({400, 403, 404, 410, 422})
_LONGEST_LINK: Final = 300
#: Salla's word for a parcel's state; what has none keeps the state and gets the note.
_STATUSES: Final = {
    Status.PICKED_UP: "shipped",
    Status.IN_TRANSIT: "in_transit",
    Status.CUSTOMS: "in_transit",
    Status.OUT_FOR_DELIVERY: "delivering",
    Status.AVAILABLE_FOR_PICKUP: "received_at_final_hub",
    Status.ATTEMPT_FAILED: "to_be_reattempted",
    Status.DELIVERED: "delivered",
    Status.RETURNING: "return_in_progress",
    Status.RETURNED: "return_to_origin",
    Status.LOST_OR_DESTROYED: "lost",
    Status.CANCELLED: "cancelled",
}
_SUB_STATUSES: Final = {
    "transit.at_delivery_depot": "received_at_final_hub",
    "lost.destroyed": "damaged",
}
#: Where a shipment's story ends; nothing older is written over it.
_ENDS: Final = frozenset({"delivered", "cancelled", "lost", "damaged", "return_to_origin"})
_BUILDING: Final = re.compile(r"(\d{1,5})\s+(.+)")


def write(shop: Shop, change: ShopChange) -> Talk[str]:
    """Say it. Raises ShopError("refused") where Salla says no."""
    if isinstance(change, ParcelNews):
        return (yield from _parcel(shop, change))
    if isinstance(change, AddressChange):
        return (yield from _address(change))
    if isinstance(change, Note):
        path = f"/orders/{change.order_id}/histories"
        answer = yield Call("POST", path, json={"note": change.text}, readable=_NO)
        _accepted(answer)
        return "Noted in the order’s history."
    raise ShopError("Salla has no place for it", kind="refused")


def refused(answer: Answer) -> ShopError:
    """Salla's own words: the message, and what it says of each field."""
    try:
        error = part(answer.mapping(), "error")
    except ShopError:
        error = {}
    fields = [
        text(words)
        for listed in part(error, "fields").values()
        for words in (listed if isinstance(listed, list) else [listed])
    ]
    said = " · ".join(dict.fromkeys(filter(None, [text(error.get("message")), *fields])))
    words = f"Salla says: {said[:250]}" if said else f"Salla says no ({answer.status})"
    return ShopError(words, kind="refused", http_status=answer.status, raw=answer.body[:20_000])


def _accepted(answer: Answer) -> Mapping[str, Any]:
    if answer.status in _NO:
        raise refused(answer)
    return part(answer.mapping(), "data")


# --- a parcel -------------------------------------------------------------------------


def _parcel(shop: Shop, news: ParcelNews) -> Talk[str]:
    row = yield from _shipment(news)
    owner = text(part(row, "meta").get("app_id"))
    if owner not in {"", "0", shop.app.listing_id}:
        raise ShopError("A shipping app keeps this shipment at Salla", kind="refused")
    known = shipment_status(row)
    wanted = _SUB_STATUSES.get(news.sub_status) or _STATUSES.get(Status(news.status)) or known
    if known in _ENDS and wanted != known:
        return f"Salla has it as {known} already."
    number = text(row.get("shipping_number")) or text(row.get("tracking_number"))
    body: dict[str, Any] = {
        "shipment_number": number or news.tracking_number,
        "tracking_number": text(row.get("tracking_number")) or news.tracking_number,
        "status": wanted,
        "status_note": " ".join(filter(None, [news.text, _days(news)])),
    }
    if not text(row.get("tracking_link")) and 0 < len(news.page_url) <= _LONGEST_LINK:
        body["tracking_link"] = news.page_url
    answer = yield Call("PUT", f"/shipments/{need_text(row, 'id')}", json=body, readable=_NO)
    said = shipment_status(_accepted(answer))
    return f"The shipment is {said or wanted}."


def _shipment(news: ParcelNews) -> Talk[Mapping[str, Any]]:
    if news.fulfilment_id:
        answer = yield Call("GET", f"/shipments/{news.fulfilment_id}", readable=_NO)
        return _accepted(answer)
    rows = yield from all_rows("/shipments", (("order_id", news.order_id),))
    key = number_key(news.tracking_number)
    for row in rows:
        names = (row.get("tracking_number"), row.get("shipping_number"))
        if key in {number_key(text(name)) for name in names}:
            return row
    raise ShopError("Salla knows no shipment with this number", kind="refused")


def _days(news: ParcelNews) -> str:
    """Our date as days, e.g. "2026-11-14 – 2026-11-16"."""
    first, last = news.first, news.last
    if first is None or last is None:
        return ""
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"


# --- an address ---------------------------------------------------------------------------


def _address(change: AddressChange) -> Talk[str]:
    where = change.address
    countries = yield from all_rows("/countries")
    country = _called(countries, where.country, "code")
    if country is None:
        raise ShopError("Salla does not ship to this country", kind="refused")
    asked = (("keyword", where.city),)
    cities = yield from all_rows(f"/countries/{need_text(country, 'id')}/cities", asked)
    city = _called(cities, where.city, "name", "name_en")
    if city is None:
        raise ShopError("Salla knows no city by this name in this country", kind="refused")
    body = {
        "receiver": {
            "name": where.name,
            "country_code": where.country,
            "phone": where.phone,
            "notify": False,
        },
        "delivery_method": "shipping",
        "ship_to": {"country": country["id"], "city": city["id"], **_lines(where)},
    }
    answer = yield Call("PUT", f"/orders/{change.order_id}", json=body, readable=_NO)
    _accepted(answer)
    return "The order has the new address."


def _called(rows: Iterable[Mapping[str, Any]], name: str, *fields: str) -> Mapping[str, Any] | None:
    wanted = fold(name)
    for row in mappings(list(rows)):
        if wanted and wanted in {fold(text(row.get(field))) for field in fields}:
            return row
    return None


def _lines(where: Address) -> dict[str, Any]:
    """The parts of Saudi Arabia's National Address, and the rest as one line."""
    split = _BUILDING.fullmatch(where.line1)
    said: dict[str, Any] = {
        "block": where.district,
        "street_number": split[2] if split else where.line1,
        "building_number": split[1] if split else "",
        "additional_number": where.line2 if where.line2.isdecimal() else "",
        "short_address": where.national_address,
        "postal_code": where.postcode,
        "address_line": joined(where.line1, where.line2, where.landmark),
    }
    if where.pin is not None:
        said["geo_coordinates"] = {"lat": where.pin[0], "lng": where.pin[1]}
    return {name: value for name, value in said.items() if value}
