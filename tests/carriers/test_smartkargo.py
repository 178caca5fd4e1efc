from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.smartkargo import SmartKargo
from carriers.updates import DateWindow

TRACKING = (Path(__file__).parent / "fixtures" / "smartkargo" / "tracking.json").read_bytes()
KARGO = SmartKargo()


def test_pieces_are_one_package_and_counted() -> None:
    (update,) = KARGO.parse(TRACKING)

    assert (update.tracking_number, update.pieces) == ("PKG-9", 2)
    assert [(e.code, e.sub_status, e.place.code) for e in update.events] == [
        ("BKD", "info.label_created", "BOS"),
        ("QQQ", "unknown", "SEA"),
        ("GDL", "out.on_vehicle", "SEA"),
        ("ADL", "attempt.generic", "SEA"),
    ]
    assert update.edd == DateWindow(date(2026, 7, 5), date(2026, 7, 5))


def test_airports_wall_clock_has_an_assumed_zone() -> None:
    (update,) = KARGO.parse(TRACKING)

    assert {event.zone_source for event in update.events} == {"assumed"}


def test_nothing_found_and_refused() -> None:
    with pytest.raises(CarrierError) as caught:
        KARGO.parse(b'{"error": {"code": "BAD", "message": "m"}}')

    assert KARGO.parse(b'{"error": {"code": "NOT_FOUND"}}')[0].not_found
    assert KARGO.parse(b"[]")[0].not_found
    assert caught.value.kind == "bad_request"


def test_site_is_named_where_there_is_one() -> None:
    call = KARGO.request([Ask("PKG-9")], {"api_key": "k", "site_id": "s"}, None)

    assert (call.path, call.params) == ("/tracking", {"packageReference": "PKG-9"})
    assert (call.headers["code"], call.headers["SiteId"]) == ("k", "s")
