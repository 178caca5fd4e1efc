"""A store at Salla, played from Salla's documents; payloads of our own making."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from tests.stores.playing import Asked, Said

MERCHANT = 4400110022
HOOK_SECRET = "salla-hook-secret"
APP = ("salla-client", "salla-client-secret", HOOK_SECRET, "7001")
RIYADH = ZoneInfo("Asia/Riyadh")


def at(when: datetime) -> dict[str, Any]:
    """A time as Salla writes it."""
    local = when.astimezone(RIYADH)
    return {"date": f"{local:%Y-%m-%d %H:%M:%S}.000000", "timezone_type": 3,
            "timezone": "Asia/Riyadh"}  # fmt: skip


def long_form(when: datetime) -> str:
    return f"{when.astimezone(RIYADH):%a %b %d %Y %H:%M:%S} GMT+0300"


def status(word: str, **custom: Any) -> dict[str, Any]:
    return {"id": 5, "name": f"({word})", "slug": word, "customized": custom or None}


def money(amount: float) -> dict[str, Any]:
    return {"amount": amount, "currency": "SAR"}


def order(number: int, placed: datetime, **fields: Any) -> dict[str, Any]:
    """A cash order to Riyadh with a whole National Address; one line of two."""
    values: dict[str, Any] = {
        "id": number,
        "reference_id": number + 70_000,
        "date": at(placed),
        "updated_at": at(placed),
        "draft": False,
        "status": status("under_review"),
        "payment_method": "cod",
        "currency": "SAR",
        "amounts": {"cash_on_delivery": money(12), "total": money(232)},
        "shipping": {
            "company": "سمسا",
            "receiver": {"name": "هند العتيبي", "email": "", "phone": "966551234567"},
            "shipper": {"company_name": "دار النور"},
            "pickup_address": {"country": "السعودية", "city": "جدة", "street_number": "التحلية"},
            "address": {
                "country": "SA", "city": "الرياض", "street_number": "العليا", "block": "الورود",
                "short_address": "rhab1234", "building_number": "8228",
                "additional_number": "2121", "postal_code": "12215",
                "geo_coordinates": {"lat": 24.7136, "lng": 46.6753},
            },
        },
        "customer": {"first_name": "نورة", "last_name": "سالم", "mobile": 501112233,
                     "mobile_code": "+966", "email": "noura@shopper.example"},
        "items": [
            {"id": number * 10, "name": "مصباح نحاسي", "sku": "LAMP", "quantity": 2,
             "amounts": {"price_without_tax": money(110)},
             "product": {"url": "https://noor.example/p/1",
                         "thumbnail": "https://noor.example/1.jpg"}},
        ],
        "shipments": [],
        "tags": [],
    }  # fmt: skip
    return values | fields


def shipment(number: int, order_id: int, **fields: Any) -> dict[str, Any]:
    """A shipment that the merchant handed to SMSA by hand."""
    values: dict[str, Any] = {
        "id": number,
        "order_id": order_id,
        "order_reference_id": order_id + 70_000,
        "type": "shipment",
        "courier_name": "سمسا",
        "shipping_number": f"29{number:010d}",
        "tracking_number": f"29{number:010d}",
        "tracking_link": "",
        "status": "created",
        "packages": [{"item_id": order_id * 10, "quantity": 1}],
        "ship_from": {"type": "branch", "name": "فرع جدة", "country": "السعودية", "city": "جدة"},
        "ship_to": {"name": "هند العتيبي", "phone": "966551234567", "country": "السعودية",
                    "city": "الرياض", "postal_code": "12215"},
        "meta": {"app_id": None},
    }  # fmt: skip
    return values | fields


def event(name: str, data: Any, *, when: datetime, merchant: Any = MERCHANT) -> bytes:
    said = {"event": name, "merchant": merchant, "created_at": long_form(when), "data": data}
    return json.dumps(said, ensure_ascii=False).encode()


def signed(body: bytes, secret: str = HOOK_SECRET) -> dict[str, str]:
    """Salla's rule, written out a second time."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-salla-security-strategy": "Signature", "x-salla-signature": digest}


class SallaServer:
    """`api.salla.dev` and `accounts.salla.sa` of one store in one."""

    def __init__(self, start: datetime) -> None:
        self.clock = start
        self.orders: dict[int, dict[str, Any]] = {}
        self.shipments: dict[int, dict[str, Any]] = {}
        self.hooks: dict[str, dict[str, Any]] = {}
        self.notes: list[tuple[str, str]] = []
        self.put: list[tuple[str, dict[str, Any]]] = []
        self.tokens = {"token-1"}
        self.refresh_tokens = {"refresh-1"}
        self.codes = {"code-1"}
        self.remaining = 119
        self.is_light = True
        self._made = 1

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/oauth2/token":
            return self._token({k: v[0] for k, v in parse_qs(asked.body.decode()).items()})
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return self._no(401, "The access token is invalid")
        said = self._known(asked, asked.path.strip("/").split("/"))
        return Said(said.body, said.status, {"X-RateLimit-Remaining": str(self.remaining)})

    def _known(self, asked: Asked, path: list[str]) -> Said:
        match (asked.method, *path):
            case ("GET", "oauth2", "user", "info"):
                return Said({"id": 1, "name": "هدى", "email": "owner@noor.example",
                             "merchant": {"id": MERCHANT, "name": "دار النور"}})  # fmt: skip
            case ("GET", "orders"):
                rows = sorted(self.orders.values(), key=lambda row: row["date"]["date"])
                return self._list(asked, [self._row(row) for row in reversed(rows)])
            case ("GET", "orders", "items"):
                found = self.orders[int(asked.query["order_id"])]
                return self._list(asked, found["items"])
            case ("GET", "orders", number):
                known = self.orders.get(int(number))
                return self._data(self._detail(known)) if known else self._no(404, "not found")
            case ("GET", "shipments"):
                wanted = asked.query.get("order_id")
                found = [row for row in self.shipments.values()
                         if wanted in {None, str(row["order_id"])}]  # fmt: skip
                return self._list(asked, found)
            case ("GET", "shipments", number):
                known = self.shipments.get(int(number))
                return self._data(known) if known else self._no(404, "not found")
            case ("GET", "webhooks"):
                return self._list(asked, list(self.hooks.values()))
            case ("GET", "countries"):
                return self._list(asked, [{"id": 1473353380, "name": "السعودية", "code": "SA"}])
            case ("GET", "countries", "1473353380", "cities"):
                rows = [{"id": 1939592358, "name": "الرياض", "name_en": "Riyadh"}]
                return self._list(asked, rows)
        return self._written(asked, path)

    def _written(self, asked: Asked, path: list[str]) -> Said:
        match (asked.method, *path):
            case ("POST", "webhooks", "subscribe"):
                self._made += 1
                row = {"id": self._made, **asked.json()}
                self.hooks[str(self._made)] = row
                return self._data(row)
            case ("PUT", "webhooks", number):
                self.hooks[number] |= asked.json()
                return self._data(self.hooks[number])
            case ("DELETE", "webhooks", "unsubscribe"):
                self.hooks = {k: v for k, v in self.hooks.items()
                              if v["url"] != asked.query["url"]}  # fmt: skip
                return Said({"status": 202, "success": True}, 202)
            case ("POST", "orders", number, "histories"):
                self.notes.append((number, asked.json()["note"]))
                return self._data({"id": 1})
            case ("PUT", "shipments", number):
                self.put.append((f"shipments/{number}", asked.json()))
                self.shipments[int(number)] |= {"status": asked.json()["status"]}
                return self._data({**self.shipments[int(number)],
                                   "status": {"slug": asked.json()["status"]}})  # fmt: skip
            case ("PUT", "orders", number):
                if self.orders[int(number)]["status"]["slug"] == "completed":
                    return self._no(422, "alert.invalid_fields", ship_to=["الطلب مكتمل"])
                self.put.append((f"orders/{number}", asked.json()))
                return self._data({"id": int(number)})
        return self._no(404, "no such page")

    def _detail(self, row: Mapping[str, Any]) -> dict[str, Any]:
        left_out = {"items", "shipments"} if self.is_light else set()
        return {name: value for name, value in row.items() if name not in left_out}

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the list says of an order; no time of its last change."""
        names = ("id", "reference_id", "date", "status", "payment_method")
        return {name: row[name] for name in names} | {"total": row["amounts"]["total"]}

    def _list(self, asked: Asked, rows: list[dict[str, Any]]) -> Said:
        since, until = asked.query.get("from_date"), asked.query.get("to_date")
        if since and until:
            rows = [row for row in rows if "date" not in row
                    or since <= row["date"]["date"][:10] <= until]  # fmt: skip
        size = min(int(asked.query.get("per_page", 15)), 60)
        number = int(asked.query.get("page", 1))
        pages = max(-(-len(rows) // size), 1)
        shown = rows[(number - 1) * size : number * size]
        return Said({
            "status": 200, "success": True, "data": shown,
            "pagination": {"count": len(shown), "total": len(rows), "perPage": size,
                           "currentPage": number, "totalPages": pages, "links": {}},
        })  # fmt: skip

    def _token(self, said: Mapping[str, str]) -> Said:
        """Codes and refresh tokens are good for one use; a reused one ends everything."""
        assert (said["client_id"], said["client_secret"]) == APP[:2]
        known = self.codes if said["grant_type"] == "authorization_code" else self.refresh_tokens
        given = said.get("code") or said.get("refresh_token", "")
        if given not in known:
            self.tokens.clear()
            return Said({"error": "invalid_grant", "error_description": "used"}, 400)
        known.discard(given)
        self._made += 1
        return Said(self.grant(self._made))

    def grant(self, number: int) -> dict[str, Any]:
        """New tokens, as Salla hands them out; the earlier ones are good no more."""
        self.tokens = {f"token-{number}"}
        self.refresh_tokens = {f"refresh-{number}"}
        end = int((self.clock + timedelta(days=14)).timestamp())
        return {"token_type": "bearer", "access_token": f"token-{number}", "expires": end,
                "refresh_token": f"refresh-{number}", "scope": "offline_access"}  # fmt: skip

    @staticmethod
    def _data(values: Any) -> Said:
        return Said({"status": 200, "success": True, "data": values})

    @staticmethod
    def _no(code: int, message: str, **fields: list[str]) -> Said:
        error = {"code": "error", "message": message, "fields": fields}
        return Said({"status": code, "success": False, "error": error}, code)
