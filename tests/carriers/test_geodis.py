from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.geodis import Geodis

SHIPMENT = (Path(__file__).parent / "fixtures" / "geodis" / "shipment.json").read_bytes()


def test_signature_covers_the_body_that_is_sent() -> None:
    call = Geodis().request([Ask("1GAAAAAAAAAA")], {"login": "me", "api_key": "secret"}, None)

    login, moment, language, digest = call.headers["X-GEODIS-Service"].split(";")
    assert call.body == b'{"noSuivi":"1GAAAAAAAAAA"}'
    signed = f"secret;me;{moment};fr;api/zoomclient/recherche-envoi;{call.body.decode()}"
    assert (login, language) == ("me", "fr")
    assert digest == hashlib.sha256(signed.encode()).hexdigest()


def test_scans_are_french_oldest_first_and_in_french() -> None:
    (update,) = Geodis().parse(SHIPMENT)

    assert [(e.code, e.sub_status, str(e.place)) for e in update.events] == [
        ("ZZZ/QQQ", "unknown", "Nantes, FR"),
        ("MLV/CFM", "out.on_vehicle", "FR"),
        ("LIV/CFM", "delivered.generic", "Lille, FR"),
    ]
    assert {(event.language, event.zone_source) for event in update.events} == {("fr", "facility")}
    assert str(update.events[-1].at) == "2026-03-03 09:40:00+01:00"


def test_promise_pieces_and_cash_are_kept() -> None:
    (update,) = Geodis().parse(SHIPMENT)

    assert update.edd is not None
    assert str(update.edd.first) == "2026-03-03"
    assert update.pieces == 3
    assert update.cash is not None
    assert (update.cash.amount, update.cash.currency) == (Decimal("45.5"), "EUR")


def test_closed_because_it_goes_back_is_a_return() -> None:
    row = b'{"codeSituationJustification": "SOL/REO", "dateSuivi": "2026-03-03"}'
    body = b'{"ok": true, "contenu": {"noSuivi": "1G", "listSuivis": [%s]}}' % row

    (update,) = Geodis().parse(body)

    assert [event.sub_status for event in update.events] == ["returning.started"]


def test_refusals_come_with_200() -> None:
    (update,) = Geodis().parse(
        '{"ok": false, "codeErreur": "E1", "texteErreur": "Envoi non trouvé"}'.encode()
    )
    with pytest.raises(CarrierError) as caught:
        Geodis().parse(b'{"ok": false, "codeErreur": "E2", "texteErreur": "No"}')

    assert update.not_found
    assert caught.value.kind == "bad_request"
