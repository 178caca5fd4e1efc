from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.ups import Ups
from carriers.updates import DateWindow

FIXTURES = Path(__file__).parent / "fixtures" / "ups"


def meaning(letter: str, code: str, number: str) -> str:
    status = {"type": letter, "code": code, "statusCode": number, "description": "x"}
    package = {"trackingNumber": "1Z1", "activity": [{"status": status}]}
    body = json.dumps({"trackResponse": {"shipment": [{"package": [package]}]}})
    (update,) = Ups().parse(body.encode())
    return update.events[0].sub_status


def test_journey_is_read_oldest_first_with_its_repetition_dropped() -> None:
    (update,) = Ups().parse((FIXTURES / "journey.json").read_bytes())

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("M/MP/003", "info.label_created"),
        ("P/PU/038", "picked_up.accepted"),
        ("X/DA/014", "customs.cleared"),
        ("X/48/060", "attempt.nobody_home"),
        ("I/OT/021", "out.on_vehicle"),
        ("D/3H/011", "delivered.neighbour_reception_locker"),
    ]


def test_times_come_from_gmt_then_offset_then_facility() -> None:
    (update,) = Ups().parse((FIXTURES / "journey.json").read_bytes())

    assert [(e.at.isoformat() if e.at else "", e.zone_source) for e in update.events] == [
        ("2026-03-02T00:00:00+01:00", "facility"),
        ("2026-03-02T17:00:00+01:00", "facility"),
        ("2026-03-03T12:00:00+04:00", "carrier"),
        ("2026-03-04T15:10:00+04:00", "carrier"),
        ("2026-03-05T07:05:00+04:00", "carrier"),
        ("2026-03-05T14:30:00+04:00", "carrier"),
    ]


def test_rescheduled_date_beats_the_scheduled_one() -> None:
    (update,) = Ups().parse((FIXTURES / "journey.json").read_bytes())

    assert update.edd == DateWindow(date(2026, 3, 5), date(2026, 3, 5), "Asia/Dubai")
    assert str(update.destination) == "Dubai, AE"
    assert update.service == "UPS Standard"


def test_current_status_alone_makes_one_event() -> None:
    (update,) = Ups().parse((FIXTURES / "current_only.json").read_bytes())

    assert [(e.code, e.sub_status) for e in update.events] == [("011", "delivered.generic")]
    assert update.events[0].at is not None
    assert update.events[0].at.isoformat() == "2026-01-10T10:15:00+03:00"


@pytest.mark.parametrize(
    ("letter", "code", "number", "expected"),
    [
        ("X", "DA", "014", "customs.cleared"),  # good news under the letter of irregularities
        ("X", "RZ", "014", "customs.cleared"),  # the status code beats the broader code
        ("X", "RZ", "012", "customs.started"),
        ("X", "BB", "058", "customs.information_required"),
        ("X", "SR", "003", "customs.cleared"),  # UPS's own sample: code of "label" not believed
        ("X", "A7", "013", "exception.recipient_moved"),  # "exception" is refined by the code
        ("X", "7W", "046", "delay.weather"),
        ("X", "", "092", "customs.started"),
        ("X", "", "013", "exception.other"),
        ("X", "", "", "unknown"),
        ("X", "??", "999", "unknown"),
        ("U", "UP", "154", "unknown"),
        ("I", "DP", "005", "transit.departed_facility"),
        ("I", "OF", "", "out.on_vehicle"),
        ("I", "", "", "transit.generic"),
        ("D", "", "", "delivered.generic"),
        ("D", "ML", "011", "delivered.generic"),
        ("D", "2Q", "161", "pickup.ready"),
        ("D", "F4", "005", "delivered.generic"),
        ("MV", "VP", "", "cancelled.by_shipper"),
        ("M", "VP", "007", "cancelled.by_shipper"),
        ("RS", "", "", "returning.started"),
        ("RS", "", "034", "returned.received"),
        ("X", "01", "046", "delay.generic"),
    ],
)
def test_meaning_of_codes(letter: str, code: str, number: str, expected: str) -> None:
    assert meaning(letter, code, number) == expected


def test_unknown_number_is_not_found_and_named() -> None:
    warning = {"code": "TW0001", "message": "Nothing there"}
    shipment = {"inquiryNumber": "1Z9", "warnings": [warning]}
    body = json.dumps({"trackResponse": {"shipment": [shipment]}}).encode()

    (update,) = Ups().parse(body)

    assert (update.tracking_number, update.not_found) == ("1Z9", True)
    assert update.problem == "UPS says: Nothing there (TW0001)"


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [
        ("250003", "credentials", True),
        ("TV1002", "bad_request", True),
        ("10429", "rate_limited", False),
        ("190001", "unavailable", False),
    ],
)
def test_errors_carry_their_decision(code: str, kind: str, permanent: bool) -> None:
    body = json.dumps({"response": {"errors": [{"code": code, "message": "m"}]}}).encode()

    with pytest.raises(CarrierError) as caught:
        Ups().parse(body)

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_request_asks_for_one_number_with_a_bearer_token() -> None:
    call = Ups().request([Ask("1Z 5")], {}, "secret-token")

    assert call.path == "/api/track/v1/details/1Z%205"
    assert call.headers["Authorization"] == "Bearer secret-token"
    assert call.headers["transactionSrc"] == "homeward"
    assert len(call.headers["transId"]) == 32


def test_token_is_asked_with_basic_credentials_and_read() -> None:
    call = Ups().token_request({"client_id": "me", "client_secret": "pw"})
    token = Ups().parse_token(b'{"access_token": "abc", "expires_in": "14399"}')

    assert call is not None
    assert call.headers["Authorization"] == "Basic bWU6cHc="
    assert call.form == {"grant_type": "client_credentials"}
    assert (token.value, token.seconds) == ("abc", 14399.0)


def test_refused_token_is_a_credentials_error() -> None:
    with pytest.raises(CarrierError) as caught:
        Ups().parse_token(b'{"response": {"errors": [{"code": "10401", "message": "no"}]}}')

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)
