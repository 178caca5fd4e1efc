"""When it is told: nights, delays, what happened meanwhile, and enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from merchants.models import Merchant
from notifications import reasons
from notifications.calm import Peace, quiet_until
from notifications.compose import compose_changes, compose_due
from notifications.consent import choose
from notifications.models import Calm, ChannelSetting, Message
from notifications.ripening import ripen_due
from notifications.rules import rules_of, save_rule
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear, switch
from tracking.models import Change, Recipient, Shipment

#: Ten in the evening in Riyadh, and in Dubai eleven.
EVENING = datetime(2026, 11, 10, 19, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 11, 5, 0, tzinfo=UTC)


@pytest.fixture
def phone(scope: Merchant, settings: Any) -> Shipment:
    """A parcel to Riyadh; the shop writes by SMS as well."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "token"
    settings.TWILIO_SMS_FROM = "Noor"
    ChannelSetting.objects.create(merchant=scope, channel="sms", is_on=True)
    parcel = factories.shipment(scope, carrier="aramex", country="SA", city="Riyadh")
    Recipient.objects.update(phone="+966501234567")
    return parcel


def rule(merchant: Merchant, topic: str, **values: Any) -> None:
    """The default rule of a topic, changed."""
    base = next(one for one in rules_of(merchant) if one.slug == topic)
    save_rule(merchant=merchant, ruling=replace(base, **values))


def told() -> list[tuple[str, str, str, str]]:
    rows = Message.objects.order_by("id")
    return list(rows.values_list("topic", "channel", "state", "reason_code"))


@pytest.mark.parametrize(
    ("clock", "until"),
    [("20:59", "20:59"), ("21:00", "08:00"), ("23:30", "08:00"), ("07:59", "08:00"),
     ("08:00", "08:00"), ("12:00", "12:00")],
)  # fmt: skip
def test_night_ends_in_the_morning_there(clock: str, until: str) -> None:
    zone = ZoneInfo("Asia/Riyadh")
    now = datetime.combine(date(2026, 11, 10), time.fromisoformat(clock), tzinfo=zone)
    found = quiet_until(now.astimezone(UTC), zone, Peace()).astimezone(zone)
    assert found.time() == time.fromisoformat(until)
    assert timedelta(0) <= found - now <= timedelta(hours=11)


def test_ramadan_has_hours_of_its_own() -> None:
    peace = Peace(ramadan_from=time(3), ramadan_to=time(12))
    evening = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)  # 22:00 in Riyadh, in Ramadan
    zone = ZoneInfo("Asia/Riyadh")
    assert quiet_until(evening, zone, peace, country="SA") == evening
    assert quiet_until(evening, zone, peace, country="IN") > evening


def test_text_waits_for_the_morning_and_the_letter_does_not(phone: Shipment) -> None:
    hear(phone, (1, "picked_up.accepted"), now=EVENING)
    compose_due(now=EVENING)
    assert told() == [("shipped", "email", "waiting", ""), ("shipped", "sms", "planned", "")]
    text = Message.objects.get(channel="sms")
    assert (text.due_at, text.text) == (MORNING, "")
    ripen_due(now=MORNING - timedelta(seconds=1))
    assert Message.objects.get(channel="sms").state == "planned"
    ripen_due(now=MORNING)
    text.refresh_from_db()
    assert (text.state, text.due_at) == ("waiting", MORNING)
    assert text.text.startswith("Noor Home, order ")


def test_two_that_wait_for_the_morning_become_the_newer(phone: Shipment) -> None:
    hear(phone, (2, "picked_up.accepted"), now=EVENING)
    compose_due(now=EVENING)
    later = EVENING + timedelta(hours=4)
    hear(phone, (1, "out.on_vehicle"), now=later)
    compose_due(now=later)
    rows = Message.objects.filter(channel="sms").order_by("id")
    assert list(rows.values_list("topic", "state", "reason_code")) == [
        ("shipped", "skipped", "superseded"),
        ("out_for_delivery", "planned", ""),
    ]


def test_what_is_old_by_morning_is_not_told_at_all(phone: Shipment, scope: Merchant) -> None:
    Calm.objects.create(merchant=scope, quiet_from=time(21), quiet_to=time(20, 55))
    hear(phone, (1, "out.on_vehicle"), now=EVENING)
    compose_due(now=EVENING)
    assert ("out_for_delivery", "sms", "skipped", "night") in told()


def test_rule_may_ring_at_night(phone: Shipment, scope: Merchant) -> None:
    rule(scope, "out_for_delivery", at_night=True)
    hear(phone, (1, "out.on_vehicle"), now=EVENING)
    compose_due(now=EVENING)
    assert ("out_for_delivery", "sms", "waiting", "") in told()


def test_delayed_rule_tells_only_what_is_still_so(shipment: Shipment, scope: Merchant) -> None:
    rule(scope, "attempt_failed", delay_minutes=90, still=True)
    hear(shipment, (1, "attempt.nobody_home"))
    compose_due(now=NOW)
    assert told() == [("attempt_failed", "email", "planned", "")]
    assert Message.objects.get().due_at == NOW + timedelta(minutes=30)
    Shipment.objects.update(status="out_for_delivery")
    ripen_due(now=NOW + timedelta(minutes=30))
    assert told() == [("attempt_failed", "email", "skipped", "not_true")]


def test_news_learned_days_later_are_not_told(scope: Merchant) -> None:
    shipment = factories.shipment(scope, announce_from=NOW - timedelta(days=5))
    hear(shipment, (60, "picked_up.accepted"))
    compose_due(now=NOW)
    assert told() == [("shipped", "email", "skipped", "too_old")]


def test_enough_is_enough_but_for_what_is_urgent(shipment: Shipment, scope: Merchant) -> None:
    Calm.objects.create(merchant=scope, most_a_day=1)
    hear(shipment, (5, "picked_up.accepted"))
    compose_due(now=NOW)
    Message.objects.update(state="sent")
    hear(shipment, (3, "transit.departed_facility"))
    compose_due(now=NOW)
    hear(shipment, (1, "out.on_vehicle"))
    compose_due(now=NOW)
    assert told() == [
        ("shipped", "email", "sent", ""),
        ("in_transit", "email", "skipped", "enough"),
        ("out_for_delivery", "email", "waiting", ""),
    ]


def test_choice_made_while_it_waits_is_heeded(shipment: Shipment, scope: Merchant) -> None:
    rule(scope, "shipped", delay_minutes=180)
    hear(shipment, (1, "picked_up.accepted"))
    compose_due(now=NOW)
    choose(
        recipient=Recipient.objects.select_related("order").get(), channels=["email"],
        language="", is_muted=True, now=NOW,
    )  # fmt: skip
    ripen_due(now=NOW + timedelta(hours=2))
    (message,) = Message.objects.all()
    assert (message.state, message.reason) == ("skipped", reasons.MUTED)


def test_rule_switched_off_while_it_waits_drops_it(shipment: Shipment, scope: Merchant) -> None:
    rule(scope, "shipped", delay_minutes=180)
    hear(shipment, (1, "picked_up.accepted"))
    compose_due(now=NOW)
    switch(scope, "shipped", is_on=False)
    ripen_due(now=NOW + timedelta(hours=2))
    assert told() == [("shipped", "email", "skipped", "rule_off")]


@pytest.mark.parametrize(
    ("conditions", "is_told"),
    [({"countries": ["AE"]}, True), ({"countries": ["SA"]}, False),
     ({"carriers": ["aramex", "dhl"]}, True), ({"tags": ["vip"]}, False),
     ({"least_value": "1000000"}, False), ({"languages": ["en"], "cash": False}, True)],
)  # fmt: skip
def test_rule_holds_under_its_conditions(
    shipment: Shipment, scope: Merchant, conditions: dict[str, Any], is_told: bool
) -> None:
    rule(scope, "shipped", conditions=conditions)
    hear(shipment, (1, "picked_up.accepted"))
    compose_due(now=NOW)
    assert [row[0] for row in told()] == (["shipped"] if is_told else [])


def test_rule_of_the_merchants_own_stands_beside_ours(shipment: Shipment, scope: Merchant) -> None:
    ours = next(one for one in rules_of(scope) if one.slug == "shipped")
    made = save_rule(
        merchant=scope,
        ruling=replace(ours, slug="", name="The same, later", delay_minutes=600),
    )
    hear(shipment, (1, "picked_up.accepted"))
    compose_due(now=NOW)
    # The same address hears of one thing once.
    assert told() == [("shipped", "email", "waiting", "")]
    switch(scope, "shipped", is_on=False)
    Message.objects.all().delete()
    second = factories.shipment(scope)
    hear(second, (1, "picked_up.accepted"))
    compose_due(now=NOW)
    assert list(Message.objects.values_list("rule", "state")) == [(f"rule:{made.pk}", "planned")]


def test_date_that_moves_far_enough_is_told_once(shipment: Shipment, scope: Merchant) -> None:
    rule(scope, "date_later", least_days=3)
    for n, moved in enumerate((2, 3, -4)):
        Change.objects.create(
            merchant=scope, order=shipment.order, shipment=shipment, kind="date", key=f"{n}",
            at=NOW, created_at=NOW, data={"moved": moved},
        )  # fmt: skip
    compose_changes(list(Change.objects.select_related("order", "shipment")), now=NOW)
    assert [row[0] for row in told()] == ["date_later", "date_earlier"]
    assert [row[2] for row in told()] == ["skipped", "waiting"]
