from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.dhl_poland import DhlPoland
from carriers.updates import Proof

FIXTURES = Path(__file__).parent / "fixtures" / "dhl_poland"


def test_request_is_a_soap_call_with_the_login_escaped() -> None:
    call = DhlPoland().request([Ask("1<2")], {"username": "u", "password": "a&b"}, None)

    assert call.body is not None
    assert b"<v:shipmentId>1&lt;2</v:shipmentId>" in call.body
    assert b"<v:password>a&amp;b</v:password>" in call.body
    assert call.headers["SOAPAction"].endswith("#getTrackAndTraceInfo")


def test_events_are_polish_in_words_and_time() -> None:
    (update,) = DhlPoland().parse((FIXTURES / "events.xml").read_bytes())

    assert [
        (e.sub_status, e.at.isoformat() if e.at else "", e.language) for e in update.events
    ] == [
        ("picked_up.accepted", "2026-07-01T18:00:00+02:00", "pl"),
        ("attempt.nobody_home", "2026-07-02T12:00:00+02:00", "pl"),
        ("delivered.generic", "2026-07-03T12:00:00+02:00", "pl"),
    ]
    assert update.tracking_number == "11000000001"
    assert update.proof == Proof(signed_by="KOWAL")


@pytest.mark.parametrize(("code", "kind"), [("100", "credentials"), ("Server", "unavailable")])
def test_faults_refuse(code: str, kind: str) -> None:
    body = f"<Envelope><Body><Fault><faultcode>{code}</faultcode></Fault></Body></Envelope>"

    with pytest.raises(CarrierError) as caught:
        DhlPoland().parse(body.encode())

    assert caught.value.kind == kind
