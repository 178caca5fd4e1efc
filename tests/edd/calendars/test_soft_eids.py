"""Feasts that are not sure: the cautious and the hopeful answer, and what an operator confirms."""

from __future__ import annotations

from datetime import date

from edd.calendars import (
    Calendar,
    Day,
    DayRule,
    delivery_calendar,
    feast_days,
    feasts,
    warehouse_calendar,
)
from tests.edd.calendars.reading import days, resting

#: Eid al-Fitr 2027 is expected from Tuesday 9 to Thursday 11 March in the Emirates.
AROUND = (date(2027, 3, 8), date(2027, 3, 12))
EXPECTED = days(date(2027, 3, 9), date(2027, 3, 11))
CONFIRMED = DayRule(
    country="AE", first=date(2027, 3, 10), last=date(2027, 3, 12), name="eid_al_fitr"
)


def test_a_feast_to_come_rests_when_it_is_expected() -> None:
    assert resting(Calendar("AE"), *AROUND) == EXPECTED


def test_who_is_cautious_rests_a_day_before_and_after_it() -> None:
    assert resting(Calendar("AE").cautious(), *AROUND) == days(*AROUND)


def test_who_hopes_rests_only_when_it_is_certain() -> None:
    assert resting(Calendar("AE").hopeful(), *AROUND) == [date(2027, 3, 10)]


def test_confirmed_feast_is_exact_for_everybody() -> None:
    confirmed = warehouse_calendar("AE", rules=(CONFIRMED,))
    exact = days(date(2027, 3, 10), date(2027, 3, 12))
    for calendar in (confirmed, confirmed.cautious(), confirmed.hopeful()):
        assert resting(calendar, *AROUND) == exact


def test_confirmation_of_one_country_says_nothing_of_another() -> None:
    saudi = delivery_calendar("SA", "aramex", rules=(CONFIRMED,))
    assert saudi == delivery_calendar("SA", "aramex")


def test_past_feasts_are_certain() -> None:
    day = date(2025, 4, 2)
    assert Calendar("AE").cautious().is_working(day)
    assert Calendar("AE").facts(day).certain


def test_saudi_feasts_are_soft_beyond_what_was_seen() -> None:
    assert not Calendar("SA").cautious().is_working(date(2027, 3, 8))
    assert not Calendar("SA").hopeful().is_working(date(2027, 3, 10))
    assert Calendar("SA").hopeful().is_working(date(2027, 3, 9))


def test_other_holidays_of_those_years_are_certain() -> None:
    facts = Calendar("AE").facts(date(2027, 12, 2))
    assert (facts.kind, facts.name, facts.certain) == (Day.REST, "National Day", True)


def test_shoulder_of_a_feast_is_named_for_it() -> None:
    facts = Calendar("AE").facts(date(2027, 3, 8))
    assert (facts.kind, facts.certain, facts.slow) == (Day.WORKS, False, True)
    assert (facts.name, facts.soft) == ("eid_al_fitr", True)


def test_feasts_of_a_year() -> None:
    found = feasts("AE", 2027)
    assert [(one.feast, one.first, one.begins, one.last, one.sure) for one in found] == [
        ("eid_al_fitr", date(2027, 3, 9), date(2027, 3, 9), date(2027, 3, 11), False),
        ("eid_al_adha", date(2027, 5, 15), date(2027, 5, 16), date(2027, 5, 18), False),
    ]


def test_eve_of_the_feast_counts_to_its_rest_but_not_as_its_beginning() -> None:
    # Oman rests from the last day of Ramadan on.
    found = feast_days("OM", "eid_al_fitr", near=date(2027, 3, 10))
    assert found is not None
    assert (found.first, found.begins) == (date(2027, 3, 8), date(2027, 3, 9))


def test_a_country_without_the_feast_has_none() -> None:
    assert feast_days("DE", "eid_al_fitr", near=date(2027, 3, 10)) is None
    assert feasts("DE", 2027) == []
