"""Disruptions: which parcel is touched, by how many days, and what becomes of its window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from edd.before_order import before_order
from edd.disruption_words import sentence
from edd.disruptions import Disruption, added_days, named_in, reasons
from edd.estimate import Estimate, Parcel, Rules, estimate
from edd.lanes import Lane, Transit
from edd.reasons import explain
from edd.regions import region_key, region_name
from lib.vocabulary import Status

#: A Monday to the Friday of the week after.
STRIKE = Disruption(
    id=7, days=3, starts=date(2026, 11, 9), ends=date(2026, 11, 20), by="merchant",
    carrier="correios", to_country="BR", to_region="Bahia", cause="strike",
)  # fmt: skip
RULES = Rules(zone="America/Sao_Paulo", country="BR", lanes=(Lane("", "", "", "", Transit(2, 4)),))
JOURNEY: dict[str, Any] = {
    "carrier": "correios", "from_country": "BR", "to_country": "BR", "to_region": "BA",
}  # fmt: skip


def there(month: int, day: int, hour: int = 9) -> datetime:
    """That hour in São Paulo."""
    return datetime(2026, month, day, hour + 3, tzinfo=UTC)


def parcel(**fields: Any) -> Parcel:
    values: dict[str, Any] = {
        "placed_at": there(11, 5),
        "status": Status.IN_TRANSIT,
        "carrier": "correios",
        "service": "",
        "from_country": "BR",
        "to_country": "BR",
        "to_zone": "America/Bahia",
        "to_region": "BA",
        "picked_up_at": there(11, 6),
        "last_event_at": there(11, 6),
    }
    return Parcel(**(values | fields))


def made(one: Parcel, *disruptions: Disruption, now: datetime) -> Estimate:
    found = estimate(one, replace(RULES, disruptions=disruptions), now=now)
    assert found is not None
    return found


def touched(day_from: date, day_to: date, *disruptions: Disruption, **fields: Any) -> int:
    journey = JOURNEY | fields
    return added_days(disruptions or (STRIKE,), day_from=day_from, day_to=day_to, **journey).days


@pytest.mark.parametrize(
    ("day_from", "day_to", "days"),
    [
        (date(2026, 11, 2), date(2026, 11, 8), 0),  # expected before it begins
        (date(2026, 11, 2), date(2026, 11, 9), 3),  # on its way when it begins
        (date(2026, 11, 20), date(2026, 11, 24), 3),  # leaves on its last day
        (date(2026, 11, 21), date(2026, 11, 26), 0),  # leaves when it is over
        (date(2026, 11, 1), date(2026, 12, 1), 3),  # under way all the time
    ],
)
def test_journey_is_touched_when_it_meets_a_day(day_from: date, day_to: date, days: int) -> None:
    assert touched(day_from, day_to) == days


@pytest.mark.parametrize(
    ("field", "value", "days"),
    [
        ("carrier", "jadlog", 0),
        ("to_country", "AR", 0),
        ("to_region", "SP", 0),
        ("to_region", "", 0),
        ("to_region", "br-ba", 3),
        ("to_region", "BAHIA", 3),
        ("from_country", "CN", 3),
    ],
)
def test_only_what_it_names_is_touched(field: str, value: str, days: int) -> None:
    assert touched(date(2026, 11, 10), date(2026, 11, 12), **{field: value}) == days


def test_disruption_that_names_nothing_touches_everything() -> None:
    everything = Disruption(1, 2, STRIKE.starts, STRIKE.ends, "operator")
    assert touched(date(2026, 11, 10), date(2026, 11, 12), everything, to_country="JP") == 2


def test_service_is_compared_without_case() -> None:
    express = replace(STRIKE, service="Sedex")
    days = [
        added_days((express,), service=service, day_from=STRIKE.starts, day_to=STRIKE.ends,
                   **JOURNEY).days
        for service in ("SEDEX", "PAC")
    ]  # fmt: skip
    assert days == [3, 0]


def test_most_days_count_and_never_their_sum() -> None:
    for_all = replace(STRIKE, id=1, days=5, by="operator")
    found = added_days(
        (STRIKE, for_all), day_from=STRIKE.starts, day_to=STRIKE.ends, **JOURNEY
    )  # fmt: skip
    assert found == (5, for_all)


def test_merchants_own_speaks_where_both_add_the_same() -> None:
    for_all = replace(STRIKE, id=99, by="operator")
    found = added_days((STRIKE, for_all), day_from=STRIKE.starts, day_to=STRIKE.ends, **JOURNEY)
    assert found.which == STRIKE


def test_last_day_moves_by_working_days_and_says_why() -> None:
    before = made(parcel(), now=there(11, 9))
    after = made(parcel(), STRIKE, now=there(11, 9))
    # Thursday 12 and three working days more: Friday, Monday, Tuesday.
    assert (before.last, after.last) == (date(2026, 11, 12), date(2026, 11, 17))
    assert after.first == before.first
    assert ("disrupted:3" in after.why, named_in(after.why)) == (True, ("merchant", 7, "strike"))
    assert named_in(before.why) is None


def test_window_that_ends_before_the_beginning_stays() -> None:
    early = parcel(picked_up_at=there(10, 28), last_event_at=there(10, 28), placed_at=there(10, 27))
    now = there(10, 29)
    assert made(early, STRIKE, now=now) == made(early, now=now)


def test_overdue_parcel_gets_its_days_from_the_beginning_and_keeps_them() -> None:
    late = parcel(picked_up_at=there(10, 28), last_event_at=there(10, 28), placed_at=there(10, 27))
    lasts = [made(late, STRIKE, now=there(11, day)).last for day in (9, 10, 11, 12)]
    assert lasts == [date(2026, 11, 12)] * 4


def test_parcel_keeps_its_days_when_it_is_over() -> None:
    held = parcel(placed_at=there(11, 16), picked_up_at=there(11, 17), last_event_at=there(11, 17))
    during = made(held, STRIKE, now=there(11, 18))
    after = made(held, STRIKE, now=there(11, 23))
    # Friday 20 is a holiday there.
    assert (during.last, after.last) == (date(2026, 11, 27), date(2026, 11, 27))


def test_order_that_leaves_after_it_gets_no_days() -> None:
    ordered = parcel(
        status=Status.PENDING, placed_at=there(11, 22), picked_up_at=None, last_event_at=None
    )
    assert named_in(made(ordered, STRIKE, now=there(11, 22)).why) is None


def test_order_placed_before_it_begins_is_touched() -> None:
    ordered = parcel(
        status=Status.PENDING, placed_at=there(11, 5), picked_up_at=None, last_event_at=None
    )
    # Placed on Thursday, leaves on Friday, would come by Thursday 12.
    found = made(ordered, STRIKE, now=there(11, 5))
    assert (found.last, named_in(found.why)) == (date(2026, 11, 17), ("merchant", 7, "strike"))


def test_scan_at_the_depot_after_the_end_takes_the_days_off() -> None:
    at_depot = parcel(
        placed_at=there(11, 16), picked_up_at=there(11, 17), last_event_at=there(11, 23),
        sub_status="transit.at_delivery_depot",
    )  # fmt: skip
    assert made(at_depot, STRIKE, now=there(11, 23, 13)).last == date(2026, 11, 24)


def test_courier_at_the_door_knows_better() -> None:
    out = parcel(
        status=Status.OUT_FOR_DELIVERY, sub_status="out.on_vehicle", last_event_at=there(11, 10)
    )
    assert made(out, STRIKE, now=there(11, 10, 10)).last == date(2026, 11, 10)


def test_date_before_the_order_has_the_days() -> None:
    def last(*disruptions: Disruption) -> date:
        return before_order(
            replace(RULES, disruptions=disruptions), country="BR", zone="America/Bahia",
            carrier="correios", service="", region="Bahia", now=there(11, 9),
        ).last  # fmt: skip

    assert (last(), last(STRIKE)) == (date(2026, 11, 16), date(2026, 11, 19))


def test_more_days_never_bring_an_earlier_window() -> None:
    for hour in range(0, 24 * 30, 5):
        now = there(11, 1, 0) + timedelta(hours=hour)
        one = parcel(
            placed_at=there(11, 1), picked_up_at=min(there(11, 3), now), last_event_at=None
        )
        lasts = [made(one, replace(STRIKE, days=days), now=now).last for days in (1, 2, 5, 9)]
        assert lasts == sorted(lasts), now
        assert made(one, now=now).last <= lasts[0], now


def test_reasons_are_explained() -> None:
    assert explain(reasons(STRIKE)) == [
        "A disruption; business days added: 3",
        "Why it takes longer: A strike",
    ]


def test_sentence_names_cause_place_and_days() -> None:
    assert sentence(STRIKE, "en") == (
        "Parcels to Bahia are delayed by a strike. We have added 3 working days to the date."
    )
    everywhere = replace(STRIKE, to_country="", to_region="", days=1, cause="weather")
    assert sentence(everywhere, "en") == (
        "Parcels are delayed by the weather. We have added 1 working day to the date."
    )
    kingdom = replace(STRIKE, to_country="SA", to_region="", cause="customs")
    assert sentence(kingdom, "en") == (
        "Parcels to Saudi Arabia wait longer than usual at customs."
        " We have added 3 working days to the date."
    )


def test_own_sentence_counts_in_its_own_language_only() -> None:
    own = replace(STRIKE, sentences={"en": " Correios is on strike. "})
    assert sentence(own, "en") == "Correios is on strike."
    assert sentence(own, "ar") == sentence(STRIKE, "ar")


def test_region_is_known_by_code_and_name() -> None:
    spelt = ("BA", "br-ba", "Bahia", " bahia ")
    assert {region_key("BR", one) for one in spelt} == {"ba"}
    assert region_key("BR", "São Paulo") == region_key("BR", "sao paulo") == "sp"
    assert region_key("AE", "Dubai") == "dubai"
    assert (region_name("BR", "ba"), region_name("AE", "dubai")) == ("Bahia", "dubai")


def test_calendar_of_the_destination_counts_the_days() -> None:
    gulf = replace(STRIKE, carrier="", to_country="SA", to_region="", days=1)
    riyadh = Parcel(
        placed_at=there(11, 8), status=Status.IN_TRANSIT, carrier="smsa", service="",
        from_country="SA", to_country="SA", to_zone="Asia/Riyadh",
        picked_up_at=there(11, 9), last_event_at=there(11, 9),
    )  # fmt: skip
    rules = Rules(country="SA", zone="Asia/Riyadh", lanes=RULES.lanes)
    lasts = [
        found.last
        for disruptions in ((), (gulf,))
        if (found := estimate(riyadh, replace(rules, disruptions=disruptions), now=there(11, 9)))
    ]
    # On Friday the 13th no courier comes there; on Saturday one does.
    assert lasts == [date(2026, 11, 14), date(2026, 11, 15)]
