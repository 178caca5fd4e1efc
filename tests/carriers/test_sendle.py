from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import CarrierError
from carriers.readers.sendle import Sendle
from carriers.updates import Place

PARCEL = (Path(__file__).parent / "fixtures" / "sendle" / "parcel.json").read_bytes()


def test_to_be_dropped_off_is_not_dropped_off() -> None:
    (update,) = Sendle().parse(PARCEL)

    assert update.tracking_number == "HWSNDL"
    assert [event.sub_status for event in update.events] == [
        "info.label_created",
        "picked_up.accepted",
        "unknown",
        "attempt.generic",
    ]
    assert update.events[-1].description == "Nobody answered (Dog)"


def test_instants_are_shown_at_the_offset_of_the_place() -> None:
    (update,) = Sendle().parse(PARCEL)

    assert str(update.events[0].at) == "2025-03-02 00:00:00+00:00"
    assert str(update.events[1].at) == "2025-03-02 13:00:00+11:00"
    assert update.events[1].place == Place("Kew", "VIC", "3101", "AU")
    assert update.events[3].place == Place("SYDNEY", "NSW", country="AU")


def test_promise_is_a_window() -> None:
    (update,) = Sendle().parse(PARCEL)

    assert update.edd is not None
    assert [str(update.edd.first), str(update.edd.last)] == ["2025-03-04", "2025-03-06"]


def test_refusals() -> None:
    (update,) = Sendle().parse(b'{"error": "not_found", "error_description": "No."}')
    with pytest.raises(CarrierError) as caught:
        Sendle().parse(b'{"error": "payment_required"}')

    assert update.not_found
    assert caught.value.kind == "bad_request"
