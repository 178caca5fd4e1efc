from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carriers.base import CarrierError
from carriers.readers.usps_webtools import UspsWebTools
from carriers.updates import DateWindow, Proof

FIXTURE = Path(__file__).parent / "fixtures" / "usps_webtools" / "batch.xml"


def test_times_in_words_are_local_and_may_lack_the_clock() -> None:
    update, _ = UspsWebTools().parse(FIXTURE.read_bytes())

    assert [(e.sub_status, e.at.isoformat() if e.at else "") for e in update.events] == [
        ("info.label_created", "2015-04-27T00:00:00-04:00"),
        ("delivered.generic", "2015-04-28T09:01:00-05:00"),
    ]
    assert [event.zone_source for event in update.events] == ["assumed", "facility"]


def test_promise_and_place_of_delivery_are_kept() -> None:
    update, _ = UspsWebTools().parse(FIXTURE.read_bytes())

    assert update.edd == DateWindow(date(2015, 4, 28), date(2015, 4, 28), "America/Chicago")
    assert update.proof == Proof(left_at="In/At Mailbox")


def test_unknown_number_in_a_batch_stays_with_its_number() -> None:
    _, update = UspsWebTools().parse(FIXTURE.read_bytes())

    assert (update.tracking_number, update.not_found) == ("9102000000000000000022", True)


@pytest.mark.parametrize(
    ("number", "kind"), [("80040B1A", "credentials"), ("-2147219067", "bad_request")]
)
def test_error_of_the_call_is_an_error(number: str, kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        UspsWebTools().parse(f"<Error><Number>{number}</Number></Error>".encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, True)
