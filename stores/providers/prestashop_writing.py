"""What is written into a PrestaShop shop: tracking numbers, private notes, corrected addresses.

https://devdocs.prestashop-project.org/8/webservice/. Orders are only changed by PATCH (PrestaShop
8 and later): a PUT would enter the order's state once more, with its mail to the shopper. A number
is written without `sendemail`, so that nobody is written to twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from carriers.shapes import text
from lib.folding import number_key
from stores.checkout_fields import part_of, said_of, written_out
from stores.payload import joined
from stores.providers.prestashop_calls import change, listed, made_id, of, rows_of
from stores.self_hosted import split_name
from stores.shop import AddressChange, Note, ParcelNews, Shop, ShopChange
from stores.talk import Call, ShopError, Talk
from stores.vocabulary import Address

_ANSWERS: Final = frozenset({401, 403, 404, 405})
#: What PrestaShop fills in itself.
_OWN: Final = frozenset({"id", "date_add", "date_upd"})


def write(shop: Shop, news: ShopChange) -> Talk[str]:
    """Raises ShopError("refused") in the shop's words."""
    if isinstance(news, ParcelNews):
        return _track(news)
    if isinstance(news, AddressChange):
        return _move(shop, news)
    if isinstance(news, Note):
        return _note(news)
    raise ShopError("PrestaShop has no tags on orders", kind="refused")


def _note(note: Note) -> Talk[str]:
    """The order's private note, below what is there."""
    order = yield from _order(note.order_id)
    lines = [line for line in (text(order.get("note")), note.text) if line]
    values = {"id": order["id"], "note": "\n".join(lines)}
    yield from change("PATCH", f"orders/{int(note.order_id)}", "order", values)
    return "Private note added"


def _track(news: ParcelNews) -> Talk[str]:
    if news.fulfilment_id:
        return "The shop has this parcel already"
    number = str(int(news.order_id))
    rows = yield from of("order_carriers", "id_order", [number])
    known = {number_key(text(row.get("tracking_number"))) for row in rows}
    if number_key(news.tracking_number) in known:
        return "The shop has this parcel already"
    if len(rows) != 1 or known != {""}:
        return "Not written: the order has no carrier at the shop that still waits for a number"
    values = {**rows[0], "tracking_number": news.tracking_number}
    yield from change("PUT", f"order_carriers/{text(rows[0].get('id'))}", "order_carrier", values)
    return "Tracking number added"


def _move(shop: Shop, news: AddressChange) -> Talk[str]:
    """A new address for this order alone: the customer's own one stays as it is."""
    order = yield from _order(news.order_id)
    yield from _still_open(shop, order)
    known = yield from of("addresses", "id", [text(order.get("id_address_delivery"))])
    if not known:
        raise ShopError("The key may not read the order’s address", kind="refused")
    values = yield from _address(known[0], news.address)
    answer = yield from change("POST", "addresses", "address", values)
    made = made_id(answer)
    moved = {"id": order["id"], "id_address_delivery": made}
    try:
        yield from change("PATCH", f"orders/{int(news.order_id)}", "order", moved)
    except ShopError:
        yield Call("DELETE", f"/api/addresses/{int(made)}", readable=_ANSWERS)
        raise
    return "Address changed"


def _still_open(shop: Shop, order: Mapping[str, Any]) -> Talk[None]:
    number = text(order.get("current_state"))
    states = yield from of("order_states", "id", [number])
    if any(text(state.get("shipped")) == "1" for state in states):
        raise ShopError("The order is shipped at the shop", kind="refused")
    if number == shop.credentials.get("cancelled"):
        raise ShopError("The order is cancelled at the shop", kind="refused")


def _address(now: Mapping[str, Any], address: Address) -> Talk[dict[str, object]]:
    """The old one with what we say in its place; hidden from the customer's address book."""
    first, last = text(now.get("firstname")), text(now.get("lastname"))
    if joined(first, last) != address.name:
        first, last = split_name(address.name)
    country = yield from of("countries", "iso_code", [address.country], display="[id,iso_code]")
    state = yield from _state(country, address.region)
    phone = "phone_mobile" if text(now.get("phone_mobile")) else "phone"
    more = {
        name: said_of(address, part_of(name))
        for name in now
        if part_of(name) and said_of(address, part_of(name))
    }
    return {
        **{name: value for name, value in now.items() if name not in _OWN},
        "firstname": first,
        "lastname": last or first,  # it must not be empty
        "address1": address.line1,
        "address2": written_out(address),
        "city": address.city,
        "postcode": address.postcode,
        "id_country": country[0]["id"] if country else now.get("id_country"),
        "id_state": state,
        phone: address.phone or text(now.get(phone)),
        "deleted": "1",
        **more,
    }


def _state(country: list[dict[str, Any]], region: str) -> Talk[str]:
    """The state of this name in this country; 0 is none."""
    if not (country and region):
        return "0"
    filters = [("id_country", f"[{text(country[0].get('id'))}]")]
    answer = yield listed("states", filters, display="[id,name]", readable=frozenset({401, 403}))
    found = rows_of(answer) if answer.status == 200 else []
    same = [row for row in found if text(row.get("name")).casefold() == region.casefold()]
    return text(same[0].get("id")) if same else "0"


def _order(number: str) -> Talk[dict[str, Any]]:
    answer = yield listed("orders", [("id", f"[{int(number)}]")])
    found = rows_of(answer)
    if not found:
        raise ShopError("The shop knows this order no more", kind="refused")
    return found[0]
