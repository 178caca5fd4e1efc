from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carriers.base import CarrierError
from carriers.readers.fedex_soap import FedExSoap
from carriers.updates import DateWindow

FIXTURES = Path(__file__).parent / "fixtures" / "fedex_soap"


def test_events_are_read_oldest_first_with_their_exceptions() -> None:
    update, _ = FedExSoap().parse((FIXTURES / "delivered.xml").read_bytes())

    assert [(e.code, e.sub_status, e.zone_source) for e in update.events] == [
        ("PU", "picked_up.accepted", "facility"),
        ("DE/03", "exception.address", "carrier"),
        ("DL/014", "delivered.generic", "carrier"),
    ]
    assert update.edd == DateWindow(date(2014, 5, 8), date(2014, 5, 8), "America/New_York")
    assert update.proof is None  # "Signature not required" is nobody's name


def test_number_that_is_not_found_keeps_its_answer() -> None:
    _, update = FedExSoap().parse((FIXTURES / "delivered.xml").read_bytes())

    assert (update.tracking_number, update.not_found) == ("700000000055", True)


def test_refused_call_is_an_error() -> None:
    body = (
        b"<TrackReply><Notifications><Severity>ERROR</Severity><Code>5508</Code>"
        b"<Message>Invalid tracking number.</Message></Notifications></TrackReply>"
    )

    with pytest.raises(CarrierError) as caught:
        FedExSoap().parse(body)

    assert (caught.value.kind, caught.value.permanent) == ("bad_request", True)
