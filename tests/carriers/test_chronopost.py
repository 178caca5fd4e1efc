from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.chronopost import Chronopost

FOLDER = Path(__file__).parent / "fixtures" / "chronopost"
PARCEL = (FOLDER / "parcel.xml").read_bytes()


def test_events_keep_their_offset_and_only_real_offices_are_in_france() -> None:
    (update,) = Chronopost().parse(PARCEL)

    assert update.tracking_number == "XY111111111FR"
    assert [(e.code, e.sub_status, e.place.country) for e in update.events] == [
        ("SD", "transit.at_delivery_depot", "FR"),
        ("QZ", "unknown", ""),
        ("D", "delivered.generic", "FR"),
    ]
    assert str(update.events[0].at) == "2026-05-04 05:10:00+02:00"


def test_name_taken_at_the_door_is_proof() -> None:
    (update,) = Chronopost().parse(PARCEL)

    assert update.proof is not None
    assert update.proof.signed_by == "ROUX"


def test_answer_without_events_is_an_unknown_parcel() -> None:
    (update,) = Chronopost().parse((FOLDER / "unknown.xml").read_bytes())

    assert (update.tracking_number, update.not_found) == ("XY222222222FR", True)


def test_system_error_is_a_passing_failure() -> None:
    body = b"<a><return><errorCode>1</errorCode><errorMessage>Down</errorMessage></return></a>"

    with pytest.raises(CarrierError) as caught:
        Chronopost().parse(body)

    assert (caught.value.kind, caught.value.permanent) == ("unavailable", False)


def test_request_is_one_parcel_in_an_envelope_and_needs_no_account() -> None:
    call = Chronopost().request([Ask("A&B")], {}, None)

    assert Chronopost.secrets == ()
    assert call.body is not None
    assert b"<v:trackSkybillV2><language>en_GB</language>" in call.body
    assert b"<skybillNumber>A&amp;B</skybillNumber>" in call.body
