"""Small formats that nobody can be asked in any more, one after the other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from carriers.readers.a1 import A1
from carriers.readers.newgistics import Newgistics
from carriers.readers.pitney_bowes import PitneyBowes
from carriers.readers.prestige import Prestige
from carriers.readers.stamps import Stamps
from carriers.updates import CarrierEvent, DateWindow, Proof

FIXTURES = Path(__file__).parent / "fixtures"


def said(events: tuple[CarrierEvent, ...]) -> list[tuple[str, str]]:
    return [(event.sub_status, event.at.isoformat() if event.at else "") for event in events]


def test_a1_keeps_the_place_that_it_writes_for_a_name() -> None:
    update, unknown = A1().parse((FIXTURES / "a1" / "delivered.xml").read_bytes())

    assert said(update.events) == [
        ("attempt.generic", "2013-10-07T21:19:00-05:00"),
        ("delivered.generic", "2013-10-08T13:29:00-05:00"),
    ]
    assert update.proof == Proof(left_at="front desk")
    assert update.edd == DateWindow(date(2013, 10, 7), date(2013, 10, 7), "America/Chicago")
    assert (unknown.tracking_number, unknown.not_found) == ("AZI1000000022", True)


def test_prestige_reads_local_times_in_american_order() -> None:
    (update,) = Prestige().parse((FIXTURES / "prestige" / "delivered.json").read_bytes())

    assert said(update.events) == [
        ("unknown", "2015-10-18T15:55:00-04:00"),
        ("delivered.generic", "2015-10-19T14:39:00-05:00"),
    ]
    assert [event.zone_source for event in update.events] == ["assumed", "facility"]
    assert update.edd == DateWindow(date(2015, 10, 20), date(2015, 10, 20), "America/Chicago")


def test_newgistics_puts_day_and_clock_together_and_ends_returned() -> None:
    update, unknown = Newgistics().parse((FIXTURES / "newgistics" / "returned.json").read_bytes())

    assert said(update.events) == [
        ("returned.received", "2016-07-22T18:00:00-05:00"),
        ("unknown", ""),
    ]
    assert (unknown.not_found, unknown.events) == (True, ())


def test_pitney_bowes_delivers_a_return_to_the_merchant() -> None:
    (update,) = PitneyBowes().parse((FIXTURES / "pitney_bowes" / "return.json").read_bytes())

    assert [(event.code, event.sub_status) for event in update.events] == [
        ("LC", "info.label_created"),
        ("TRD/10", "transit.arrived_facility"),
        ("DLD/01", "returned.received"),
    ]
    assert update.edd == DateWindow(date(2024, 7, 30), date(2024, 7, 30), "America/Chicago")


def test_stamps_reads_the_closed_list_of_its_wsdl() -> None:
    (update,) = Stamps().parse((FIXTURES / "stamps" / "delivered.xml").read_bytes())

    assert said(update.events) == [
        ("attempt.no_safe_place", "2008-02-18T10:00:00-06:00"),
        ("delivered.generic", "2008-02-19T10:32:00-06:00"),
    ]
    assert update.proof == Proof(signed_by="R HALE")
