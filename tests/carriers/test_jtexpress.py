from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from urllib.parse import urlencode

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.jtexpress import JtExpress

TRACE = (Path(__file__).parent / "fixtures" / "jtexpress" / "trace.json").read_bytes()
KEY = {"api_account": "100000000000000011", "private_key": "an-invented-key"}
SCAN = '{"billCode": "1", "details": [{"scanType": "%s", "scanTime": "2026-03-06 09:30:00"}%s]}'


def digest(content: str) -> str:
    hashed = hashlib.md5((content + KEY["private_key"]).encode(), usedforsecurity=False)
    return base64.b64encode(hashed.digest()).decode()


def test_codes_of_no_list_stay_unknown_and_110_counts_by_its_company() -> None:
    found, _ = JtExpress().parse(TRACE)

    assert [(event.code, event.sub_status, event.language) for event in found.events] == [
        ("50", "unknown", "en"),
        ("94", "out.on_vehicle", "en"),
        ("110", "attempt.generic", "ar"),
    ]


@pytest.mark.parametrize(
    ("other", "meaning"),
    [
        ("", "unknown"),
        (', {"scanType": "10"}', "attempt.generic"),
        (', {"scanType": "106"}', "transit.arrived_facility"),
        (', {"scanType": "10"}, {"scanType": "106"}', "unknown"),
    ],
)
def test_110_is_in_both_lists(other: str, meaning: str) -> None:
    (update,) = JtExpress().read_push((SCAN % ("110", other)).encode())

    assert [event.sub_status for event in update.events if event.code == "110"] == [meaning]


def test_waybill_without_scans_is_not_found() -> None:
    _, missing = JtExpress().parse(TRACE)

    assert (missing.tracking_number, missing.not_found) == ("900000000012", True)


def test_request_is_a_form_with_its_digest() -> None:
    call = JtExpress().request([Ask("1"), Ask("2")], KEY, None)

    content = (call.form or {})["bizContent"]
    assert content == '{"billCodes": "1,2"}'
    assert call.headers["digest"] == digest(content)


@pytest.mark.parametrize(
    ("said", "kind"), [("signature check failed", "credentials"), ("busy", "unavailable")]
)
def test_errors_come_with_a_code_in_the_answer(said: str, kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        JtExpress().parse(f'{{"code": "145003030", "msg": "{said}"}}'.encode())

    assert caught.value.kind == kind


def test_push_is_a_form_or_bare_and_its_digest_must_be_right() -> None:
    content = SCAN % ("100", "")
    form = urlencode({"bizContent": content}).encode()
    right, wrong = {"digest": digest(content)}, {"digest": "bm8="}

    for body in (form, content.encode()):
        (update,) = JtExpress().read_push(body)
        assert [event.sub_status for event in update.events] == ["delivered.generic"]
        assert JtExpress().is_genuine_push(body, right, KEY)
        assert not JtExpress().is_genuine_push(body, wrong, KEY)
        assert not JtExpress().is_genuine_push(body, {}, KEY)
