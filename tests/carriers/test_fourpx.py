from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.fourpx import FourPx

ORDER = (Path(__file__).parent / "fixtures" / "fourpx" / "order.json").read_bytes()


def test_signature_covers_sorted_fields_body_and_secret() -> None:
    call = FourPx().request([Ask("4PX1")], {"app_key": "me", "app_secret": "hush"}, None)

    moment = call.params["timestamp"]
    signed = f"app_keymeformatjsonmethodtr.order.tracking.gettimestamp{moment}v1.0.0"
    whole = signed + '{"deliveryOrderNo":"4PX1"}' + "hush"
    assert call.body == b'{"deliveryOrderNo":"4PX1"}'
    assert call.params["sign"] == hashlib.md5(whole.encode()).hexdigest()
    assert "hush" not in str(call)


def test_rows_come_newest_first_and_without_a_zone() -> None:
    (update,) = FourPx().parse(ORDER)

    assert update.tracking_number == "4PXHW00000001CN"
    assert [(e.code, e.sub_status, e.language) for e in update.events] == [
        ("FPX_L_RPIF", "info.label_created", "en"),
        ("X_NEW", "unknown", "zh"),
        ("I_HCIT", "customs.duties_unpaid", "en"),
        ("S_OKSC", "delivered.signed", "en"),
    ]
    assert str(update.events[-1].at) == "2026-03-09 10:00:00+08:00"
    assert {event.zone_source for event in update.events} == {"assumed"}
    assert update.destination.country == "GB"


def test_refusals_come_with_200() -> None:
    (empty,) = FourPx().parse(b'{"result": "1", "data": {"trackingList": []}}')
    (unknown,) = FourPx().parse(
        b'{"result": "0", "errors": [{"error_code": "1", "error_msg": "Order does not exist"}]}'
    )
    with pytest.raises(CarrierError) as caught:
        FourPx().parse(b'{"result": "0", "msg": "Invalid sign", "errors": []}')

    assert empty.not_found
    assert unknown.not_found
    assert (caught.value.kind, caught.value.permanent) == ("bad_request", False)
