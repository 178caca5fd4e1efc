from __future__ import annotations

import json
from pathlib import Path

from carriers.base import Ask
from carriers.providers.parcelone import ParcelOne
from carriers.updates import NextLeg, Proof

FIXTURES = Path(__file__).parent / "fixtures" / "parcelone"


def test_request_has_the_key_in_its_header() -> None:
    call = ParcelOne().request([Ask("40 1")], {"api_key": "k"}, None)

    assert (call.path, call.headers["Apikey"]) == ("/shipment/40%201", "k")


def test_own_number_beats_the_delivery_status() -> None:
    (update,) = ParcelOne().parse((FIXTURES / "events.json").read_bytes())

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("777/New_001", "unknown"),
        ("100/InfoReceived_001", "info.label_created"),
        ("392/InTransit_001", "transit.handed_to_partner"),
        ("431/AttemptFail_002", "attempt.nobody_home"),
    ]


def test_next_carrier_is_named_and_words_hold_no_link() -> None:
    (update,) = ParcelOne().parse((FIXTURES / "events.json").read_bytes())

    assert update.next_leg == NextLeg("DHL", "00340000000000000079")
    assert update.events[2].description == "Left the hub, see 00340000000000000079."
    assert [str(e.place) for e in update.events] == ["", "Pohlheim, DE", "Parcel One", "Mainz, DE"]


def test_form_of_client_code_is_read() -> None:
    (update,) = ParcelOne().parse((FIXTURES / "results.json").read_bytes())

    assert [e.sub_status for e in update.events] == [
        "transit.generic",
        "delivered.neighbour_reception_locker",
    ]
    assert [e.zone_source for e in update.events] == ["assumed", "facility"]
    assert (update.proof, update.next_leg) == (Proof(signed_by="A Gast"), NextLeg("UPS", "U100"))


def test_unknown_number_is_not_found() -> None:
    (update,) = ParcelOne().parse(json.dumps({"Error": "No shipment data found yet"}).encode())

    assert update.not_found
