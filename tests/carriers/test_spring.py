from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.spring import Spring

SHIPMENT = (Path(__file__).parent / "fixtures" / "spring" / "shipment.json").read_bytes()


def test_delivered_to_the_country_is_not_delivered() -> None:
    (update,) = Spring().parse(SHIPMENT)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("0", "info.label_created"),
        ("101", "transit.arrived_destination_country"),
        ("12504", "returned.received"),
        ("9999", "unknown"),
    ]


def test_timestamp_is_the_instant_and_words_stand_in_for_it() -> None:
    (update,) = Spring().parse(SHIPMENT)

    assert [(str(e.at), e.zone_source) for e in update.events][1:3] == [
        ("2026-01-07 08:00:00+00:00", "carrier"),
        ("2026-01-08 08:30:00+01:00", "facility"),
    ]


def test_last_mile_carrier_and_its_number_are_kept() -> None:
    (update,) = Spring().parse(SHIPMENT)

    assert update.next_leg is not None
    assert (update.next_leg.carrier, update.next_leg.number) == ("Colis Privé", "W5000000001")


def test_unknown_number_is_not_found() -> None:
    (update,) = Spring().parse(b'{"ErrorLevel": 10, "Error": "Tracking number not found"}')

    assert update.not_found


@pytest.mark.parametrize(
    ("reason", "kind"), [("Invalid Apikey", "credentials"), ("Busy", "unavailable")]
)
def test_refusals_come_with_200(reason: str, kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        Spring().parse(f'{{"ErrorLevel": 10, "Error": "{reason}"}}'.encode())

    assert caught.value.kind == kind


def test_request_is_a_command_with_the_key_inside() -> None:
    call = Spring().request([Ask("LX1")], {"api_key": "k"}, None)

    assert call.json == {
        "Apikey": "k",
        "Command": "TrackShipment",
        "Shipment": {"TrackingNumber": "LX1"},
    }
