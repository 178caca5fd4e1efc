from __future__ import annotations

from datetime import date
from pathlib import Path

from carriers.base import Ask
from carriers.providers.lasership import LaserShip
from carriers.updates import DateWindow, Proof

FIXTURE = Path(__file__).parent / "fixtures" / "lasership" / "journey.json"


def test_local_time_takes_the_offset_from_utc_beside_it_else_from_the_place() -> None:
    update, _ = LaserShip().parse(FIXTURE.read_bytes())

    assert [(e.sub_status, e.at.isoformat() if e.at else "") for e in update.events] == [
        ("picked_up.accepted", "2026-09-20T14:42:14-04:00"),
        ("unknown", "2026-09-22T14:00:00-05:00"),
        ("delivered.generic", "2026-09-23T14:00:00-05:00"),
    ]
    assert [event.zone_source for event in update.events] == ["carrier", "facility", "carrier"]


def test_every_piece_of_the_order_has_its_update() -> None:
    updates = LaserShip().parse(FIXTURE.read_bytes())

    assert [(one.tracking_number, one.pieces) for one in updates] == [
        ("1LS7000011", 2),
        ("1LS7000012", 2),
    ]
    assert updates[0].events == updates[1].events


def test_promise_and_where_it_was_left_are_kept() -> None:
    update, _ = LaserShip().parse(FIXTURE.read_bytes())

    assert update.edd == DateWindow(date(2026, 9, 23), date(2026, 9, 23), "America/Chicago")
    assert update.proof == Proof(left_at="Front Door")


def test_error_in_words_is_not_found() -> None:
    (update,) = LaserShip().parse(b'{"Error": true, "ErrorMessage": "Unable to track"}')

    assert (update.not_found, update.problem) == (True, "LaserShip says: Unable to track")


def test_request_escapes_the_number() -> None:
    assert LaserShip().request([Ask("1L/S")], {}, None).path == "/Track/1L%2FS/json"
