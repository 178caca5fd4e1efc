from __future__ import annotations

import json
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.asendia_us import AsendiaUs

MILESTONES = (Path(__file__).parent / "fixtures" / "asendia_us" / "milestones.json").read_bytes()
ASENDIA = AsendiaUs()


def test_milestones_are_read_oldest_first() -> None:
    (update,) = ASENDIA.parse(MILESTONES)

    assert [(e.code, e.sub_status, e.place.country) for e in update.events] == [
        ("s1", "info.label_created", "US"),
        ("s6", "unknown", ""),
        ("s10", "delivered.generic", ""),
    ]


@pytest.mark.parametrize(
    ("code", "kind"), [(401, "credentials"), (400, "bad_request"), (500, "unavailable")]
)
def test_errors_come_with_a_code_of_their_own(code: int, kind: str) -> None:
    for body in (
        {"responseStatusCode": code},
        {"data": [], "responseStatus": {"responseStatusCode": code}},
    ):
        with pytest.raises(CarrierError) as caught:
            ASENDIA.parse(json.dumps(body).encode())

        assert caught.value.kind == kind


def test_empty_answer_is_not_found() -> None:
    body = b'{"data": [], "responseStatus": {"responseStatusCode": 200}}'

    assert ASENDIA.parse(body)[0].not_found


def test_request_gets_the_milestones() -> None:
    keys = {"username": "me", "password": "pw", "api_key": "k"}

    call = ASENDIA.request([Ask("RZ1")], keys, None)

    assert (call.method, call.params) == ("GET", {"trackingNumberVendor": "RZ1"})
    assert call.headers["Authorization"] == "Basic bWU6cHc="
