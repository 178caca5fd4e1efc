"""A dry run of a rule over a month: seconds and memory, with the rules as they are beside it."""

from __future__ import annotations

import resource
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.db import connection
from django.test.utils import override_settings

from benchmarks import seeding
from benchmarks.measuring import Line, below, clocked, say
from benchmarks.sizes import Size
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.dry_run.running import results
from notifications.models import ChannelSetting
from notifications.rules import rules_of
from tests import factories
from tests.factories import NOW
from tracking.models import Change, Order, Recipient, Shipment

_MOST_SECONDS: Final = 30
_MOST_MB: Final = 500
#: (milestone, sub-status, hours after the parcel's day began).
_WAY: Final = (
    ("shipped", "picked_up.accepted", 10),
    ("in_transit", "transit.departed_facility", 23),
    ("out_for_delivery", "out.on_vehicle", 56),
    ("delivered", "delivered.generic", 62),
)


@override_settings(
    TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="t", TWILIO_SMS_FROM="Noor", TWILIO_WHATSAPP_FROM=""
)
def run(size: Size) -> list[Line]:
    """Four milestones, their statuses and a moved date for each parcel, over four weeks."""
    shop = factories.merchant(slug="dry-run")
    say(f"seeding {size.dry_run_parcels:,} parcels")
    _seed(shop, size.dry_run_parcels)
    with merchant_scope(shop.pk):
        rule = next(one for one in rules_of(shop) if one.slug == "out_for_delivery")
    tried = replace(rule, ways=(("email",), ("sms",)), at_night=True)
    with clocked() as took:
        found = results(shop.pk, tried=tried, now=NOW)
    today, then = found["today"]["sent"], found["tried"]["sent"]
    note = f"{found['parcels']:,} parcels, {today:,} messages by the rules, {then:,} by the tried"
    return [
        below(
            f"dry_run: {size.dry_run_parcels:,} parcels, both sets of rules",
            took.cpu, "s", _MOST_SECONDS, note=f"processor time; {note}",
        ),
        below("dry_run: the process's peak memory", _peak_mb(), "MB", _MOST_MB),
    ]  # fmt: skip


def _seed(shop: Merchant, count: int) -> None:
    with merchant_scope(shop.pk):
        ChannelSetting.objects.create(merchant=shop, channel="sms", is_on=True)
    seeding.parcels(shop, count, listed=False, now=NOW)
    with merchant_scope(shop.pk):
        first = Shipment.objects.select_related("order").order_by("pk")[0]
        person = Recipient.objects.create(
            merchant=shop, order=first.order, name="Sara", email="s@shopper.example",
            phone="+971501234567",
        )  # fmt: skip
        orders = f"SELECT id AS n FROM {Order._meta.db_table} WHERE id <> {person.order_id}"
        seeding.copies(person, orders, order_id="i.n", email="'s' || i.n || '@shopper.example'")
        change = Change.objects.create(
            merchant=shop, order=first.order, shipment=first, kind="date", key="1", at=NOW,
            data={"moved": 2},
        )  # fmt: skip
        _copy(change, first, kind="date", key="1", hours=30, announce=True)
        for milestone, sub_status, hours in _WAY:
            _copy(change, first, kind="milestone", key=milestone, hours=hours, announce=True)
            _copy(change, first, kind="status", key=f"{sub_status}@1", hours=hours, announce=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(
    change: Change, first: Shipment, *, kind: str, key: str, hours: int, announce: bool
) -> None:
    """One change of this kind for every parcel but the first, on a day of the last four weeks."""
    parcels = f"SELECT id AS n, order_id AS o FROM {Shipment._meta.db_table} WHERE id <> {first.pk}"
    start = (NOW - timedelta(days=29)).isoformat()
    at = f"timestamptz '{start}' + interval '{hours} hours' + mod(i.n, 26) * interval '1 day'"
    data = "'{\"moved\": 2}'" if kind == "date" else "'{}'"
    seeding.copies(
        change, parcels, order_id="i.o", shipment_id="i.n", kind=f"'{kind}'", key=f"'{key}'",
        at=at, created_at=at, data=data, announce=str(announce).lower(),
    )  # fmt: skip


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
