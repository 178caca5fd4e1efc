from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.asendia import Asendia

TRACKING = (Path(__file__).parent / "fixtures" / "asendia" / "tracking.json").read_bytes()
LOGIN = {"username": "me", "password": "pw", "customer_id": "C 1"}


def test_events_are_instants_oldest_first() -> None:
    (update,) = Asendia().parse(TRACKING)

    assert [(e.code, e.sub_status, str(e.place)) for e in update.events] == [
        ("PU", "picked_up.accepted", "Basel, CH"),
        ("CLEARED", "customs.cleared", "Lyon, FR"),
        ("XX", "unknown", "Lyon, FR"),
    ]
    assert {event.zone_source for event in update.events} == {"carrier"}


def test_token_is_asked_and_read() -> None:
    call = Asendia().token_request(LOGIN)

    assert call is not None
    assert (call.path, call.json) == ("/api/authenticate", {"username": "me", "password": "pw"})
    assert Asendia().parse_token(b'{"id_token": "abc"}').value == "abc"


def test_request_names_customer_and_number() -> None:
    call = Asendia().request([Ask("A/1")], LOGIN, "abc")

    assert call.path == "/api/customers/C%201/tracking/A%2F1"
    assert call.headers["Authorization"] == "Bearer abc"


def test_unknown_number_is_named_by_the_problem_document() -> None:
    (update,) = Asendia().parse(
        b'{"title": "Not Found", "status": 404, "path": "/api/customers/C/tracking/A1"}'
    )

    assert (update.tracking_number, update.not_found) == ("A1", True)


def test_refused_log_in_is_a_credentials_error() -> None:
    with pytest.raises(CarrierError) as caught:
        Asendia().parse(b'{"title": "Unauthorized", "status": 401}')

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)
