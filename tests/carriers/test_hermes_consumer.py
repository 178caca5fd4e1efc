from __future__ import annotations

from pathlib import Path

from carriers.readers.hermes_consumer import HermesConsumer
from carriers.registry import CARRIERS
from tracking.reading import state_of

FIXTURES = Path(__file__).parent / "fixtures" / "hermes_consumer"


def test_a_booked_wish_is_no_movement_and_a_new_word_stays_unknown() -> None:
    (update,) = HermesConsumer().parse((FIXTURES / "parcel.json").read_bytes())

    assert [e.sub_status for e in update.events] == [
        "unknown",
        "transit.arrived_facility",
        "info.label_created",
        "out.on_vehicle",
    ]
    assert state_of(update.events[:-1]).sub_status == "transit.arrived_facility"


def test_nobody_can_ask_it() -> None:
    assert "hermes_consumer" not in CARRIERS
