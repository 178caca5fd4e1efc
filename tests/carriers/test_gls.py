from __future__ import annotations

import json
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.gls import Gls
from carriers.updates import TrackingUpdate

FIXTURES = Path(__file__).parent / "fixtures" / "gls"


def parcels() -> list[TrackingUpdate]:
    return Gls().parse((FIXTURES / "parcels.json").read_bytes())


def test_request_joins_up_to_ten_numbers_escaped() -> None:
    call = Gls().request([Ask("1/2"), Ask("3")], {}, "t")

    assert call.path == "/track-and-trace-v1/tracking/simple/trackids/1%2F2,3"
    assert call.headers["Authorization"] == "Bearer t"
    assert Gls().batch_size == 10


def test_token_is_asked_with_the_apps_pair() -> None:
    call = Gls().token_request({"client_id": "i", "client_secret": "s"})

    assert call is not None
    assert (call.path, call.headers["Authorization"]) == ("/oauth2/v2/token", "Basic aTpz")


def test_state_explains_the_newest_event_only() -> None:
    update = parcels()[0]

    assert update.tracking_number == "10000000001"
    assert [(e.code, e.sub_status) for e in update.events] == [
        ("INTIAL.NEWWORD", "unknown"),
        ("OUTDEL.NORMAL", "out.on_vehicle"),
        ("NOTDEL.SOMETHING", "attempt.generic"),
    ]


def test_two_parcels_of_a_reference_keep_their_own_numbers() -> None:
    first, second = parcels()[1:3]

    assert (first.tracking_number, second.tracking_number) == ("10000000002", "10000000003")
    assert first.events[0].sub_status == "out.on_vehicle"
    assert second.events[0].sub_status == "pickup.ready"


def test_errors_stay_with_their_number() -> None:
    unknown, failed = parcels()[3:]

    assert (unknown.tracking_number, unknown.not_found) == ("10000000004", True)
    assert (failed.not_found, failed.problem) == (
        False,
        "GLS says: Internal Server Error (E_500_01)",
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("PLANNEDPICKUP", "info.pickup_scheduled"),
        ("NOTPICKEDUP", "info.pickup_failed"),
        ("INWAREHOUSE", "transit.at_delivery_depot"),
        ("DELIVERED", "delivered.generic"),
        ("CANCELED", "cancelled.by_shipper"),
        ("FINAL", "expired.silent"),
        ("BRANDNEW", "unknown"),
    ],
)
def test_states_alone(state: str, expected: str) -> None:
    body = {"parcels": [{"requested": "1", "unitno": "1", "status": state}]}

    (update,) = Gls().parse(json.dumps(body).encode())

    assert update.events[0].sub_status == expected


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"title": "Bad Request", "status": 400}, "bad_request"),
        ({"fault": {"faultstring": "f", "detail": {"errorcode": "steps.jwt.X"}}}, "credentials"),
        (
            {"fault": {"faultstring": "f", "detail": {"errorcode": "policies.ratelimit.Q"}}},
            "rate_limited",
        ),
    ],
)
def test_refusals(body: dict[str, object], kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        Gls().parse(json.dumps(body).encode())

    assert caught.value.kind == kind
