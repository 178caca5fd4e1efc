from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.teleship import Teleship
from carriers.updates import DateWindow, NextLeg

TRACKING = (Path(__file__).parent / "fixtures" / "teleship" / "tracking.json").read_bytes()
TELESHIP = Teleship()


def test_events_are_read_and_the_last_mile_is_the_next_leg() -> None:
    (update,) = TELESHIP.parse(TRACKING)

    assert [(e.code, e.sub_status, str(e.place), e.zone_source) for e in update.events] == [
        ("collected", "picked_up.accepted", "Leeds, GB", "carrier"),
        ("delivery_failed", "attempt.generic", "Boston, MA, US", "assumed"),
        ("reticulated", "unknown", "Somewhere", "carrier"),
    ]
    assert update.next_leg == NextLeg("USPS", "9400100000000000000017")
    assert update.edd == DateWindow(date(2026, 8, 10), date(2026, 8, 10), "America/New_York")


def test_token_is_asked_and_read_in_camel_case() -> None:
    call = TELESHIP.token_request({"client_id": "me", "client_secret": "pw"})
    token = TELESHIP.parse_token(b'{"accessToken": "abc", "expiresIn": 900}')

    assert call is not None
    assert call.form == {"grant_type": "client_credentials", "clientId": "me", "clientSecret": "pw"}
    assert (token.value, token.seconds) == ("abc", 900.0)


@pytest.mark.parametrize(
    ("code", "kind"), [(401, "credentials"), (429, "rate_limited"), (500, "unavailable")]
)
def test_errors_carry_their_decision(code: int, kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        TELESHIP.parse(json.dumps({"messages": [{"code": code, "message": "m"}]}).encode())

    assert caught.value.kind == kind


def test_unknown_number_is_not_found() -> None:
    assert TELESHIP.parse(b'{"messages": [{"code": 404, "message": "m"}]}')[0].not_found


def test_request_asks_with_a_bearer_token() -> None:
    call = TELESHIP.request([Ask("T 1")], {}, "tok")

    assert (call.path, call.headers) == ("/api/tracking/T%201", {"Authorization": "Bearer tok"})
