from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.purolator import Purolator
from carriers.updates import Proof

FIXTURE = Path(__file__).parent / "fixtures" / "purolator" / "journey.xml"


def test_sentences_go_before_the_coarse_type() -> None:
    update, _ = Purolator().parse(FIXTURE.read_bytes())

    assert [(e.code, e.sub_status, e.at.isoformat() if e.at else "") for e in update.events] == [
        ("ProofOfPickUp", "picked_up.accepted", "2026-03-03T08:00:00-05:00"),
        ("Undeliverable", "transit.arrived_facility", "2026-03-04T17:23:00-05:00"),
        ("Undeliverable", "exception.other", "2026-03-05T17:23:00-05:00"),
        ("Delivery", "delivered.generic", "2026-03-06T09:00:00-05:00"),
    ]
    assert update.proof == Proof(signed_by="HALE")


def test_quebec_has_its_old_letters_and_its_zone() -> None:
    update, _ = Purolator().parse(FIXTURE.read_bytes())

    assert str(update.events[1].place) == "MONTREAL SORT CTR, QC, CA"
    assert [event.zone_source for event in update.events][:2] == ["assumed", "facility"]


def test_pin_without_scans_is_not_found() -> None:
    _, update = Purolator().parse(FIXTURE.read_bytes())

    assert (update.tracking_number, update.not_found) == ("M100000022", True)


def test_error_of_the_call_is_an_error() -> None:
    body = (
        b"<TrackPackagesByPinResponse><ResponseInformation><Errors><Error><Code>1100001</Code>"
        b"<Description>Invalid</Description></Error></Errors></ResponseInformation>"
        b"</TrackPackagesByPinResponse>"
    )

    with pytest.raises(CarrierError) as caught:
        Purolator().parse(body)

    assert str(caught.value) == "Purolator says: Invalid (1100001)"
    assert caught.value.permanent


def test_request_is_a_soap_call_of_all_pins() -> None:
    call = Purolator().request(
        [Ask("A&B"), Ask("C")], {"username": "me", "password": "pw", "user_token": "t"}, None
    )

    assert call.headers["Authorization"] == "Basic bWU6cHc="
    assert call.body is not None
    assert b"<v:PIN><v:Value>A&amp;B</v:Value></v:PIN><v:PIN><v:Value>C</v:Value>" in call.body
    assert b"<v:UserToken>t</v:UserToken>" in call.body
