"""An Etsy shop, played from the documentation of Open API v3; names and numbers are invented."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from tests.stores.playing import Asked, Said

SHOP = "4711"
APP = ("keystring-1", "shared-1")
BASE = f"/v3/application/shops/{SHOP}"
#: 2026-11-10 06:00 UTC.
FIRST = 1794290400


def money(cents: int) -> dict[str, Any]:
    return {"amount": cents, "divisor": 100, "currency_code": "USD"}


def receipt(number: int = 3001, **fields: Any) -> dict[str, Any]:
    """A paid receipt of two lamps and a download."""
    created = FIRST + number
    values: dict[str, Any] = {
        "receipt_id": number,
        "buyer_email": None,
        "name": "Omar Haddad",
        "first_line": "Building 12, Street 4",
        "second_line": "Flat 7",
        "city": "Dubai",
        "state": None,
        "zip": None,
        "country_iso": "AE",
        "status": "Paid",
        "payment_method": "cc",
        "is_paid": True,
        "is_shipped": False,
        "is_gift": False,
        "gift_sender": "",
        "create_timestamp": created,
        "created_timestamp": created,
        "update_timestamp": created + 60,
        "updated_timestamp": created + 60,
        "grandtotal": money(13950),
        "transactions": [transaction(), transaction(transaction_id=82, is_digital=True)],
        "shipments": [],
        "refunds": [],
    }
    return values | fields


def transaction(**fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "transaction_id": 81,
        "title": "Lamp &quot;Noor&quot;",
        "quantity": 2,
        "listing_id": 601,
        "sku": "LAMP",
        "price": money(6000),
        "is_digital": False,
        "paid_timestamp": FIRST + 7200,
    }
    return values | fields


def shipment(**fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "receipt_shipping_id": 91,
        "carrier_name": "aramex",
        "tracking_code": "34567890123",
        "shipment_notification_timestamp": FIRST + 86400,
    }
    return values | fields


class EtsyPlayed:
    """Answers as the API does. Refresh tokens rotate: each is good once."""

    def __init__(self) -> None:
        self.receipts: dict[int, dict[str, Any]] = {}
        self.access, self.refresh, self.made = "1.access-0", "1.refresh-0", 0
        self.known_carriers = {"aramex"}
        self.verifiers: list[str] = []

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/v3/public/oauth/token":
            return self._tokens(
                {name: one[-1] for name, one in parse_qs(asked.body.decode()).items()}
            )
        if asked.headers.get("x-api-key") != ":".join(APP):
            return Said({"error": "Invalid API key"}, 403)
        if asked.headers.get("authorization") != f"Bearer {self.access}":
            return Said({"error": "invalid_token"}, 401)
        said = self._answer(asked)
        left = {"x-remaining-this-second": "4", "x-remaining-today": "4990"}
        return Said(said.body, said.status, left)

    def _tokens(self, given: dict[str, str]) -> Said:
        if given["grant_type"] == "refresh_token" and given["refresh_token"] != self.refresh:
            return Said({"error": "invalid_grant"}, 400)
        self.verifiers.append(given.get("code_verifier", ""))
        self.made += 1
        self.access, self.refresh = f"1.access-{self.made}", f"1.refresh-{self.made}"
        return Said({"access_token": self.access, "refresh_token": self.refresh,
                     "token_type": "Bearer", "expires_in": 3600})  # fmt: skip

    def _answer(self, asked: Asked) -> Said:
        if asked.path == "/v3/application/users/me":
            return Said({"user_id": 1, "shop_id": int(SHOP)})
        if asked.path == BASE:
            return Said({"shop_id": int(SHOP), "shop_name": "NoorHome", "currency_code": "USD",
                         "shop_location_country_iso": "AE"})  # fmt: skip
        if asked.path == "/v3/application/listings/batch":
            rows = [{"listing_id": int(one), "url": f"https://www.etsy.com/listing/{one}",
                     "images": [{"url_570xN": f"https://i.etsystatic.com/{one}.jpg"}]}
                    for one in asked.query["listing_ids"].split(",")]  # fmt: skip
            return Said({"count": len(rows), "results": rows})
        if asked.path == f"{BASE}/receipts":
            return self._listed(asked.query)
        number, _, tail = asked.path.removeprefix(f"{BASE}/receipts/").partition("/")
        found = self.receipts.get(int(number))
        if found is None:
            return Said({"error": "Receipt not found"}, 404)
        return self._shipped(found, asked.json()) if tail == "tracking" else Said(found)

    def _listed(self, query: Any) -> Said:
        by = "created" if "min_created" in query else "last_modified"
        column = "created_timestamp" if by == "created" else "updated_timestamp"
        rows = [row for row in self.receipts.values()
                if int(query[f"min_{by}"]) <= row[column] <= int(query[f"max_{by}"])]  # fmt: skip
        rows.sort(key=lambda row: (row[column], row["receipt_id"]))
        start = int(query["offset"])
        return Said({"count": len(rows), "results": rows[start : start + int(query["limit"])]})

    def _shipped(self, found: dict[str, Any], given: dict[str, Any]) -> Said:
        if given["carrier_name"] not in {*self.known_carriers, "other"}:
            return Said({"error": "Invalid carrier name"}, 400)
        found["shipments"].append(shipment(**given))
        return Said(found)
