"""Something back for waiting: who is given a voucher, once, and how many at most."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.goodwill.codes import add_codes, make_code, read_codes
from notifications.goodwill.giving import give_due
from notifications.models import Message, Voucher, VoucherRule
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear
from tracking.models import Recipient, Shipment


def late(merchant: Merchant, days: int, **columns: Any) -> Shipment:
    """A parcel on its way that should have come `days` ago."""
    parcel = factories.shipment(merchant, carrier="aramex")
    values: dict[str, Any] = {
        "promised_last": NOW.date() - timedelta(days=days), "edd_zone": "Asia/Dubai"
    }  # fmt: skip
    values |= {"status": "in_transit"} | columns
    Shipment.objects.filter(pk=parcel.pk).update(**values)
    Recipient.objects.filter(order=parcel.order).update(email=f"buyer{parcel.pk}@x.example")
    return parcel


def rule_for(merchant: Merchant, **values: Any) -> VoucherRule:
    return VoucherRule.objects.create(
        merchant=merchant, name="Late", worth="10 % off", **({"pattern": "SORRY-######"} | values)
    )


def test_who_waited_longer_gets_one_code_once(scope: Merchant) -> None:
    rule_for(scope, least_days=3)
    waited, patient = late(scope, 4), late(scope, 3)
    assert (give_due(now=NOW), give_due(now=NOW)) == (1, 0)
    voucher = Voucher.objects.get()
    assert (voucher.order_id, voucher.days_late) == (waited.order_id, 4)
    compose_due(now=NOW)
    (message,) = Message.objects.filter(order=waited.order)
    assert (message.topic, message.channel, message.state) == ("goodwill", "email", "waiting")
    assert f"Thank you for waiting. Your code: {voucher.code}" in message.text
    assert "With this code you get: 10 % off." in message.text
    assert not Message.objects.filter(order=patient.order).exists()


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "returning"},
        {"status": "cancelled"},
        {"status": "delivered", "delivered_at": NOW - timedelta(days=10)},
        {"status": "delivered", "delivered_at": NOW - timedelta(days=2)},
    ],
)
def test_who_is_owed_nothing(scope: Merchant, columns: dict[str, Any]) -> None:
    rule_for(scope, least_days=3)
    late(scope, 5, **columns)
    assert give_due(now=NOW) == 0


def test_late_delivery_of_these_days_counts(scope: Merchant) -> None:
    rule_for(scope, least_days=3)
    late(scope, 5, status="delivered", delivered_at=NOW - timedelta(days=1))
    assert give_due(now=NOW) == 1


def test_shopper_who_was_not_there_is_not_owed_one(scope: Merchant) -> None:
    rule_for(scope, least_days=0)
    parcel = late(scope, 5)
    hear(parcel, (30, "attempt.nobody_home"), (2, "transit.generic"))
    Shipment.objects.update(promised_last=NOW.date() - timedelta(days=5))
    assert give_due(now=NOW) == 0


def test_caps_hold_for_the_period_and_for_one_person(scope: Merchant) -> None:
    rule = rule_for(scope, least_days=1, most=2, period_days=7)
    for days in (9, 8, 7):
        late(scope, days)
    assert give_due(now=NOW) == 2
    rule.refresh_from_db()
    assert rule.stopped_at == NOW
    assert give_due(now=NOW + timedelta(days=8)) == 1
    Recipient.objects.update(email="same@x.example")
    again = late(scope, 9)
    Recipient.objects.filter(order=again.order).update(
        email=f"buyer{Voucher.objects.earliest('pk').person.partition('@')[0][5:]}@x.example"
    )
    assert give_due(now=NOW + timedelta(days=8)) == 0


def test_uploaded_codes_are_given_until_none_is_left(scope: Merchant) -> None:
    rule = rule_for(scope, least_days=1, pattern="")
    found = add_codes(rule=rule, text="code\nA1\nA2\nA1\nhas space\n")
    assert (found.new, found.known, found.broken) == (2, 0, (5,))
    assert add_codes(rule=rule, text="A2\n").known == 1
    for days in (9, 8, 7):
        late(scope, days)
    assert give_due(now=NOW) == 2
    assert sorted(Voucher.objects.values_list("code", flat=True)) == ["A1", "A2"]
    assert not Voucher.objects.filter(given_at__isnull=True).exists()


def test_files_of_codes_are_read_as_people_save_them() -> None:
    assert read_codes("\ufeffVoucher,worth\r\nX-1,5\r\n\r\nX-2,5\r\n") == (["X-1", "X-2"], ())


def test_made_codes_follow_the_pattern() -> None:
    code = make_code("EID-####-##")
    assert (code[:4], code[8], len(code)) == ("EID-", "-", 11)
