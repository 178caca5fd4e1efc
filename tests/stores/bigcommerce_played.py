"""A BigCommerce store, played from its documentation; names and numbers are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from tests.stores.playing import Asked, Said

STORE = "noor7hash"
TOKEN = "token-of-noor"
BASE = f"/stores/{STORE}"


def stamp(at: datetime) -> str:
    """A time as V2 writes it."""
    return format_datetime(at)


def order(number: int = 1201, **fields: Any) -> dict[str, Any]:
    """A captured order of two lines, with the consignments that were asked for."""
    created = datetime(2026, 11, 10, 6, 30, tzinfo=UTC) + timedelta(minutes=number)
    values: dict[str, Any] = {
        "id": number,
        "date_created": stamp(created),
        "date_modified": stamp(created + timedelta(minutes=5)),
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "total_inc_tax": "149.5000",
        "items_total": 3,
        "items_shipped": 0,
        "payment_method": "Credit Card",
        "payment_status": "captured",
        "refunded_amount": "0.0000",
        "order_is_digital": False,
        "store_credit_amount": "0.0000",
        "gift_certificate_amount": "0.0000",
        "currency_code": "USD",
        "default_currency_code": "AED",
        "staff_notes": "",
        "customer_locale": "ar_AE",
        "is_email_opt_in": True,
        "billing_address": {
            "first_name": "Sara",
            "last_name": "Al Mansoori",
            "country_iso2": "AE",
            "email": "sara@shopper.example",
            "phone": "+971501234567",
        },
        "consignments": {
            "shipping": [{**address(), "line_items": lines()}],
            "pickups": [],
            "downloads": [],
        },
    }
    return values | fields


def address(**fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": 61,
        "first_name": "Omar",
        "last_name": "Haddad",
        "company": "",
        "street_1": "Building 12, Street 4",
        "street_2": "Flat 7",
        "city": "Dubai",
        "state": "Dubai",
        "zip": "",
        "country": "United Arab Emirates",
        "country_iso2": "AE",
        "phone": "+971507654321",
        "items_total": 3,
        "items_shipped": 0,
    }
    return values | fields


def lines() -> list[dict[str, Any]]:
    return [
        {"id": 71, "product_id": 501, "name": "Brass lamp", "quantity": 2, "sku": "LAMP",
         "price_inc_tax": "60.0000", "wrapping_name": ""},
        {"id": 72, "product_id": 502, "name": "Linen shade", "quantity": 1, "sku": "SHADE",
         "price_inc_tax": "29.5000", "wrapping_name": ""},
    ]  # fmt: skip


def shipment(**fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": 31,
        "order_id": 1201,
        "date_created": "Wed, 11 Nov 2026 05:00:00 +0000",
        "tracking_number": "34567890123",
        "shipping_method": "Express",
        "shipping_provider": "",
        "tracking_carrier": "aramex",
        "items": [{"order_product_id": 71, "product_id": 501, "quantity": 1}],
    }
    return values | fields


class Store:
    """Answers as the API does; `orders`, `shipments`, `refunds` and `hooks` are what it holds."""

    def __init__(self) -> None:
        self.orders: dict[int, dict[str, Any]] = {}
        self.shipments: dict[int, list[dict[str, Any]]] = {}
        self.refunds: list[dict[str, Any]] = []
        self.hooks: dict[int, dict[str, Any]] = {}
        self.places: dict[int, list[dict[str, Any]]] = {}
        self.left = 100

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/oauth2/token":
            return self._token(asked.json())
        if asked.headers.get("x-auth-token") != TOKEN or not asked.path.startswith(BASE):
            return Said({"status": 401, "title": "Unauthorized"}, 401)
        said = self._answer(asked, asked.path.removeprefix(BASE))
        limits = {"X-Rate-Limit-Requests-Left": str(self.left), "X-Rate-Limit-Time-Reset-Ms": "900"}
        return Said(said.body, said.status, limits)

    def _token(self, given: dict[str, Any]) -> Said:
        if given["code"] != "good-once":
            return Said({"error": "invalid_grant"}, 400)
        return Said({"access_token": TOKEN, "scope": given["scope"], "context": given["context"]})

    def _answer(self, asked: Asked, path: str) -> Said:
        parts = path.strip("/").split("/")
        if path == "/v2/store":
            return Said({"id": STORE, "name": "Noor Home", "country_code": "AE", "currency": "AED",
                         "timezone": {"name": "Asia/Dubai"}, "admin_email": "owner@noor.example",
                         "secure_url": "https://noor.example"})  # fmt: skip
        if path == "/v2/orders":
            return self._listed(asked.query)
        if path == "/v3/orders/payment_actions/refunds":
            ids = set(asked.query["order_id:in"].split(","))
            return Said({"data": [row for row in self.refunds if str(row["order_id"]) in ids]})
        if path == "/v3/catalog/products":
            return Said({"data": [_product(one) for one in asked.query["id:in"].split(",")]})
        if parts[:2] == ["v3", "hooks"]:
            return self._hooks(asked, parts[2:])
        if parts[:2] == ["v2", "orders"]:
            return self._one(asked, int(parts[2]), parts[3:])
        return Said([{"status": 404, "message": "not here"}], 404)

    def _listed(self, query: Any) -> Said:
        by = "date_created" if "min_date_created" in query else "date_modified"
        least, most = (datetime.fromisoformat(query[f"{end}_{by}"]) for end in ("min", "max"))
        rows = [row for row in self.orders.values()
                if least <= parsedate_to_datetime(row[by]) <= most]  # fmt: skip
        rows.sort(key=lambda row: (parsedate_to_datetime(row[by]), row["id"]))
        size, page = int(query["limit"]), int(query["page"])
        found = rows[(page - 1) * size : page * size]
        return Said(found) if found else Said(b"", 204)

    def _one(self, asked: Asked, number: int, tail: list[str]) -> Said:
        if number not in self.orders:
            return Said([{"status": 404, "message": "not found"}], 404)
        if tail == ["shipments"]:
            found = self.shipments.get(number, [])
            return Said(found) if found else Said(b"", 204)
        if tail[:1] == ["shipping_addresses"]:
            if asked.method == "PUT":
                if asked.json().get("city") == "Atlantis":
                    return Said([{"status": 400, "message": "The field 'city' is invalid."}], 400)
                self.places[number][0] |= asked.json()
                return Said(self.places[number][0])
            return Said(self.places.get(number, [address()]))
        if tail == ["products"]:
            return Said(lines())
        if asked.method == "PUT":
            self.orders[number] |= asked.json()
        return Said(self.orders[number])

    def _hooks(self, asked: Asked, tail: list[str]) -> Said:
        if asked.method == "GET":
            return Said({"data": list(self.hooks.values()), "meta": {}})
        if asked.method == "POST":
            number = max(self.hooks, default=900) + 1
            self.hooks[number] = {"id": number, **asked.json()}
            return Said({"data": self.hooks[number]})
        number = int(tail[0])
        if number not in self.hooks:
            return Said({"status": 404}, 404)
        if asked.method == "DELETE":
            return Said({"data": self.hooks.pop(number)})
        self.hooks[number] |= asked.json()
        return Said({"data": self.hooks[number]})


def _product(identity: str) -> dict[str, Any]:
    return {
        "id": int(identity),
        "custom_url": {"url": f"/p{identity}/"},
        "primary_image": {"url_standard": f"https://cdn.example/{identity}.jpg"},
    }
