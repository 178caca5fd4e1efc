from __future__ import annotations

from pathlib import Path

from carriers.readers.evri import Evri
from carriers.registry import CARRIERS, READERS
from tracking.reading import state_of

RETURN = (Path(__file__).parent / "fixtures" / "evri" / "return.json").read_bytes()


def test_stages_of_a_return_never_deliver() -> None:
    (update,) = Evri().parse(RETURN)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("2/ARRIVED_PARCELSHOP", "picked_up.accepted"),
        ("3", "returning.started"),
        ("9_NEW", "unknown"),
        ("5_COURIER/CLIENT", "returned.received"),
    ]
    assert state_of(update.events).sub_status == "returned.received"


def test_same_stages_of_a_delivery_do() -> None:
    (update,) = Evri().parse(RETURN.replace(b"true", b"false"))

    assert state_of(update.events).sub_status == "delivered.generic"


def test_milliseconds_are_read_as_instants() -> None:
    (update,) = Evri().parse(RETURN)

    assert str(update.events[1].at) == "2026-09-19 12:00:00+00:00"


def test_nobody_can_ask_it() -> None:
    assert "evri" in READERS
    assert "evri" not in CARRIERS
