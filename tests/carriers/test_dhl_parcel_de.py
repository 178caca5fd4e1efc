from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.dhl_parcel_de import DhlParcelDe
from carriers.updates import DateWindow, PickupPoint, Proof, TrackingUpdate

FIXTURES = Path(__file__).parent / "fixtures" / "dhl_parcel_de"


def parcels() -> list[TrackingUpdate]:
    return DhlParcelDe().parse((FIXTURES / "pieces.xml").read_bytes())


def test_request_holds_both_logins_and_up_to_twenty_numbers() -> None:
    credentials = {"api_key": "k", "api_secret": "s", "username": 'a"b', "password": "<p>"}

    call = DhlParcelDe().request([Ask("1"), Ask("2")], credentials, None)

    assert 'piece-code="1;2"' in call.params["xml"]
    assert 'appname="a&quot;b" password="&lt;p&gt;"' in call.params["xml"]
    assert call.headers["Authorization"] == "Basic azpz"
    assert DhlParcelDe().batch_size == 20


def test_reason_and_standard_code_tell_one_event_from_another() -> None:
    assert [e.sub_status for e in parcels()[0].events] == [
        "transit.arrived_facility",
        "out.on_vehicle",
        "attempt.nobody_home",
        "pickup.ready",
    ]


def test_wall_clock_is_german_where_a_scan_names_no_country() -> None:
    scan = parcels()[0].events[1]

    assert scan.at is not None
    assert (scan.at.isoformat(), scan.zone_source) == ("2026-03-04T09:00:00+01:00", "facility")


def test_waiting_parcel_says_where_and_how_long() -> None:
    update = parcels()[0]

    assert update.pickup_point == PickupPoint(
        name="Packstation 123", address="Bonn", last_day=date(2026, 3, 12)
    )
    assert update.edd == DateWindow(date(2026, 3, 5), date(2026, 3, 5), "Europe/Berlin")


def test_proof_is_who_took_it() -> None:
    assert parcels()[1].proof == Proof(signed_by="Winter", left_at="neighbour")
    assert parcels()[0].proof is None


def test_way_back_never_delivers_and_a_new_pair_means_its_standard_code() -> None:
    update = parcels()[2]

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("NEWXX/NEWYY/PO", "returning.started"),
        ("DLVRD/ACCPT/ZU", "returned.received"),
    ]


def test_unknown_number_keeps_its_own_error() -> None:
    update = parcels()[3]

    assert (update.tracking_number, update.not_found) == ("00340000000000000062", True)
    assert update.problem == "DHL Paket says: No data found (100)"


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [("5", "credentials", True), ("41", "bad_request", True), ("-2", "unavailable", False)],
)
def test_errors_in_200_are_errors(code: str, kind: str, permanent: bool) -> None:
    body = f'<data name="piece-shipment-list" code="{code}" error="e"/>'.encode()

    with pytest.raises(CarrierError) as caught:
        DhlParcelDe().parse(body)

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)
