from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.ecomexpress import EcomExpress
from carriers.updates import NextLeg

RETURN = (Path(__file__).parent / "fixtures" / "ecomexpress" / "return.xml").read_bytes()
KEY = {"username": "u", "password": "p"}


def test_return_ends_at_the_shop_and_has_a_waybill_of_its_own() -> None:
    (update,) = EcomExpress().parse(RETURN)

    assert [(event.code, event.sub_status) for event in update.events] == [
        ("9876", "unknown"),
        ("219", "attempt.nobody_home"),
        ("777", "returning.started"),
        ("rts/999", "returned.received"),
    ]
    assert update.next_leg == NextLeg("Ecom Express", "900000099")
    assert update.proof is None


def test_times_are_indias() -> None:
    (update,) = EcomExpress().parse(RETURN)

    first = update.events[0]
    assert first.at is not None
    assert (first.at.isoformat(), first.zone_source) == ("2026-03-06T08:40:00+05:30", "facility")
    assert (first.place.city, first.place.code) == ("", "KOC")


def test_short_answer_tells_its_last_scan_in_the_header() -> None:
    body = (
        b'<ecomexpress-objects version="1.0"><object pk="1" model="awb">'
        b'<field name="awb_number">900000012</field>'
        b'<field name="reason_code_number">999</field><field name="receiver">Asha</field>'
        b'<field name="last_update_datetime">11-Mar-2026 17:27</field>'
        b'<field name="rts_shipment">0</field></object></ecomexpress-objects>'
    )
    (update,) = EcomExpress().parse(body)

    assert [event.sub_status for event in update.events] == ["delivered.generic"]
    assert update.proof is not None
    assert update.proof.signed_by == "Asha"


def test_unknown_waybills_are_left_out_and_a_refusal_is_about_the_credentials() -> None:
    assert EcomExpress().parse(b'<ecomexpress-objects version="1.0"/>') == []
    with pytest.raises(CarrierError) as caught:
        EcomExpress().parse(b"<response>Unauthorised user</response>")

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_request_asks_for_many_by_comma() -> None:
    call = EcomExpress().request([Ask("1"), Ask("2")], KEY, None)

    assert call.params == {"awb": "1,2", "username": "u", "password": "p"}


def test_push_is_one_scan() -> None:
    (update,) = EcomExpress().read_push(
        b'{"awb": "900000011", "datetime": "2026-03-06 18:40:12", "status": "Undelivered",'
        b' "reason_code_number": "219", "city": "KOCHI", "location": "KOC"}'
    )

    (event,) = update.events
    assert event.at is not None
    assert (event.sub_status, event.at.isoformat()) == (
        "attempt.nobody_home", "2026-03-06T18:40:12+05:30",
    )  # fmt: skip
