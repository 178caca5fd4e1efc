"""Silence in words: figures where there are some, one general sentence where not."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from lib.silence_words import SCOPES, Usual, for_work, nine_of_ten, too_long
from tracking.silence import Scope

LANE = Usual(61.5, 812, "lane")


def test_every_scope_that_is_told_has_a_name() -> None:
    assert set(SCOPES) == set(Scope) - {Scope.USUAL}


@pytest.mark.parametrize(("hours", "days"), [(0.4, 1), (24, 1), (24.1, 2), (72, 3), (72.5, 4)])
def test_days_are_never_too_few(hours: float, days: int) -> None:
    assert Usual(hours, 100, "lane").days == days


def test_nothing_kept_is_no_figure() -> None:
    assert Usual.read(None) is None
    assert Usual.read({"hours": 61.5, "n": 812, "node": "lane"}) == LANE


def test_shopper_reads_of_the_route_or_of_the_carrier() -> None:
    assert nine_of_ten(LANE, carrier="Aramex") == (
        "At this stage, 9 of 10 parcels on this route are heard of again within 3 days."
    )
    assert nine_of_ten(Usual(20, 812, "carrier"), carrier="Aramex") == (
        "At this stage, 9 of 10 parcels with Aramex are heard of again within 1 day."
    )


def test_arabic_counts_days_by_its_own_rules() -> None:
    with override("ar"):
        found = [nine_of_ten(Usual(hours, 812, "lane"), carrier="") for hours in (20, 40, 60, 264)]
    start = "في هذه المرحلة، يصل تحديث جديد عن 9 من كل 10 شحنات في هذا المسار خلال "
    assert found == [f"{start}{rest}." for rest in ("يوم واحد", "يومين", "3 أيام", "11 يومًا")]


def test_too_long_says_by_which_measure() -> None:
    assert too_long(LANE, day="Mon 9 Nov", carrier="Aramex") == (
        "There was no new scan since Mon 9 Nov. At this stage, 9 of 10 parcels on this route are "
        "heard of again within 3 days. The shop can ask the carrier."
    )
    assert too_long(None, day="Mon 9 Nov", carrier="Aramex") == (
        "There was no new scan since Mon 9 Nov, which is longer than usual. "
        "The shop can ask the carrier."
    )


def test_desk_reads_scans_and_scope() -> None:
    assert for_work(LANE, days=5, is_stalled=True) == (
        "Nothing for 5 days, longer than usual here: "
        "9 of 10 are heard of again within 3 days (this lane, 812 scans)"
    )
    assert for_work(None, days=2, is_stalled=False) == "Nothing for 2 days, which is normal here"
