from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.postnord import PostNord

FOLDER = Path(__file__).parent / "fixtures" / "postnord"
SHIPMENT = (FOLDER / "shipment.json").read_bytes()


def test_shipment_is_as_far_as_the_item_that_waits() -> None:
    shipment, item = PostNord().parse(SHIPMENT)

    assert (shipment.tracking_number, shipment.pieces) == ("00373500000000000001", 2)
    assert (item.tracking_number, item.pieces) == ("00373500000000000002", 1)
    assert shipment.events == item.events


def test_status_ahead_of_its_scans_is_read_into_the_newest() -> None:
    shipment, _ = PostNord().parse(SHIPMENT)

    assert [(e.code, e.sub_status, e.description) for e in shipment.events] == [
        ("9/OTHER", "unknown", "Noted"),
        ("113/AVAILABLE_FOR_DELIVERY", "pickup.ready", "Ready for collection"),
    ]


def test_delivery_in_progress_is_said_by_its_code() -> None:
    body = SHIPMENT.replace(b'"AVAILABLE_FOR_DELIVERY"', b'"EN_ROUTE"')

    shipment, _ = PostNord().parse(body)

    assert [event.sub_status for event in shipment.events] == ["unknown", "out.on_vehicle"]


def test_times_are_local_to_their_place() -> None:
    shipment, _ = PostNord().parse(SHIPMENT)

    assert next((str(e.at), e.zone_source) for e in shipment.events) == (
        "2026-02-02 20:00:00+01:00",
        "facility",
    )


def test_pickup_point_with_its_last_day_and_promise_are_kept() -> None:
    shipment, _ = PostNord().parse(SHIPMENT)

    point = shipment.pickup_point
    assert point is not None
    assert (point.name, point.address) == ("Kiosk Möllan", "Torget 1, 21424 Malmö")
    assert str(point.last_day) == "2026-02-17"
    assert shipment.edd is not None
    assert (str(shipment.edd.first), shipment.edd.zone) == ("2026-02-03", "Europe/Stockholm")


def test_name_of_who_took_it_is_proof() -> None:
    body = SHIPMENT.replace(b'"AVAILABLE_FOR_DELIVERY"', b'"DELIVERED"')

    shipment, _ = PostNord().parse(body)

    assert shipment.proof is not None
    assert shipment.proof.signed_by == "B. LUND"


def test_unknown_identifier_and_an_empty_answer_are_not_found() -> None:
    (unknown,) = PostNord().parse((FOLDER / "unknown.json").read_bytes())
    (empty,) = PostNord().parse(b'{"TrackingInformationResponse": {"shipments": []}}')

    assert (unknown.not_found, empty.not_found) == (True, True)


def test_other_faults_are_errors() -> None:
    faults = b'{"faults": [{"faultCode": "invalidLocale", "explanationText": "No"}]}'
    body = b'{"TrackingInformationResponse": {"compositeFault": %s}}' % faults

    with pytest.raises(CarrierError) as caught:
        PostNord().parse(body)

    assert caught.value.kind == "bad_request"


def test_request_has_key_and_number_as_parameters() -> None:
    call = PostNord().request([Ask("003735")], {"api_key": "k"}, None)

    assert call.path == "/rest/shipment/v5/trackandtrace/findByIdentifier.json"
    assert dict(call.params) == {"apikey": "k", "id": "003735", "locale": "en"}
