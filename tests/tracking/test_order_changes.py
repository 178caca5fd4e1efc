"""What becomes of an order as a whole: left in part, come as a whole."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from carriers.updates import TrackingUpdate
from merchants.models import Merchant
from tests import factories
from tests.factories import NOW
from tests.tracking.test_ingest import hear, scan
from tracking.ingest import Heard, ingest, review
from tracking.models import Change, Order, OrderItem, Shipment, ShipmentItem
from tracking.order_changes import on_the_way, plain_amount

TODAY = "2026-11-12"


def facts() -> list[tuple[str, bool, dict[str, Any]]]:
    rows = Change.objects.filter(kind="order").order_by("pk")
    return [(row.key, row.announce, row.data) for row in rows]


def two_parcels(merchant: Merchant, **fields: Any) -> tuple[Shipment, Shipment]:
    order = factories.order(merchant, **fields)
    return factories.shipment(merchant, order=order), factories.shipment(merchant, order=order)


def put_in(shipment: Shipment, **counts: int) -> None:
    """So many of each title in this parcel; a line that is not there is ordered once more."""
    for title, quantity in counts.items():
        item, _ = OrderItem.objects.get_or_create(
            merchant_id=shipment.merchant_id, order_id=shipment.order_id, title=title,
            defaults={"quantity": quantity},
        )  # fmt: skip
        ShipmentItem.objects.create(
            merchant_id=shipment.merchant_id, shipment=shipment, item=item, quantity=quantity
        )


def test_first_of_two_parcels_that_leaves_is_a_part(scope: Merchant) -> None:
    first, _ = two_parcels(scope)
    hear(first, scan(2, "picked_up.accepted"))
    data = {"sent": 1, "of": 2, "unit": "parcels", "waiting": []}
    assert facts() == [(f"partly_dispatched:{TODAY}", True, data)]


def test_both_at_once_are_no_part(scope: Merchant) -> None:
    both = two_parcels(scope)
    heard = [
        Heard(one.pk, TrackingUpdate(one.tracking_number, (scan(2, "picked_up.accepted"),)))
        for one in both
    ]
    ingest(heard=heard, source="poll", now=NOW)
    assert facts() == []


def test_only_parcel_of_an_order_is_all_of_it(scope: Merchant) -> None:
    hear(factories.shipment(scope), scan(2, "picked_up.accepted"))
    assert facts() == []


def test_pieces_count_where_it_is_known_what_is_in_the_parcels(scope: Merchant) -> None:
    shipment = factories.shipment(scope)
    put_in(shipment, **{"Brass lamp": 1})
    OrderItem.objects.create(merchant=scope, order_id=shipment.order_id, title="Rug", quantity=2)
    hear(shipment, scan(2, "picked_up.accepted"))
    data = {"sent": 1, "of": 3, "unit": "pieces", "waiting": ["Rug"]}
    assert facts() == [(f"partly_dispatched:{TODAY}", True, data)]


def test_part_is_told_once_a_day(scope: Merchant) -> None:
    first, second = two_parcels(scope)
    factories.shipment(scope, order=first.order)
    hear(first, scan(2, "picked_up.accepted"))
    hear(second, scan(1, "picked_up.accepted"))
    assert [(key, data["sent"]) for key, _, data in facts()] == [(f"partly_dispatched:{TODAY}", 1)]


def test_last_parcel_makes_the_order_complete_once(scope: Merchant) -> None:
    first, second = two_parcels(scope)
    hear(first, scan(3, "delivered.generic"))
    hear(second, scan(1, "delivered.generic"))
    hear(second, scan(0.5, "delivered.signed"))
    review([first.pk, second.pk], now=NOW)
    assert facts()[1:] == [("all_delivered", True, {"parcels": 2})]


def test_what_waits_in_no_parcel_keeps_the_order_open(scope: Merchant) -> None:
    first, second = two_parcels(scope)
    put_in(first, **{"Brass lamp": 1})
    put_in(second, Rug=1)
    OrderItem.objects.create(merchant=scope, order_id=first.order_id, title="Vase", quantity=1)
    hear(first, scan(3, "delivered.generic"))
    hear(second, scan(1, "delivered.generic"))
    assert [key for key, _, _ in facts()] == [f"partly_dispatched:{TODAY}"]


def test_parcel_that_was_taken_back_does_not_count(scope: Merchant) -> None:
    first, second = two_parcels(scope)
    Shipment.objects.filter(pk=second.pk).update(status="cancelled", withdrawn_at=NOW)
    hear(first, scan(1, "delivered.generic"))
    assert facts() == []


def test_history_is_written_and_told_to_nobody(scope: Merchant) -> None:
    first, second = two_parcels(scope, announce_from=NOW)
    hear(first, scan(30, "delivered.generic"))
    hear(second, scan(20, "delivered.generic"))
    assert [(key, announce) for key, announce, _ in facts()] == [
        (f"partly_dispatched:{TODAY}", False),
        ("all_delivered", False),
    ]


def test_silent_look_tells_nobody(scope: Merchant) -> None:
    first, second = two_parcels(scope)
    hear(first, scan(3, "delivered.generic"))
    hear(second, scan(1, "delivered.generic"))
    Change.objects.all().delete()
    Shipment.objects.update(milestones={}, status="pending")
    review([first.pk, second.pk], now=NOW, silent=True)
    assert [(key, announce) for key, announce, _ in facts()] == [("all_delivered", False)]


def test_standing_is_read_for_many_orders_at_once(
    scope: Merchant, django_assert_num_queries: Any
) -> None:
    orders = [two_parcels(scope)[0].order_id for _ in range(4)]
    with django_assert_num_queries(3):
        found = on_the_way(orders)
    assert {one.is_partly for one in found.values()} == {False}
    assert set(found) == set(Order.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("amount", "text"),
    [("12.500", "12.50"), ("250", "250.00"), ("1.125", "1.125"), ("1000.000", "1000.00")],
)
def test_amounts_have_the_decimals_that_say_something(amount: str, text: str) -> None:
    assert plain_amount(Decimal(amount)) == text


def test_parcel_that_waits_for_the_next_day_is_told_anew(scope: Merchant) -> None:
    first, second = two_parcels(scope)
    factories.shipment(scope, order=first.order)
    hear(first, scan(2, "picked_up.accepted"))
    hear(second, scan(-20, "picked_up.accepted"), now=NOW + timedelta(hours=21))
    assert [key for key, _, _ in facts()] == [
        f"partly_dispatched:{TODAY}",
        "partly_dispatched:2026-11-13",
    ]
