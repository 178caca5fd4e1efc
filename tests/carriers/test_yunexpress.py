from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError, Token
from carriers.providers.yunexpress import YunExpress
from carriers.updates import NextLeg

PARCEL = (Path(__file__).parent / "fixtures" / "yunexpress" / "parcel.json").read_bytes()


def test_signature_covers_moment_and_address() -> None:
    call = YunExpress().request([Ask("YT1")], {"app_secret": "hush"}, "tok")

    signed = f"date={call.headers['date']}&method=GET&uri=/v1/track-service/info/get"
    mac = hmac.new(b"hush", signed.encode(), hashlib.sha256).digest()
    assert call.params == {"order_number": "YT1"}
    assert call.headers["token"] == "tok"
    assert call.headers["sign"] == base64.b64encode(mac).decode()


def test_token_is_spelt_its_own_way() -> None:
    assert YunExpress().parse_token(b'{"accessToken": "t", "expiresIn": 7200}') == Token("t", 7200)
    with pytest.raises(CarrierError):
        YunExpress().parse_token(b'{"msg": "no"}')


def test_two_clocks_give_the_offset() -> None:
    (update,) = YunExpress().parse(PARCEL)

    assert [(e.sub_status, str(e.at), e.zone_source) for e in update.events] == [
        ("unknown", "2026-03-01 10:30:00+08:00", "facility"),
        ("picked_up.accepted", "2026-03-02 10:30:00+08:00", "carrier"),
        ("transit.generic", "2026-03-08 10:30:00+01:00", "carrier"),
        ("out.on_vehicle", "2026-03-09 10:30:00+01:00", "carrier"),
    ]
    assert [event.language for event in update.events] == ["en", "zh", "en", "en"]


def test_clocks_a_day_apart_give_the_instant_alone() -> None:
    (update,) = YunExpress().parse(PARCEL.replace(b"2026-03-09T10:30", b"2026-03-10T10:30"))

    assert str(update.events[-1].at) == "2026-03-09 09:30:00+00:00"


def test_promise_and_next_carrier() -> None:
    (update,) = YunExpress().parse(PARCEL)

    assert update.next_leg == NextLeg("Colissimo", "HWLAST0001")
    assert update.edd is not None
    assert (str(update.edd.first), str(update.edd.last)) == ("2026-03-10", "2026-03-12")
    assert update.edd.zone == "Europe/Paris"


def test_state_stands_in_for_missing_events() -> None:
    (update,) = YunExpress().parse(
        b'{"success": true, "result": [{"order_number": "YT1", "package_status": "C"}]}'
    )

    assert [event.sub_status for event in update.events] == ["cancelled.by_shipper"]


def test_refusals() -> None:
    (empty,) = YunExpress().parse(b'{"success": true, "result": []}')
    (unknown,) = YunExpress().parse(
        b'{"success": true, "result": [{"order_number": "YT1", "package_status": "N"}]}'
    )
    with pytest.raises(CarrierError) as caught:
        YunExpress().parse(b'{"success": false, "code": "401", "msg": "sign"}')

    assert empty.not_found
    assert unknown.not_found
    assert caught.value.kind == "bad_request"
