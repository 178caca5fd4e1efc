from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carriers.base import CarrierError
from carriers.readers.ups_xml import UpsXml
from carriers.updates import DateWindow, Proof

FIXTURE = Path(__file__).parent / "fixtures" / "ups_xml" / "delivered.xml"


def error(code: str) -> bytes:
    return f"<TrackResponse><Error><ErrorCode>{code}</ErrorCode></Error></TrackResponse>".encode()


def test_activities_use_the_codes_of_today_and_local_times() -> None:
    (update,) = UpsXml().parse(FIXTURE.read_bytes())

    assert [(e.code, e.sub_status, e.zone_source) for e in update.events] == [
        ("X/48", "attempt.nobody_home", "assumed"),
        ("D/KM", "delivered.generic", "facility"),
    ]
    assert update.events[1].at is not None
    assert update.events[1].at.isoformat() == "2010-06-10T09:00:00-06:00"


def test_promise_and_proof_are_kept() -> None:
    (update,) = UpsXml().parse(FIXTURE.read_bytes())

    assert update.edd == DateWindow(date(2010, 6, 11), date(2010, 6, 11), "America/Denver")
    assert update.proof == Proof(signed_by="LEE", left_at="FRONT DOOR")


def test_errors_say_whether_the_number_or_the_account_is_meant() -> None:
    (update,) = UpsXml().parse(error("151044"))
    with pytest.raises(CarrierError) as caught:
        UpsXml().parse(error("250003"))

    assert update.not_found
    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)
