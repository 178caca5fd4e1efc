from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.roadie import Roadie
from carriers.updates import Courier, DateWindow, Proof

SHIPMENTS = (Path(__file__).parent / "fixtures" / "roadie" / "shipments.json").read_bytes()
ROADIE = Roadie()


def test_events_and_driver_are_read() -> None:
    update = ROADIE.parse(SHIPMENTS)[0]

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("pickup_confirmed", "picked_up.accepted"),
        ("driver_lost", "unknown"),
        ("delivery_attempted", "attempt.generic"),
    ]
    assert (update.tracking_number, update.courier) == ("700001", Courier("Ann T.", "5550100"))
    assert update.edd == DateWindow(date(2026, 3, 1), date(2026, 3, 1), "America/New_York")


def test_state_speaks_where_nothing_happened_yet() -> None:
    update = ROADIE.parse(SHIPMENTS)[1]

    assert [(e.code, e.sub_status) for e in update.events] == [("scheduled", "info.label_created")]


def test_delivered_shipment_has_a_proof_and_no_driver() -> None:
    row = json.loads(SHIPMENTS)[0]
    row["events"].append({"name": "delivery_confirmed", "occurred_at": "2026-03-01T18:00:00Z"})

    (update,) = ROADIE.parse(json.dumps([row | {"signatory_name": "B C"}]).encode())

    assert (update.courier, update.proof) == (None, Proof(signed_by="B C"))


def test_nothing_found_and_refused() -> None:
    with pytest.raises(CarrierError) as caught:
        ROADIE.parse(b'{"errors": [{"code": 1001, "message": "m"}]}')

    assert ROADIE.parse(b"[]")[0].not_found
    assert (caught.value.kind, caught.value.permanent) == ("bad_request", True)


def test_request_asks_for_ids_together() -> None:
    call = ROADIE.request([Ask("1"), Ask("2")], {"api_key": "k"}, None)

    assert (call.path, call.params) == ("/v1/shipments", {"ids": "1,2"})
