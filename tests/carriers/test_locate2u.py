from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.locate2u import Locate2u
from carriers.updates import Courier, Place

STOP = (Path(__file__).parent / "fixtures" / "locate2u" / "stop.json").read_bytes()


def test_token_is_asked_of_another_server() -> None:
    call = Locate2u().token_request({"client_id": "me", "client_secret": "key"})

    assert (call.host, call.path) == ("https://id.locate2u.com", "/connect/token")
    assert call.headers["Authorization"] == "Basic bWU6a2V5"
    assert Locate2u().request([Ask("7001")], {}, "tok").headers == {"Authorization": "Bearer tok"}


def test_one_stop_is_one_event_with_its_driver() -> None:
    (update,) = Locate2u().parse(STOP)

    assert update.tracking_number == "7001"
    assert [(e.code, e.sub_status, str(e.at)) for e in update.events] == [
        ("Enroute", "out.on_vehicle", "2026-03-02 23:07:24.901000+00:00")
    ]
    assert update.courier == Courier("Robin Example", live_url="https://track.example.com/7001")


def test_day_of_the_trip_is_the_promise_where_the_stop_is() -> None:
    (update,) = Locate2u().parse(STOP)

    assert update.destination == Place("Hobart", "TAS", "7000", "AU")
    assert update.edd is not None
    assert (str(update.edd.first), update.edd.zone) == ("2026-03-03", "Australia/Hobart")


def test_push_names_the_new_status() -> None:
    (update,) = Locate2u().read_push(
        b'{"stopId": 7001, "oldStatus": "Arrived", "newStatus": "Complete",'
        b' "actionDate": "2026-03-03T12:00:00+11:00"}'
    )

    assert [(e.sub_status, str(e.at)) for e in update.events] == [
        ("delivered.generic", "2026-03-03 12:00:00+11:00")
    ]


def test_refusals() -> None:
    (update,) = Locate2u().parse(b'{"error": "Stop not found"}')
    with pytest.raises(CarrierError) as caught:
        Locate2u().parse(b'{"error": "Bad id"}')
    with pytest.raises(CarrierError) as unread:
        Locate2u().read_push(b"{}")

    assert update.not_found
    assert (caught.value.kind, unread.value.kind) == ("bad_request", "unreadable")
