from __future__ import annotations

from datetime import date
from pathlib import Path

from carriers.base import Ask
from carriers.providers.canpar import Canpar
from carriers.updates import DateWindow, Proof

FIXTURE = Path(__file__).parent / "fixtures" / "canpar" / "journey.xml"


def test_unknown_codes_stay_unknown_and_the_flag_delivers() -> None:
    (update,) = Canpar().parse(FIXTURE.read_bytes())

    assert [(e.code, e.sub_status, e.at.isoformat() if e.at else "") for e in update.events] == [
        ("PIC", "picked_up.accepted", "2026-03-07T04:53:53-05:00"),
        ("??", "unknown", "2026-03-08T09:14:42-04:00"),
        ("delivered", "delivered.generic", ""),
    ]


def test_promise_and_signature_are_kept() -> None:
    (update,) = Canpar().parse(FIXTURE.read_bytes())

    assert update.edd == DateWindow(date(2026, 3, 7), date(2026, 3, 7), "America/Toronto")
    assert (update.proof, update.service) == (Proof(signed_by="HALE"), "GROUND")


def test_answer_without_a_result_is_not_found_or_says_why() -> None:
    (silent,) = Canpar().parse(b"<r><return><error/><result/></return></r>")
    (spoken,) = Canpar().parse(b"<r><return><error>Down for repairs</error></return></r>")

    assert silent.not_found
    assert (spoken.not_found, spoken.problem) == (False, "Canpar says: Down for repairs")


def test_request_escapes_the_barcode() -> None:
    call = Canpar().request([Ask("D<1")], {}, None)

    assert call.body is not None
    assert b"<xsd:barcode>D&lt;1</xsd:barcode>" in call.body
