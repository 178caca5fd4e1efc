from __future__ import annotations

import json
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.ekart import Ekart

TRACK = (Path(__file__).parent / "fixtures" / "ekart" / "track.json").read_bytes()


def pushed(**changed: object) -> bytes:
    event: dict[str, object] = {
        "ctime": 1772610300000,
        "status": "Delivered",
        "location": "",
        "desc": "Delivered Successfully",
        "attempts": "0",
        "wbn": "300000000011",
        "id": "500000A0000011",
        "orderNumber": "1001",
        "edd": 1772649000000,
    }
    return json.dumps(event | changed).encode()


def test_current_status_is_the_newest_of_its_history_and_not_twice_in_it() -> None:
    (update,) = Ekart().parse(TRACK)

    assert [(e.code, e.sub_status, e.attempt) for e in update.events] == [
        ("Picked Up", "picked_up.accepted", None),
        ("Gone Fishing", "unknown", None),
        ("Out for Delivery", "out.on_vehicle", None),
        ("Undelivered/Customer Unavailable", "attempt.nobody_home", 1),
        ("Order Placed", "info.label_created", None),
    ]
    assert (str(update.events[0].at), update.events[0].zone_source) == (
        "2026-03-02 07:45:00+00:00",
        "carrier",
    )


def test_promised_day_is_the_indian_one() -> None:
    (update,) = Ekart().parse(TRACK)  # 18:30 UTC is midnight in India

    assert update.edd is not None
    assert (str(update.edd.first), update.edd.zone) == ("2026-03-05", "Asia/Kolkata")


@pytest.mark.parametrize(
    ("status", "why", "meaning"),
    [
        ("Undelivered", "", "attempt.generic"),
        ("Undelivered", "Something New", "attempt.generic"),
        ("Undelivered", "Not Attempted", "delay.carrier_operational"),
        ("Out for Delivery", "Customer Unavailable", "out.on_vehicle"),
        ("RTO Out for Delivery", "", "returning.started"),
        ("RTO Delivered", "", "returned.received"),
        ("NOT SERVICEABLE", "", "exception.out_of_area"),
    ],
)
def test_statuses_are_matched_whole(status: str, why: str, meaning: str) -> None:
    body = json.dumps({"_id": "1", "track": {"status": status, "ndrStatus": why}}).encode()

    (update,) = Ekart().parse(body)

    assert [event.sub_status for event in update.events] == [meaning]


def test_push_is_read_under_both_numbers() -> None:
    updates = Ekart().read_push(pushed())

    assert [(one.tracking_number, one.events[0].sub_status) for one in updates] == [
        ("500000A0000011", "delivered.generic"),
        ("300000000011", "delivered.generic"),
    ]


def test_push_of_a_new_shipment_says_nothing() -> None:
    assert Ekart().read_push(pushed(status=None)) == []


def test_push_without_a_number_is_unreadable() -> None:
    with pytest.raises(CarrierError) as caught:
        Ekart().read_push(pushed(id="", wbn=None))

    assert caught.value.kind == "unreadable"


def test_unknown_number_is_not_found_and_other_errors_are_errors() -> None:
    (update,) = Ekart().parse(b'{"statusCode": 404, "message": "Not found"}')
    with pytest.raises(CarrierError) as caught:
        Ekart().parse(b'{"statusCode": 400, "message": "Bad", "description": "No such path"}')

    assert (update.not_found, update.problem) == (True, "Ekart says: Not found")
    assert (caught.value.kind, str(caught.value)) == ("bad_request", "Ekart says: No such path")


def test_request_escapes_the_number_and_needs_no_key() -> None:
    call = Ekart().request([Ask("50/A?1")], {}, None)

    assert (call.method, call.path) == ("GET", "/api/v1/track/50%2FA%3F1")
    assert Ekart().secrets == ()
