from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.dhl_universal import DhlUniversal
from carriers.updates import DateWindow, PickupPoint, Proof, TrackingUpdate
from tracking.reading import state_of

FIXTURES = Path(__file__).parent / "fixtures" / "dhl_universal"


def parse_event(service: str, **event: str) -> TrackingUpdate:
    shipment = {"id": "1", "service": service, "events": [event]}
    (update,) = DhlUniversal().parse(json.dumps({"shipments": [shipment]}).encode())
    return update


def test_codes_of_the_division_are_read_and_the_current_status_is_not_doubled() -> None:
    (update,) = DhlUniversal().parse((FIXTURES / "express.json").read_bytes())

    assert update.tracking_number == "1234567890"
    assert [(e.code, e.sub_status) for e in update.events] == [
        ("transit/PU", "picked_up.accepted"),
        ("transit/CR", "customs.cleared"),
        ("transit/WC", "out.on_vehicle"),
        ("delivered/OK", "delivered.generic"),
    ]


def test_naive_times_take_the_facilitys_zone() -> None:
    (update,) = DhlUniversal().parse((FIXTURES / "express.json").read_bytes())

    assert [(e.at.isoformat() if e.at else "", e.zone_source) for e in update.events] == [
        ("2026-02-08T19:30:00+01:00", "facility"),
        ("2026-02-09T22:00:00+04:00", "facility"),
        ("2026-02-10T08:05:00+04:00", "facility"),
        ("2026-02-10T13:20:00+04:00", "facility"),
    ]


def test_promised_window_is_the_frame_in_the_destinations_zone() -> None:
    (update,) = DhlUniversal().parse((FIXTURES / "express.json").read_bytes())

    assert update.edd == DateWindow(date(2026, 2, 10), date(2026, 2, 11), "Asia/Dubai")
    assert update.service == "EXPRESS WORLDWIDE"


def test_words_refine_the_generic_code_and_unreadable_times_go_last() -> None:
    (update,) = DhlUniversal().parse((FIXTURES / "words.json").read_bytes())

    assert [(e.sub_status, e.at.isoformat() if e.at else None) for e in update.events] == [
        ("transit.arrived_facility", "2026-01-18T10:00:00+00:00"),
        ("unknown", "2026-01-19T10:00:00+00:00"),
        ("out.on_vehicle", "2026-01-20T10:00:00-05:00"),
        ("info.label_created", None),
    ]
    # Kentucky keeps two zones, New Jersey one; the last event names no place but its own zone.
    assert [e.zone_source for e in update.events] == ["carrier", "assumed", "facility", "assumed"]
    assert update.events[0].code == "transit"


@pytest.mark.parametrize(
    ("generic", "detail", "expected"),
    [
        ("pre-transit", "", "info.label_created"),
        ("transit", "", "transit.generic"),
        ("delivered", "", "delivered.generic"),
        ("failure", "", "exception.other"),
        ("unknown", "", "unknown"),
        ("brand-new", "", "unknown"),
        ("failure", "NH", "attempt.nobody_home"),
        ("transit", "OK", "transit.generic"),  # a code may not deliver what DHL says is on its way
        ("delivered", "WC", "delivered.generic"),
        ("", "OK", "delivered.generic"),
    ],
)
def test_generic_code_bounds_the_detailed_one(generic: str, detail: str, expected: str) -> None:
    update = parse_event("express", statusCode=generic, status=detail)

    assert update.events[0].sub_status == expected


def test_same_code_means_other_things_in_other_divisions() -> None:
    express = parse_event("express", statusCode="transit", status="DD").events[0]
    parcel = parse_event("parcel-de", statusCode="transit", status="ZF").events[0]
    ecommerce = parse_event("ecommerce", statusCode="failure", status="844").events[0]

    assert express.sub_status == "transit.generic"
    assert parcel.sub_status == "pickup.ready"
    assert ecommerce.sub_status == "attempt.unreachable"


def test_current_status_newer_than_every_event_is_added() -> None:
    events = [{"timestamp": "2026-01-01T10:00:00", "statusCode": "transit"}]
    status = {"timestamp": "2026-01-02T10:00:00", "statusCode": "delivered"}
    body = {"shipments": [{"id": "1", "service": "express", "events": events, "status": status}]}

    (update,) = DhlUniversal().parse(json.dumps(body).encode())

    assert [e.sub_status for e in update.events] == ["transit.generic", "delivered.generic"]


def test_shipment_without_events_takes_its_status() -> None:
    status = {"timestamp": "2026-01-02T10:00:00+01:00", "statusCode": "pre-transit"}
    body = {"shipments": {"id": "1", "service": "parcel-de", "status": status}}

    (update,) = DhlUniversal().parse(json.dumps(body).encode())

    assert [e.sub_status for e in update.events] == ["info.label_created"]
    assert update.events[0].zone_source == "carrier"


def test_unknown_number_is_not_found_and_named() -> None:
    body = {
        "title": "No result found",
        "detail": "Nothing.",
        "status": 404,
        "instance": "/shipment/77",
    }

    (update,) = DhlUniversal().parse(json.dumps(body).encode())

    assert (update.tracking_number, update.not_found) == ("77", True)
    assert update.problem == "DHL says: Nothing. (404)"


@pytest.mark.parametrize(
    ("status", "kind", "permanent"),
    [
        (401, "credentials", True),
        (400, "bad_request", True),
        (429, "rate_limited", False),
        (503, "unavailable", False),
    ],
)
def test_problem_documents_carry_their_decision(status: int, kind: str, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        DhlUniversal().parse(json.dumps({"title": "t", "status": status}).encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_request_sends_the_merchants_key_and_keeps_to_a_division() -> None:
    asks = [Ask("123", {"service": "express"})]

    call = DhlUniversal().request(asks, {"api_key": "k"}, None)

    assert call.params == {"trackingNumber": "123", "language": "en", "service": "express"}
    assert call.headers["DHL-API-Key"] == "k"


@pytest.mark.parametrize(
    ("generic", "words", "expected"),
    [
        ("transit", "Customs clearance status updated", "customs.started"),
        ("transit", "Clearance processing complete at DUBAI", "customs.cleared"),
        ("transit", "Shipment is out with courier for delivery", "out.on_vehicle"),
        ("transit", "The shipment has been loaded onto the delivery vehicle", "out.on_vehicle"),
        ("transit", "Arrived at DHL Delivery Facility DUBAI", "transit.at_delivery_depot"),
        ("failure", "Delivery not possible. Recipient not home", "attempt.nobody_home"),
        ("failure", "Something else", "exception.other"),
        ("delivered", "Delivered - signed for", "delivered.generic"),
        ("delivered", "Returned to sender", "returning.started"),
        ("transit", "Delivered to a partner", "transit.handed_to_partner"),
        ("pre-transit", "Instruction data provided by sender", "info.label_created"),
    ],
)
def test_words_stand_in_where_a_division_sends_no_code(
    generic: str, words: str, expected: str
) -> None:
    update = parse_event("parcel-uk", statusCode=generic, description=words)

    assert update.events[0].sub_status == expected


def test_waiting_parcel_names_its_service_point_pieces_and_proof() -> None:
    (update,) = DhlUniversal().parse((FIXTURES / "pickup.json").read_bytes())

    assert update.events[-1].sub_status == "pickup.ready"
    assert update.pickup_point == PickupPoint("Packstation 123", "Marktweg 1, 53113 Bonn")
    assert update.pieces == 2
    assert update.proof == Proof(signed_by="Ida Sommer", photo_url="https://pod.example.com/17")


def test_push_of_a_return_is_back_at_the_shop_not_delivered() -> None:
    (update,) = DhlUniversal().read_push((FIXTURES / "push.json").read_bytes())

    assert [e.sub_status for e in update.events] == ["returned.received"]


def test_message_about_the_subscription_is_no_news() -> None:
    body = json.dumps({"scope": "subscription.validation", "secret": "s"}).encode()

    assert DhlUniversal().read_push(body) == []


@pytest.mark.parametrize(
    ("credentials", "headers", "expected"),
    [
        ({}, {}, True),
        ({"push_token": "right"}, {"x-dhl": "right"}, True),
        ({"push_token": "right"}, {"x-dhl": "wrong"}, False),
        ({"push_token": "right"}, {}, False),
    ],
)
def test_push_proves_itself_by_the_subscriptions_token(
    credentials: dict[str, str], headers: dict[str, str], expected: bool
) -> None:
    assert DhlUniversal().is_genuine_push(b"", headers, credentials) is expected


def test_booked_wish_undoes_no_scan() -> None:
    rows = [
        {"timestamp": "2026-01-02T12:00:00Z", "statusCode": "transit", "status": "INTERVENTION"},
        {"timestamp": "2026-01-02T09:00:00Z", "statusCode": "transit", "status": "LOAD_VEHICLE"},
    ]
    body = {"shipments": [{"id": "1", "service": "parcel-nl", "events": rows}]}

    (update,) = DhlUniversal().parse(json.dumps(body).encode())

    assert [e.sub_status for e in update.events] == ["out.on_vehicle", "info.label_created"]
    assert state_of(update.events).sub_status == "out.on_vehicle"


def test_one_parcel_is_fetched_ten_times_a_day_at_most() -> None:
    assert DhlUniversal().limits.per_parcel_per_day == 10
