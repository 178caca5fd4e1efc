"""Nights and weeks of learning, with real rows: once each, pooled, and nobody's secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from edd import knowledge
from edd.estimate import Parcel, estimate
from edd.models import Clock, Learned, OwnNode, PooledNode
from edd.rules import load_rules
from lib.vocabulary import Status
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tests.tracking.many_delivered import delivered
from tracking.fitting import fit_weekly
from tracking.learning import SETTLES, learn_nights
from tracking.models import Shipment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("learning")]


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The estimate's clock stands at NOW, and nothing of another test is remembered."""
    monkeypatch.setattr("edd.knowledge.timezone.now", lambda: NOW)
    knowledge.forget()


def merchants(count: int) -> list[Merchant]:
    return [factories.merchant(slug=f"shop-{place}") for place in range(count)]


def learn(now=NOW) -> int:
    with every_merchant("a test learns"):
        return learn_nights(now=now)


def lane(merchant: Merchant, **fields) -> Parcel:
    values = {
        "placed_at": NOW,
        "status": Status.PENDING,
        "carrier": "aramex",
        "service": "",
        "from_country": "AE",
        "to_country": "SA",
        "to_zone": "Asia/Riyadh",
    }
    return Parcel(**(values | fields))


def shown(merchant: Merchant, **fields):
    with merchant_scope(merchant.pk):
        return estimate(lane(merchant, **fields), load_rules(merchant.pk), now=NOW)


def test_a_night_is_counted_once() -> None:
    for one in merchants(3):
        delivered(one, 12, now=NOW)
    assert learn() == 240
    with every_merchant("a test looks"):
        rows = list(PooledNode.objects.order_by("id").values_list("at_risk", "until"))
    assert learn() == 0
    with every_merchant("a test looks"):
        assert list(PooledNode.objects.order_by("id").values_list("at_risk", "until")) == rows


def test_nights_one_by_one_count_what_one_look_counts() -> None:
    for one in merchants(3):
        delivered(one, 15, now=NOW, open_too=5)
    for night in range(6, -1, -1):
        learn(NOW - timedelta(days=night))
    nightly = _rows()
    with every_merchant("a test begins anew"):
        PooledNode.objects.all().delete()
        Learned.objects.all().delete()
    learn()
    assert _rows() == nightly


def _rows() -> dict[str, float]:
    with every_merchant("a test looks"):
        return {
            f"{row.clock} {row.name}": round(row.parcels, 2)
            for row in PooledNode.objects.filter(parcels__gte=0.5)
        }


def test_three_merchants_teach_a_fourth() -> None:
    *teachers, pupil = merchants(4)
    for one in teachers:
        delivered(one, 30, now=NOW)
    learn()
    found = shown(pupil)
    assert found.source == "engine"
    assert any(code.startswith("learned_lane:") for code in found.why)


def test_two_merchants_teach_nobody_else() -> None:
    *teachers, pupil = merchants(3)
    for one in teachers:
        delivered(one, 45, now=NOW)
    learn()
    assert shown(pupil).source == "configuration"


def test_one_merchant_alone_learns_from_itself() -> None:
    teacher, stranger = merchants(2)
    delivered(teacher, 45, now=NOW)
    learn()
    assert shown(teacher).source == "engine"
    assert shown(stranger).source == "configuration"


def test_a_merchants_own_nodes_are_seen_by_no_other() -> None:
    teacher, stranger = merchants(2)
    delivered(teacher, 20, now=NOW)
    learn()
    with merchant_scope(teacher.pk):
        assert OwnNode.objects.filter(clock=Clock.PROCESSING).exists()
    with merchant_scope(stranger.pk):
        assert not OwnNode.objects.exists()


def test_pooled_rows_name_no_merchant() -> None:
    teachers = merchants(3)
    for one in teachers:
        delivered(one, 12, now=NOW)
    learn()
    with every_merchant("a test looks"):
        for row in PooledNode.objects.all():
            assert not any(f"/{one.pk}" in row.name for one in teachers)
            assert all(len(mark) == 16 for mark in row.givers)


def test_too_few_parcels_leave_it_to_the_configuration() -> None:
    teachers = merchants(3)
    for one in teachers:
        delivered(one, 2, now=NOW)
    learn()
    assert shown(teachers[0]).source == "configuration"


def test_what_takes_five_days_is_promised_later_than_what_takes_two() -> None:
    teachers = merchants(3)
    for one in teachers:
        delivered(one, 30, now=NOW, carrier="aramex", road=2)
        delivered(one, 30, now=NOW, carrier="smsa", road=7)
    learn()
    quick, slow = shown(teachers[0]), shown(teachers[0], carrier="smsa")
    assert quick.last < slow.last


def test_a_state_is_learned_from_scans() -> None:
    teachers = merchants(3)
    for one in teachers:
        delivered(one, 30, now=NOW, scans=True)
    learn()
    found = shown(
        teachers[0],
        status=Status.IN_TRANSIT,
        stage="picked_up",
        sub_status="picked_up.accepted",
        picked_up_at=NOW - timedelta(days=1),
        last_event_at=NOW - timedelta(days=1),
    )
    assert found.source == "engine"
    assert "learned_state:2026-11-11" in found.why


def test_the_shown_window_stays_while_it_holds() -> None:
    teachers = merchants(3)
    for one in teachers:
        delivered(one, 30, now=NOW)
    learn()
    held = {"status": Status.PICKED_UP, "picked_up_at": NOW - timedelta(hours=3)}
    first = shown(teachers[0], **held)
    with merchant_scope(teachers[0].pk):
        rules = load_rules(teachers[0].pk)
    parcel = replace(lane(teachers[0], **held), shown=(first.first, first.last))
    for hours in (24, 48):
        again = estimate(parcel, rules, now=NOW + timedelta(hours=hours))
        assert again.last == first.last


def test_the_risk_of_a_passed_promise_is_certain() -> None:
    teachers = merchants(3)
    for one in teachers:
        delivered(one, 30, now=NOW)
    learn()
    found = shown(teachers[0])
    assert found.chances.risk_after(NOW.date() - timedelta(days=1)) == pytest.approx(1.0)


def test_a_model_is_fitted_once_a_week() -> None:
    for one in merchants(3):
        delivered(one, 80, now=NOW)
    learn()
    with every_merchant("a test fits"):
        assert fit_weekly(now=NOW, settles=SETTLES) == 240
        assert fit_weekly(now=NOW + timedelta(days=6), settles=SETTLES) == 0
        assert fit_weekly(now=NOW + timedelta(days=7), settles=SETTLES) == 240
        row = Learned.objects.get(clock=Clock.TRANSIT)
    assert row.fitted_on == (NOW + timedelta(days=5)).date()


def test_a_fitted_model_speaks_beside_the_tables() -> None:
    teachers = merchants(3)
    for one in teachers:
        delivered(one, 80, now=NOW, road=4)
    learn()
    with every_merchant("a test fits"):
        fit_weekly(now=NOW, settles=SETTLES)
    found = shown(teachers[0], picked_up_at=NOW - timedelta(hours=2), status=Status.PICKED_UP)
    assert found.source == "engine"
    assert found.last >= date(2026, 11, 16)


def test_a_cancelled_parcel_teaches_nothing() -> None:
    teachers = merchants(3)
    for one in teachers:
        parcels = delivered(one, 30, now=NOW)
        with merchant_scope(one.pk):
            Shipment.objects.filter(pk__in=[two.pk for two in parcels]).update(status="cancelled")
    learn()
    assert shown(teachers[0]).source == "configuration"


def test_a_night_that_was_cut_off_is_counted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in merchants(3):
        delivered(one, 12, now=NOW)

    def cut_off(clock: str, until: date) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("edd.learned_rows.note_until", cut_off)
        with pytest.raises(KeyboardInterrupt):
            learn()
    with every_merchant("a test looks"):
        assert not PooledNode.objects.exists()
    assert learn() == 240


def test_a_learned_window_never_starts_in_the_past() -> None:
    teachers = merchants(3)
    for one in teachers:
        delivered(one, 30, now=NOW)
    learn()
    with merchant_scope(teachers[0].pk):
        rules = load_rules(teachers[0].pk)
    held = {"status": Status.IN_TRANSIT, "picked_up_at": NOW, "last_event_at": NOW}
    zone = ZoneInfo("Asia/Riyadh")
    for fields in ({}, held):
        for hours in range(0, 60 * 24, 7):
            now = NOW + timedelta(hours=hours)
            found = estimate(lane(teachers[0], **fields), rules, now=now)
            assert now.astimezone(zone).date() <= found.first <= found.last


def test_nothing_comes_before_it_can_have_left() -> None:
    """Ordered after Thursday's cut-off: the warehouse hands over on Friday at the earliest."""
    teachers = merchants(3)
    for one in teachers:
        delivered(one, 30, now=NOW)
    learn()
    evening = NOW + timedelta(hours=9)
    with merchant_scope(teachers[0].pk):
        rules = load_rules(teachers[0].pk)
    found = estimate(lane(teachers[0], placed_at=evening), rules, now=evening)
    assert found.chances.risk_after(date(2026, 11, 12)) == pytest.approx(1.0)
    assert found.chances.start >= date(2026, 11, 13)
