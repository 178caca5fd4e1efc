"""What a shop says of an order as a whole: cancelled, held up, given back; each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from merchants.models import Merchant
from stores.ingest import save_order
from stores.vocabulary import Address, OrderUpdate, Refund
from tests.factories import NOW
from tracking.cash import save_cash_policy
from tracking.models import Change, Order, Reminder, Shipment

HOUR = timedelta(hours=1)
MAP = {"processing": "confirmed", "on-hold": "on_hold", "backorder": "out_of_stock"}
BASE = OrderUpdate(
    external_id="7", number="#7", placed_at=NOW - 5 * HOUR, currency="AED",
    destination=Address("AE", line1="Street 4", city="Dubai"),
    updated_at=NOW - 5 * HOUR,
)  # fmt: skip


def save(
    merchant: Merchant, *, now: datetime = NOW, status_map: Mapping[str, str] = MAP, **fields: Any
) -> Order:
    update = replace(BASE, **fields)
    return save_order(
        merchant=merchant, source="woocommerce:1", update=update, now=now, status_map=status_map
    ).order


def facts() -> list[tuple[str, bool, dict[str, Any]]]:
    rows = Change.objects.filter(kind="order").exclude(key__startswith="address:").order_by("pk")
    return [(row.key, row.announce, row.data) for row in rows]


def at(hours: float) -> dict[str, datetime]:
    return {"updated_at": NOW - hours * HOUR}


def test_cancelled_order_is_told_once(scope: Merchant) -> None:
    save(scope)
    for _ in range(2):
        save(scope, cancelled_at=NOW - HOUR, cancelled_by="shopper", **at(1))
    assert facts() == [("cancelled", True, {"by": "shopper"})]


def test_who_cancelled_is_not_guessed(scope: Merchant) -> None:
    save(scope, cancelled_at=NOW - HOUR)
    assert facts() == [("cancelled", True, {})]


def test_history_is_written_and_told_to_nobody(scope: Merchant) -> None:
    long_ago = NOW - timedelta(days=40)
    refund = Refund("r1", Decimal(5), at=long_ago)
    save(scope, placed_at=long_ago, cancelled_at=long_ago, refunds=(refund,), updated_at=long_ago)
    assert [(key, announce) for key, announce, _ in facts()] == [
        ("cancelled", False),
        ("refund:r1", False),
    ]


def test_cancelling_a_parcel_on_its_way_stops_nothing(scope: Merchant) -> None:
    order = save(scope)
    Change.objects.create(
        merchant=scope, order=order, kind="milestone", key="shipped", at=NOW,
        shipment=Shipment.objects.create(
            merchant=scope, order=order, carrier="sandbox", tracking_number="1", number_key="1"
        ),
    )  # fmt: skip
    save(scope, cancelled_at=NOW, **at(0))
    assert facts() == [("cancelled", False, {})]


def test_money_given_back_is_told_once_when_it_is_known_how_much(scope: Merchant) -> None:
    save(scope)
    save(scope, refunds=(Refund("r1"),), **at(3))
    assert facts() == []
    for hours in (2, 1):
        refunds = (Refund("r1", Decimal("12.5"), at=NOW - HOUR), Refund("r2", Decimal(0)))
        save(scope, refunds=refunds, **at(hours))
    assert facts() == [("refund:r1", True, {"amount": "12.50", "currency": "AED"})]


def test_hold_is_told_each_time_and_cleared_when_the_shop_goes_on(scope: Merchant) -> None:
    save(scope)
    for hours, status in ((4, "on-hold"), (3.5, "on-hold"), (3, "processing"), (2, "backorder")):
        save(scope, shop_status=status, **at(hours))
    assert [(key, announce) for key, announce, _ in facts()] == [
        ("on_hold:1", True),
        ("goes_on:1", False),
        ("out_of_stock:2", True),
    ]
    order = Order.objects.get()
    assert (order.hold, order.holds, order.hold_changed_at) == ("out_of_stock", 2, NOW - 2 * HOUR)


def test_status_that_nobody_mapped_means_nothing(scope: Merchant) -> None:
    save(scope, shop_status="on-hold", status_map={})
    assert (Order.objects.get().hold, facts()) == ("", [])


@pytest.mark.parametrize("order", list(permutations([(4, "on-hold"), (3, "processing"), (2, "")])))
def test_newest_word_counts_in_whatever_order_it_comes(
    scope: Merchant, order: tuple[tuple[int, str], ...]
) -> None:
    for hours, status in order:
        save(scope, shop_status=status, **at(hours))
    assert Order.objects.get().hold == ""


@pytest.mark.parametrize("order", list(permutations([(4, "processing"), (3, "on-hold")])))
def test_hold_stands_in_whatever_order_it_comes(
    scope: Merchant, order: tuple[tuple[int, str], ...]
) -> None:
    for hours, status in order:
        save(scope, shop_status=status, **at(hours))
    assert Order.objects.get().hold == "on_hold"


def test_what_a_payload_says_beside_its_status_counts_first(scope: Merchant) -> None:
    save(scope, shop_status="on-hold", hold="out_of_stock", **at(4))
    assert Order.objects.get().hold == "out_of_stock"
    save(scope, shop_status="", hold="", **at(3))
    assert Order.objects.get().hold == ""


def test_partner_takes_back_what_it_raised_and_nobody_else_does(scope: Merchant) -> None:
    save(scope, shop_status="processing")
    save(scope, shop_status="backorder", partial=True, **at(4))
    save(scope, shop_status="processing", **at(3))
    assert Order.objects.get().hold == "out_of_stock"
    save(scope, shop_status="processing", partial=True, **at(2))
    assert Order.objects.get().hold == ""


def test_partner_that_goes_on_leaves_the_shops_own_hold(scope: Merchant) -> None:
    save(scope, shop_status="on-hold")
    save(scope, shop_status="processing", partial=True, **at(3))
    assert Order.objects.get().hold == "on_hold"


def test_new_order_is_looked_after_until_it_leaves(scope: Merchant) -> None:
    save(scope)
    save(scope, **at(1))
    assert list(Reminder.objects.values_list("what", flat=True)) == ["not_dispatched"]


def test_order_to_be_paid_at_the_door_is_asked_about(scope: Merchant) -> None:
    save_cash_policy(merchant_id=scope.pk, asks=True, now=NOW)
    save(scope)
    assert facts() == []
    save(scope, cod_amount=Decimal(250), **at(2))
    save(scope, cod_amount=Decimal(240), **at(1))
    assert facts() == [("cod_confirm", True, {"amount": "250.00", "currency": "AED"})]
