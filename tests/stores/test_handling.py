"""What a shop says of an order decides how long its parcels are handled, from the first date on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from edd.models import HandlingRule
from merchants.models import Merchant
from stores.vocabulary import Item, Origin
from tests.stores.test_ingest import parcel, save, update
from tracking.models import Promise, Shipment

LAMP, SOFA = Item("Lamp", 1, "l1", "LAMP"), Item("Sofa", 1, "l2", "SOFA-3")


def rule(merchant: Merchant, kind: str, match: str) -> None:
    HandlingRule.objects.create(merchant=merchant, kind=kind, match=match, handling_days=6)


def lasts() -> dict[str, date | None]:
    return dict(Shipment.objects.values_list("tracking_number", "edd_last"))


def reasons() -> list[str]:
    return [made.why[0] for made in Promise.objects.order_by("pk")]


def test_contents_of_each_parcel_count_from_its_first_date_on(scope: Merchant) -> None:
    rule(scope, "sku", "sofa-")
    lamp = parcel("11122233344", contents=(("l1", 1),))
    sofa = parcel("22233344455", contents=(("l2", 1),))
    save(scope, update(items=(LAMP, SOFA), parcels=(lamp, sofa)))
    assert reasons() == ["handling:1", "handling_sku:6:sofa-"]
    found = lasts()
    assert found["11122233344"] < found["22233344455"]  # type: ignore[operator]


def test_parcel_of_unknown_contents_may_hold_every_line(scope: Merchant) -> None:
    rule(scope, "sku", "sofa-")
    save(scope, update(items=(LAMP, SOFA), parcels=(parcel("11122233344"),)))
    assert reasons() == ["handling_sku:6:sofa-"]


@pytest.mark.parametrize(
    ("kind", "match", "more"),
    [
        ("tag", "fragile", {"tags": ("Fragile",)}),
        ("warehouse", "al ain", {"ship_from": Origin("Al Ain")}),
        (
            "sku",
            "sofa-",
            {"items": (LAMP, SOFA), "parcels": (parcel("11122233344", contents=(("l2", 1),)),)},
        ),
    ],
)
def test_what_is_told_later_dates_it_again(
    scope: Merchant, kind: str, match: str, more: dict[str, Any]
) -> None:
    rule(scope, kind, match)
    known: dict[str, Any] = {"items": (LAMP,), "parcels": (parcel("11122233344"),)}
    save(scope, update(**known))
    save(scope, update(**(known | more)))
    assert reasons() == ["handling:1", f"handling_{kind}:6:{match}"]
