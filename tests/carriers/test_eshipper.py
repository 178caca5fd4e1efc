from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import CarrierError
from carriers.providers.eshipper import EShipper

EVENTS = (Path(__file__).parent / "fixtures" / "eshipper" / "events.json").read_bytes()
HUB = EShipper()


def test_flags_are_what_the_newest_event_means() -> None:
    (update,) = HUB.parse(EVENTS)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("SRT", "unknown"),
        ("ADR", "exception.other"),
    ]
    assert (update.courier_code, update.service) == ("Canpar", "Ground")


def test_times_are_assumed_to_be_torontos() -> None:
    (update,) = HUB.parse(EVENTS)

    assert update.events[0].at is not None
    assert update.events[0].at.isoformat() == "2026-10-02T09:00:00-04:00"
    assert update.events[0].zone_source == "assumed"


def test_token_is_asked_and_read_in_eshippers_words() -> None:
    call = HUB.token_request({"username": "me", "password": "pw"})

    assert call is not None
    assert (call.path, call.json) == (
        "/api/v2/authenticate",
        {"principal": "me", "credential": "pw"},
    )
    assert HUB.parse_token(b'{"token": "abc", "expires_in": "600"}').seconds == 600.0


def test_nothing_found_and_refused() -> None:
    with pytest.raises(CarrierError) as caught:
        HUB.parse(b'{"type": "Error", "message": "no", "code": "400"}')

    assert HUB.parse(b"[]")[0].not_found
    assert caught.value.kind == "bad_request"
