from __future__ import annotations

from datetime import date
from pathlib import Path

from carriers.readers.fedex_web import FedExWeb
from carriers.updates import DateWindow, Proof

FIXTURE = Path(__file__).parent / "fixtures" / "fedex_web" / "delivered.json"


def test_scans_without_an_offset_take_the_zone_of_their_place() -> None:
    update, _ = FedExWeb().parse(FIXTURE.read_bytes())

    assert [(e.sub_status, e.at.isoformat() if e.at else "") for e in update.events] == [
        ("picked_up.accepted", "2018-10-18T18:30:00-04:00"),
        ("delivered.generic", "2018-10-19T11:41:04-04:00"),
    ]
    assert [event.zone_source for event in update.events] == ["facility", "carrier"]


def test_promise_proof_and_pieces_are_kept() -> None:
    update, _ = FedExWeb().parse(FIXTURE.read_bytes())

    assert update.edd == DateWindow(date(2018, 10, 19), date(2018, 10, 19), "America/New_York")
    assert (update.proof, update.pieces) == (Proof(signed_by="M.LOWE"), 3)


def test_unknown_number_is_not_found() -> None:
    _, update = FedExWeb().parse(FIXTURE.read_bytes())

    assert (update.not_found, update.problem) == (True, "FedEx says: Cannot be found")
