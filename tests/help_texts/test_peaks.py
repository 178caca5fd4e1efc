"""The year's peaks: where they are kept, when, and when their banners stand."""

from __future__ import annotations

from datetime import date

import pytest

from edd.calendars import DayRule
from help_texts.peaks import KINDS, Peak, coming

TODAY = date(2026, 11, 12)


def peak(slug: str, *countries: str, today: date = TODAY, rules: tuple[DayRule, ...] = ()) -> Peak:
    found = coming(countries or ("AE",), today=today, rules=rules)
    return next(one for one in found if one.kind.slug == slug)


def slugs(*countries: str) -> set[str]:
    return {one.kind.slug for one in coming(countries, today=TODAY)}


@pytest.mark.parametrize(
    ("slug", "country", "first", "last"),
    [
        ("white_friday", "AE", date(2026, 11, 27), date(2026, 11, 30)),
        ("black_friday", "GB", date(2026, 11, 27), date(2026, 11, 30)),
        ("national_day_ae", "AE", date(2026, 12, 2), date(2026, 12, 3)),
        ("national_day_sa", "SA", date(2027, 9, 23), date(2027, 9, 23)),
        ("diwali", "IN", date(2027, 10, 29), date(2027, 10, 29)),
        ("singles_day", "CN", date(2026, 11, 11), date(2026, 11, 11)),
        ("chuseok", "KR", date(2027, 9, 14), date(2027, 9, 16)),
        ("christmas", "GB", date(2026, 12, 25), date(2026, 12, 25)),
        ("ramadan", "SA", date(2027, 2, 8), date(2027, 3, 8)),
    ],
)
def test_peak_is_on_its_days(slug: str, country: str, first: date, last: date) -> None:
    found = peak(slug, country)
    assert (found.first, found.last) == (first, last)


def test_each_country_has_its_own_peaks() -> None:
    assert slugs("AE") == {
        "singles_day", "white_friday", "national_day_ae", "ramadan", "eid_al_fitr", "eid_al_adha",
    }  # fmt: skip
    assert slugs("GB") == {"black_friday", "christmas"}
    assert {"lunar_new_year", "singles_day"} <= slugs("CN")


def test_every_kind_is_somewhere() -> None:
    everywhere = slugs("AE", "SA", "IN", "CN", "KR", "GB")
    assert everywhere == {kind.slug for kind in KINDS}


def test_feast_is_unsure_and_its_banner_a_day_longer_until_it_is_confirmed() -> None:
    expected = peak("eid_al_fitr")
    assert (expected.certain, (expected.ends - expected.last).days) == (False, 1)
    first, last = date(2027, 3, 11), date(2027, 3, 13)
    rule = DayRule(country="AE", first=first, last=last, name="eid_al_fitr")
    confirmed = peak("eid_al_fitr", rules=(rule,))
    assert (confirmed.first, confirmed.ends, confirmed.certain) == (first, last, True)


def test_confirmation_of_another_country_or_year_says_nothing() -> None:
    first = date(2027, 3, 11)
    rules = (
        DayRule(country="SA", first=first, last=first, name="eid_al_fitr"),
        DayRule(country="AE", first=date(2026, 3, 20), last=date(2026, 3, 22), name="eid_al_fitr"),
    )
    assert peak("eid_al_fitr", rules=rules) == peak("eid_al_fitr")


def test_countries_that_share_a_peak_share_its_banner() -> None:
    both = peak("eid_al_fitr", "AE", "SA")
    alone = [peak("eid_al_fitr", country) for country in ("AE", "SA")]
    assert both.countries == ("AE", "SA")
    assert both.first == min(one.first for one in alone)
    assert both.last == max(one.last for one in alone)


@pytest.mark.parametrize(
    ("today", "is_near"),
    [
        (date(2026, 11, 11), False),
        (date(2026, 11, 12), True),
        (date(2026, 12, 7), True),
    ],
)
def test_peak_is_suggested_two_weeks_before_its_banner_until_it_is_over(
    today: date, is_near: bool
) -> None:
    assert peak("white_friday", today=today).is_near(today) == is_near


def test_banner_never_begins_in_the_past() -> None:
    today = date(2026, 11, 28)
    found = peak("white_friday", today=today)
    assert (found.begins(today), found.begins(TODAY)) == (today, date(2026, 11, 26))
