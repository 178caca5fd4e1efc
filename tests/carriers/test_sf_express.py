from __future__ import annotations

import json
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.sf_express import SfExpress, digest

ROUTES = (Path(__file__).parent / "fixtures" / "sf_express" / "routes.json").read_bytes()
KEYS = {"partner_id": "me", "checkword": "hush"}


def test_message_is_signed_as_java_spells_it() -> None:
    call = SfExpress().request([Ask("SF1"), Ask("SF2", {"phone": "13800001234"})], KEYS, None)

    assert call.form is not None
    message = call.form["msgData"]
    assert json.loads(message)["trackingNumber"] == ["SF1", "SF2"]
    assert json.loads(message)["checkPhoneNo"] == ",1234"
    assert call.form["msgDigest"] == digest(message + call.form["timestamp"] + "hush")
    assert "hush" not in str(call)


def test_digest_is_md5_of_the_encoded_text() -> None:
    # printf 'a+*%%7E%%E5%%B7%%B2' | openssl md5 -binary | base64
    assert digest("a *~已") == "pm7ZqtNnuafPH7fJYfbh8g=="


def test_routes_are_chinas_and_fall_back_to_the_first_status() -> None:
    known, unknown = SfExpress().parse(ROUTES)

    assert [(e.code, e.sub_status, e.language) for e in known.events] == [
        ("50", "picked_up.accepted", "zh"),
        ("99999", "transit.generic", "en"),
        ("99998", "unknown", "en"),
        ("33/83", "pickup.ready", "en"),
        ("80", "delivered.generic", "en"),
    ]
    assert str(known.events[-1].at) == "2026-03-02 18:00:00+08:00"
    assert (unknown.tracking_number, unknown.not_found) == ("SFHW000000002", True)


def test_pushed_rows_name_their_parcels() -> None:
    first, second = SfExpress().read_push(
        b'{"Body": {"WaybillRoute": [{"mailno": "SF1", "opCode": "50"},'
        b' {"mailno": "SF2", "opCode": "80"}, {"mailno": "SF1", "opCode": "44"}]}}'
    )

    assert [event.sub_status for event in first.events] == ["picked_up.accepted", "out.on_vehicle"]
    assert second.tracking_number == "SF2"
    assert json.loads(SfExpress.push_reply)["return_code"] == "0000"


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [
        ("A1006", "credentials", True),
        ("A1005", "rate_limited", False),
        ("A1099", "unavailable", False),
    ],
)
def test_refusals_come_with_200(code: str, kind: str, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        SfExpress().parse(json.dumps({"apiResultCode": code, "apiErrorMsg": "No"}).encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_refused_query() -> None:
    inner = '{"success": false, "errorCode": "8003", "errorMsg": "Too many"}'
    body = json.dumps({"apiResultCode": "A1000", "apiResultData": inner}).encode()

    with pytest.raises(CarrierError, match="8003") as caught:
        SfExpress().parse(body)

    assert caught.value.kind == "bad_request"
