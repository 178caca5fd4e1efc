from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.tnt import Tnt

CONSIGNMENTS = (Path(__file__).parent / "fixtures" / "tnt" / "consignments.xml").read_bytes()


def test_texts_stand_in_for_codes_we_have_not_seen_only_as_a_whole() -> None:
    update = Tnt().parse(CONSIGNMENTS)[0]

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("Q1", "customs.cleared"),
        ("OK", "delivered.generic"),
        ("Q2", "unknown"),  # its time cannot be read: last
    ]


def test_delivery_is_in_the_destinations_time() -> None:
    update = Tnt().parse(CONSIGNMENTS)[0]

    assert [(str(e.at), e.zone_source, e.place.code) for e in update.events][:2] == [
        ("2026-07-11 15:00:00+00:00", "assumed", "LTN"),
        ("2026-07-12 09:05:00+01:00", "facility", "BA4"),
    ]


def test_signature_and_pieces_are_kept() -> None:
    update = Tnt().parse(CONSIGNMENTS)[0]

    assert update.proof is not None
    assert (update.proof.signed_by, update.pieces) == ("costa", 3)
    assert (update.origin.country, update.destination.country) == ("IT", "GB")


def test_summary_alone_makes_one_event() -> None:
    update = Tnt().parse(CONSIGNMENTS)[1]

    assert [(e.code, e.sub_status, str(e.at)) for e in update.events] == [
        ("DEL", "delivered.generic", "2026-03-12 09:05:00+01:00")
    ]


def test_consignment_not_found_is_said_by_its_summary() -> None:
    update = Tnt().parse(CONSIGNMENTS)[2]

    assert (update.tracking_number, update.not_found) == ("100000003", True)


def test_unauthorized_is_a_credentials_error() -> None:
    with pytest.raises(CarrierError) as caught:
        Tnt().parse(b"<TrackResponse><Error><Code>9000</Code></Error></TrackResponse>")

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_request_is_xml_in_a_form_field() -> None:
    call = Tnt().request([Ask("1"), Ask("2&3")], {"username": "u", "password": "p"}, None)

    assert call.headers["Authorization"] == "Basic dTpw"
    assert call.form is not None
    written = call.form["xml_in"]
    assert written.count("<ConsignmentNumber>") == 2
    assert "<ConsignmentNumber>2&amp;3</ConsignmentNumber>" in written
