"""What is said at Zid: a parcel's state, as the status of its order.

https://docs.zid.sa/update-order-by-id. There is no other place for it, and buyers may be told of a
status, so that nothing is written unless the merchant wants it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from carriers.shapes import text
from lib.folding import number_key
from lib.vocabulary import Status
from stores.providers import zid_orders
from stores.shop import ParcelNews, ShopChange
from stores.talk import Answer, Call, ShopError, Talk

_NO: Final = frozenset({400, 403, 404, 422})
#: Zid's statuses in their order; a parcel moves an order only forward.
_STAGES: Final = ("new", "preparing", "ready", "indelivery", "delivered")
_STATUSES: Final = {
    Status.PICKED_UP: "indelivery",
    Status.IN_TRANSIT: "indelivery",
    Status.CUSTOMS: "indelivery",
    Status.OUT_FOR_DELIVERY: "indelivery",
    Status.AVAILABLE_FOR_PICKUP: "indelivery",
    Status.ATTEMPT_FAILED: "indelivery",
    Status.DELIVERED: "delivered",
}


def write(change: ShopChange) -> Talk[str]:
    """Say it. Raises ShopError("refused") where Zid says no."""
    if not isinstance(change, ParcelNews):
        raise ShopError("Zid has no place for it", kind="refused")
    wanted = _STATUSES.get(Status(change.status))
    if wanted is None:
        return "Zid has no status for this."
    values = yield from view(change.order_id)
    if values is None:
        raise ShopError("Zid knows this order no more", kind="refused")
    return (yield from _move(values, change, wanted))


def _move(values: Mapping[str, Any], news: ParcelNews, wanted: str) -> Talk[str]:
    """Report the parcel by the order's status: forward only, and only of the parcel that is
    Zid's, because an order has but one there."""
    known = zid_orders.status_of(values)
    number = zid_orders.number_in(values)
    if number and number_key(number) != number_key(news.tracking_number):
        raise ShopError("Zid has another parcel for this order", kind="refused")
    if known not in _STAGES or _STAGES.index(known) >= _STAGES.index(wanted):
        return f"Zid has the order as {known or 'unknown'} already."
    form = {
        "order_status": wanted,
        "tracking_number": news.tracking_number,
        "tracking_url": news.page_url,
    }
    answer = yield Call(
        "POST",
        f"/managers/store/orders/{news.order_id}/change-order-status",
        form=tuple((name, value) for name, value in form.items() if value),
        readable=_NO,
    )
    if answer.status in _NO:
        raise refused(answer)
    said = zid_orders.status_of(zid_orders.order_in(answer.mapping()))
    return f"The order is {said or wanted}."


def view(order_id: str) -> Talk[Mapping[str, Any] | None]:
    """The order as Zid has it; None when it knows it no more."""
    answer = yield Call("GET", f"/managers/store/orders/{order_id}/view", readable=frozenset({404}))
    return None if answer.status == 404 else zid_orders.order_in(answer.mapping())


def refused(answer: Answer) -> ShopError:
    """Zid's own words: `message` is text, or an object with a description."""
    try:
        message = answer.mapping().get("message")
    except ShopError:
        message = ""
    said = message.get("description") if isinstance(message, dict) else message
    words = f"Zid says: {text(said)[:250]}" if text(said) else f"Zid says no ({answer.status})"
    return ShopError(words, kind="refused", http_status=answer.status, raw=answer.body[:20_000])
