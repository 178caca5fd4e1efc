"""What is written into a WooCommerce shop: tracking numbers, private notes, corrected addresses.

https://woocommerce.github.io/woocommerce-rest-api-docs/#order-notes and #update-an-order,
https://woocommerce.com/document/shipment-tracking/ (its REST API) and
https://docs.zorem.com/docs/ast-free/add-tracking-to-orders/shipment-tracking-api/.
The plug-ins keep numbers, not milestones: what becomes of a parcel is told in notes. An order's
status is never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from carriers.shapes import mappings, text
from lib.folding import number_key
from stores.checkout_fields import part_of, said_of, written_out
from stores.payload import amount, joined, part
from stores.providers.woocommerce_calls import call
from stores.providers.woocommerce_fields import field_name
from stores.providers.woocommerce_orders import status_of
from stores.self_hosted import no, saying, split_name
from stores.shop import AddressChange, Note, ParcelNews, Shop, ShopChange
from stores.talk import Answer, ShopError, Talk
from stores.vocabulary import Address

#: The plug-ins' interfaces, of which a shop has one, both or none.
_PLUG_INS: Final = ("/wc-ast/v3", "/wc-shipment-tracking/v3")
_ANSWERS: Final = frozenset({400, 403, 404, 409})
#: Nothing is packed any more for orders that stand there.
_CLOSED: Final = frozenset({"completed", "cancelled", "refunded", "failed", "trash"})


def write(shop: Shop, change: ShopChange) -> Talk[str]:
    """Raises ShopError("refused") in the shop's words."""
    if isinstance(change, ParcelNews):
        return _track(shop, change)
    if isinstance(change, AddressChange):
        return _move(shop, change)
    if isinstance(change, Note):
        return _note(shop, change)
    raise ShopError("WooCommerce has no tags on orders", kind="refused")


def _note(shop: Shop, note: Note) -> Talk[str]:
    """Private: the shopper hears from us, not twice."""
    answer = yield call(
        shop, "POST", f"/wc/v3/orders/{int(note.order_id)}/notes",
        json={"note": note.text, "customer_note": False}, readable=_ANSWERS,
    )  # fmt: skip
    _good(answer)
    return "Private note added"


def _track(shop: Shop, news: ParcelNews) -> Talk[str]:
    if news.fulfilment_id:
        return "The shop has this parcel already"
    for plug_in in _PLUG_INS:
        route = f"{plug_in}/orders/{int(news.order_id)}/shipment-trackings"
        answer = yield call(shop, "GET", route, readable=_ANSWERS)
        if answer.status == 404 and saying(answer, "code") == "rest_no_route":
            continue
        known = {number_key(text(row.get("tracking_number"))) for row in _good(answer).listing()}
        if number_key(news.tracking_number) in known:
            return "The shop has this parcel already"
        # Nothing that would complete the order ("status_shipped") or write to the shopper.
        entry = {
            "custom_tracking_provider": news.carrier_name,
            "custom_tracking_link": news.page_url,
            "tracking_number": news.tracking_number,
            "date_shipped": f"{news.at:%Y-%m-%d}",
        }
        made = yield call(shop, "POST", route, json=entry, readable=_ANSWERS)
        _good(made)
        return "Tracking number added"
    return "Not written: the shop has no plug-in for tracking numbers"


def _move(shop: Shop, change: AddressChange) -> Talk[str]:
    route = f"/wc/v3/orders/{int(change.order_id)}"
    answer = yield call(shop, "GET", route, readable=_ANSWERS)
    order = _good(answer).mapping()
    if status_of(order) in _CLOSED:
        raise no(answer, f"The order is {status_of(order)} at the shop")
    values: dict[str, Any] = {"shipping": _shipping(order, change.address)}
    meta = _changed_meta(order, change.address)
    if meta:
        values["meta_data"] = meta
    answer = yield call(shop, "PUT", route, json=values, readable=_ANSWERS)
    return _result(order, _good(answer).mapping())


def _shipping(order: Mapping[str, Any], address: Address) -> dict[str, str]:
    """The whole address; what a shop has no field for stands in the second line."""
    now = part(order, "shipping")
    first, last = split_name(address.name)
    if joined(now.get("first_name"), now.get("last_name")) == address.name:
        first, last = text(now.get("first_name")), text(now.get("last_name"))
    return {
        "first_name": first,
        "last_name": last,
        "address_1": address.line1,
        "address_2": written_out(address),
        "city": address.city,
        "state": address.region,
        "postcode": address.postcode,
        "country": address.country,
        "phone": address.phone,
    }


def _changed_meta(order: Mapping[str, Any], address: Address) -> list[dict[str, Any]]:
    """The checkout fields that this order has, with their new values."""
    changed = []
    for row in mappings(order.get("meta_data")):
        whose, name = field_name(text(row.get("key")))
        wanted = part_of(name)
        value = said_of(address, wanted) if wanted and whose != "billing" else ""
        if value and value != text(row.get("value")):
            changed.append({"id": row.get("id"), "key": row["key"], "value": value})
    return changed


def _result(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """WooCommerce reckons taxes anew for the new place: the merchant is told."""
    old, new = amount(before.get("total")), amount(after.get("total"))
    if old != new:
        return f"Address changed; the order’s total went from {old:f} to {new:f}"
    return "Address changed"


def _good(answer: Answer) -> Answer:
    if answer.status in _ANSWERS:
        raise no(answer, f"The shop says: {saying(answer, 'message')}")
    return answer
