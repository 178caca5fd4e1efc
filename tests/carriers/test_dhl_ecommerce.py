from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from carriers.base import Ask
from carriers.providers.dhl_ecommerce import DhlEcommerce
from carriers.updates import DateWindow, NextLeg, Proof

FIXTURES = Path(__file__).parent / "fixtures" / "dhl_ecommerce"


def test_token_is_asked_with_the_clients_pair() -> None:
    call = DhlEcommerce().token_request({"client_id": "i", "client_secret": "s"})

    assert call is not None
    assert call.path == "/auth/v4/accesstoken"
    assert call.headers["Authorization"] == "Basic aTpz"
    assert call.form == {"grant_type": "client_credentials"}


def test_request_carries_the_token() -> None:
    call = DhlEcommerce().request([Ask("9261")], {}, "t")

    assert call.params == {"trackingId": "9261"}
    assert call.headers["Authorization"] == "Bearer t"


def test_letters_name_the_zone_and_lt_is_the_places_own() -> None:
    (update,) = DhlEcommerce().parse((FIXTURES / "packages.json").read_bytes())

    assert [
        (e.sub_status, e.at.isoformat() if e.at else "", e.zone_source) for e in update.events
    ] == [
        ("unknown", "2026-09-10T05:00:00-04:00", "carrier"),
        ("transit.arrived_destination_country", "2026-09-11T05:00:00+00:00", "assumed"),
        ("transit.handed_to_partner", "2026-09-12T21:00:00-05:00", "carrier"),
        ("out.on_vehicle", "2026-09-14T08:10:00-07:00", "carrier"),
    ]
    assert str(update.events[-1].place) == "Reno, NV, US"
    assert update.edd == DateWindow(date(2026, 9, 14), date(2026, 9, 14), "America/Los_Angeles")


def test_older_xml_names_the_next_carrier_and_who_signed() -> None:
    (update,) = DhlEcommerce().parse((FIXTURES / "track.xml").read_bytes())

    assert [e.sub_status for e in update.events] == ["info.label_created", "delivered.generic"]
    assert update.next_leg == NextLeg("USPS", "9261200000000000000024")
    assert update.proof == Proof(signed_by="M DOE")


def test_package_of_another_account_is_not_found() -> None:
    (update,) = DhlEcommerce().parse(json.dumps({"total": 0, "packages": []}).encode())

    assert update.not_found
