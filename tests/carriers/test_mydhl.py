from __future__ import annotations

from pathlib import Path

from carriers.readers.mydhl import MyDhl
from carriers.registry import CARRIERS, READERS

FIXTURES = Path(__file__).parent / "fixtures" / "mydhl"


def test_it_reads_what_dhl_express_answers_and_cannot_be_asked() -> None:
    (update,) = MyDhl().parse((FIXTURES / "tracking.json").read_bytes())

    assert update.tracking_number == "1234567902"
    assert update.events[-1].sub_status == "delivered.generic"
    assert "mydhl" in READERS
    assert "mydhl" not in CARRIERS
