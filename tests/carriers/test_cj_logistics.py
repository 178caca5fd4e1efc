from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.cj_logistics import CjLogistics

WAYBILL = (Path(__file__).parent / "fixtures" / "cj_logistics" / "waybill.json").read_bytes()
CREDENTIALS = {"customer_id": "30000001", "business_number": "123-45-67890"}


def reply(code: str, detail: str, data: object = None) -> bytes:
    return json.dumps({"RESULT_CD": code, "RESULT_DETAIL": detail, "DATA": data}).encode()


def test_states_are_read_oldest_first_with_the_reason_of_a_failed_delivery() -> None:
    (update,) = CjLogistics().parse(WAYBILL)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("11", "picked_up.accepted"),
        ("84/02", "attempt.nobody_home"),
        ("82", "out.on_vehicle"),
        ("77", "unknown"),
    ]
    assert {event.language for event in update.events} == {"ko"}


def test_times_are_korean_with_and_without_separators() -> None:
    (update,) = CjLogistics().parse(WAYBILL)

    assert [(str(e.at), e.zone_source) for e in update.events] == [
        ("2026-03-02 18:05:09+09:00", "facility"),
        ("2026-03-03 09:45:01+09:00", "facility"),
        ("2026-03-04 08:30:00+09:00", "facility"),
        ("None", "assumed"),
    ]


@pytest.mark.parametrize(
    ("state", "reason", "meaning"),
    [
        ("12", "02", "info.pickup_failed"),  # 02 is "not handed over" there
        ("84", "9", "exception.refused"),
        ("84", "", "attempt.generic"),
        ("84", "99", "attempt.generic"),
    ],
)
def test_reasons_count_only_for_a_failed_delivery(state: str, reason: str, meaning: str) -> None:
    row = {"INVC_NO": "1", "CRG_ST": state, "NO_CLDV_RSN_CD": reason}

    (update,) = CjLogistics().parse(reply("S", "Success.", [row]))

    assert [event.sub_status for event in update.events] == [meaning]


def test_driver_is_named_while_it_is_on_the_van_and_not_masked() -> None:
    (update,) = CjLogistics().parse(WAYBILL)
    (masked,) = CjLogistics().parse(WAYBILL.replace("이민호".encode(), b"***"))

    assert update.courier is None  # the undated scan stands last
    rows = [row for row in json.loads(WAYBILL)["DATA"] if row["CRG_ST"] != "77"]
    (dated,) = CjLogistics().parse(reply("S", "", {"ARRAY": rows}))
    assert dated.courier is not None
    assert (dated.courier.name, dated.courier.phone) == ("이민호", "010-0000-0000")
    assert masked.courier is None


def test_who_took_it_is_proof() -> None:
    row = {
        "INVC_NO": "600000000012",
        "CRG_ST": "91",
        "ACPTR_NM": "본인",
        "SCAN_YMD": "20260304",
        "SCAN_HOUR": "103402",
    }

    (update,) = CjLogistics().parse(reply("S200", "Success.", [row]))

    assert (update.tracking_number, update.events[0].sub_status) == (
        "600000000012",
        "delivered.generic",
    )
    assert update.proof is not None
    assert update.proof.signed_by == "본인"


@pytest.mark.parametrize("body", [reply("E", "No Data Found"), reply("S", "Success.", [])])
def test_no_scans_yet_is_not_found(body: bytes) -> None:
    (update,) = CjLogistics().parse(body)

    assert (update.not_found, update.problem) == (
        True,
        "CJ Logistics has no scans of this waybill yet",
    )


@pytest.mark.parametrize(("code", "kind"), [("E400", "bad_request"), ("E", "unavailable")])
def test_failure_with_status_200_is_an_error(code: str, kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        CjLogistics().parse(reply(code, "Something else"))

    assert (caught.value.kind, caught.value.permanent) == (kind, False)


def test_token_is_fetched_with_the_number_of_the_business_in_digits() -> None:
    call = CjLogistics().token_request(CREDENTIALS)

    assert call is not None
    assert (call.path, call.json) == (
        "/ReqOneDayToken",
        {"DATA": {"CUST_ID": "30000001", "BIZ_REG_NUM": "1234567890"}},
    )
    token = CjLogistics().parse_token(reply("S", "Success", {"TOKEN_NUM": "t-1"}))
    assert (token.value, token.seconds) == ("t-1", 3600)


@pytest.mark.parametrize(
    ("body", "kind", "permanent"),
    [
        (reply("E", "unknown customer"), "credentials", True),
        (reply("E500", "busy"), "unavailable", False),
        (reply("S", "Success", {}), "unreadable", False),
        (b"{}", "unreadable", False),
    ],
)
def test_refused_token_says_why(body: bytes, kind: str, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        CjLogistics().parse_token(body)

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_request_carries_the_token_twice_and_the_customer() -> None:
    call = CjLogistics().request([Ask("600000000011")], CREDENTIALS, "t-1")

    sent: Any = call.json
    assert call.path == "/ReqOneGdsTrc"
    assert call.headers["CJ-Gateway-APIKey"] == "t-1"
    assert sent == {"DATA": {"TOKEN_NUM": "t-1", "CLNTNUM": "30000001", "INVC_NO": "600000000011"}}
