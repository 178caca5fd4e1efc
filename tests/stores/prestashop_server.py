"""A PrestaShop shop, played from its documentation: filtered lists as JSON, changes as XML."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from tests.stores.playing import Asked, Said

KEY = "WSKEY1234"
ZONE = "Asia/Riyadh"
Row = dict[str, Any]


def stamp(when: datetime, zone: str = ZONE) -> str:
    return f"{when.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


def prestashop_order(number: int, at: datetime, **fields: Any) -> Row:
    return {
        "id": number, "reference": f"REF{number}", "id_address_delivery": "20",
        "id_address_invoice": "21", "id_currency": "1", "id_lang": "2", "id_customer": "30",
        "current_state": "3", "module": "ps_cashondelivery", "payment": "Cash on delivery",
        "date_add": stamp(at), "date_upd": stamp(at), "invoice_date": "0000-00-00 00:00:00",
        "total_paid": "210.00", "total_paid_tax_incl": "210.00", "total_paid_real": "0.00",
        "gift": "0", "note": "", "shipping_number": "",
        "associations": {"order_rows": [
            {"id": "71", "product_id": "5", "product_name": "Brass lamp", "product_quantity": "2",
             "product_reference": "LAMP", "unit_price_tax_incl": "80.000000"},
            {"id": "72", "product_id": "6", "product_name": "Shade", "product_quantity": "1",
             "product_reference": "SHADE", "product_price": "50.000000"},
        ]},
        **fields,
    }  # fmt: skip


class PrestaShopServer:
    def __init__(self) -> None:
        self.closed: set[str] = set()
        self.rows: dict[str, list[Row]] = {
            "orders": [], "order_slip": [],
            "configurations": [
                {"id": 1, "name": "PS_SHOP_NAME", "value": "Noor Lamps"},
                {"id": 2, "name": "PS_TIMEZONE", "value": ZONE},
                {"id": 3, "name": "PS_COUNTRY_DEFAULT", "value": "9"},
                {"id": 4, "name": "PS_CURRENCY_DEFAULT", "value": "1"},
                {"id": 5, "name": "PS_OS_CANCELED", "value": "6"},
            ],
            "addresses": [
                {"id": 20, "id_customer": "30", "id_country": "9", "id_state": "44",
                 "alias": "Home", "firstname": "Omar", "lastname": "Haddad",
                 "address1": "Olaya Street 12", "address2": "Flat 4", "postcode": "12211",
                 "city": "Riyadh", "phone": "", "phone_mobile": "+966501234567", "deleted": "0",
                 "date_add": "2026-01-01 00:00:00", "national_address": "RRRD2929"},
                {"id": 21, "id_customer": "30", "id_country": "9", "firstname": "Noura",
                 "lastname": "Saleh", "phone": "+966509999999", "city": "Riyadh"},
            ],
            "countries": [{"id": 9, "iso_code": "SA"}],
            "states": [{"id": 44, "id_country": "9", "name": "Riyadh"},
                       {"id": 45, "id_country": "9", "name": "Makkah"}],
            "customers": [{"id": 30, "firstname": "Noura", "lastname": "Saleh",
                           "email": "noura@shopper.example", "newsletter": "1",
                           "newsletter_date_add": "2026-01-01 03:00:00"}],
            "order_states": [
                {"id": 3, "paid": "1", "shipped": "0", "name": [
                    {"id": "1", "value": "Processing in progress"},
                    {"id": "2", "value": "قيد التجهيز"}]},
                {"id": 4, "paid": "1", "shipped": "1", "name": "Shipped"},
                {"id": 6, "paid": "0", "shipped": "0", "name": "Canceled"},
            ],
            "currencies": [{"id": 1, "iso_code": "SAR"}],
            "languages": [{"id": 2, "iso_code": "ar", "locale": "ar-SA"}],
            "order_carriers": [],
            "carriers": [{"id": 8, "name": "SMSA Express"}, {"id": 9, "name": "0"}],
            "products": [{"id": 5, "active": "1", "id_default_image": "42"},
                         {"id": 6, "active": "0", "id_default_image": "43"}],
        }  # fmt: skip
        self.changes: list[tuple[str, str, dict[str, str]]] = []
        self.allowed_methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}

    def sell(self, number: int, *, at: datetime, **fields: Any) -> Row:
        orders = self.rows["orders"]
        known = next((one for one in orders if one["id"] == number), None)
        if known is None:
            known = prestashop_order(number, at)
            orders.append(known)
        known |= fields | {"date_upd": stamp(at)}
        return known

    def ship(self, order: int, number: str, *, carrier: str = "8") -> Row:
        row = {"id": 900 + len(self.rows["order_carriers"]), "id_order": str(order),
               "id_carrier": carrier, "id_order_invoice": "0", "weight": "1.000000",
               "shipping_cost_tax_excl": "0", "shipping_cost_tax_incl": "0",
               "tracking_number": number, "date_add": "2026-11-11 08:00:00"}  # fmt: skip
        self.rows["order_carriers"].append(row)
        return row

    def __call__(self, asked: Asked) -> Said:
        right = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
        if asked.headers.get("authorization") != right:
            return _error(401, "Invalid authentication key format")
        path = asked.path.split("/")
        if path[1] != "api" or path[2] not in {*self.rows, *self.closed}:
            return Said(b"<html>Not found</html>", 404)
        if path[2] in self.closed:
            words = f'Resource of type "{path[2]}" is not allowed with this authentication key'
            return _error(401, words)
        if asked.method not in self.allowed_methods:
            return _error(405, f"Method {asked.method} is not valid")
        return self._allowed(asked, path[2], path[3:])

    def _allowed(self, asked: Asked, resource: str, rest: list[str]) -> Said:
        if asked.method == "GET":
            return self._list(resource, asked.query)
        if asked.method == "DELETE":
            self.changes.append(("DELETE", resource, {"id": rest[0]}))
            return Said(b"", 200)
        [entity] = ElementTree.fromstring(asked.body)
        values = {child.tag: child.text or "" for child in entity}
        if any(char in values.get("lastname", "") for char in "0123456789"):
            return _error(400, 'Validation error: "Property Address->lastname is not valid"')
        self.changes.append((asked.method, resource, values))
        if asked.method == "POST":
            values["id"] = "77"
            return Said({entity.tag: values}, 201)
        row = next(one for one in self.rows[resource] if str(one["id"]) == rest[0])
        row |= values
        return Said({entity.tag: row})

    def _list(self, resource: str, query: Mapping[str, str]) -> Said:
        found = self.rows[resource]
        for name, value in query.items():
            field = re.fullmatch(r"filter\[(\w+)\]", name)
            if field:
                found = [row for row in found if _holds(row.get(field[1], ""), value)]
        found = sorted(found, key=lambda row: row["id"])
        if "limit" in query:
            found = found[: int(query["limit"])]
        if query["display"] != "full":
            names = query["display"].strip("[]").split(",")
            found = [{name: row[name] for name in names} for row in found]
        plural = resource if resource.endswith("s") else f"{resource}s"
        return Said({plural: found} if found else [])


def _holds(value: object, wanted: str) -> bool:
    inside = wanted.removeprefix("[").removesuffix("]")
    if "|" in inside:
        return str(value) in inside.split("|")
    if "," in inside:
        first, last = inside.split(",")
        if first.isdigit():
            return int(first) <= int(str(value)) <= int(last)
        return first <= str(value) <= last
    return str(value) == inside


def _error(status: int, message: str) -> Said:
    return Said({"errors": [{"code": 26, "message": message}]}, status)


def many(server: PrestaShopServer, count: int, *, first: datetime) -> None:
    for one in range(count):
        server.sell(100 + one, at=first + timedelta(hours=one))
