from __future__ import annotations

from datetime import date
from pathlib import Path

from carriers.readers.gls_consumer import GlsConsumer
from carriers.updates import DateWindow

FIXTURES = Path(__file__).parent / "fixtures" / "gls_consumer"


def test_wall_clocks_are_dutch_and_the_promise_is_the_local_day() -> None:
    (update,) = GlsConsumer().parse((FIXTURES / "parcel.json").read_bytes())

    assert [(e.sub_status, e.zone_source) for e in update.events] == [
        ("info.label_created", "assumed"),
        ("out.on_vehicle", "assumed"),
        ("unknown", "assumed"),
    ]
    assert update.events[0].raw_time == "2026-05-03T10:00:00"
    assert update.edd == DateWindow(date(2026, 5, 4), date(2026, 5, 5), "Europe/Amsterdam")
