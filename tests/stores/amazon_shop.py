"""A seller at Amazon, played from Amazon's documents; orders of our own making."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from tests.stores.playing import Asked, Said

APP = ("amzn1.client", "amzn-secret", "", "amzn1.sp.solution.7")
EMIRATES = "A2VIGQ35RCS4UG"


def stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def line(number: str, **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "orderItemId": number, "quantityOrdered": 2,
        "product": {"asin": "B0TESTLAMP", "title": "Brass lamp", "sellerSku": "LAMP",
                    "price": {"unitPrice": {"amount": "49.90", "currencyCode": "AED"}}},
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 2},
    }  # fmt: skip
    return values | fields


def order(number: str, placed: datetime, **fields: Any) -> dict[str, Any]:
    """An order of two lamps that the merchant sends."""
    values: dict[str, Any] = {
        "orderId": number, "createdTime": stamp(placed), "lastUpdatedTime": stamp(placed),
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": EMIRATES},
        "buyer": {"buyerName": "Salma Rashid", "buyerEmail": "x7@marketplace.amazon.ae"},
        "recipient": {
            "deliveryAddress": {
                "name": "Yousef Rashid", "addressLine1": "Villa 9", "addressLine2": "Street 3",
                "city": "Al Ain", "districtOrCounty": "Al Jimi", "countryCode": "AE",
                "phone": "+971501112233",
            },
            "deliveryPreference": {"dropOffLocation": "Front desk"},
        },
        "proceeds": {"grandTotal": {"amount": "99.80", "currencyCode": "AED"}},
        "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
        "orderItems": [line("101")],
    }  # fmt: skip
    return values | fields


def package(tracking: str, **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "packageReferenceId": "1", "carrier": "Aramex", "trackingNumber": tracking,
        "shipTime": "2026-11-10T08:00:00Z", "shippingService": "Domestic",
        "packageStatus": {"status": "IN_TRANSIT"},
        "packageItems": [{"orderItemId": "101", "quantity": 1}],
        "shipFromAddress": {"name": "Noor warehouse", "city": "Sharjah", "countryCode": "AE"},
    }  # fmt: skip
    return values | fields


class AmazonServer:
    """Login with Amazon and the Selling Partner API of one seller; `burst` searches, then 429."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.confirmed: list[tuple[str, dict[str, Any]]] = []
        self.markets = [EMIRATES]
        self.refresh_tokens = {"refresh-1"}
        self.codes = {"code-1"}
        self.has_role = True
        self.burst = 100
        self.page = 3
        self.token = ""
        self.asked_for: list[str] = []
        self._made = 0

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/auth/o2/token":
            return self._token({k: v[0] for k, v in parse_qs(asked.body.decode()).items()})
        if not self.token or asked.headers.get("x-amz-access-token") != self.token:
            return self._no(403, "The access token you provided has expired.")
        match (asked.method, *asked.path.strip("/").split("/")):
            case ("GET", "sellers", "v1", "marketplaceParticipations"):
                return Said({"payload": [
                    {"marketplace": {"id": one, "defaultCurrencyCode": "AED"},
                     "storeName": "Noor Lamps"} for one in self.markets
                ]})  # fmt: skip
            case ("GET", "orders", "2026-01-01", "orders"):
                return self._search(asked)
            case ("GET", "orders", "2026-01-01", "orders", number):
                known = self.orders.get(number)
                if known is None:
                    return self._no(404, "no order")
                return self._may(asked) or Said({"order": self._shown(known, asked)})
            case ("POST", "orders", "v0", "orders", number, "shipmentConfirmation"):
                if self.orders[number].get("refuses"):
                    return self._no(400, "Invalid tracking number")
                self.confirmed.append((number, asked.json()))
                return Said(None, 204)
        return self._no(404, "no such operation")

    def _search(self, asked: Asked) -> Said:
        refused = self._may(asked)
        if refused is not None:
            return refused
        if self.burst == 0:
            return Said({"errors": [{"code": "QuotaExceeded"}]}, 429,
                        {"x-amzn-RateLimit-Limit": "0.0056"})  # fmt: skip
        self.burst -= 1
        query = asked.query
        by = "createdTime" if "createdAfter" in query else "lastUpdatedTime"
        name = "created" if by == "createdTime" else "lastUpdated"
        since, until = query[f"{name}After"], query.get(f"{name}Before", "9")
        found = [
            row
            for row in sorted(self.orders.values(), key=lambda row: (row[by], row["orderId"]))
            if since <= row[by] <= until
        ]
        token, filters = query.get("paginationToken", "0@").split("@", 1), f"{since}{until}"
        if token[1] not in {"", filters}:
            return self._no(400, "filters changed")
        start = int(token[0])
        rest = start + self.page
        more = {"nextToken": f"{rest}@{filters}"} if rest < len(found) else {}
        shown = [self._shown(row, asked) for row in found[start:rest]]
        return Said({"orders": shown, "pagination": more}, 200,
                    {"x-amzn-RateLimit-Limit": "0.0056"})  # fmt: skip

    def _may(self, asked: Asked) -> Said | None:
        self.asked_for.append(asked.query["includedData"])
        wants = {"BUYER", "RECIPIENT"} & set(asked.query["includedData"].split(","))
        return self._no(403, "no role") if wants and not self.has_role else None

    @staticmethod
    def _shown(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
        wanted = asked.query["includedData"].split(",")
        left_out = {name for name in ("buyer", "recipient") if name.upper() not in wanted}
        return {name: value for name, value in row.items() if name not in left_out}

    def _token(self, said: dict[str, str]) -> Said:
        by_code = said["grant_type"] == "authorization_code"
        given = said.get("code") or said.get("refresh_token", "")
        if given not in (self.codes if by_code else self.refresh_tokens):
            return Said({"error": "invalid_grant"}, 400)
        self.codes.discard(given)
        self._made += 1
        self.token = f"Atza|{self._made}"
        tokens = {"access_token": self.token, "token_type": "bearer", "expires_in": 3600}
        return Said(tokens | {"refresh_token": "refresh-1"})

    @staticmethod
    def _no(code: int, words: str) -> Said:
        return Said({"errors": [{"code": "InvalidInput", "message": words}]}, code)
