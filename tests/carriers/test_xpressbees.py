from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.xpressbees import XpressBees

HISTORY = (Path(__file__).parent / "fixtures" / "xpressbees" / "history.json").read_bytes()
KEY = {"email": "a@example.com", "password": "p"}
PUSH = (
    b'{"AWBNO": "90000000000011", "StatusCode": "UD", "StatusDate": "06-03-2026",'
    b' "StatusTime": "1840", "CurrentLocation": "KOC/EDA, KOCHI, KERALA", "Remarks": "6",'
    b' "EDD": "07-03-2026"}'
)


def test_history_is_read_oldest_first_with_the_return_as_a_leg() -> None:
    (update,) = XpressBees().parse(HISTORY)

    assert [(event.code, event.sub_status) for event in update.events] == [
        ("QQ", "unknown"),
        ("UD", "attempt.generic"),
        ("RT-IT", "returning.started"),
        ("RT-DL", "returned.received"),
    ]
    second = update.events[1]
    assert second.at is not None
    assert second.at.isoformat() == "2026-03-06T18:40:00+05:30"
    assert (str(second.place), second.place.code) == ("KOCHI, KERALA, IN", "KOC/EDA")


def test_unknown_waybill_is_not_found() -> None:
    (update,) = XpressBees().parse(b'{"status": false, "message": "Shipment not found"}')

    assert (update.events, update.not_found) == ((), True)


def test_number_stands_in_the_path_and_the_token_beside_it() -> None:
    call = XpressBees().request([Ask("a/b")], KEY, "t")

    assert call.path == "/api/shipments2/track/a%2Fb"
    assert call.headers["Authorization"] == "Bearer t"


def test_refused_login_is_about_the_credentials() -> None:
    assert XpressBees().parse_token(b'{"status": true, "data": "jwt"}').value == "jwt"
    with pytest.raises(CarrierError) as caught:
        XpressBees().parse_token(b'{"status": false, "message": "Invalid credentials"}')

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_push_is_one_scan_with_a_promise() -> None:
    (update,) = XpressBees().read_push(PUSH)
    agreed = KEY | {"push_token": "secret"}

    (event,) = update.events
    assert event.at is not None
    assert event.at.isoformat() == "2026-03-06T18:40:00+05:30"
    assert update.edd is not None
    assert update.edd.first.isoformat() == "2026-03-07"
    assert XpressBees().is_genuine_push(PUSH, {"authorization": "secret"}, agreed)
    assert not XpressBees().is_genuine_push(PUSH, {}, agreed)
