from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.bluedart import BlueDart

RETURN = (Path(__file__).parent / "fixtures" / "bluedart" / "return.xml").read_bytes()
KEY = {
    "client_id": "c", "client_secret": "s", "login_id": "JAI00001", "license_key": "l",
}  # fmt: skip
LITE = (
    b'{"statustracking": [{"Shipment": {"WaybillNo": "1", "ScanCode": "015",'
    b' "ScanGroupType": "S", "ScanDate": "05-03-2026", "ScanTime": "0905",'
    b' "StatusTimeZone": "IST"}}]}'
)


def test_delivered_after_the_way_back_began_is_returned() -> None:
    found, _ = BlueDart().parse(RETURN)

    assert [(event.code, event.sub_status) for event in found.events] == [
        ("003/X", "unknown"),
        ("003/T", "attempt.nobody_home"),
        ("777/T", "returning.started"),
        ("000/T", "returned.received"),
    ]
    assert found.proof is None


def test_naive_times_are_indias_and_the_months_have_names() -> None:
    found, _ = BlueDart().parse(RETURN)

    first = found.events[0].at
    assert first is not None
    assert first.isoformat() == "2026-03-06T08:00:00+05:30"
    assert found.edd is not None
    assert found.edd.first.isoformat() == "2026-03-06"


def test_unknown_waybill_is_not_found() -> None:
    _, missing = BlueDart().parse(RETURN)

    assert (missing.tracking_number, missing.not_found) == ("90000000012", True)


def test_refused_licence_is_about_the_credentials() -> None:
    with pytest.raises(CarrierError) as caught:
        BlueDart().parse(b"<ShipmentData><Error>Invalid Licence Key</Error></ShipmentData>")

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_query_has_the_token_and_the_older_key_with_it() -> None:
    call = BlueDart().request([Ask("1"), Ask("2")], KEY, "jwt")

    assert (call.params["numbers"], call.params["lickey"]) == ("1,2", "l")
    assert call.headers == {"JWTToken": "jwt"}


def test_lite_push_is_one_scan_in_indias_time() -> None:
    (update,) = BlueDart().read_push(LITE)

    (event,) = update.events
    assert event.at is not None
    assert (event.at.isoformat(), event.zone_source) == ("2026-03-05T09:05:00+05:30", "carrier")
    assert event.sub_status == "picked_up.accepted"


def test_push_is_checked_by_both_headers_once_they_are_agreed() -> None:
    agreed = KEY | {"push_client_id": "us", "push_token": "secret"}

    assert BlueDart().is_genuine_push(LITE, {"client-id": "us", "token": "secret"}, agreed)
    assert not BlueDart().is_genuine_push(LITE, {"client-id": "us"}, agreed)
    assert BlueDart().is_genuine_push(LITE, {}, KEY)
