from __future__ import annotations

import json
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.india_post import IndiaPost

BULK = (Path(__file__).parent / "fixtures" / "india_post" / "bulk.json").read_bytes()


def article(events: list[dict[str, object]], status: str = "") -> bytes:
    row = {
        "booking_details": {"article_number": "EZ000000009IN"},
        "tracking_details": events,
        "del_status": {"del_status": status},
    }
    return json.dumps({"success": True, "data": [row]}).encode()


def pushed(**changed: str) -> bytes:
    event = {
        "article_number": "EZ000000001IN",
        "event_date": "2026-02-04",
        "event_time": "08:37:52",
        "event_code": "ITEM_DELIVERY",
        "event_description": "Item Delivered(Addressee)",
        "event_office_facility_id": "21000001",
        "event_office_name": "Connaught Place SO",
    }
    return json.dumps(event | changed).encode()


def test_words_of_the_documented_list_are_placed_oldest_first() -> None:
    update, _ = IndiaPost().parse(BULK)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("Item Booked", "picked_up.accepted"),
        ("Item X-rayed", "unknown"),
        ("Taken out for delivery", "out.on_vehicle"),
        ("Item Kept on Hold", "exception.held"),
    ]
    assert update.events[-1].description == "Item Kept on Hold – Intimation Delivered"
    assert (update.service, update.destination.postcode) == ("SP_INLAND_PARCEL", "110001")


def test_times_labelled_z_are_indian() -> None:
    update, _ = IndiaPost().parse(BULK)

    assert [str(event.at) for event in update.events] == [
        "2026-02-01 10:15:00+05:30",
        "2026-02-02 03:10:00+05:30",
        "2026-02-04 12:56:46+05:30",
        "2026-02-04 15:24:12+05:30",
    ]


def test_scans_after_the_return_began_are_of_the_way_back() -> None:
    _, update = IndiaPost().parse(BULK)

    assert [event.sub_status for event in update.events] == [
        "returning.started",
        "returning.started",
        "returned.received",
    ]


@pytest.mark.parametrize(
    ("event", "meaning"),
    [
        ({"event": "Item Delivered(Sender)"}, "returned.received"),
        ({"event": "Item Delivered"}, "delivered.generic"),
        ({"event": "Item Delivered", "rts": True}, "returned.received"),
        ({"event": "Item Dispatched", "rts": True}, "returning.started"),
        ({"event": "Not Item Delivered", "rts": True}, "unknown"),
    ],
)
def test_deliveries_to_the_sender_are_returns(event: dict[str, object], meaning: str) -> None:
    (update,) = IndiaPost().parse(article([event]))

    assert [found.sub_status for found in update.events] == [meaning]


def test_delivery_that_only_the_status_tells_is_one_undated_event() -> None:
    (update,) = IndiaPost().parse(article([{"event": "Item Booked"}], "delivered"))

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("Item Booked", "picked_up.accepted"),
        ("del_status/delivered", "delivered.generic"),
    ]


@pytest.mark.parametrize(
    ("changed", "meaning"),
    [
        ({}, "delivered.generic"),
        ({"event_description": "Item Delivered(Sender)"}, "returned.received"),
        ({"event_description": "Item delivery"}, "unknown"),  # to whom is not said
        ({"event_code": "BEAT_DISPATCH"}, "out.on_vehicle"),
        ({"event_code": "ITEM_ONHOLD"}, "exception.held"),
        ({"event_code": "ITEM_ONHOLD", "non_del_reason": "Door locked"}, "attempt.generic"),
        ({"event_code": "NEW_CODE"}, "unknown"),
    ],
)
def test_pushed_event_is_placed_by_its_code(changed: dict[str, str], meaning: str) -> None:
    (update,) = IndiaPost().read_push(pushed(**changed))

    assert update.tracking_number == "EZ000000001IN"
    assert [event.sub_status for event in update.events] == [meaning]


def test_push_has_two_spellings_of_time() -> None:
    (dashed,) = IndiaPost().read_push(pushed())
    (plain,) = IndiaPost().read_push(pushed(event_date="04022026", event_time="083752"))

    assert [str(update.events[0].at) for update in (dashed, plain)] == [
        "2026-02-04 08:37:52+05:30"
    ] * 2


def test_push_without_an_event_is_unreadable() -> None:
    with pytest.raises(CarrierError) as caught:
        IndiaPost().read_push(pushed(event_code=""))

    assert caught.value.kind == "unreadable"


@pytest.mark.parametrize(
    "body",
    [
        b'{"success": true, "data": []}',
        b'{"success": false, "message": "Tracking number does not exist"}',
    ],
)
def test_unknown_articles_are_left_out(body: bytes) -> None:
    assert IndiaPost().parse(body) == []


def test_refusal_with_status_200_is_an_error() -> None:
    with pytest.raises(CarrierError) as caught:
        IndiaPost().parse(b'{"success": false, "message": "Request validation failed"}')

    assert (caught.value.kind, caught.value.permanent) == ("bad_request", False)


def test_token_lies_in_data_and_a_refused_login_is_permanent() -> None:
    token = IndiaPost().parse_token(b'{"data": {"access_token": "t", "expires_in": 900}}')
    with pytest.raises(CarrierError) as caught:
        IndiaPost().parse_token(b'{"success": false, "message": "Invalid credentials"}')

    assert (token.value, token.seconds) == ("t", 900.0)
    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_request_asks_many_articles_with_the_token() -> None:
    call = IndiaPost().request([Ask("EZ000000001IN"), Ask("EZ000000002IN")], {}, "t")

    assert (call.path, call.json) == (
        "/v1/tracking/bulk",
        {"bulk": ["EZ000000001IN", "EZ000000002IN"]},
    )
    assert call.headers["Authorization"] == "Bearer t"
