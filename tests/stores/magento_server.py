"""A Magento shop, played from its documentation: searches, Bearer token, pieces kept apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.stores.playing import Asked, Said

TOKEN = "integration-token"
_FILTER = re.compile(r"searchCriteria\[filterGroups\]\[(\d+)\]\[filters\]\[0\]\[(\w+)\]")


def stamp(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S}"


def magento_order(number: int, at: datetime, **fields: Any) -> dict[str, Any]:
    """A cash order: a dress in one size (two lines), and a belt."""
    address = {
        "entity_id": number * 10, "address_type": "shipping", "firstname": "Omar",
        "lastname": "Haddad", "street": ["Olaya Street 12", "Flat 4"], "city": "Riyadh",
        "region": "Riyadh", "region_id": 9, "region_code": "RUH", "postcode": "12211",
        "country_id": "SA", "telephone": "+966501234567", "email": "noura@shopper.example",
        "extension_attributes": {"short_address": "RRRD2929"},
    }  # fmt: skip
    return {
        "entity_id": number, "increment_id": f"0000{number}", "state": "processing",
        "status": "processing", "created_at": stamp(at), "updated_at": stamp(at), "store_id": 2,
        "customer_email": "noura@shopper.example", "customer_firstname": "Noura",
        "customer_lastname": "Saleh", "order_currency_code": "SAR", "grand_total": 210,
        "total_due": 210,
        "billing_address": {"firstname": "Noura", "lastname": "Saleh", "country_id": "SA",
                            "telephone": "+966509999999"},
        "payment": {"method": "cashondelivery", "additional_information": ["Cash On Delivery"]},
        "items": [
            {"item_id": 1, "product_id": 50, "name": "Linen dress", "sku": "DRESS-M",
             "qty_ordered": 2, "qty_canceled": 0, "price": 80, "price_incl_tax": 92},
            {"item_id": 2, "parent_item_id": 1, "product_id": 51, "name": "Linen dress-M",
             "sku": "DRESS-M", "qty_ordered": 2, "price": 0},
            {"item_id": 3, "product_id": 60, "name": "Belt", "sku": "BELT", "qty_ordered": 2,
             "qty_canceled": 1, "price": 26},
        ],
        "extension_attributes": {"shipping_assignments": [{"shipping": {"address": address}}]},
        **fields,
    }  # fmt: skip


def shipment(number: int, order: int, *waybills: str, **fields: Any) -> dict[str, Any]:
    return {
        "entity_id": number, "order_id": order, "created_at": "2026-11-11 08:00:00",
        "items": [{"order_item_id": 1, "qty": 2}],
        "tracks": [
            {"entity_id": number * 100 + one, "track_number": waybill, "title": "SMSA Express",
             "carrier_code": "custom"}
            for one, waybill in enumerate(waybills)
        ],
        "extension_attributes": {"source_code": "ruh"},
        **fields,
    }  # fmt: skip


class MagentoServer:
    def __init__(self) -> None:
        self.orders: dict[int, dict[str, Any]] = {}
        self.shipments: list[dict[str, Any]] = []
        self.memos: list[dict[str, Any]] = []
        self.comments: list[tuple[str, dict[str, Any]]] = []
        self.tracks: list[dict[str, Any]] = []
        self.addresses: list[tuple[str, dict[str, Any]]] = []
        self.closed: set[str] = set()

    def sell(self, number: int, *, at: datetime, **fields: Any) -> dict[str, Any]:
        known = self.orders.get(number) or magento_order(number, at)
        self.orders[number] = known | fields | {"updated_at": stamp(at)}
        return self.orders[number]

    def __call__(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            words = "The consumer isn't authorized to access %resources."
            return Said({"message": words, "parameters": {"resources": "Magento_Sales"}}, 401)
        path = asked.path.removeprefix("/rest/V1/").split("/")
        if path[0] in self.closed:
            return Said({"message": "The consumer isn't authorized to access %resources."}, 401)
        return self._known(asked, path)

    def _known(self, asked: Asked, path: list[str]) -> Said:
        match (asked.method, *path):
            case ("GET", "store", "storeConfigs"):
                return Said([
                    {"id": 1, "locale": "en_US", "base_currency_code": "SAR",
                     "timezone": "Asia/Riyadh"},
                    {"id": 2, "locale": "ar_SA"},
                ])  # fmt: skip
            case ("GET", "orders"):
                return _search(asked.query, list(self.orders.values()))
            case ("GET", "shipments"):
                return _search(asked.query, self.shipments)
            case ("GET", "creditmemos"):
                return _search(asked.query, self.memos)
            case ("GET", "inventory", "sources"):
                return Said({"items": [{"source_code": "ruh", "name": "Riyadh warehouse",
                    "street": "Exit 18", "city": "Riyadh", "country_id": "SA"}]})  # fmt: skip
            case ("GET", "products-render-info"):
                ids = asked.query["searchCriteria[filterGroups][0][filters][0][value]"]
                return Said({"items": [
                    {"id": int(one), "url": f"https://noor.example/{one}.html",
                     "images": [{"url": f"https://noor.example/media/{one}.jpg"}]}
                    for one in ids.split(",")
                ]})  # fmt: skip
            case ("POST", "shipment", "track"):
                self.tracks.append(asked.json()["entity"])
                return Said({"entity_id": 9}, 200)
            case (_, "orders", number, *rest):
                return self._order(asked, number, rest)
        return Said({"message": "Request does not match any route."}, 404)

    def _order(self, asked: Asked, number: str, rest: list[str]) -> Said:
        if int(number) not in self.orders:
            return Said({"message": "The entity that was requested doesn't exist."}, 404)
        match (asked.method, *rest):
            case ("GET",):
                return Said(self.orders[int(number)])
            case ("PUT",):
                entity = asked.json()["entity"]
                if not entity["lastname"]:
                    return Said({"message": '"lastname" is required.'}, 400)
                self.addresses.append((number, entity))
                return Said(entity)
            case ("POST", "comments"):
                self.comments.append((number, asked.json()["statusHistory"]))
                return Said(body=True)
        return Said({"message": "Request does not match any route."}, 404)


def _search(query: Mapping[str, str], rows: list[dict[str, Any]]) -> Said:
    filters: dict[str, dict[str, str]] = {}
    for name, value in query.items():
        match = _FILTER.fullmatch(name)
        if match:
            filters.setdefault(match[1], {})[match[2]] = value
    found = [row for row in rows if all(_holds(row, one) for one in filters.values())]
    found.sort(key=lambda row: row["entity_id"])
    size = int(query["searchCriteria[pageSize]"])
    # PHP says null where nothing was found.
    return Said({"items": found[:size] or None, "total_count": len(found)})


def _holds(row: Mapping[str, Any], one: Mapping[str, str]) -> bool:
    value: Any = row[one["field"]]
    if one["conditionType"] == "in":
        return str(value) in one["value"].split(",")
    wanted: Any = type(value)(one["value"])
    held: bool = {"gt": value > wanted, "gteq": value >= wanted, "lt": value < wanted}[
        one["conditionType"]
    ]
    return held


def many(server: MagentoServer, count: int, *, first: datetime) -> None:
    for one in range(count):
        server.sell(100 + one, at=first + timedelta(hours=one))
