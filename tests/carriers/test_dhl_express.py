from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.dhl_express import DhlExpress
from carriers.updates import DateWindow, Proof

FIXTURES = Path(__file__).parent / "fixtures" / "dhl_express"


def test_request_asks_one_number_with_the_offset_of_every_event() -> None:
    credentials = {"username": "u", "password": "p"}

    call = DhlExpress().request([Ask("12/3")], credentials, None)

    assert call.path == "/shipments/12%2F3/tracking"
    assert call.params["requestGMTOffsetPerEvent"] == "true"
    assert call.headers["Authorization"] == "Basic dTpw"


def test_json_takes_the_offset_then_the_service_areas_zone() -> None:
    (update,) = DhlExpress().parse((FIXTURES / "tracking.json").read_bytes())

    assert [(e.sub_status, e.zone_source, str(e.place)) for e in update.events] == [
        ("picked_up.accepted", "carrier", "Muscat, OM"),
        ("info.label_created", "facility", "Dubai, AE"),
        ("delivered.generic", "carrier", "Dubai, AE"),
    ]
    assert update.edd == DateWindow(date(2026, 2, 11), date(2026, 2, 11), "Asia/Dubai")
    assert update.proof == Proof(signed_by="R GUEST")
    assert update.pieces == 2


def test_xml_reads_three_letter_countries_states_and_the_local_day() -> None:
    found, missing = DhlExpress().parse((FIXTURES / "xmlpi.xml").read_bytes())

    assert [
        (e.sub_status, e.at.isoformat() if e.at else "", str(e.place)) for e in found.events
    ] == [
        ("picked_up.accepted", "2026-02-01T09:10:00+08:00", "HONG KONG, HK"),
        ("unknown", "2026-02-03T11:00:00-08:00", "LOS ANGELES GATEWAY, CA, US"),
    ]
    assert found.edd == DateWindow(date(2026, 2, 4), date(2026, 2, 4), "")
    assert found.proof is None  # "00:00:00" signs a pick-up
    assert (missing.tracking_number, missing.not_found) == ("1234567816", True)


def test_unknown_number_is_not_found_and_named() -> None:
    body = {
        "status": 404,
        "title": "Not Found",
        "detail": "None.",
        "instance": "/shipments/77/tracking",
    }

    (update,) = DhlExpress().parse(json.dumps(body).encode())

    assert (update.tracking_number, update.not_found) == ("77", True)


@pytest.mark.parametrize(
    ("status", "kind", "permanent"),
    [(400, "bad_request", True), (401, "credentials", True), (500, "unavailable", False)],
)
def test_other_problems_refuse(status: int, kind: str, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        DhlExpress().parse(json.dumps({"title": "t", "status": status}).encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)
