"""Shopify's GraphQL Admin API: a question, a change, the allowance, the troubles.

https://shopify.dev/docs/api/admin-graphql/2026-10 (schema),
https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits (cost of a query),
https://shopify.dev/docs/api/admin-graphql#status_and_error_codes (errors in a 200).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from carriers.shapes import decimal, mappings, text
from stores.payload import part
from stores.talk import Answer, Call, ShopError, Talk, Trouble

VERSION: Final = "2026-10"
_PATH: Final = f"/admin/api/{VERSION}/graphql.json"
_TROUBLES: Final[dict[str, tuple[Trouble, str]]] = {
    "THROTTLED": ("rate_limited", "Shopify says we ask too fast"),
    "INTERNAL_SERVER_ERROR": ("unavailable", "Shopify has trouble of its own"),
    "TIMEOUT": ("unavailable", "Shopify did not answer in time"),
    "ACCESS_DENIED": ("refused", "Shopify does not let us"),
    "SHOP_INACTIVE": ("refused", "The shop is closed at Shopify"),
}


def question(query: str, /, **variables: Any) -> Call:
    """A query or mutation as one call."""
    return Call("POST", _PATH, json={"query": query, "variables": variables})


def ask(query: str, /, **variables: Any) -> Talk[Mapping[str, Any]]:
    """One question; its `data`. Raises ShopError."""
    answer = yield question(query, **variables)
    return part(answer.mapping(), "data")


def change(mutation: str, name: str, /, **variables: Any) -> Talk[Mapping[str, Any]]:
    """One change; what the mutation `name` returned. Raises ShopError in Shopify's words."""
    answer = yield question(mutation, **variables)
    said = part(part(answer.mapping(), "data"), name)
    errors = [text(row.get("message")) for row in mappings(said.get("userErrors"))]
    if errors or not said:
        words = "; ".join(filter(None, errors)) or "nothing was changed"
        raise ShopError(f"Shopify says no: {words}"[:300], kind="refused", raw=answer.body)
    return said


def gid(kind: str, number: str) -> str:
    """A global id: `gid://shopify/Order/5001`."""
    return f"gid://shopify/{kind}/{number}"


def id_of(value: object) -> str:
    """The number in a global id, which is the id in webhooks."""
    return text(value).rpartition("/")[2].partition("?")[0]


def trouble_in(answer: Answer) -> ShopError | None:
    """The error that a good status hides, if any."""
    try:
        said = answer.mapping()
    except ShopError:
        return None  # whoever reads it says so
    errors = said.get("errors")
    if not errors:
        return None
    found = {text(part(row, "extensions").get("code")): row for row in mappings(errors)}
    for code, (kind, words) in _TROUBLES.items():
        if code in found:
            detail = text(found[code].get("message")) if kind == "refused" else ""
            return ShopError(
                ": ".join(filter(None, [words, detail]))[:300],
                kind=kind,
                http_status=answer.status,
                retry_after=_refilled(said) if kind == "rate_limited" else None,
                raw=answer.body,
            )
    return ShopError(
        "Shopify did not understand our question", kind="unreadable",
        http_status=answer.status, raw=answer.body,
    )  # fmt: skip


def seconds_to_rest(answer: Answer) -> float:
    """Until another question of this cost fits into the bucket."""
    try:
        said = answer.mapping()
    except ShopError:
        return 0.0
    return _refilled(said) if "extensions" in said else 0.0


def cost_of(answer: Answer) -> Decimal:
    """What Shopify counted before it answered, in points; 0 where it does not say."""
    return decimal(_cost(answer.mapping()).get("requestedQueryCost")) or Decimal(0)


def _cost(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return part(part(said, "extensions"), "cost")


def _refilled(said: Mapping[str, Any]) -> float:
    cost = _cost(said)
    state = part(cost, "throttleStatus")
    need = decimal(cost.get("requestedQueryCost")) or Decimal(0)
    free = decimal(state.get("currentlyAvailable"))
    rate = decimal(state.get("restoreRate"))
    if free is None or not rate or rate < 0 or need <= free:
        return 0.0
    return float((need - free) / rate)
