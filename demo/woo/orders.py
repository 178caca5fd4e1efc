"""Orders as WooCommerce's REST API gives them, invented from a seed. No database.

https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from demo.shop.people import Shopper, shopper_of

COUNT: Final = 240
DAYS: Final = 50
FIRST_NUMBER: Final = 4101
TRACKING: Final = "_wc_shipment_tracking_items"
#: Name, stock-keeping unit, price in dirhams.
_GOODS: Final = (
    ("Royal oud oil, 12 ml", "OUD-12", "320.00"),
    ("Amber incense, 100 g", "AMB-100", "85.00"),
    ("Brass incense burner", "BURN-1", "145.00"),
    ("Rose water spray", "ROSE-250", "48.00"),
    ("Musk gift box", "GIFT-MUSK", "210.00"),
)
_PLACES: Final = (
    ("AE", "en"), ("AE", "ar"), ("AE", "ar"), ("SA", "ar"), ("SA", "en"), ("KW", "en"),
    ("GB", "en"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sold:
    """An order of the shop."""

    number: int
    placed_at: datetime
    changed_at: datetime
    values: dict[str, Any]
    refunds: list[dict[str, Any]]


def history(*, now: datetime) -> list[Sold]:
    """The shop's orders of the last weeks, oldest first: the same whenever it is asked."""
    dice = random.Random("Noor Oud")  # noqa: S311 - not a secret
    first = now - timedelta(days=DAYS)
    step = timedelta(days=DAYS) / COUNT
    return [
        _sold(FIRST_NUMBER + one, first + one * step + step * dice.random() / 2, dice, now)
        for one in range(COUNT)
    ]


def _sold(number: int, placed_at: datetime, dice: random.Random, now: datetime) -> Sold:
    values = new_order(number, at=placed_at, dice=dice)
    changed_at = placed_at + timedelta(minutes=5)
    if now - placed_at > timedelta(days=3):
        values["status"] = "completed"
        changed_at = placed_at + timedelta(days=2)
    refunds = []
    if values["status"] == "completed" and dice.random() < 0.06:
        changed_at = min(placed_at + timedelta(days=6), now)
        refunds = [_refund(values, at=changed_at)]
        values["refunds"] = [
            {"id": one["id"], "reason": one["reason"], "total": f"-{one['amount']}"}
            for one in refunds
        ]
    return Sold(number, placed_at, changed_at, values, refunds)


def new_order(number: int, *, at: datetime, dice: random.Random) -> dict[str, Any]:
    """A purchase that was just made."""
    country, language = dice.choice(_PLACES)
    shopper = shopper_of(country, language)
    lines = [
        _line(number * 10 + place, *good, quantity=dice.choice((1, 1, 2)))
        for place, good in enumerate(dice.sample(_GOODS, dice.choice((1, 1, 2, 3))))
    ]
    cash = country in {"AE", "SA"} and dice.random() < 0.4
    address = _address(shopper, country)
    return {
        "id": number,
        "number": str(number),
        "status": "processing",
        "currency": "AED",
        "date_paid_gmt": None if cash else stamp(at),
        "total": str(sum((Decimal(line["total"]) for line in lines), Decimal(0))),
        "billing": address | {"email": shopper.email},
        "shipping": address,
        "payment_method": "cod" if cash else "stripe",
        "payment_method_title": "Cash on delivery" if cash else "Credit card",
        "line_items": lines,
        "refunds": [],
        "meta_data": [{"id": number * 10, "key": "wpml_language", "value": language}],
    }


def shipped(values: dict[str, Any], *, carrier: str, number: str, at: datetime) -> None:
    """Add a parcel to an order, as the plug-in Shipment Tracking keeps it."""
    entry = {
        "tracking_provider": carrier,
        "tracking_number": number,
        "date_shipped": str(int(at.timestamp())),
        "tracking_id": f"t{number[-8:]}",
    }
    values["meta_data"].append({"id": values["id"] * 10 + 1, "key": TRACKING, "value": [entry]})


def stamp(when: datetime) -> str:
    """A time in UTC without an offset, as WordPress writes it."""
    return f"{when:%Y-%m-%dT%H:%M:%S}"


def _line(line_id: int, name: str, sku: str, price: str, *, quantity: int) -> dict[str, Any]:
    return {
        "id": line_id,
        "name": name,
        "sku": sku,
        "quantity": quantity,
        "price": float(price),
        "total": str(Decimal(price) * quantity),
        "product_id": 0,
    }


def _address(shopper: Shopper, country: str) -> dict[str, str]:
    first, _, last = shopper.name.partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "company": "",
        "address_1": shopper.line1,
        "address_2": shopper.landmark,
        "city": shopper.city,
        "state": "",
        "postcode": shopper.postcode,
        "country": country,
        "phone": shopper.phone,
    }


def _refund(values: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """One piece of the first line, paid back."""
    line = values["line_items"][0]
    return {
        "id": values["id"] * 10 + 9,
        "date_created_gmt": stamp(at),
        "amount": f"{Decimal(str(line['price'])):.2f}",
        "reason": "Arrived broken",
        "line_items": [
            {"quantity": -1, "meta_data": [{"key": "_refunded_item_id", "value": str(line["id"])}]}
        ],
    }
