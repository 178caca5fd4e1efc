from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.veho import Veho
from carriers.updates import DateWindow, Proof

PACKAGES = (Path(__file__).parent / "fixtures" / "veho" / "packages.json").read_bytes()
VEHO = Veho()


def test_event_log_is_read() -> None:
    (update,) = VEHO.parse(PACKAGES)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("created", "info.label_created"),
        ("pickedUpFromVeho", "out.on_vehicle"),
        ("teleported", "unknown"),
        ("delivered", "delivered.generic"),
    ]
    assert update.edd == DateWindow(date(2026, 2, 2), date(2026, 2, 2), "America/Denver")
    assert update.proof == Proof(photo_url="https://images.example.com/p1.jpg")


def test_push_is_one_event() -> None:
    push = {
        "eventType": "package.pendingReturnToClient",
        "barcode": "veho_id_p1",
        "occurredAt": "2026-02-03T18:00:00Z",
    }

    (update,) = VEHO.read_push(json.dumps(push).encode())

    assert (update.tracking_number, update.events[0].sub_status) == (
        "veho_id_p1",
        "returning.started",
    )


def test_older_answer_is_read_by_its_status_word() -> None:
    event = {"date": "2026-02-02", "time": "09:00:00", "code": "ZZ", "location": "Denver, CO"}
    row = {"trackingNumber": "V1", "status": "WITH_DELIVERY_COURIER", "events": [event]}

    (update,) = VEHO.parse(json.dumps({"trackingInfo": [row]}).encode())

    assert [(e.code, e.sub_status, e.zone_source) for e in update.events] == [
        ("ZZ", "out.on_vehicle", "facility")
    ]


def test_nothing_found_and_refused() -> None:
    with pytest.raises(CarrierError) as caught:
        VEHO.parse(b'{"error": {"code": "tracking_error", "message": "m"}}')

    assert VEHO.parse(b"[]")[0].not_found
    assert caught.value.kind == "bad_request"


def test_request_looks_the_barcode_up() -> None:
    call = VEHO.request([Ask("veho_id_p1")], {"api_key": "k"}, None)

    assert (call.path, call.params) == ("/v2/packages", {"barCode": "veho_id_p1"})
    assert call.headers["apikey"] == "k"
