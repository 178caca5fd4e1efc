"""From a parcel's scans to outcomes and sums, through the one door."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from carriers.updates import DateWindow, TrackingUpdate
from edd.ledger import claim_guards, guard, load_calibrations
from edd.models import Calibration, DateScore, Guarded
from lib.vocabulary import Status
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tests.storefront_pages import scenes
from tests.storefront_pages.scenes import scan
from tracking.disputes import dispute_delivery, settle_dispute
from tracking.ingest import Heard, ingest
from tracking.judging import judge_due
from tracking.models import (
    CarrierDate,
    DateOutcome,
    Judgement,
    Promise,
    Shipment,
    ShownDate,
)
from tracking.shown import Where, Who, note_shown, seen
from tracking.tasks import guard_dates


def at(days: float) -> datetime:
    """So many days after the order, which was placed two days before NOW."""
    return NOW + timedelta(days=days - 2)


def sent(merchant: Merchant, **fields: Any) -> Shipment:
    """A parcel whose order is told at once, and a courier has a day later."""
    order = factories.order(merchant, placed_at=at(0))
    made = factories.shipment(merchant, order=order, carrier="aramex", now=at(0), **fields)
    hear(made, scan(0, "picked_up.accepted", now=at(1)), now=at(1))
    return made


def hear(shipment: Shipment, *events: Any, now: datetime, **fields: Any) -> None:
    window = fields.get("window")
    edd = DateWindow(*window, "Asia/Dubai") if window else None
    update = TrackingUpdate(shipment.tracking_number, tuple(events), edd=edd)
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=now)


def deliver(shipment: Shipment, days: float) -> None:
    hear(shipment, scan(0, "delivered.generic", now=at(days)), now=at(days))


def outcomes(shipment: Shipment) -> list[tuple[str, str, str, int | None]]:
    rows = DateOutcome.objects.filter(shipment=shipment).order_by("pk")
    return [(row.whose, row.stage, row.verdict, row.days_off) for row in rows]


def sums() -> list[tuple[str, int, int]]:
    rows = DateScore.objects.order_by("whose", "stage", "week", "pk")
    return [(f"{row.whose} {row.stage}", row.n, row.in_time) for row in rows]


def test_delivered_parcel_is_judged_once(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        made = sent(merchant)
        deliver(made, 2)
    assert judge_due(now=at(3)) == 1
    assert judge_due(now=at(3)) == 0
    with merchant_scope(merchant.pk):
        assert outcomes(made) == [
            ("ours", "order", "inside", 0),
            ("ours", "handover", "inside", 0),
        ]
        assert sums() == [("ours handover", 1, 1), ("ours order", 1, 1)]
        row = DateScore.objects.get(stage="order")
        assert (row.carrier, row.lane, row.level, row.source, row.week) == (
            "aramex", "AE>AE", 90, "configuration", date(2026, 11, 9),
        )  # fmt: skip


def test_late_parcel_is_counted_late_with_its_days(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        made = sent(merchant)
        first = Promise.objects.filter(shipment=made).order_by("pk").first()
        assert first is not None
        deliver(made, (first.last - at(0).date()).days + 3)
    judge_due(now=at(20))
    with merchant_scope(merchant.pk):
        assert outcomes(made)[0] == ("ours", "order", "late", 3)
        assert DateScore.objects.get(stage="order", in_time=0).days_off == 3


def test_parcel_that_is_awaited_has_no_turn(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        sent(merchant)
        assert Judgement.objects.count() == 0


def test_carriers_first_date_after_pickup_is_judged_beside_ours(merchant: Merchant) -> None:
    said = [(date(2026, 11, 11 + n), date(2026, 11, 12 + n)) for n in range(3)]
    with merchant_scope(merchant.pk):
        order = factories.order(merchant, placed_at=at(0))
        made = factories.shipment(merchant, order=order, carrier="aramex", now=at(0))
        hear(made, scan(0, "info.label_created", now=at(0.5)), now=at(0.5), window=said[2])
        hear(made, scan(0, "picked_up.accepted", now=at(1)), now=at(1), window=said[0])
        hear(made, scan(0, "transit.generic", now=at(2)), now=at(2), window=said[1])
        deliver(made, 3)
        kept = CarrierDate.objects.order_by("said_at").values_list("first", "was_held")
        assert list(kept) == [(said[2][0], False), (said[0][0], True), (said[1][0], True)]
    judge_due(now=at(4))
    with merchant_scope(merchant.pk):
        theirs = DateOutcome.objects.get(whose="carrier")
        assert (theirs.first, theirs.verdict, theirs.days_off) == (said[0][0], "late", 1)


def test_lost_parcel_is_judged_again_when_its_last_day_has_passed(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        made = sent(merchant)
        last = Promise.objects.filter(shipment=made).order_by("-last")[0].last
        hear(made, scan(0, "lost.declared", now=at(1.5)), now=at(1.5))
        made.refresh_from_db()
        assert made.status == Status.LOST_OR_DESTROYED
    judge_due(now=at(1.6))
    with merchant_scope(merchant.pk):
        assert outcomes(made) == []
        due = Judgement.objects.get(shipment=made).due_at
        assert due is not None
        assert due.astimezone(scenes.DUBAI).date() == last + timedelta(days=1)
    judge_due(now=due)
    with merchant_scope(merchant.pk):
        assert {row[2:] for row in outcomes(made)} == {("late", None)}
        assert {(row.n, row.in_time, row.arrived) for row in DateScore.objects.all()} == {(1, 0, 0)}


def test_disputed_delivery_is_taken_out_and_counted_again_when_settled(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        made = sent(merchant)
        deliver(made, 2)
    judge_due(now=at(3))
    with merchant_scope(merchant.pk):
        made.refresh_from_db()
        dispute_delivery(shipment=made, now=at(4))
    judge_due(now=at(4))
    with merchant_scope(merchant.pk):
        assert (outcomes(made), sums()) == ([], [])
        made.refresh_from_db()
        settle_dispute(shipment=made, now=at(5))
    judge_due(now=at(5))
    with merchant_scope(merchant.pk):
        assert sums() == [("ours handover", 1, 1), ("ours order", 1, 1)]


def test_what_a_customer_saw_is_counted_apart_and_judged(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        made = sent(merchant)
        made.refresh_from_db()
        looks = [
            *seen([made], where=Where.PAGE, who=Who.BUYER),
            *seen([made], where=Where.API, who=Who.PROGRAM),
        ]
        note_shown(looks, merchant_id=merchant.pk, now=at(1.2))
        deliver(made, 2)
        awaited = seen([sent(merchant)], where=Where.PAGE, who=Who.BUYER)
        note_shown(awaited, merchant_id=merchant.pk, now=at(1))
    judge_due(now=at(3))
    with merchant_scope(merchant.pk):
        shown = ShownDate.objects.filter(shipment=made).order_by("where")
        assert [(one.where, one.verdict, one.days_off) for one in shown] == [
            ("api", "inside", 0), ("page", "inside", 0),
        ]  # fmt: skip
        told = DateOutcome.objects.filter(shipment=made, told=True)
        assert [one.stage for one in told] == ["order", "handover"]
        assert ShownDate.objects.exclude(shipment=made).get().verdict == ""


def test_sums_are_those_of_the_outcomes_whatever_ran_twice(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        for days in (2, 3, 12):
            deliver(sent(merchant), days)
    judge_due(now=at(13), limit=2)
    with merchant_scope(merchant.pk):
        Judgement.objects.update(due_at=at(13))
    judge_due(now=at(13))
    judge_due(now=at(13) + timedelta(hours=1))
    with merchant_scope(merchant.pk):
        counted = Counter()
        for row in DateScore.objects.all():
            counted[row.stage, row.week] += row.n
        rows = DateOutcome.objects.values_list("stage", "week")
        assert counted == Counter(rows)
        assert sum(counted.values()) == 6


def test_sums_have_the_levels_that_were_needed(merchant: Merchant) -> None:
    kept = {"start": "2026-11-10", "days": {"50": 1, "90": 3, "95": 5}}
    with merchant_scope(merchant.pk):
        made = sent(merchant)
        Promise.objects.filter(shipment=made).update(inputs=kept)
        deliver(made, 3)
    judge_due(now=at(4))
    with merchant_scope(merchant.pk):
        order, handover = DateScore.objects.order_by("-stage")
        assert DateOutcome.objects.filter(needed=90).count() == 1
        assert (sum(order.needed), order.needed[35]) == (1, 1)
        # The pick-up moved nothing: the chances at the order are not those at hand-over.
        assert handover.needed == []
        Judgement.objects.update(due_at=at(5))
        made.refresh_from_db()
        dispute_delivery(shipment=made, now=at(5))
    judge_due(now=at(5))
    with merchant_scope(merchant.pk):
        assert DateScore.objects.count() == 0


def score(merchant: Merchant, needed: list[int], **fields: Any) -> None:
    n = sum(needed)
    values: dict[str, Any] = {
        "week": NOW.date() - timedelta(days=3), "whose": "ours", "carrier": "aramex",
        "lane": "AE>AE", "stage": "order", "level": 90, "source": "engine",
    }  # fmt: skip
    DateScore.objects.create(
        merchant=merchant, n=n, in_time=n, inside=n, arrived=n, days_off=0, told=0,
        told_in_time=0, needed=needed, **(values | fields),
    )  # fmt: skip


def test_guard_corrects_once_a_week_and_carrier(merchant: Merchant, other: Merchant) -> None:
    late = [4] * 36 + [40] * 4
    with merchant_scope(merchant.pk):
        score(merchant, late)
        Guarded.objects.create(merchant=merchant, due_at=NOW)
    with merchant_scope(other.pk):
        score(other, late)
    with every_merchant("as the task does"):
        assert claim_guards(now=NOW, limit=10) == [merchant.pk]
        assert claim_guards(now=NOW + timedelta(days=6), limit=10) == []
    with merchant_scope(merchant.pk):
        found = guard(merchant.pk, now=NOW)
        assert sorted(one.carrier for one in found) == ["", "aramex"]
        assert {(one.level, one.before, one.n) for one in found} == {(90, 90.0, 304)}
        assert {one.adjusted > 93 for one in load_calibrations(merchant.pk)} == {True}
        assert guard(merchant.pk, now=NOW + timedelta(days=7)) == []
    with merchant_scope(other.pk):
        assert Calibration.objects.count() == 0


def test_guard_task_does_nothing_until_a_week_is_over(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        deliver(sent(merchant), 2)
    judge_due(now=at(3))
    with merchant_scope(merchant.pk):
        assert Guarded.objects.get().due_at == at(10)
        Guarded.objects.update(due_at=NOW - timedelta(days=100))
    assert (guard_dates(), guard_dates()) == (1, 0)
