from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.naqel import Naqel

TRACE = (Path(__file__).parent / "fixtures" / "naqel" / "trace.xml").read_bytes()
ROW = (
    b'<R xmlns="http://tempuri.org/"><TraceByMultiWaybillNoResult><Tracking><HasError>true'
    b"</HasError><ErrorMessage>%s</ErrorMessage><WaybillNo>0</WaybillNo></Tracking>"
    b"</TraceByMultiWaybillNoResult></R>"
)


def test_codes_that_integrators_disagree_about_stay_unknown() -> None:
    found, _ = Naqel().parse(TRACE)

    assert [(event.code, event.sub_status, event.language) for event in found.events] == [
        ("9", "unknown", "en"),
        ("5", "out.on_vehicle", "en"),
        ("168", "attempt.nobody_home", "ar"),
    ]


def test_station_settles_the_zone_of_a_naive_time() -> None:
    found, _ = Naqel().parse(TRACE)

    assert [event.at.isoformat() if event.at else "" for event in found.events] == [
        "2026-03-04T08:00:00+03:00",
        "2026-03-06T09:30:00+04:00",
        "2026-03-06T18:40:00+04:00",
    ]
    assert {event.zone_source for event in found.events} == {"facility"}


def test_unknown_waybill_is_not_found_in_naqels_words() -> None:
    _, missing = Naqel().parse(TRACE)

    assert (missing.events, missing.not_found) == ((), True)
    assert missing.problem == "No data for this waybill"


@pytest.mark.parametrize(
    ("said", "kind"),
    [(b"Wrong client ID or password", "credentials"), (b"Timeout expired", "unavailable")],
)
def test_error_about_the_whole_call_is_raised(said: bytes, kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        Naqel().parse(ROW % said)

    assert caught.value.kind == kind


def test_request_lists_the_waybills_in_one_envelope() -> None:
    call = Naqel().request([Ask("1"), Ask("<2>")], {"client_id": "c", "password": "p&"}, None)

    sent = (call.body or b"").decode()
    assert ">1</" in sent
    assert "&lt;2&gt;</" in sent
    assert "p&amp;" in sent
    assert call.headers["SOAPAction"] == '"http://tempuri.org/TraceByMultiWaybillNo"'
