from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.allied_express import AlliedExpress
from carriers.readers.allied_express_local import AlliedExpressLocal

SCANS = (Path(__file__).parent / "fixtures" / "allied_express" / "three_scans.json").read_bytes()


def test_number_is_in_the_path() -> None:
    call = AlliedExpress().request([Ask("A/1")], {"username": "me", "password": "key"}, None)

    assert (call.method, call.path) == ("POST", "/getShipmentsStatus/A%2F1")
    assert call.headers["Authorization"] == "Basic bWU6a2V5"


def test_many_scans_are_a_list() -> None:
    (update,) = AlliedExpress().parse(SCANS)

    assert (update.tracking_number, update.pieces) == ("HWA000001", 2)
    assert [event.sub_status for event in update.events] == [
        "unknown",
        "transit.generic",
        "out.on_vehicle",
        "attempt.generic",
    ]
    assert str(update.events[-1].at) == "2026-03-03 14:03:55+11:00"


def test_one_scan_is_an_object() -> None:
    (update,) = AlliedExpress().parse(
        b'{"soapenv:Body": {"ns1:getShipmentsStatusResponse": {"result": {"statusBarcodesList":'
        b' {"consignmentNote": "A", "scannedStatus": "RETURN TO SENDER"}}}}}'
    )

    assert [event.sub_status for event in update.events] == ["returning.started"]


def test_local_reads_the_same() -> None:
    assert AlliedExpressLocal().parse(SCANS) == AlliedExpress().parse(SCANS)


def test_refusals() -> None:
    (update,) = AlliedExpress().parse(b'{"result": {"statusError": "No Shipment status found."}}')
    with pytest.raises(CarrierError) as caught:
        AlliedExpress().parse(b'{"Message": "Endpoint request timed out"}')

    assert update.not_found
    assert (caught.value.kind, caught.value.permanent) == ("unavailable", False)
