"""What programs are told, field for field."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from merchants.access import issue_api_key
from merchants.models import Merchant
from notifications.models import WebhookDelivery
from notifications.webhooks import payload, queue, shapes
from notifications.webhooks.events import event_of
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear
from tests.notifications.webhooks.conftest import Program, listen, queue_all
from tracking.models import AddressCheck, Change, Consent, Leg, Order, Refund, Shipment
from tracking.outbox import NewChange, write


@pytest.fixture
def rich(merchant: Merchant) -> Shipment:
    """A parcel and an order about which everything is known."""
    from merchants.scope import merchant_scope

    with merchant_scope(merchant.pk):
        made = factories.shipment(
            merchant, carrier="aramex", tracking_number="47218830956", total=Decimal("149.5"),
            latitude=25.2, longitude=55.27, wish={"day": "2026-11-14"}, tags=["vip"],
            ship_from={"city": "Sharjah"}, promised_last=NOW.date(), landmark="The pharmacy",
        )  # fmt: skip
        hear(made, (30, "picked_up.accepted"), (2, "out.on_vehicle"))
        order = made.order
        Shipment.objects.filter(pk=made.pk).update(
            details={"pieces": 2, "cash": {"amount": "10", "currency": "AED"}}
        )
        own: dict[str, Any] = {"merchant": merchant}
        Leg.objects.create(**own, shipment=made, position=1, carrier="ups", tracking_number="1Z999")
        Refund.objects.create(
            **own, order=order, external_id="r1", amount=Decimal(5), reason="late", at=NOW,
            lines=[["a", 1]],
        )  # fmt: skip
        Consent.objects.create(
            **own, order=order, channel="sms", purpose="marketing", given=True, at=NOW
        )
        AddressCheck.objects.update_or_create(
            order=order,
            defaults=own
            | {
                "score": 60, "checked_at": NOW,
                "missing": [
                    {"need": "phone", "level": "must", "problem": "absent", "costs": 40}
                ],
            },
        )  # fmt: skip
    return made


def of_api(merchant: Merchant, path: str) -> Any:
    key = issue_api_key(merchant=merchant, name="tests", by=None)[1]
    return Client(headers={"authorization": f"Bearer {key}"}).get(f"/api/v1/{path}").json()


def test_parcel_has_the_shape_of_the_api(merchant: Merchant, rich: Shipment) -> None:
    from merchants.scope import merchant_scope

    shown = of_api(merchant, f"shipments/{rich.pk}/")
    with merchant_scope(merchant.pk):
        mine = shapes.shipment_shape(shapes.shipments().get(pk=rich.pk))
    assert json.loads(json.dumps(mine)) == shown
    assert list(mine) == list(shown)


def test_order_has_the_shape_of_the_api(merchant: Merchant, rich: Shipment) -> None:
    from merchants.scope import merchant_scope

    shown = of_api(merchant, f"orders/{rich.order_id}/")
    with merchant_scope(merchant.pk):
        order = shapes.orders().get(pk=rich.order_id)
        mine = shapes.order_shape(order, tracking_url=shown["tracking_url"])
    # Whom we tell, and how, is asked for by who needs it; it is not sent around.
    del shown["recipients"]
    assert json.loads(json.dumps(mine)) == shown


def test_parcel_news_names_its_order_and_what_changed(scope: Merchant, program: Program) -> None:
    listen(scope, program, "parcel.out_for_delivery")
    parcel = factories.shipment(scope, carrier="aramex", number="1042")
    hear(parcel, (2, "out.on_vehicle"))
    queue_all()
    row = WebhookDelivery.objects.get()
    said = json.loads(row.body)
    assert said["type"] == "parcel.out_for_delivery"
    assert said["timestamp"] == (NOW - timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    assert said["sequence"] == row.change_id
    assert said["data"]["change"] == {"milestone": "out_for_delivery"}
    assert said["data"]["shipment"]["id"] == parcel.pk
    assert sorted(said["data"]["order"]) == [
        "external_id", "id", "number", "source", "status", "tracking_url",
    ]  # fmt: skip
    assert said["data"]["order"]["number"] == "1042"


@pytest.mark.parametrize(
    ("kind", "key", "event"),
    [
        ("milestone", "placed", "order.placed"),
        ("milestone", "attempt_failed:2", "parcel.attempt_failed"),
        ("milestone", "delayed", "parcel.delayed"),
        ("status", "out.on_vehicle@ab", "parcel.status_changed"),
        ("date", "2026-11-12/2026-11-14#3", "parcel.date_changed"),
        ("flag", "stalled:raised:2026-11-12T08:00:00+00:00", "parcel.flag_raised"),
        ("flag", "stalled:cleared:2026-11-12T08:00:00+00:00", "parcel.flag_cleared"),
        ("order", "cancelled", "order.cancelled"),
        ("order", "on_hold:2", "order.on_hold"),
        ("order", "refund:r-1", "order.refunded"),
        ("order", "case:1:2", "order.case_updated"),
        ("order", "address:asked", "order.address_asked"),
        ("due", "arriving_tomorrow:2026-11-13", "parcel.arriving_tomorrow"),
        ("due", "not_dispatched", "order.not_dispatched"),
        ("order", "something_new", ""),
        ("due", "something_new:1", ""),
    ],
)
def test_change_is_this_event(kind: str, key: str, event: str) -> None:
    assert event_of(kind, key) == event


def test_every_kind_of_change_is_read() -> None:
    assert set(payload._CHANGES) == set(Change.Kind)


@pytest.mark.parametrize(
    ("kind", "key", "data", "told"),
    [
        ("milestone", "attempt_failed:2", {"sub_status": "attempt.nobody_home"},
         {"milestone": "attempt_failed", "attempt": 2, "sub_status": "attempt.nobody_home"}),
        ("status", "out.on_vehicle@x", {}, {"sub_status": "out.on_vehicle"}),
        ("date", "k", {"was": ["None", "2026-11-12"], "now": ["2026-11-13", "2026-11-14"],
                       "source": "engine"},
         {"was": {"from": None, "to": "2026-11-12"},
          "now": {"from": "2026-11-13", "to": "2026-11-14"}, "source": "engine"}),
        ("flag", "delayed:raised:x", {}, {"flag": "delayed"}),
        ("order", "partly_dispatched:2026-11-12", {}, {"day": "2026-11-12"}),
        ("order", "refund:r-1", {}, {"refund": "r-1"}),
        ("due", "arriving_today:2026-11-12", {}, {"day": "2026-11-12"}),
        ("order", "case:7:9", {"case": 7, "event": "replied", "kind": "concern", "outcome": "",
                               "words": "Dear Sara", "words_language": "en"},
         {"case": 7, "event": "replied", "kind": "concern", "outcome": ""}),
    ],
)  # fmt: skip
def test_change_is_told_in_plain_values(kind: str, key: str, data: Any, told: Any) -> None:
    change = Change(kind=kind, key=key, data=data, at=NOW)
    assert payload._CHANGES[kind](change) == told


def test_order_news_has_the_whole_order(scope: Merchant, program: Program) -> None:
    listen(scope, program, "order.cancelled")
    order = factories.order(scope, number="1042")
    write([NewChange(scope.pk, order.pk, None, "order", "cancelled", NOW)], now=NOW)
    queue_all()
    said = json.loads(WebhookDelivery.objects.get().body)
    assert said["data"]["order"]["customer"]["email"] == "sara@shopper.example"
    assert said["data"]["change"] == {}


def test_one_that_cannot_be_written_fails_alone(
    scope: Merchant, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(scope, program, "order.cancelled")
    for number in ("1", "2", "3"):
        order = factories.order(scope, number=number)
        write([NewChange(scope.pk, order.pk, None, "order", "cancelled", NOW)], now=NOW)
    true = payload.order_news

    def odd(event: str, change: Change, order: Order, *, tracking_url: str) -> str:
        if order.number == "2":
            raise ValueError
        return true(event, change, order, tracking_url=tracking_url)

    monkeypatch.setattr(payload, "order_news", odd)
    queue_all()
    found = WebhookDelivery.objects.order_by("pk").values_list("order__number", "state", "problem")
    assert list(found) == [
        ("1", "waiting", ""), ("2", "failed", queue.UNREADABLE), ("3", "waiting", ""),
    ]  # fmt: skip
