from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.nationex import Nationex
from carriers.updates import DateWindow

FIXTURE = Path(__file__).parent / "fixtures" / "nationex" / "journey.json"


def test_statuses_and_scans_of_all_parcels_make_one_journey() -> None:
    (update,) = Nationex().parse(FIXTURE.read_bytes())

    assert [(e.code, e.sub_status, e.at.isoformat() if e.at else "") for e in update.events] == [
        ("DataReceived", "info.label_created", "2026-03-30T12:00:00+00:00"),
        ("exception/77", "unknown", "2026-04-01T08:00:00-04:00"),
        ("exception/5", "attempt.nobody_home", "2026-04-01T13:31:00-04:00"),
        ("Delivered", "delivered.generic", "2026-04-02T16:00:00+00:00"),
    ]


def test_promise_spans_the_parcels_and_they_are_counted() -> None:
    (update,) = Nationex().parse(FIXTURE.read_bytes())

    assert update.edd == DateWindow(date(2026, 4, 1), date(2026, 4, 2), "America/Toronto")
    assert update.pieces == 2


def test_status_stands_in_where_there_is_no_history() -> None:
    body = json.dumps({"ShipmentId": 1, "ShipmentStatus": "ReturnCompleted"}).encode()

    (update,) = Nationex().parse(body)

    assert [event.sub_status for event in update.events] == ["returned.received"]


def test_unknown_shipment_is_not_found_and_a_refused_key_an_error() -> None:
    (update,) = Nationex().parse(b'{"code": 404, "message": "does not exist"}')
    with pytest.raises(CarrierError) as caught:
        Nationex().parse(b'{"code": 401, "message": "no"}')

    assert update.not_found
    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_request_names_the_shipment() -> None:
    call = Nationex().request([Ask("10 1")], {"customer_id": "me", "api_key": "pw"}, None)

    assert (call.path, call.params) == ("/api/v4/Shipments/10%201", {"tracking": "true"})
    assert call.headers["Authorization"] == "Basic bWU6cHc="
