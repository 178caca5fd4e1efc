"""How a WooCommerce shop is called, and why it does not let us in."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from stores.self_hosted import saying
from stores.shop import Shop
from stores.talk import Answer, Call, ShopError

#: Where the API lies unless the shop says otherwise; and the mark of plain permalinks.
_USUAL: Final = "/wp-json"
PLAIN: Final = "?rest_route="


def call(
    shop: Shop,
    method: str,
    route: str,
    *,
    params: tuple[tuple[str, str], ...] = (),
    json: Any = None,
    readable: frozenset[int] = frozenset(),
) -> Call:
    """A call of a route ("/wc/v3/orders"), in the form that this shop's permalinks ask for."""
    root = shop.credentials.get("rest", _USUAL)
    if root == PLAIN:
        return Call(
            method, "/", params=(("rest_route", route), *params), json=json, readable=readable
        )
    return Call(method, root + route, params=params, json=json, readable=readable)


def route_of(root: str, shop_name: str) -> str:
    """What stands behind the shop's address in the address of its API, as the shop gives it."""
    try:
        parts = urlsplit(root)
    except ValueError:
        return _USUAL
    if "rest_route=" in parts.query:
        return PLAIN
    folder = "/" + shop_name.partition("/")[2] if "/" in shop_name else ""
    path = parts.path.rstrip("/").removeprefix(folder)
    return path if path.startswith("/") and parts.scheme in {"http", "https"} else _USUAL


def refused_access(answer: Answer, *, rest: str = _USUAL) -> ShopError:
    """Why, in words: WooCommerce answers the same to a wrong key, to a header that its server
    dropped, and before 11.1 to any key with plain permalinks (`rest` says where the API lies)."""
    said = saying(answer, "message")
    if "woocommerce_rest_authentication_error" in answer.body.decode("utf-8", "replace"):
        words = f"The shop refuses the keys: {said}"
    elif answer.status == 403:
        words = f"The keys belong to somebody who may not manage the shop: {said}"
    elif rest == PLAIN:
        words = (
            "The shop’s permalinks are plain, with which WooCommerce before 11.1 takes no keys:"
            " choose others in Settings, Permalinks"
        )
    else:
        words = (
            "The shop does not know the keys. They are wrong or were deleted, the shop does not"
            " see that it is reached by https, or its server drops the Authorization header"
        )
    return ShopError(words, kind="credentials", http_status=answer.status, raw=answer.body[:2000])
