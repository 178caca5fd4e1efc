"""A WooCommerce shop, played from its documentation: keys, pages, webhooks, plug-ins."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.stores.payloads import woo_order
from tests.stores.playing import Asked, Said

KEY, SECRET = "ck_noor", "cs_noor"
HOOKS = "/wc/v3/webhooks"


def stamp(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S}"


class WooServer:
    """`permalinks` is "pretty" or "plain"; `plug_ins` are the namespaces beside WooCommerce's."""

    def __init__(self) -> None:
        self.orders: dict[int, dict[str, Any]] = {}
        self.hooks: dict[int, dict[str, Any]] = {}
        self.notes: list[tuple[str, dict[str, Any]]] = []
        self.tracks: list[dict[str, Any]] = []
        self.refunds: dict[str, list[dict[str, Any]]] = {}
        self.fulfillments: dict[str, list[dict[str, Any]]] = {}
        self.permission = "read_write"
        self.permalinks = "pretty"
        self.folder = ""
        self.root = "/wp-json"
        self.plug_ins = ["wc-ast/v3"]
        self.hides_counts = False
        self._next = 40

    def sell(self, number: int, *, at: datetime, **fields: Any) -> dict[str, Any]:
        """An order, new or changed at that time."""
        order = self.orders.get(number) or woo_order(
            id=number, number=str(number), date_created_gmt=stamp(at)
        )
        self.orders[number] = order | fields | {"date_modified_gmt": stamp(at)}
        return self.orders[number]

    def __call__(self, asked: Asked) -> Said:
        path = asked.path.removeprefix(self.folder)
        if path == "/" and "rest_route" in asked.query:
            route = asked.query["rest_route"]
        elif path.startswith(f"{self.root}/") and self.permalinks == "pretty":
            route = path.removeprefix(self.root)
        else:
            return Said(b"<!DOCTYPE html><title>Not found</title>", 404)
        if route in {"/", "/wc/v3"}:
            return self._index(route)
        trouble = self._stranger(asked)
        return trouble or self._known(asked, route.strip("/").split("/"))

    def _index(self, route: str) -> Said:
        if route == "/":
            return Said({
                "name": "Noor Oud", "timezone_string": "Asia/Riyadh",
                "namespaces": ["wp/v2", "wc/v3", *self.plug_ins],
            })  # fmt: skip
        root = "/?rest_route=/" if self.permalinks == "plain" else f"{self.root}/"
        return Said({"namespace": "wc/v3", "_links": {"up": [
            {"href": f"https://noor.example{self.folder}{root}"}]}})  # fmt: skip

    def _stranger(self, asked: Asked) -> Said | None:
        right = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if asked.headers.get("authorization") != right:
            return _error(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        if asked.method != "GET" and self.permission == "read":
            words = "The API key provided does not have write permissions."
            return _error(401, "woocommerce_rest_authentication_error", words)
        return None

    def _known(self, asked: Asked, path: list[str]) -> Said:
        match (asked.method, *path):
            case ("GET", "wc", "v3", "orders"):
                return self._page(asked.query)
            case ("GET", "wc", "v3", "settings", "general"):
                return Said([
                    {"id": "woocommerce_default_country", "value": "SA:RUH"},
                    {"id": "woocommerce_currency", "value": "SAR"},
                ])  # fmt: skip
            case ("GET", "wc", "v3", "products"):
                return Said([_product(one) for one in asked.query["include"].split(",")])
            case (_, "wc", "v3", "webhooks", *rest):
                return self._webhook(asked, rest)
            case (_, "wc", "v3", "orders", number, *rest):
                return self._order(asked, number, rest)
            case (_, plug_in, "v3", "orders", _, "shipment-trackings"):
                return self._tracking(asked, f"{plug_in}/v3")
        return _error(404, "rest_no_route", "No route was found.")

    def _order(self, asked: Asked, number: str, rest: list[str]) -> Said:
        order = self.orders.get(int(number))
        if order is None:
            return _error(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
        match (asked.method, *rest):
            case ("GET",):
                return Said(order)
            case ("GET", "refunds"):
                return Said(self.refunds.get(number, []))
            case ("GET", "fulfillments"):
                return Said(self.fulfillments.get(number, []))
            case ("POST", "notes"):
                self.notes.append((number, asked.json()))
                return Said({"id": 281}, 201)
            case ("PUT",):
                order |= asked.json()
                return Said(order)
        return _error(404, "rest_no_route", "No route was found.")

    def _page(self, query: Mapping[str, str]) -> Said:
        field = "date_modified_gmt" if "modified_after" in query else "date_created_gmt"
        after = query.get("modified_after") or query.get("after", "")
        before = query.get("modified_before") or query.get("before", "9")
        found = [one for one in self.orders.values() if after < one[field] < before]
        found.sort(key=lambda one: (one["date_created_gmt"], one["id"]), reverse=True)
        size, number = int(query["per_page"]), int(query.get("page", "1"))
        names = query["_fields"].split(",")
        rows = [
            {name: one[name] for name in names if name in one}
            for one in found[(number - 1) * size : number * size]
        ]
        counts = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(-(-len(found) // size))}
        return Said(rows, headers={} if self.hides_counts else counts)

    def _webhook(self, asked: Asked, rest: list[str]) -> Said:
        if asked.method == "GET":
            start = (int(asked.query["page"]) - 1) * int(asked.query["per_page"])
            rows = list(self.hooks.values())[start : start + int(asked.query["per_page"])]
            hidden = [{k: v for k, v in row.items() if k != "secret"} for row in rows]
            return Said(hidden)
        if asked.method == "POST":
            self._next += 1
            self.hooks[self._next] = {"id": self._next, **asked.json()}
            return Said(self.hooks[self._next], 201)
        if asked.method == "PUT":
            self.hooks[int(rest[0])] |= asked.json()
            return Said(self.hooks[int(rest[0])])
        if asked.query.get("force") != "true":
            return _error(501, "woocommerce_rest_trash_not_supported", "No trashing.")
        return Said(self.hooks.pop(int(rest[0])))

    def _tracking(self, asked: Asked, plug_in: str) -> Said:
        if plug_in not in self.plug_ins:
            return _error(404, "rest_no_route", "No route was found.")
        if asked.method == "POST":
            self.tracks.append({"tracking_id": "t9", **asked.json()})
            return Said(self.tracks[-1], 201)
        return Said(self.tracks)


def _product(number: str) -> dict[str, Any]:
    return {
        "id": int(number),
        "permalink": f"https://noor.example/product/{number}/",
        "images": [{"src": f"https://noor.example/{number}.jpg"}],
    }


def _error(status: int, code: str, message: str) -> Said:
    return Said({"code": code, "message": message, "data": {"status": status}}, status)


def many(server: WooServer, count: int, *, first: datetime) -> None:
    """So many orders, an hour apart."""
    for one in range(count):
        server.sell(100 + one, at=first + timedelta(hours=one))
