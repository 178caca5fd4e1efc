"""A platform that is nobody's: an adapter as short as the interface allows, and its server.

The frame (setting up, pulling, sweeping, writing) is tested against it, so that no test of the
frame depends on what one vendor does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from lib.signing import hmac_base64
from stores.base import Limits, Store, Way
from stores.payload import instant, need_text, read_object, rows
from stores.shop import (
    AddressChange,
    App,
    Grant,
    Hook,
    Page,
    ParcelNews,
    Shop,
    ShopChange,
    ShopFacts,
    Window,
    WriteKind,
    page_of,
)
from stores.talk import Call, ShopError, Talk
from stores.vocabulary import (
    Address,
    Fetch,
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Person,
    Reading,
)
from tests.stores.playing import Asked, Played, Said

PAGE = 3
SECRET = "plain-hook-secret"


class Plain(Store):
    slug: ClassVar[str] = "plain"
    name: ClassVar[str] = "Plain"
    ways: ClassVar[tuple[Way, ...]] = ("keys", "oauth")
    shop_label: ClassVar[str] = "Address of the shop"
    limits: ClassVar[Limits] = Limits(per_second=1000)
    topics: ClassVar[tuple[str, ...]] = ("order",)
    app_topics: ClassVar[tuple[str, ...]] = ("order", "install")
    signature_header: ClassVar[str] = "x-plain-signature"
    topic_header: ClassVar[str] = "x-plain-topic"
    key_header: ClassVar[str] = "x-plain-id"
    shop_header: ClassVar[str] = "x-plain-shop"
    has_api: ClassVar[bool] = True
    makes_hooks: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"parcel", "address", "note"})
    usual_statuses: ClassVar[Mapping[str, str]] = {"accepted": "confirmed", "boxed": "packed"}

    def shop_name(self, typed: str) -> str:
        return typed.strip().rstrip("/")

    def base_url(self, shop: Shop) -> str:
        return shop.api_url or shop.name

    def authorization(self, shop: Shop) -> Mapping[str, str]:
        return {"authorization": f"Bearer {shop.credentials.get('access_token', '')}"}

    def read(self, topic: str, body: bytes) -> Reading:
        values = read_object(body)
        return self.read_order(values) if "placed" in values else Fetch(need_text(values, "id"))

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return OrderUpdate(
            external_id=need_text(values, "id"),
            number=need_text(values, "number"),
            placed_at=instant(values.get("placed")),
            updated_at=instant(values.get("updated")),
            customer=Person(name="Huda Saleh", email="huda@shopper.example"),
            destination=Address(country="AE", city="Dubai", line1=str(values.get("street", ""))),
            items=tuple(
                Item(title="Cup", quantity=row["count"], external_id=row["id"])
                for row in rows(values, "lines")
            ),
            parcels=tuple(
                FulfilmentUpdate(tracking_number=row["number"], carrier="aramex",
                                 external_id=row["id"],
                                 contents=tuple(map(tuple, row.get("contents", []))))
                for row in rows(values, "parcels")
            ),
            shop_status=str(values.get("status", "")),
            cancelled_at=instant(values.get("cancelled")),
        )  # fmt: skip

    def exchange(self, shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
        answer = yield Call("POST", "/token", json={"code": grant.params["code"]}, plain=True)
        return answer.mapping()

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        return f"{name}/agree?" + urlencode({"state": state, "back": back})

    def is_expiring(self, shop: Shop) -> bool:
        until = instant(shop.credentials.get("expires_at"))
        return until is not None and until <= shop.now + timedelta(minutes=2)

    def refresh(self, shop: Shop) -> Talk[dict[str, str]]:
        old = shop.credentials["refresh_token"]
        answer = yield Call("POST", "/token", json={"refresh": old}, plain=True)
        return {**shop.credentials, **answer.mapping()}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        answer = yield Call("GET", "/shop")
        said = answer.mapping()
        return ShopFacts(
            said["id"], name=said["name"], country="AE", currency="AED", time_zone="Asia/Dubai"
        )

    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        answer = yield Call(
            "GET",
            "/orders",
            params=(
                ("by", window.by),
                ("since", window.since.isoformat()),
                ("until", window.until.isoformat()),
                ("after", cursor),
            ),
        )
        said = answer.mapping()
        return page_of(
            answer.listing("orders"), self.read_order, next=said["next"], total=said["total"]
        )

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        answer = yield Call("GET", f"/orders/{external_id}", readable=frozenset({404}))
        return None if answer.status == 404 else self.read_order(answer.mapping())

    def ensure_hooks(self, shop: Shop, hook_url: str) -> Talk[tuple[Hook, ...]]:
        answer = yield Call("GET", "/hooks")
        mine = [row for row in answer.listing() if row["url"] == hook_url]
        if not mine:
            answer = yield Call("POST", "/hooks", json={"url": hook_url})
            return (Hook("order", answer.mapping()["id"], mended="made"),)
        if not mine[0]["on"]:
            yield Call("PUT", f"/hooks/{mine[0]['id']}", json={"on": True})
            return (Hook("order", mine[0]["id"], mended="switched on"),)
        return (Hook("order", mine[0]["id"]),)

    def remove_hooks(self, shop: Shop, hook_url: str) -> Talk[None]:
        answer = yield Call("GET", "/hooks")
        for row in answer.listing():
            if row["url"] == hook_url:
                yield Call("DELETE", f"/hooks/{row['id']}")

    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        if isinstance(change, ParcelNews):
            news = {"status": change.status, "last": str(change.last or "")}
            yield Call("POST", f"/orders/{change.order_id}/news", json=news)
            return "noted"
        if isinstance(change, AddressChange):
            answer = yield Call(
                "PUT",
                f"/orders/{change.order_id}/street",
                json={"street": change.address.line1},
                readable=frozenset({409}),
            )
            if answer.status == 409:
                raise ShopError("The order is packed already", kind="refused", http_status=409)
            return "changed"
        raise ShopError("There is no place for it", kind="refused")


class PlainServer:
    """The shop itself: what it sold, its hooks, and whom it lets in."""

    def __init__(self, *, start: datetime) -> None:
        self.clock = start
        self.orders: dict[str, dict[str, Any]] = {}
        self.hooks: dict[str, dict[str, Any]] = {}
        self.tokens = {"token-1"}
        self.refresh_tokens = {"refresh-1"}
        self.codes = {"code-1"}
        self.news: list[tuple[str, dict[str, Any]]] = []
        self.packed: set[str] = set()
        #: Its own name for itself; most shops are known by their address.
        self.called = ""
        self._made = 1

    def sell(self, number: str, *, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        """An order, new or changed, at the shop's own time."""
        when = at or self.clock
        order = self.orders.setdefault(
            number, {"id": number, "number": f"#{number}", "placed": when.isoformat(), "lines": [
                {"id": f"{number}-1", "count": 1}]}
        )  # fmt: skip
        order |= {**fields, "updated": when.isoformat()}
        return order

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/token":
            return self._token(asked.json())
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return Said({"error": "who are you?"}, 401)
        return self._known(asked, asked.path.strip("/").split("/"))

    def _known(self, asked: Asked, path: list[str]) -> Said:
        match (asked.method, *path):
            case ("GET", "shop"):
                return Said({"id": self.called, "name": "Huda’s Cups"})
            case ("GET", "orders"):
                return self._page(asked.query)
            case ("GET", "orders", number):
                known = self.orders.get(number)
                return Said(known) if known else Said(None, 404)
            case ("GET", "hooks"):
                return Said(list(self.hooks.values()))
            case ("POST", "hooks"):
                self._made += 1
                row = {"id": str(self._made), "url": asked.json()["url"], "on": True}
                self.hooks[row["id"]] = row
                return Said(row, 201)
            case ("PUT", "hooks", number):
                self.hooks[number]["on"] = True
                return Said(self.hooks[number])
            case ("DELETE", "hooks", number):
                del self.hooks[number]
                return Said(None, 204)
            case ("POST", "orders", number, "news"):
                self.news.append((number, asked.json()))
                return Said({}, 201)
            case ("PUT", "orders", number, "street"):
                if number in self.packed:
                    return Said({"error": "packed"}, 409)
                self.sell(number, street=asked.json()["street"])
                return Said(self.orders[number])
        return Said({"error": "no such page"}, 404)

    def _page(self, query: Mapping[str, str]) -> Said:
        field = {"created": "placed", "updated": "updated"}[query["by"]]
        since, until = (datetime.fromisoformat(query[name]) for name in ("since", "until"))
        found = [
            row
            for row in sorted(self.orders.values(), key=lambda row: (row[field], row["id"]))
            if since <= datetime.fromisoformat(row[field]) < until
        ]
        start = int(query["after"] or 0)
        rest = start + PAGE
        return Said({
            "orders": found[start:rest],
            "next": str(rest) if rest < len(found) else "",
            "total": len(found),
        })  # fmt: skip

    def _token(self, said: Mapping[str, str]) -> Said:
        """Codes and refresh tokens are good for one use."""
        self._made += 1
        if "code" in said:
            if said["code"] not in self.codes:
                return Said({"error": "used"}, 400)
            self.codes.discard(said["code"])
        else:
            if said["refresh"] not in self.refresh_tokens:
                return Said({"error": "used"}, 400)
            self.refresh_tokens.discard(said["refresh"])
        token, refresh = f"token-{self._made}", f"refresh-{self._made}"
        self.tokens.add(token)
        self.refresh_tokens.add(refresh)
        return Said({"access_token": token, "refresh_token": refresh,
                     "expires_at": datetime(2027, 1, 1, tzinfo=UTC).isoformat()})  # fmt: skip

    def hook(self, order: Mapping[str, Any], *, key: str, whole: bool = True) -> dict[str, Any]:
        """A signed webhook about an order, as arguments for the test client's `post`."""
        body = json.dumps(order if whole else {"id": order["id"]}).encode()
        return {
            "data": body,
            "content_type": "application/json",
            "headers": {
                "x-plain-signature": hmac_base64(body, SECRET),
                "x-plain-topic": "order",
                "x-plain-id": key,
            },
        }


def credentials(**more: str) -> dict[str, str]:
    return {"access_token": "token-1", "secret": SECRET, **more}


__all__ = ["PAGE", "SECRET", "Plain", "PlainServer", "Played", "credentials"]
