from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.hermes import Hermes
from carriers.updates import DateWindow, TrackingUpdate

FIXTURES = Path(__file__).parent / "fixtures" / "hermes"
CREDENTIALS = {"username": "u", "password": "p", "client_id": "i", "client_secret": "s"}


def meaning(code: str) -> tuple[str, int | None]:
    status = {"timestamp": "2026-01-20T07:00:00+01:00", "code": code, "description": "x"}
    body = json.dumps({"shipmentinfo": [{"shipmentID": "H1", "status": [status]}]})
    (update,) = Hermes().parse(body.encode())
    return update.events[0].sub_status, update.events[0].attempt


def shipments() -> list[TrackingUpdate]:
    return Hermes().parse((FIXTURES / "shipments.json").read_bytes())


def test_token_comes_from_another_host_for_user_and_application() -> None:
    call = Hermes().token_request(CREDENTIALS)

    assert call is not None
    assert call.host == "https://authme.myhermes.de"
    assert call.form == {**CREDENTIALS, "grant_type": "password"}


def test_request_escapes_the_number() -> None:
    call = Hermes().request([Ask("H&1")], CREDENTIALS, "t")

    assert call.path == "/services/hsi/shipmentinfo?shipmentID=H%261"
    assert call.headers["Authorization"] == "Bearer t"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("060003004", ("attempt.nobody_home", 1)),
        ("060006003", ("attempt.nobody_home", 4)),
        ("3733", ("attempt.nobody_home", 3)),
        ("060034002", ("attempt.id_or_otp_failed", 3)),
        ("4054", ("attempt.id_or_otp_failed", 4)),
        ("060009004", ("delay.carrier_operational", None)),
        ("4035", ("pickup.missed", None)),
        ("055001005", ("pickup.ready", None)),
        ("100015003", ("returning.started", None)),
        ("125001009", ("returned.received", None)),
        ("045001008", ("picked_up.accepted", None)),
        ("45001008", ("unknown", None)),
    ],
)
def test_long_and_short_codes(code: str, expected: tuple[str, int | None]) -> None:
    assert meaning(code) == expected


def test_courier_and_depot_report_the_same_attempt() -> None:
    update = shipments()[0]

    assert [e.attempt for e in update.events] == [None, 2, 2, None]
    assert update.events[-1].sub_status == "unknown"
    assert str(update.destination) == "Kiel, DE"
    assert update.edd == DateWindow(date(2026, 1, 22), date(2026, 1, 22), "Europe/Berlin")


def test_number_without_information_is_not_found() -> None:
    update = shipments()[1]

    assert (update.tracking_number, update.not_found) == ("H1000000000000000002", True)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": "access_denied", "error_description": "no"}, "credentials"),
        ({"listOfResultCodes": [{"code": "e902", "message": "m"}]}, "credentials"),
        ({"listOfResultCodes": [{"code": "e002", "message": "m"}]}, "bad_request"),
        ({"listOfResultCodes": [{"code": "e999", "message": "m"}]}, "unavailable"),
    ],
)
def test_refusals(body: dict[str, object], kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        Hermes().parse(json.dumps(body).encode())

    assert caught.value.kind == kind
