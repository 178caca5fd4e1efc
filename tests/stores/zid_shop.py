"""A store at Zid, played from Zid's documents; payloads of our own making."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from tests.stores.playing import Asked, Said

STORE = 880077
APP = ("zid-client", "zid-client-secret")


def stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def order(number: int, placed: datetime, **fields: Any) -> dict[str, Any]:
    """A cash order to somebody else in Dammam, being prepared."""
    values: dict[str, Any] = {
        "id": number, "invoice_number": number + 5000, "code": f"Z{number}", "store_id": STORE,
        "order_status": {"name": "جاري التجهيز", "code": "preparing"},
        "display_status": {"id": 2, "code": "preparing", "name": "جاري التجهيز"},
        "currency_code": "SAR", "order_total": "149.50000000000000", "payment_status": "pending",
        "customer": {"id": 3, "name": "ريم الدوسري", "email": "reem@shopper.example",
                     "mobile": "966501239876"},
        "has_different_consignee": 1,
        "consignee": {"name": "فهد الدوسري", "email": "", "mobile": "966551239876"},
        "is_gift_order": 1, "language": "ar",
        "created_at": stamp(placed), "updated_at": stamp(placed),
        "tags": [{"id": "t1", "name": "vip"}],
        "shipping": {
            "method": {"name": "أرامكس", "courier": None, "waybill_tracking_id": None,
                       "tracking": {"number": None, "status": None, "url": None}},
            "address": {"formatted_address": "الخليج, الدمام", "street": "شارع الخليج",
                        "district": "الشاطئ", "lat": "26.43", "lng": "50.10",
                        "short_address": "DMAA2233", "postal_code": "32411", "meta": None,
                        "city": {"id": 4, "name": "الدمام"},
                        "country": {"id": 184, "name": "السعودية"}},
        },
        "payment": {"method": {"name": "الدفع عند الاستلام", "code": "zid_cod"}},
        "products": [
            {"id": "p-1", "name": "قهوة مختصة", "sku": "COFFEE", "quantity": 2, "price": 60,
             "price_with_additions": 69,
             "images": [{"origin": "https://media.example/1.png",
                         "thumbs": {"medium": "https://media.example/1m.png"}}]},
        ],
    }  # fmt: skip
    return values | fields


def sent(number: str, courier: str | None = None) -> dict[str, Any]:
    """The order's shipping with a tracking number."""
    shipping: dict[str, Any] = order(1, datetime.now(UTC))["shipping"]
    tracking = {"number": number, "status": None, "url": None}
    return shipping | {"method": shipping["method"] | {"tracking": tracking, "courier": courier}}


def basic(password: str) -> dict[str, str]:
    """Zid's rule, written out a second time."""
    token = base64.b64encode(b"homeward:" + password.encode()).decode()
    return {"authorization": f"Basic {token}"}


class ZidServer:
    """`api.zid.sa/v1` and `oauth.zid.sa` of one store in one."""

    def __init__(self) -> None:
        self.orders: dict[int, dict[str, Any]] = {}
        self.hooks: dict[str, dict[str, Any]] = {}
        self.moved: list[tuple[str, dict[str, str]]] = []
        self.tokens = {"manager-1"}
        self.codes = {"code-1"}
        self.refresh_tokens = {"refresh-1"}
        self._made = 1

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/oauth/token":
            return self._token({k: v[0] for k, v in parse_qs(asked.body.decode()).items()})
        knows = asked.headers.get("authorization", "") == "Bearer partner"
        if not knows or asked.headers.get("x-manager-token") not in self.tokens:
            return self._no(401, "Unauthenticated.")
        return self._known(asked, asked.path.strip("/").split("/"))

    def _known(self, asked: Asked, path: list[str]) -> Said:
        match (asked.method, *path):
            case ("GET", "managers", "account", "profile"):
                store = {"id": STORE, "title": "قهوة الشاطئ", "currency": {"code": "SAR"}}
                return Said({"user": {"id": 9, "email": "owner@zid.example", "store": store}})
            case ("GET", "managers", "store", "orders"):
                return self._page(asked)
            case ("GET", "managers", "store", "orders", number, "view"):
                known = self.orders.get(int(number))
                return Said({"status": "object", "order": known}) if known else self._no(404, "no")
            case ("POST", "managers", "store", "orders", number, "change-order-status"):
                form = {k: v[0] for k, v in parse_qs(asked.body.decode()).items()}
                self.moved.append((number, form))
                row = self.orders[int(number)]
                row["order_status"] = {"code": form["order_status"]}
                return Said({"status": "object", "order": row})
            case ("GET", "managers", "webhooks"):
                return Said({"status": "object", "data": list(self.hooks.values())})
            case ("POST", "managers", "webhooks"):
                self._made += 1
                row = {"id": str(self._made), "active": True, **asked.json()}
                self.hooks[row["original_id"]] = row
                return Said({"status": "object", "data": row}, 201)
            case ("DELETE", "managers", "webhooks"):
                gone = self.hooks.pop(asked.query["original_id"], None)
                return Said({"status": "object"}) if gone else self._no(404, "none")
        return self._no(404, "no such page")

    def _page(self, asked: Asked) -> Said:
        field = asked.query["date_attribute"]
        since, until = (
            datetime.strptime(asked.query[name], "%Y-%m-%dT%H:%M:%S.000%z").strftime(
                "%Y-%m-%d %H:%M:%S"
            )
            for name in ("date_from", "date_to")
        )
        found = sorted(
            (row for row in self.orders.values() if since <= row[field] <= until),
            key=lambda row: (row["created_at"], row["id"]),
        )
        size, number = int(asked.query["per_page"]), int(asked.query["page"])
        shown = found[(number - 1) * size : number * size]
        return Said({"status": "object", "orders": shown, "total_order_count": len(found)})

    def _token(self, said: dict[str, str]) -> Said:
        assert (said["client_id"], said["client_secret"]) == APP
        known = self.codes if said["grant_type"] == "authorization_code" else self.refresh_tokens
        given = said.get("code") or said.get("refresh_token", "")
        if given not in known:
            return Said({"error": "invalid_grant"}, 400)
        known.discard(given)
        self._made += 1
        self.tokens = {f"manager-{self._made}"}
        self.refresh_tokens = {f"refresh-{self._made}"}
        return Said({
            "access_token": f"manager-{self._made}", "Authorization": "partner",
            "refresh_token": f"refresh-{self._made}", "expires_in": 31_536_000,
        })  # fmt: skip

    @staticmethod
    def _no(code: int, words: str) -> Said:
        return Said({"status": "error", "message": {"type": "error", "description": words}}, code)
