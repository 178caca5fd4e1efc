"""Flags: which raise is news, and what new rules raise silently is told later, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lib.vocabulary import Status
from tests.factories import NOW
from tracking.flag_changes import FlagNews, flag_changes
from tracking.models import Shipment

DAY = timedelta(days=1)
CALM = {"delayed": False, "will_be_late": False, "stalled": False, "action_required": False}


def parcel(**flags: object) -> Shipment:
    return Shipment(merchant_id=1, order_id=2, pk=3, status=Status.IN_TRANSIT, **flags)


def news(**fields: object) -> FlagNews:
    values: dict[str, object] = {
        "announce_from": NOW - 5 * DAY, "heard_at": NOW, "stalls_at": NOW + DAY, "late_at": None,
    }  # fmt: skip
    return FlagNews(**(values | fields))  # type: ignore[arg-type]


def said(shipment: Shipment, was: dict[str, bool], how: FlagNews) -> list[tuple[str, bool]]:
    """Kind and flag of each change, and whether it is told."""
    found = flag_changes(shipment, CALM | was, how, now=NOW)
    return [(":".join(one.key.split(":")[:2]), one.announce) for one in found]


def test_raised_flag_is_told_and_late_is_a_milestone() -> None:
    assert said(parcel(delayed=True), {}, news()) == [("delayed:raised", True), ("delayed", True)]


def test_likely_becoming_certain_is_no_second_milestone_and_takes_nothing_back() -> None:
    found = said(parcel(delayed=True), {"will_be_late": True}, news())
    assert found == [("delayed:raised", True)]


@pytest.mark.parametrize("flag", ["delayed", "will_be_late", "stalled"])
def test_what_new_rules_raise_is_told_by_the_next_look_and_once(flag: str) -> None:
    shipment = parcel(**{flag: True})
    silent = said(shipment, {}, news(silent=True, tells_later=True))
    assert (silent, shipment.untold) == ([(f"{flag}:raised", False)], [flag])
    first = said(shipment, {flag: True}, news())
    again = said(shipment, {flag: True}, news())
    milestone = [] if flag == "stalled" else [("delayed", True)]
    assert (first, again) == ([(f"{flag}:raised", True), *milestone], [])
    assert shipment.untold == []


def test_what_no_longer_holds_is_never_told() -> None:
    shipment = parcel(untold=["stalled"])
    assert said(shipment, {"stalled": True}, news()) == [("stalled:cleared", False)]
    assert shipment.untold == []


def test_silent_look_in_between_keeps_it_waiting() -> None:
    shipment = parcel(will_be_late=True, untold=["will_be_late"])
    assert said(shipment, {"will_be_late": True}, news(silent=True)) == []
    assert shipment.untold == ["will_be_late"]


def test_it_waits_while_the_carrier_is_not_heard() -> None:
    shipment = parcel(stalled=True, untold=["stalled"])
    assert said(shipment, {"stalled": True}, news(unheard=True)) == []
    assert shipment.untold == ["stalled"]


def test_likely_that_waited_and_became_certain_is_told_as_late() -> None:
    shipment = parcel(delayed=True, untold=["will_be_late"])
    found = said(shipment, {"will_be_late": True}, news())
    assert found == [("delayed:raised", True), ("delayed", True)]


def test_corrected_mapping_is_told_at_no_time() -> None:
    shipment = parcel(delayed=True)
    silent = said(shipment, {}, news(silent=True))
    assert silent == [("delayed:raised", False), ("delayed", False)]
    assert (said(shipment, {"delayed": True}, news()), shipment.untold) == ([], [])


@pytest.mark.parametrize(
    ("flag", "moments", "is_told"),
    [
        # Imported when it had been silent for weeks, or while it was on its way.
        ("stalled", {"heard_at": NOW - 20 * DAY, "stalls_at": NOW - 16 * DAY}, False),
        ("stalled", {"heard_at": NOW - 6 * DAY, "stalls_at": NOW - DAY}, True),
        ("delayed", {"heard_at": NOW - 20 * DAY, "late_at": NOW - 9 * DAY}, False),
        ("delayed", {"heard_at": NOW - 6 * DAY, "late_at": NOW - DAY}, True),
        ("will_be_late", {"heard_at": NOW - 6 * DAY}, False),
        ("action_required", {"heard_at": NOW - DAY}, True),
    ],
)
def test_what_began_before_the_first_news_is_history(
    flag: str, moments: dict[str, datetime], is_told: bool
) -> None:
    assert said(parcel(**{flag: True}), {}, news(**moments))[0] == (f"{flag}:raised", is_told)
