"""What the shopper was told first is frozen; what is expected moves beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carriers.updates import DateWindow, TrackingUpdate
from edd.reasons import explain
from lib.vocabulary import SUB_STATUSES
from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.models import Message
from tests import factories
from tests.factories import NOW
from tests.learned import know
from tests.tracking.test_ingest import hear, milestones, scan
from tracking.dating import other_dates
from tracking.ingest import Heard, ingest, review
from tracking.models import Change, Order, Promise, Shipment, Watch

DAY = timedelta(days=1)
TODAY = NOW.date()
#: The day of the week of NOW does not matter below: the shop's own days are far enough away.
FIRST, LAST = TODAY + 6 * DAY, TODAY + 8 * DAY


@pytest.fixture
def promised(scope: Merchant) -> Shipment:
    return factories.shipment(scope, promised_first=FIRST, promised_last=LAST)


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The chances of the days from a number of days after today on."""
    return lambda ahead, *chances: know(monkeypatch, TODAY + ahead * DAY, *chances)


def told(shipment: Shipment) -> tuple[date | None, date | None]:
    shipment.refresh_from_db()
    return shipment.promised_first, shipment.promised_last


def shown(shipment: Shipment) -> tuple[str, date | None, date | None]:
    shipment.refresh_from_db()
    return shipment.edd_source, shipment.edd_first, shipment.edd_last


def hear_date(shipment: Shipment, *days: date) -> None:
    update = TrackingUpdate("", (scan(1, "transit.generic"),), edd=DateWindow(days[0], days[-1]))
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=NOW)


def test_shops_promise_is_what_was_told(promised: Shipment) -> None:
    assert (told(promised), shown(promised)) == ((FIRST, LAST), ("merchant", FIRST, LAST))


def test_parcel_that_nobody_was_asked_about_is_not_late_yet(scope: Merchant) -> None:
    gone = TODAY - DAY
    made = factories.shipment(scope, promised_first=gone, promised_last=gone)
    assert (told(made), made.delayed) == ((gone, gone), False)
    review([made.pk], now=NOW + timedelta(hours=20))
    made.refresh_from_db()
    assert made.delayed is True


def test_promise_stays_and_the_date_moves(promised: Shipment) -> None:
    later = LAST + 2 * DAY
    hear_date(promised, later)
    assert (told(promised), shown(promised)) == ((FIRST, LAST), ("carrier", later, later))
    assert promised.delayed is True
    hear_date(promised, TODAY + 2 * DAY)
    assert (told(promised), promised.delayed) == ((FIRST, LAST), False)


def test_promise_of_the_shop_counts_as_long_as_nobody_was_told(scope: Merchant) -> None:
    made = factories.shipment(scope)
    Order.objects.filter(pk=made.order_id).update(promised_last=LAST)
    review([made.pk], now=NOW)
    assert told(made) == (LAST, LAST)
    hear(made, scan(2, "picked_up.accepted"))
    Order.objects.filter(pk=made.order_id).update(promised_last=LAST + 9 * DAY)
    review([made.pk], now=NOW)
    assert told(made) == (LAST, LAST)


def test_first_window_shown_is_frozen_without_a_promise(scope: Merchant) -> None:
    made = factories.shipment(scope)
    before = told(made)
    hear_date(made, TODAY + DAY)
    assert (told(made), shown(made)[2]) == (before, TODAY + DAY)


def test_label_date_is_not_used_but_said(scope: Merchant) -> None:
    made = factories.shipment(scope)
    update = TrackingUpdate("", (scan(1, "info.label_created"),), edd=DateWindow(LAST, LAST))
    ingest(heard=[Heard(made.pk, update)], source="poll", now=NOW)
    made.refresh_from_db()
    assert made.edd_source == "configuration"
    assert other_dates(made, made.order) == (f"carrier_at_label:{LAST}",)


def test_dates_that_are_not_shown_are_explained(promised: Shipment) -> None:
    hear_date(promised, LAST + DAY)
    promised.refresh_from_db()
    codes = other_dates(promised, promised.order)
    assert codes == (f"shop_promised:{FIRST}..{LAST}",)
    assert explain(codes) != list(codes)
    hear(promised, scan(0, "delivered.generic"))
    promised.refresh_from_db()
    assert other_dates(promised, promised.order) == ()


def test_what_the_carriers_word_is_worth_is_kept(scope: Merchant) -> None:
    made = factories.shipment(scope)
    sure = DateWindow(LAST, LAST, "", "guaranteed")
    update = TrackingUpdate("", (scan(1, "transit.generic"),), edd=sure)
    ingest(heard=[Heard(made.pk, update)], source="poll", now=NOW)
    review([made.pk], now=NOW)
    made.refresh_from_db()
    assert (made.edd_source, made.edd_kind) == ("carrier", "guaranteed")


def test_likely_late_is_told_once_before_the_carrier_says_it(
    promised: Shipment, learned: Callable[..., None]
) -> None:
    hear(promised, scan(3, "transit.generic"))
    learned(8, 0.4, 0.3, 0.3)
    review([promised.pk], now=NOW)
    promised.refresh_from_db()
    assert (promised.will_be_late, promised.delayed, promised.late_risk) == (True, False, 60.0)
    assert shown(promised) == ("engine", LAST, TODAY + 10 * DAY)
    hear_date(promised, LAST + 3 * DAY)
    promised.refresh_from_db()
    assert (promised.will_be_late, promised.delayed) == (False, True)
    assert [row for row in milestones(promised) if row[0] == "delayed"] == [("delayed", True)]
    flags = Change.objects.filter(shipment=promised, kind="flag").order_by("pk")
    assert [change.key.split(":")[:2] for change in flags] == [
        ["will_be_late", "raised"],
        ["delayed", "raised"],
    ]


def test_message_of_a_likely_delay_says_no_more_than_is_known(
    promised: Shipment, learned: Callable[..., None]
) -> None:
    hear(promised, scan(3, "transit.generic"))
    compose_due(now=NOW)
    learned(8, 0.4, 0.3, 0.3)
    review([promised.pk], now=NOW)
    compose_due(now=NOW)
    (sent,) = Message.objects.filter(topic="will_be_late")
    assert sent.subject == "Your parcel from Noor Home will probably come later than we said"
    assert "Probably later than we said: was" in sent.text
    assert "The day has not passed yet" in sent.text


def test_open_parcel_with_a_promise_is_looked_at_each_morning(promised: Shipment) -> None:
    seen = []
    for day in range(4):
        review([promised.pk], now=NOW + day * DAY)
        seen.append(Watch.objects.get(shipment=promised).review_at)
    assert [moment.date() - NOW.date() for moment in seen if moment] == [
        (day + 1) * DAY for day in range(4)
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    after=st.lists(
        st.tuples(st.sampled_from(sorted(SUB_STATUSES)), st.integers(-72, 24 * 30)), max_size=4
    ),
    ahead=st.integers(-20, 40),
)
def test_nothing_is_estimated_again_after_delivery(
    scope: Merchant, after: list[tuple[str, int]], ahead: int
) -> None:
    """Whatever is heard, and however often it is looked at: a delivered parcel keeps its dates."""
    made = factories.shipment(scope, promised_first=FIRST, promised_last=LAST)
    hear(made, scan(3, "picked_up.accepted"), scan(2, "out.on_vehicle"))
    hear(made, scan(1, "delivered.collected"))
    made.refresh_from_db()
    if made.status != "delivered":
        return
    kept = (told(made), shown(made), Promise.objects.filter(shipment=made).count())
    for sub_status, hours in after:
        moment = NOW + timedelta(hours=max(hours, 0))
        day = TODAY + ahead * DAY
        events = (scan(-hours, sub_status),) if hours < 0 else ()
        update = TrackingUpdate("", events, edd=DateWindow(day, day))
        ingest(heard=[Heard(made.pk, update)], source="poll", now=moment)
        review([made.pk], now=moment)
        made.refresh_from_db()
        if made.status != "delivered":
            return  # a later scan took it back: it travels again
    assert (told(made), shown(made), Promise.objects.filter(shipment=made).count()) == kept
    assert (made.delayed, made.will_be_late, made.late_risk) == (False, False, None)
