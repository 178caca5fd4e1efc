"""ShipBob's API 2026-01, played from its documentation; names and numbers are invented."""

from __future__ import annotations

from typing import Any

from tests.stores.playing import Asked, Said

TOKEN = "pat-of-noor"
BASE = "/2026-01"
#: A secret as ShipBob makes one with a subscription.
SECRET = "whsec_bm9vci1ob21lLXNlY3JldC0xMjM0NTY="


def order(number: int = 7001, **fields: Any) -> dict[str, Any]:
    """A shop's order #2001 that ShipBob is working on, in one shipment."""
    values: dict[str, Any] = {
        "id": number,
        "created_date": "2026-11-11T05:10:00Z",
        "purchase_date": "2026-11-11T05:00:00+00:00",
        "reference_id": "5001",
        "order_number": "#2001",
        "status": "Processing",
        "type": "DTC",
        "channel": {"id": 4, "name": "Noor's shop"},
        "shipping_method": "Standard",
        "recipient": {
            "name": "Omar Haddad",
            "email": "sara@shopper.example",
            "phone_number": "+971501234567",
            "address": {
                "address1": "Building 12, Street 4",
                "address2": "Flat 7",
                "city": "Dubai",
                "state": "Dubai",
                "country": "AE",
                "zip_code": "",
                "company_name": None,
            },
        },
        "products": [
            {"id": 11, "reference_id": "LAMP", "sku": "LAMP", "quantity": 2, "unit_price": 60},
            {"id": 12, "reference_id": "SHADE", "sku": None, "quantity": 1, "unit_price": 0},
        ],
        "shipments": [shipment()],
        "tags": [{"name": "vip", "value": "1"}],
        "financials": {"total_price": 40.5},
    }
    return values | fields


def shipment(**fields: Any) -> dict[str, Any]:
    """A shipment that is being worked on; `packed` makes it one that has left."""
    values: dict[str, Any] = {
        "id": 8801,
        "order_id": 7001,
        "reference_id": "5001",
        "status": "Processing",
        "created_date": "2026-11-11T05:10:00Z",
        "last_update_at": "2026-11-11T05:20:00Z",
        "last_tracking_update_at": None,
        "estimated_fulfillment_date": "2026-11-12T21:00:00Z",
        "actual_fulfillment_date": None,
        "location": {"id": 3, "name": "Dubai South"},
        "ship_option": "Standard",
        "status_details": [],
        "tracking": None,
        "products": [
            {"id": 11, "name": "Brass lamp", "sku": "LAMP",
             "inventory_items": [{"id": 1, "quantity": 2}]},
            {"id": 12, "name": "Shade set", "sku": "SHADE",
             "inventory_items": [{"id": 2, "quantity": 1}, {"id": 3, "quantity": 1}]},
        ],
    }  # fmt: skip
    return values | fields


def packed(**fields: Any) -> dict[str, Any]:
    values = {
        "status": "Completed",
        "actual_fulfillment_date": "2026-11-11T07:00:00Z",
        "last_update_at": "2026-11-11T07:00:01Z",
        "tracking": {"carrier": "Aramex", "carrier_service": "Domestic",
                     "tracking_number": "34567890123", "tracking_url": None},
    }  # fmt: skip
    return shipment(**(values | fields))


class ShipBobPlayed:
    """Answers as the API does; `allows` are the topics that this version takes."""

    def __init__(self) -> None:
        self.orders: dict[int, dict[str, Any]] = {}
        self.hooks: dict[str, dict[str, Any]] = {}
        self.allows: set[str] | None = None
        self.refresh_token = "refresh-1"
        self.token = TOKEN
        self.made = 0

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/connect/token":
            return self._tokens(asked)
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Said({"message": "no access"}, 401)
        said = self._answer(asked, asked.path.removeprefix(BASE))
        return Said(said.body, said.status, {"x-remaining-calls": "120"})

    def _tokens(self, asked: Asked) -> Said:
        form = dict(pair.split("=", 1) for pair in asked.body.decode().split("&"))
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh_token:
            return Said({"error": "invalid_grant"}, 400)
        self.made += 1
        self.token, self.refresh_token = f"access-{self.made}", f"refresh-{self.made + 1}"
        return Said({"access_token": self.token, "refresh_token": self.refresh_token,
                     "expires_in": 3600, "token_type": "Bearer"})  # fmt: skip

    def _answer(self, asked: Asked, path: str) -> Said:
        parts = path.strip("/").split("/")
        if path == "/channel":
            shop = {"id": 4, "name": "Noor's shop", "scopes": ["orders_read"]}
            return Said({"items": [shop, {"id": 9, "name": "API", "scopes": ["orders_write"]}]})
        if path == "/order":
            return self._listed(asked.query)
        if parts[0] == "order":
            found = self.orders.get(int(parts[1]))
            return Said(found) if found else Said({"title": "Not Found"}, 404)
        if parts[0] == "shipment" and path.endswith(":updateAddress"):
            if asked.json()["city"] == "Atlantis":
                words = {"code": "VALIDATION_ERROR", "message": "Unknown city"}
                return Said({"is_success": False, "error": words})
            return Said({"id": 8801, "is_success": True, "error": None})
        return self._hooks(asked, parts[1:])

    def _listed(self, query: Any) -> Said:
        rows = sorted(self.orders.values(), key=lambda row: row["id"])
        size, page = int(query["Limit"]), int(query["Page"])
        return Said(rows[(page - 1) * size : page * size])

    def _hooks(self, asked: Asked, tail: list[str]) -> Said:
        if asked.method == "GET":
            rows = list(self.hooks.values())
            start = int(asked.query.get("Cursor", 0))
            after = f"{BASE}/webhook?Cursor={start + 2}" if len(rows) > start + 2 else None
            return Said({"items": rows[start : start + 2], "next": after})
        if asked.method == "DELETE":
            return Said(b"", 204 if self.hooks.pop(tail[0], None) else 404)
        wanted = asked.json()
        if self.allows is not None and not set(wanted["topics"]) <= self.allows:
            return Said({"value": "unknown topic"}, 422)
        self.made += 1
        row = {**wanted, "id": f"sub-{self.made}", "enabled": True}
        self.hooks[row["id"]] = row
        return Said({**row, "secret": SECRET})
