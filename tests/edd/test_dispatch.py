"""The way out of the warehouse: cut-offs on short days, pick-ups, changes of the clocks, zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from edd.calendars import Day, DayRule
from edd.dispatch import dispatch_of
from edd.estimate import Parcel, Rules, estimate
from edd.lanes import Lane, Transit
from lib.vocabulary import Status

LANE = (Lane("", "", "", "", Transit(1, 2)),)
BERLIN, DUBAI, TOKYO = (ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Dubai", "Asia/Tokyo"))
GERMAN = Rules(zone="Europe/Berlin", country="DE", lanes=LANE)
EMIRATI = Rules(zone="Asia/Dubai", country="AE", lanes=LANE)


def ordered(
    at: datetime, *, to: str = "DE", zone: str = "Europe/Berlin", carrier: str = "gls"
) -> Parcel:
    return Parcel(at, Status.PENDING, carrier, "", "", to, zone)


def window(rules: Rules, parcel: Parcel) -> tuple[date, date]:
    found = estimate(parcel, rules, now=parcel.placed_at)
    assert found is not None
    return found.first, found.last


def test_cut_off_is_noon_on_half_a_day() -> None:
    eve = datetime(2025, 12, 24, 12, 30, tzinfo=BERLIN)
    way_out = dispatch_of(ordered(eve), GERMAN)
    assert way_out.is_missed(eve)
    assert not way_out.is_missed(eve.replace(hour=11))
    assert not way_out.is_missed(datetime(2025, 12, 23, 12, 30, tzinfo=BERLIN))
    assert way_out.next_cut_off(eve) == datetime(2025, 12, 29, 14, tzinfo=BERLIN)


def test_earlier_cut_off_of_the_merchant_stays_on_half_a_day() -> None:
    eve = datetime(2025, 12, 24, 10, 30, tzinfo=BERLIN)
    assert dispatch_of(ordered(eve), replace(GERMAN, cut_off=time(10))).is_missed(eve)


def test_missed_noon_is_told() -> None:
    eve = datetime(2025, 12, 24, 12, 30, tzinfo=BERLIN)
    found = estimate(ordered(eve), GERMAN, now=eve)
    assert found is not None
    assert found.why[0] == "cut_off_missed:12:00"


def test_parcel_leaves_when_it_is_collected_not_when_it_is_packed() -> None:
    # Packed on Thursday; the lorry comes on Tuesdays only until the end of the month.
    rules = replace(
        GERMAN,
        day_rules=tuple(DayRule(part="pickup", weekday=day, kind=Day.REST) for day in (1, 3, 4, 5)),
    )
    wednesday = datetime(2025, 11, 12, 10, tzinfo=BERLIN)
    assert dispatch_of(ordered(wednesday), GERMAN).planned(wednesday, 1) == date(2025, 11, 13)
    assert dispatch_of(ordered(wednesday), rules).planned(wednesday, 1) == date(2025, 11, 18)


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", [date(2025, 3, 30), date(2025, 10, 26)])
def test_change_of_clocks_shifts_no_date(day: date, hour: int) -> None:
    # The clocks of Berlin change on these Sundays; orders of the whole day leave on Tuesday.
    placed = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    at = placed + timedelta(hours=hour)
    local = at.astimezone(BERLIN)
    if local.date() == day:
        tuesday = day + timedelta(days=2)
        assert window(GERMAN, ordered(at)) == (
            tuesday + timedelta(days=1), tuesday + timedelta(days=2),
        )  # fmt: skip


def test_cut_off_keeps_the_local_hour_when_the_clocks_change() -> None:
    # 13:59 and 14:00 in Berlin on the Mondays after: 11:59 UTC in summer, 12:59 in winter.
    summer = datetime(2025, 3, 31, 11, 59, tzinfo=UTC)
    winter = datetime(2025, 10, 27, 12, 59, tzinfo=UTC)
    for moment in (summer, winter):
        local = moment.astimezone(BERLIN)
        way_out = dispatch_of(ordered(moment), GERMAN)
        assert not way_out.is_missed(local)
        assert way_out.is_missed(local + timedelta(minutes=1))


def test_warehouse_counts_its_own_day_and_the_shopper_another() -> None:
    # Thursday 13 November, 23:00 in Dubai, is Friday 04:00 in Tokyo: packed on the Dubai Friday,
    # handed over on Monday 17; parcels come every day in Japan.
    late = datetime(2025, 11, 13, 23, tzinfo=DUBAI)
    assert late.astimezone(TOKYO).date() == date(2025, 11, 14)
    parcel = ordered(late, to="JP", zone="Asia/Tokyo", carrier="yamato")
    assert window(EMIRATI, parcel) == (date(2025, 11, 18), date(2025, 11, 19))


def test_region_of_the_destination_decides_the_last_day() -> None:
    # Friday 31 October 2025 is a holiday in Hamburg and not in Munich.
    placed = datetime(2025, 10, 29, 10, tzinfo=BERLIN)
    munich = replace(ordered(placed), to_region="Bayern")
    hamburg = replace(ordered(placed), to_region="Hamburg")
    assert window(GERMAN, munich) == (date(2025, 10, 31), date(2025, 11, 3))
    assert window(GERMAN, hamburg) == (date(2025, 11, 3), date(2025, 11, 4))


def test_soft_eid_moves_the_last_day_only_and_is_told() -> None:
    # Friday 5 March 2027: packed on Monday 8, the day before the feast as expected.
    placed = datetime(2027, 3, 5, 10, tzinfo=DUBAI)
    parcel = ordered(placed, to="AE", zone="Asia/Dubai", carrier="aramex")
    confirmed = DayRule(
        country="AE", first=date(2027, 3, 10), last=date(2027, 3, 12), name="eid_al_fitr"
    )
    known = replace(EMIRATI, day_rules=(confirmed,))
    first, last = window(EMIRATI, parcel)
    first_known, last_known = window(known, parcel)
    assert first <= first_known
    assert last > last_known
    found = estimate(parcel, EMIRATI, now=placed)
    assert found is not None
    assert "unsure:4" in found.why
    exact = estimate(parcel, known, now=placed)
    assert exact is not None
    assert not [reason for reason in exact.why if reason.startswith("unsure")]
