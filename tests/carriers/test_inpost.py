from __future__ import annotations

from pathlib import Path

from carriers.readers.inpost import InPost
from carriers.registry import CARRIERS, READERS

PARCELS = (Path(__file__).parent / "fixtures" / "inpost" / "parcels.json").read_bytes()


def test_words_are_read_whatever_their_case() -> None:
    update = InPost().parse(PARCELS)[0]

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("TAKEN_BY_COURIER", "picked_up.accepted"),
        ("AVIZO", "attempt.generic"),
        ("BRAND_NEW", "unknown"),
        ("READY_TO_PICKUP", "pickup.ready"),
    ]


def test_locker_has_its_code_and_its_last_day() -> None:
    point = InPost().parse(PARCELS)[0].pickup_point

    assert point is not None
    assert (point.name, point.code, str(point.last_day)) == ("WRO01A", "111222", "2026-05-03")
    assert point.address == "Obok kina, Długa 3, 50-001 Wrocław"


def test_parcel_without_a_log_has_the_event_of_its_status() -> None:
    update = InPost().parse(PARCELS)[1]

    assert [(e.code, e.sub_status, e.at) for e in update.events] == [
        ("confirmed", "info.label_created", None)
    ]


def test_nobody_can_ask_it() -> None:
    assert "inpost" in READERS
    assert "inpost" not in CARRIERS
