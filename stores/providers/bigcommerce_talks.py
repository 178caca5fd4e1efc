"""Parts of BigCommerce's dialogues: what an order lacks, our webhooks there, writing back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

from carriers.shapes import text
from stores.payload import StoreError, need_text, part
from stores.providers.bigcommerce_orders import (
    PRODUCTS,
    REFUNDS,
    SHIPMENTS,
    has_refunds,
    order_lines,
)
from stores.shop import AddressChange, Hook, Mended, Note
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Address

Row = dict[str, Any]

#: Shipped, Partially Shipped, Completed: there are shipments.
_SHIPPED: Final = frozenset({"2", "3", "10"})
#: Somebody did not grant us that much: pictures and refunds are no reason to lose the order.
_WITHOUT: Final = frozenset({403, 404})
_MOST_PRODUCTS: Final = 200


def order_path(external_id: str, tail: str = "") -> str:
    return f"/v2/orders/{quote(external_id, safe='')}{tail}"


def complete(orders: Sequence[Row], *, always: bool = False) -> Talk[None]:
    """Ask for what stands beside orders: lines, shipments, refunds, pictures; put it into them.

    `always`: also for shipments of which the order does not speak yet.
    """
    sound = [order for order in orders if _is_sound(order)]
    for order in sound:
        yield from _add_lines(order)
        if always or _has_shipments(order):
            answer = yield Call("GET", order_path(need_text(order, "id"), "/shipments"))
            order[SHIPMENTS] = answer.listing()
    yield from _add_refunds([order for order in sound if has_refunds(order)])
    yield from _add_products(sound)


def _is_sound(order: Row) -> bool:
    """Whether its lines can be read; one that is odd is told apart when all are read."""
    try:
        need_text(order, "id")
        order_lines(order)
    except StoreError:
        return False
    return True


def _add_lines(order: Row) -> Talk[None]:
    """Lines come with the order where the store's API includes them."""
    if any(text(line.get("name")) for line in order_lines(order)):
        return
    identity = need_text(order, "id")
    lines = yield Call("GET", order_path(identity, "/products"), params=(("limit", "250"),))
    places = yield Call("GET", order_path(identity, "/shipping_addresses"))
    shipping: list[Row] = places.listing() or [{}]
    order["consignments"] = {
        "shipping": [{**shipping[0], "line_items": lines.listing()}, *shipping[1:]]
    }


def _has_shipments(order: Row) -> bool:
    return text(order.get("status_id")) in _SHIPPED or text(order.get("items_shipped")) not in {
        "", "0",
    }  # fmt: skip


def _add_refunds(orders: Sequence[Row]) -> Talk[None]:
    if not orders:
        return
    ids = ",".join(need_text(order, "id") for order in orders)
    answer = yield Call(
        "GET", "/v3/orders/payment_actions/refunds",
        params=(("order_id:in", ids), ("limit", "250")), readable=_WITHOUT,
    )  # fmt: skip
    refunds = answer.listing("data") if answer.status == 200 else []
    for order in orders:
        order[REFUNDS] = [
            row for row in refunds if text(row.get("order_id")) == text(order.get("id"))
        ]


def _add_products(orders: Sequence[Row]) -> Talk[None]:
    """Pictures and addresses of the products, all in one question."""
    wanted = {text(line.get("product_id")) for order in orders for line in order_lines(order)}
    ids = sorted(wanted - {"", "0"})[:_MOST_PRODUCTS]
    if not ids:
        return
    answer = yield Call(
        "GET", "/v3/catalog/products",
        params=(
            ("id:in", ",".join(ids)), ("include", "primary_image"),
            ("include_fields", "custom_url"), ("limit", "250"),
        ),
        readable=_WITHOUT,
    )  # fmt: skip
    if answer.status != 200:
        return
    store = yield Call("GET", "/v2/store", readable=_WITHOUT)
    front = text(store.mapping().get("secure_url")) if store.status == 200 else ""
    known = {text(row.get("id")): _product(row, front) for row in answer.listing("data")}
    for order in orders:
        mine = {text(line.get("product_id")) for line in order_lines(order)}
        order[PRODUCTS] = {one: known[one] for one in mine if one in known}


def _product(row: Mapping[str, Any], front: str) -> dict[str, str]:
    path = text(part(row, "custom_url").get("url"))
    return {
        "image": text(part(row, "primary_image").get("url_standard")),
        "url": front.rstrip("/") + path if front and path.startswith("/") else "",
    }


# --- our webhooks ---------------------------------------------------------------------------
def our_hooks(hook_url: str) -> Talk[list[Row]]:
    """Those at our address, wherever this server stood when they were made. BigCommerce shows
    our app's webhooks only, but those of every merchant here who has this store."""
    path, found, page = urlsplit(hook_url).path, [], 1
    while True:
        answer = yield Call("GET", "/v3/hooks", params=(("limit", "250"), ("page", str(page))))
        rows = answer.listing("data")
        found += [row for row in rows if urlsplit(text(row.get("destination"))).path == path]
        if len(rows) < 250:
            return found
        page += 1


def ensure_hook(topic: str, row: Row | None, hook_url: str) -> Talk[Hook]:
    """Make it, or mend what is wrong with it."""
    wanted = {"scope": topic, "destination": hook_url, "is_active": True}
    if row is None:
        answer = yield Call("POST", "/v3/hooks", json=wanted)
        return Hook(topic, need_text(part(answer.mapping(), "data"), "id"), mended="made")
    mended: Mended = ""
    if row.get("destination") != hook_url:
        mended = "moved"
    elif row.get("is_active") is not True:
        mended = "switched on"
    if mended:
        yield Call("PUT", hook_path(row), json=wanted)
    return Hook(topic, need_text(row, "id"), mended=mended)


def hook_path(row: Row) -> str:
    return f"/v3/hooks/{quote(need_text(row, 'id'), safe='')}"


# --- writing back ---------------------------------------------------------------------------
def write_address(change: AddressChange) -> Talk[str]:
    """An order's address, while nothing has left and it goes to one place."""
    path = order_path(change.order_id, "/shipping_addresses")
    places = (yield Call("GET", path)).listing()
    if len(places) != 1:
        raise ShopError("The order goes to several addresses, or to none", kind="refused")
    (place,) = places
    if text(place.get("items_shipped")) not in {"", "0"}:
        raise ShopError("BigCommerce says that the order is shipped already", kind="refused")
    said = yield Call(
        "PUT", f"{path}/{quote(need_text(place, 'id'), safe='')}",
        json=_plain(change.address), readable=frozenset({400, 422}),
    )  # fmt: skip
    if said.status >= 400:
        raise ShopError(f"BigCommerce says no: {_words(said)}", kind="refused",
                        http_status=said.status)  # fmt: skip
    return "BigCommerce took the new address."


def write_note(change: Note) -> Talk[str]:
    """A line more in the staff notes; what people wrote there stays."""
    order = (yield Call("GET", order_path(change.order_id))).mapping()
    before = text(order.get("staff_notes"))
    if change.text in before.splitlines():
        return "The staff notes say so already."
    notes = "\n".join(filter(None, (before, change.text)))
    yield Call("PUT", order_path(change.order_id), json={"staff_notes": notes})
    return "Written to the staff notes."


def _plain(address: Address) -> dict[str, str]:
    """BigCommerce has two lines for everything that tells a courier where to go."""
    first, _, last = address.name.strip().partition(" ")
    second = ", ".join(filter(None, (address.line2, address.district, address.landmark)))
    said = {
        "first_name": first,
        "last_name": last,
        "street_1": address.line1,
        "street_2": second,
        "city": address.city,
        "state": address.region,
        "zip": address.postcode,
        "country_iso2": address.country,
        "phone": address.phone,
    }
    kept_when_blank = {"street_2", "last_name", "zip"}
    return {name: value for name, value in said.items() if value or name in kept_when_blank}


def _words(answer: Answer) -> str:
    """V2 lists its errors as [{"status", "message"}]."""
    found = answer.json()
    rows = found if isinstance(found, list) else [found]
    words = [text(row.get("message")) or text(row.get("title")) for row in rows
             if isinstance(row, dict)]  # fmt: skip
    return "; ".join(filter(None, words))[:200] or "no reason given"
