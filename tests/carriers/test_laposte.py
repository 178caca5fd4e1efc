from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.colissimo import Colissimo
from carriers.providers.laposte import LaPoste
from tracking.reading import state_of

FIXTURES = Path(__file__).parent / "fixtures"
SUIVI = (FIXTURES / "laposte" / "suivi.json").read_bytes()


def test_every_number_of_a_batch_answers_for_itself() -> None:
    found, missing = LaPoste().parse(SUIVI)

    assert (found.tracking_number, found.not_found) == ("6A11111111111", False)
    assert (missing.tracking_number, missing.not_found) == ("6A22222222222", True)
    assert missing.problem == "La Poste says: Unknown number. (404)"


def test_pickup_point_promise_and_partner_are_kept() -> None:
    found, _ = LaPoste().parse(SUIVI)

    assert found.pickup_point is not None
    assert found.pickup_point.name == "Tabac du Pont"
    assert found.next_leg is not None
    assert (found.next_leg.carrier, found.next_leg.number) == ("Correos", "PK00000001ES")
    assert found.edd is not None
    assert (str(found.edd.first), found.edd.zone) == ("2026-04-02", "Europe/Paris")


def test_events_are_oldest_first_in_the_language_of_the_answer() -> None:
    found, _ = LaPoste().parse(SUIVI)

    assert [(e.code, e.sub_status, e.language) for e in found.events] == [
        ("PC1", "picked_up.accepted", "en"),
        ("ZZ9", "unknown", "en"),
        ("AG1", "pickup.ready", "en"),
    ]


def test_handed_to_the_sender_is_returned_never_delivered() -> None:
    (update,) = Colissimo().parse((FIXTURES / "colissimo" / "suivi.json").read_bytes())

    assert state_of(update.events).sub_status == "returned.received"
    assert {event.language for event in update.events} == {"fr"}


def test_invalid_number_stays_with_its_number() -> None:
    body = b'{"returnCode": 400, "returnMessage": "Not a number", "idShip": "X1"}'

    (update,) = LaPoste().parse(body)

    assert (update.tracking_number, update.not_found) == ("X1", False)


def test_refused_key_is_a_credentials_error() -> None:
    with pytest.raises(CarrierError) as caught:
        LaPoste().parse(b'{"code": "UNAUTHORIZED", "message": "Unknown key"}')

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_colissimo_asks_as_la_poste_does() -> None:
    call = Colissimo().request([Ask("6A 1"), Ask("6A2")], {"api_key": "k"}, None)

    assert call.path == "/suivi/v2/idships/6A%201,6A2"
    assert call.headers["X-Okapi-Key"] == "k"
