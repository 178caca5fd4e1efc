"""PrestaShop: asked every few minutes through its web service, as it sends no webhooks.

https://devdocs.prestashop-project.org/8/webservice/ (keys, permissions, filters, JSON output). A
key has permissions by resource: what it may not read stays unknown, except the orders themselves
and the configuration, which holds the shop's time zone.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from carriers.base import Limits, Proven, Secret
from carriers.shapes import mappings, text
from stores.base import Way
from stores.payload import part
from stores.providers import prestashop_writing
from stores.providers.prestashop_calls import (
    PAGE,
    by_id,
    listed,
    of,
    refused_access,
    rows_of,
    zone_name,
)
from stores.providers.prestashop_orders import read_order, zone_of
from stores.self_hosted import SelfHosted, no
from stores.shop import Page, Shop, ShopChange, ShopFacts, Window, WriteKind, page_of
from stores.talk import Answer, Talk
from stores.vocabulary import Ignored, OrderUpdate

_SETTINGS: Final = (
    "PS_SHOP_NAME",
    "PS_TIMEZONE",
    "PS_COUNTRY_DEFAULT",
    "PS_CURRENCY_DEFAULT",
    "PS_OS_CANCELED",
)
_ANSWERS: Final = frozenset({401, 403, 404})
_LAST_ID: Final = 4_294_967_295


class PrestaShop(SelfHosted):
    slug: ClassVar[str] = "prestashop"
    name: ClassVar[str] = "PrestaShop"
    documentation: ClassVar[str] = "https://devdocs.prestashop-project.org/8/webservice/"
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("keys",)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("key", "Web service key"),)
    limits: ClassVar[Limits] = Limits(per_second=2.0, concurrent=2)
    has_api: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"parcel", "address", "note"})
    keeps_milestones: ClassVar[bool] = False
    #: The names that PrestaShop gives its states at first, in English and French.
    usual_statuses: ClassVar[Mapping[str, str]] = {
        "Payment accepted": "confirmed",
        "Paiement accepté": "confirmed",
        "Processing in progress": "confirmed",
        "En cours de préparation": "confirmed",
        "On backorder (paid)": "out_of_stock",
        "On backorder (not paid)": "out_of_stock",
        "En attente de réapprovisionnement (payé)": "out_of_stock",
        "En attente de réapprovisionnement (non payé)": "out_of_stock",
    }

    def authorization(self, shop: Shop) -> Mapping[str, str]:
        """The key is the name, without a password."""
        token = base64.b64encode(f"{shop.credentials.get('key', '')}:".encode()).decode()
        return {"authorization": f"Basic {token}"}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        yield from _seen("orders", (), display="[id]", limit=1)
        wanted = (("name", f"[{'|'.join(_SETTINGS)}]"),)
        answer = yield from _seen("configurations", wanted, display="[id,name,value]")
        said = {text(row.get("name")): text(row.get("value")) for row in rows_of(answer)}
        country = yield from of("countries", "id", [said.get("PS_COUNTRY_DEFAULT", "")])
        currency = yield from of("currencies", "id", [said.get("PS_CURRENCY_DEFAULT", "")])
        zone = said.get("PS_TIMEZONE", "")
        return ShopFacts(
            name=said.get("PS_SHOP_NAME", ""),
            country=text(country[0].get("iso_code")) if country else "",
            currency=text(currency[0].get("iso_code")) if currency else "",
            time_zone=zone,
            learned={"time_zone": zone, "cancelled": said.get("PS_OS_CANCELED", "")},
        )

    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        """By increasing id: orders that change meanwhile leave the window and hide no other."""
        field = "date_add" if window.by == "created" else "date_upd"
        first = int(cursor or 0) + 1
        filters = [(field, _between(window, shop)), ("id", f"[{first},{_LAST_ID}]")]
        answer = yield listed("orders", filters, limit=PAGE)
        orders = rows_of(answer)
        bundles = yield from _bundles(shop, orders)
        is_last = len(orders) < PAGE
        return page_of(
            bundles, read_order, next="" if is_last else text(orders[-1].get("id"))
        )  # fmt: skip

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        answer = yield listed("orders", [("id", f"[{int(external_id)}]")])
        bundles = yield from _bundles(shop, rows_of(answer))
        return read_order(bundles[0]) if bundles else None

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate:
        return read_order(values)

    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        return prestashop_writing.write(shop, change)


def _seen(
    resource: str, filters: tuple[tuple[str, str], ...], *, display: str, limit: int = 0
) -> Talk[Answer]:
    """What we cannot do without: where the key may not read it, that is said."""
    answer = yield listed(resource, filters, display=display, limit=limit, readable=_ANSWERS)
    if answer.status == 404:
        raise no(answer, "There is no web service of PrestaShop at this address")
    if answer.status != 200:
        raise refused_access(answer, resource=resource)
    return answer


def _between(window: Window, shop: Shop) -> str:
    """The window on the shop's clock, wider where that was set back meanwhile. Both ends count."""
    zone = zone_of(zone_name(shop))
    last = window.until - timedelta(seconds=1)
    ends = [one.astimezone(zone).utcoffset() or timedelta() for one in (window.since, last)]
    since = window.since.replace(tzinfo=None) + min(ends)
    until = last.replace(tzinfo=None) + max(ends)
    return f"[{_stamp(since)},{_stamp(until)}]"


def _stamp(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S}"


def _ids(rows: list[dict[str, Any]], *names: str) -> list[str]:
    return [text(row.get(name)) for row in rows for name in names]


def _bundles(shop: Shop, orders: list[dict[str, Any]]) -> Talk[list[dict[str, Any]]]:
    """The orders with the rows that they name, each kind asked for once."""
    numbers = _ids(orders, "id")
    addresses = yield from _addresses(_ids(orders, "id_address_delivery", "id_address_invoice"))
    customers = by_id((yield from of("customers", "id", _ids(orders, "id_customer"))))
    states = by_id((yield from of("order_states", "id", _ids(orders, "current_state"))))
    currencies = by_id((yield from of("currencies", "id", _ids(orders, "id_currency"))))
    languages = by_id((yield from of("languages", "id", _ids(orders, "id_lang"))))
    carriers = yield from _carriers(numbers)
    slips = yield from of("order_slip", "id_order", numbers)
    products = yield from _products(orders)

    def named(order: Mapping[str, Any], field: str, rows: Mapping[str, Any]) -> Mapping[str, Any]:
        found: Mapping[str, Any] = rows.get(text(order.get(field)), {})
        return found

    return [
        {
            "order": order,
            "delivery": named(order, "id_address_delivery", addresses),
            "invoice": named(order, "id_address_invoice", addresses),
            "customer": named(order, "id_customer", customers),
            "state": named(order, "current_state", states),
            "carriers": _of(order, carriers),
            "slips": _of(order, slips),
            "products": products,
            "currency": named(order, "id_currency", currencies).get("iso_code", ""),
            "language": _language(named(order, "id_lang", languages)),
            "zone": zone_name(shop),
            "cancelled": shop.credentials.get("cancelled", ""),
            "shop": shop.name,
        }
        for order in orders
    ]


def _of(order: Mapping[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if text(row.get("id_order")) == text(order.get("id"))]


def _language(row: Mapping[str, Any]) -> str:
    return text(row.get("locale")) or text(row.get("language_code")) or text(row.get("iso_code"))


def _addresses(ids: list[str]) -> Talk[dict[str, Mapping[str, Any]]]:
    """Addresses with their countries' codes and their states' names."""
    rows = yield from of("addresses", "id", ids)
    countries = by_id(
        (yield from of("countries", "id", _ids(rows, "id_country"), display="[id,iso_code]"))
    )
    states = by_id((yield from of("states", "id", _ids(rows, "id_state"), display="[id,name]")))
    return by_id(
        {
            **row,
            "iso_code": countries.get(text(row.get("id_country")), {}).get("iso_code", ""),
            "state_name": states.get(text(row.get("id_state")), {}).get("name", ""),
        }
        for row in rows
    )


def _carriers(numbers: list[str]) -> Talk[list[dict[str, Any]]]:
    """The orders' carriers with their names; a carrier called "0" has the shop's own name."""
    rows = yield from of("order_carriers", "id_order", numbers)
    names = by_id((yield from of("carriers", "id", _ids(rows, "id_carrier"), display="[id,name]")))
    found = []
    for row in rows:
        name = text(names.get(text(row.get("id_carrier")), {}).get("name"))
        found.append({**row, "name": "" if name == "0" else name})
    return found


def _products(orders: list[dict[str, Any]]) -> Talk[dict[str, Any]]:
    """The products that can still be looked at, with their pictures."""
    ids = [
        text(line.get("product_id"))
        for order in orders
        for line in mappings(part(order, "associations").get("order_rows"))
    ]
    rows = yield from of("products", "id", ids, display="[id,active,id_default_image]")
    return {text(row.get("id")): row for row in rows if text(row.get("active")) == "1"}
