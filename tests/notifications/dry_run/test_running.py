"""Rules tried on the past: the same as what really happened, and what would be different."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.dry_run.running import results
from notifications.models import ChannelSetting, Message
from notifications.ripening import ripen_due
from notifications.rules import Ruling, rules_of
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear
from tracking.models import Change, Recipient, Shipment

#: Ten in the evening in Riyadh.
EVENING = datetime(2026, 11, 10, 19, 0, tzinfo=UTC)
LATER = EVENING + timedelta(days=2)


@pytest.fixture
def phone(scope: Merchant, settings: Any) -> Shipment:
    """A parcel to Riyadh; the shop writes by SMS as well."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "token"
    settings.TWILIO_SMS_FROM = "Noor"
    ChannelSetting.objects.create(merchant=scope, channel="sms", is_on=True)
    parcel = factories.shipment(scope, carrier="aramex", country="SA", city="Riyadh")
    Recipient.objects.update(phone="+966501234567")
    return parcel


def the(merchant: Merchant, topic: str) -> Ruling:
    return next(one for one in rules_of(merchant) if one.slug == topic)


def learned(shipment: Shipment, hours: float, sub_status: str, *, at: datetime) -> None:
    """A scan that we learned of at that moment; what it made is composed and ripened."""
    before = set(Change.objects.values_list("pk", flat=True))
    hear(shipment, (hours, sub_status), now=at)
    Change.objects.exclude(pk__in=before).update(created_at=at)
    compose_due(now=at)
    Message.objects.filter(state="waiting").update(state="sent", attempts=1)


def really() -> dict[str, dict[str, int]]:
    """What became of it in the real rows, in a dry run's words."""
    rows = Message.objects.all()
    unsent = Counter(rows.filter(state="skipped").values_list("reason_code", flat=True))
    topics = Counter(rows.exclude(state="skipped").values_list("topic", flat=True))
    return {"topics": dict(topics), "unsent": dict(unsent)}


def test_past_told_anew_is_what_was_told(phone: Shipment, scope: Merchant) -> None:
    learned(phone, 1, "picked_up.accepted", at=EVENING)
    learned(phone, 1, "transit.departed_facility", at=EVENING + timedelta(hours=2))
    morning = EVENING + timedelta(hours=10)
    ripen_due(now=morning)
    Message.objects.filter(state="waiting").update(state="sent", attempts=1)
    learned(phone, 0.5, "out.on_vehicle", at=morning + timedelta(hours=1))
    learned(phone, 0.5, "delivered.generic", at=morning + timedelta(hours=4))
    ripen_due(now=LATER)
    found = results(scope.pk, tried=None, now=LATER)["today"]
    assert {name: found[name] for name in ("topics", "unsent")} == really()
    assert found["sent"] == sum(really()["topics"].values())


def test_tried_rule_is_counted_beside_the_rules_as_they_are(
    phone: Shipment, scope: Merchant
) -> None:
    learned(phone, 1, "picked_up.accepted", at=EVENING)
    rule = replace(the(scope, "shipped"), ways=(("email",), ("sms",)), at_night=True)
    found = results(scope.pk, tried=rule, now=LATER)
    today, then = found["today"], found["tried"]
    assert (today["sent"], today["night"]) == (2, 0)
    assert (then["sent"], then["night"]) == (2, 1)
    lines = {line["channel"]: (line["n"], line["parts"]) for line in then["lines"]}
    assert lines == {"email": (1, 0), "sms": (1, 1)}


def test_rule_that_is_off_sends_nothing(phone: Shipment, scope: Merchant) -> None:
    learned(phone, 1, "picked_up.accepted", at=EVENING)
    off = replace(the(scope, "shipped"), is_on=False)
    assert "shipped" not in results(scope.pk, tried=off, now=LATER)["tried"]["topics"]


def test_condition_reads_the_order(phone: Shipment, scope: Merchant) -> None:
    learned(phone, 1, "picked_up.accepted", at=EVENING)
    only = replace(the(scope, "shipped"), conditions={"countries": ["KW"]})
    assert "shipped" not in results(scope.pk, tried=only, now=LATER)["tried"]["topics"]


def test_what_is_told_after_the_delivery_is_pointless(phone: Shipment, scope: Merchant) -> None:
    learned(phone, 3, "picked_up.accepted", at=NOW)
    learned(phone, 1, "delivered.generic", at=NOW + timedelta(hours=3))
    wait = replace(the(scope, "shipped"), delay_minutes=5 * 60, ways=(("email",),))
    Shipment.objects.update(delivered_at=NOW + timedelta(hours=1))
    found = results(scope.pk, tried=wait, now=LATER)
    assert (found["today"]["late"], found["tried"]["late"]) == (0, 1)


def test_still_so_is_asked_of_the_state_at_that_moment(phone: Shipment, scope: Merchant) -> None:
    learned(phone, 1, "attempt.nobody_home", at=NOW)
    learned(phone, 0.1, "out.on_vehicle", at=NOW + timedelta(hours=1))
    Change.objects.filter(key="out_for_delivery").update(announce=False)
    for minutes, sent in ((90, 1), (180, 0)):
        rule = replace(
            the(scope, "attempt_failed"), delay_minutes=minutes, still=True, ways=(("email",),)
        )
        topics = results(scope.pk, tried=rule, now=LATER)["tried"]["topics"]
        assert topics.get("attempt_failed", 0) == sent


def test_nothing_is_written_and_nobody_told(phone: Shipment, scope: Merchant) -> None:
    learned(phone, 1, "picked_up.accepted", at=EVENING)
    Message.objects.all().delete()
    before = Shipment.objects.get()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        results(scope.pk, tried=None, now=LATER)
    writes = [one["sql"] for one in queries if one["sql"].split()[0] in {"INSERT", "UPDATE"}]
    assert (writes, Message.objects.count()) == ([], 0)
    assert Shipment.objects.get().status == before.status


def test_what_is_older_than_thirty_days_is_not_counted(phone: Shipment, scope: Merchant) -> None:
    learned(phone, 1, "picked_up.accepted", at=EVENING)
    found = results(scope.pk, tried=None, now=EVENING + timedelta(days=31))
    assert (found["orders"], found["today"]["sent"]) == (0, 0)
