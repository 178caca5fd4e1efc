"""When a parcel stalls: its node's limit, its bounds, and the days on which nobody works."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from edd.calendars import Calendar
from lib.vocabulary import Status
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tests.tracking.test_gap_history import count, fresh, parcel, scan
from tracking.flags import NORMAL_SILENCE
from tracking.gap_history import forget
from tracking.ingest import review
from tracking.models import Shipment, Watch
from tracking.silence import FEWEST_TOLD, Scope, Silence
from tracking.silence_limits import MOST, stalls_at

__all__ = ["fresh"]

DUBAI = ZoneInfo("Asia/Dubai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Monday, ten in the morning.
MONDAY = datetime(2026, 11, 9, 10, tzinfo=DUBAI)
SUNDAYS_OFF = Calendar("", frozenset({7}))
EVERY_DAY = Calendar("", frozenset())
CURVE = (1.0,) * 35


def silence(hours: float, *, n: float = 500, node: Scope = Scope.LANE) -> Silence:
    return Silence(1, 2, hours, n, node, is_told=True, curve=CURVE)


def limit(usual: Silence, *, heard: datetime = MONDAY, calendar: Calendar = EVERY_DAY) -> float:
    """In hours."""
    return (stalls_at(heard, usual, Status.IN_TRANSIT, calendar) - heard) / HOUR


def test_learned_limit_is_what_19_of_20_wait() -> None:
    assert limit(silence(57.5)) == 57.5


def test_limit_is_a_day_at_the_least_and_three_times_the_fixed_at_the_most() -> None:
    most = MOST * NORMAL_SILENCE[Status.IN_TRANSIT] / HOUR
    assert (limit(silence(3)), limit(silence(900))) == (24, most)


def test_without_history_the_fixed_figure_holds_in_working_days() -> None:
    usual = silence(10, n=0, node=Scope.USUAL)
    thursday = MONDAY + 3 * DAY
    assert limit(usual, calendar=SUNDAYS_OFF) == 4 * 24
    assert limit(usual, heard=thursday, calendar=SUNDAYS_OFF) == 5 * 24


def test_thin_node_has_seen_no_weekend_and_a_full_one_has() -> None:
    saturday = MONDAY + 5 * DAY
    thin, full = (
        limit(silence(40, n=n), heard=saturday, calendar=SUNDAYS_OFF)
        for n in (FEWEST_TOLD - 1, FEWEST_TOLD)
    )
    assert (thin, full) == (64, 40)


def test_nobody_stalls_on_a_rest_day() -> None:
    saturday = MONDAY + 5 * DAY
    assert limit(silence(24), heard=saturday, calendar=SUNDAYS_OFF) == 48


def test_holidays_do_not_count_for_anybody() -> None:
    feast = frozenset(date(2026, 11, 10) + n * DAY for n in range(4))
    calendar = Calendar("", frozenset({7}), feast)
    # Fourteen hours of Monday are left, ten more come on Saturday.
    assert limit(silence(24), calendar=calendar) == 24 + 4 * 24


def test_limit_of_a_week_holds_its_own_weekends() -> None:
    usual = silence(10, n=0, node=Scope.USUAL)
    ends = stalls_at(MONDAY, usual, Status.AVAILABLE_FOR_PICKUP, SUNDAYS_OFF)
    assert ends - MONDAY == 7 * DAY


def test_calendar_without_a_working_day_ends_the_search() -> None:
    never = Calendar("", frozenset(range(1, 8)))
    assert limit(silence(24), calendar=never) < 200 * 24


def wait(hours: float, times: int) -> list[object]:
    """Scans so many hours apart, the newest five days ago."""
    return [scan(n * hours) for n in range(times)]


def told(shipment: Shipment) -> dict[str, object] | None:
    return Shipment.objects.values_list("usual_silence", flat=True).get(pk=shipment.pk)


def learned(merchant: Merchant, hours: float = 6) -> Shipment:
    """A parcel of a merchant whose lane is known to be scanned so often."""
    for _ in range(4):
        parcel(merchant, *wait(hours, 40))
    count()
    forget()
    return parcel(merchant, scan(0))


def test_derivation_keeps_what_may_be_told_and_stalls_by_the_lane(merchant: Merchant) -> None:
    shipment = learned(merchant)
    with merchant_scope(merchant.pk):
        found = told(shipment)
        stalled = Shipment.objects.get(pk=shipment.pk).stalled
        assert found is not None
        assert (found["node"], found["n"], stalled) == ("lane", 156, True)
        assert 5 < float(str(found["hours"])) < 12


def test_review_follows_the_limit(merchant: Merchant) -> None:
    learned(merchant)
    fresh_one = parcel(merchant, scan(-118))  # two hours ago
    with merchant_scope(merchant.pk):
        now = NOW
        # Each morning looks at its date too; the silence is one of the moments after.
        while not Shipment.objects.get(pk=fresh_one.pk).stalled:
            due = Watch.objects.values_list("review_at", flat=True).get(shipment=fresh_one)
            assert due is not None
            assert due > now
            now = due
            review([fresh_one.pk], now=now)
        assert 22 * HOUR <= now - NOW <= 46 * HOUR


def test_lane_of_one_merchant_says_nothing_to_another(merchant: Merchant, other: Merchant) -> None:
    learned(merchant)
    theirs = parcel(other, scan(0))
    with merchant_scope(other.pk):
        assert told(theirs) is None


def test_lane_of_three_merchants_speaks_to_a_fourth(merchant: Merchant, other: Merchant) -> None:
    third, fourth = (factories.merchant(slug=slug, name=slug) for slug in ("third", "fourth"))
    for owner in (merchant, other, third):
        parcel(owner, *wait(6, 40))
    count()
    forget()
    shipment = parcel(fourth, scan(0))
    with merchant_scope(fourth.pk):
        found = told(shipment)
        assert found is not None
        assert found["node"] == "lane"


@override_settings(POOL_FEWEST_MERCHANTS=1)
def test_operator_may_open_every_lane(merchant: Merchant, other: Merchant) -> None:
    learned(merchant)
    theirs = parcel(other, scan(0))
    with merchant_scope(other.pk):
        assert told(theirs) is not None


def test_delivered_parcel_awaits_nothing(merchant: Merchant) -> None:
    learned(merchant)
    done = parcel(merchant, scan(3), scan(1, "delivered.generic"))
    with merchant_scope(merchant.pk):
        assert told(done) is None


@pytest.mark.parametrize("month", [3, 10])
def test_limit_is_of_hours_even_where_clocks_change(month: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    heard = datetime(2026, month, 24, 12, tzinfo=zone)
    ends = stalls_at(heard, silence(240), Status.IN_TRANSIT, EVERY_DAY)
    assert abs((ends.astimezone(UTC) - heard.astimezone(UTC)) / HOUR - 240) <= 1
