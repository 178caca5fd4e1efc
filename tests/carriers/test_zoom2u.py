from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.zoom2u import Zoom2u
from carriers.updates import Courier

STATUS = (Path(__file__).parent / "fixtures" / "zoom2u" / "status.json").read_bytes()


def test_one_status_is_one_event() -> None:
    (update,) = Zoom2u().parse(STATUS)

    assert [(e.code, e.sub_status, str(e.at)) for e in update.events] == [
        ("On Route to Dropoff", "out.on_vehicle", "2026-03-01 01:29:16.867000+00:00")
    ]


def test_who_brings_it_and_where_they_are() -> None:
    (update,) = Zoom2u().parse(STATUS)

    assert update.courier == Courier(
        "Robin Example", "00 0000 0000", "https://deliveries.zoom2u.com/HWHWHWHWH"
    )
    assert update.proof is None


def test_nobody_took_it_yet() -> None:
    (update,) = Zoom2u().parse(
        b'{"reference": "Z1", "status": "Unassigned", "statusChangeDateTime": null}'
    )

    assert [(e.sub_status, e.at) for e in update.events] == [("info.label_created", None)]
    assert update.courier is None


def test_push_holds_the_same_and_the_key() -> None:
    push = b'{"type": "status", "data": %s}' % STATUS
    keyed = {"webhook_key": "hush"}

    assert Zoom2u().read_push(push) == Zoom2u().parse(STATUS)
    assert Zoom2u().is_genuine_push(push, {"authorization": "Basic hush"}, keyed)
    assert not Zoom2u().is_genuine_push(push, {"authorization": "Basic loud"}, keyed)
    assert not Zoom2u().is_genuine_push(push, {}, keyed)
    assert Zoom2u().is_genuine_push(push, {}, {})


def test_refusals() -> None:
    (update,) = Zoom2u().parse(b'{"error-code": "404", "message": "Not Found"}')
    with pytest.raises(CarrierError) as caught:
        Zoom2u().parse(b'{"error-code": "403", "message": "Forbidden"}')

    assert update.not_found
    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_request_bears_the_key() -> None:
    call = Zoom2u().request([Ask("Z1")], {"api_key": "hush"}, None)

    assert call.path == "/api/v1/delivery/status/Z1"
    assert call.headers == {"Authorization": "Bearer hush"}
