"""Our webhooks at a Shopify shop: made, found by our address, moved with it, taken away.

https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/webhookSubscriptionCreate. Shopify
knows no webhook that is switched off: after eight failures in four hours the subscription is gone.
A shop shows each app its own subscriptions only; another connection's are told apart by the token
in the address, and left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from carriers.shapes import text
from stores.payload import part, rows
from stores.providers.shopify_graph import ask, change
from stores.shop import Hook
from stores.talk import Talk

_LIST: Final = """
query Hooks($after: String) {
  webhookSubscriptions(first: 100, after: $after) {
    nodes { id topic uri } pageInfo { hasNextPage endCursor }
  }
}"""
_MAKE: Final = """
mutation Make($topic: WebhookSubscriptionTopic!, $hook: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $hook) {
    webhookSubscription { id } userErrors { field message }
  }
}"""
_MOVE: Final = """
mutation Move($id: ID!, $hook: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $hook) {
    webhookSubscription { id } userErrors { field message }
  }
}"""
_REMOVE: Final = """
mutation Remove($id: ID!) {
  webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } }
}"""


def ensure(topics: Sequence[str], url: str) -> Talk[tuple[Hook, ...]]:
    """One subscription a topic, at this address."""
    ours = yield from _ours(url)
    hooks: list[Hook] = []
    for topic in topics:
        known = sorted(
            (row for row in ours if row.get("topic") == _name(topic)),
            key=lambda row: row.get("uri") != url,
        )
        hooks.append((yield from _ensure_one(topic, known, url)))
        for double in known[1:]:
            yield from _remove(double)
    return tuple(hooks)


def remove(url: str) -> Talk[None]:
    """Take all of them away."""
    for row in (yield from _ours(url)):
        yield from _remove(row)


def _ensure_one(topic: str, known: Sequence[Mapping[str, Any]], url: str) -> Talk[Hook]:
    at = {"uri": url, "format": "JSON"}
    if not known:
        said = yield from change(_MAKE, "webhookSubscriptionCreate", topic=_name(topic), hook=at)
        made = text(part(said, "webhookSubscription").get("id"))
        return Hook(topic, made, mended="made")
    first = text(known[0].get("id"))
    if known[0].get("uri") == url:
        return Hook(topic, first)
    yield from change(_MOVE, "webhookSubscriptionUpdate", id=first, hook=at)
    return Hook(topic, first, mended="moved")


def _ours(url: str) -> Talk[list[Mapping[str, Any]]]:
    """Those whose address ends as ours does: we may have moved to another host since."""
    path, after = urlsplit(url).path, None
    found: list[Mapping[str, Any]] = []
    while True:
        said = part((yield from ask(_LIST, after=after)), "webhookSubscriptions")
        found += [row for row in rows(said, "nodes") if _path(row) == path]
        about = part(said, "pageInfo")
        if about.get("hasNextPage") is not True:
            return found
        after = about.get("endCursor")


def _path(row: Mapping[str, Any]) -> str:
    try:
        return urlsplit(text(row.get("uri"))).path
    except ValueError:
        return ""


def _remove(row: Mapping[str, Any]) -> Talk[None]:
    yield from change(_REMOVE, "webhookSubscriptionDelete", id=text(row.get("id")))


def _name(topic: str) -> str:
    """`orders/create` as GraphQL spells it."""
    return topic.replace("/", "_").upper()
