"""Our webhooks at a WooCommerce shop. https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks

They are known by the path of their address, which holds our connection's token; the host may be
an earlier one of ours. The secret is never given back, so it is set whenever one is mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from carriers.shapes import text
from stores.providers.woocommerce_calls import call, refused_access
from stores.self_hosted import no, saying
from stores.shop import Hook, Shop
from stores.talk import Answer, Talk

_PAGE: Final = 100
_ANSWERS: Final = frozenset({400, 401, 403, 404})
_ROUTE: Final = "/wc/v3/webhooks"


def ensure(shop: Shop, hook_url: str, topics: tuple[str, ...]) -> Talk[tuple[Hook, ...]]:
    """Make, switch on, move; of two with the same topic one goes, or we would hear all twice."""
    ours = yield from _ours(shop, hook_url)
    hooks = []
    for topic in topics:
        mine = [row for row in ours if text(row.get("topic")) == topic]
        if mine:
            hooks.append((yield from _mended(shop, hook_url, mine[0])))
        else:
            hooks.append((yield from _made(shop, hook_url, topic)))
        for double in mine[1:]:
            yield from _delete(shop, double)
    return tuple(hooks)


def remove(shop: Shop, hook_url: str) -> Talk[None]:
    """Delete ours; those of others stay."""
    for row in (yield from _ours(shop, hook_url)):
        yield from _delete(shop, row)


def _ours(shop: Shop, hook_url: str) -> Talk[list[Mapping[str, Any]]]:
    path = urlsplit(hook_url).path
    found: list[Mapping[str, Any]] = []
    number = 1
    while True:
        params = (("per_page", str(_PAGE)), ("page", str(number)))
        answer = yield call(shop, "GET", _ROUTE, params=params, readable=_ANSWERS)
        listed = _good(answer).listing()
        found += [row for row in listed if _path(row) == path]
        if len(listed) < _PAGE:
            return found
        number += 1


def _path(row: Mapping[str, Any]) -> str:
    try:
        return urlsplit(text(row.get("delivery_url"))).path
    except ValueError:
        return ""


def _made(shop: Shop, hook_url: str, topic: str) -> Talk[Hook]:
    wanted = {
        "name": f"Homeward: {topic}",
        "topic": topic,
        "delivery_url": hook_url,
        "secret": shop.credentials["secret"],
        "status": "active",
    }
    answer = yield call(shop, "POST", _ROUTE, json=wanted, readable=_ANSWERS)
    return Hook(topic, text(_good(answer).mapping().get("id")), mended="made")


def _mended(shop: Shop, hook_url: str, row: Mapping[str, Any]) -> Talk[Hook]:
    topic, number = text(row.get("topic")), text(row.get("id"))
    is_on = text(row.get("status")) == "active"
    is_here = text(row.get("delivery_url")) == hook_url
    if is_on and is_here:
        return Hook(topic, number)
    wanted = {
        "delivery_url": hook_url,
        "secret": shop.credentials["secret"],
        "status": "active",
    }
    answer = yield call(shop, "PUT", f"{_ROUTE}/{number}", json=wanted, readable=_ANSWERS)
    _good(answer)
    return Hook(topic, number, mended="moved" if is_on else "switched on")


def _delete(shop: Shop, row: Mapping[str, Any]) -> Talk[None]:
    route = f"{_ROUTE}/{text(row.get('id'))}"
    answer = yield call(shop, "DELETE", route, params=(("force", "true"),), readable=_ANSWERS)
    if answer.status != 404:  # somebody else deleted it
        _good(answer)


def _good(answer: Answer) -> Answer:
    if answer.status in {401, 403}:
        raise refused_access(answer)
    if answer.status >= 400:
        raise no(answer, f"The shop does not take our webhook: {saying(answer, 'message')}")
    return answer
