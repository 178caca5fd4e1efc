from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from carriers.base import Ask, CarrierError
from carriers.calls import Account, Call
from carriers.fetch import Fetcher
from carriers.providers.imile import Imile, sign

LOCUS = (Path(__file__).parent / "fixtures" / "imile" / "locus.json").read_bytes()
KEY = {"customer_id": "C1", "secret_key": "s"}


def test_scans_are_sorted_across_zones_and_keep_their_own() -> None:
    (update,) = Imile().parse(LOCUS)

    assert [(event.code, event.sub_status, event.zone_source) for event in update.events] == [
        ("SubmitOrder", "info.label_created", "carrier"),
        ("SomethingNew", "unknown", "assumed"),
        ("OutForDelivery", "out.on_vehicle", "carrier"),
    ]
    assert [event.at.isoformat() if event.at else "" for event in update.events] == [
        "2026-03-04T08:00:00+03:00",
        "2026-03-05T08:00:00+04:00",
        "2026-03-06T09:30:00+04:00",
    ]
    assert [event.language for event in update.events] == ["en", "en", "ar"]


def test_sign_is_that_of_the_guides_example() -> None:
    common = {
        "customerId": "C21018141",
        "signMethod": "MD5",
        "format": "json",
        "version": "1.0.0",
        "timeZone": "+8",
        "timestamp": "1655438036695",
        "accessToken": "9d269815-e928-41a0-8653-608ff0d9ee6c",
    }
    param = '{"orderType":"1","orderNo":"6082824250179","language":"2"}'
    secret = "MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAMfSz+7WGuw8nwu9"

    assert sign(common, param, secret) == "45858AABA92082D9AF784E05EBE6368C"


def test_what_is_signed_is_what_travels() -> None:
    call = Imile().request([Ask("6090000000011")], KEY, "t")

    sent = json.loads(call.body or b"")
    param = json.dumps(sent.pop("param"), separators=(",", ":"))
    signed = sent.pop("sign")
    assert (sent["accessToken"], signed) == ("t", sign(sent, param, "s"))
    assert param.encode() in (call.body or b"")


def test_ended_token_is_told_in_the_answer() -> None:
    assert Imile().refuses_token(b'{"code": "407", "message": "token expired"}')
    assert not Imile().refuses_token(b'{"code": "200"}')
    assert not Imile().refuses_token(b"oops")


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [
        ("403", "credentials", True),
        ("407", "credentials", False),
        ("429", "rate_limited", False),
        ("500", "unavailable", False),
    ],
)
def test_errors_come_in_the_answer(code: str, kind: str, *, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        Imile().parse(b'{"code": "%s", "message": "no"}' % code.encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_unknown_waybill_is_not_found() -> None:
    (said,) = Imile().parse(b'{"code": "500", "message": "Waybill does not exist"}')
    (silent,) = Imile().parse(b'{"code": "200", "data": {"locus": []}}')
    (blank,) = Imile().parse(b'{"code": "200", "data": {"locus": [{"timeZone": "+4"}]}}')

    assert [one.not_found for one in (said, silent, blank)] == [True, True, True]


def test_ended_token_is_asked_for_anew_once() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if "accessToken" in request.url.path:
            return httpx.Response(200, json={"code": "200", "data": {"accessToken": "t"}})
        if asked.count("/client/track/getOne") == 1:
            return httpx.Response(200, json={"code": "407", "message": "token expired"})
        return httpx.Response(200, content=LOCUS)

    fetcher = Fetcher(transport=httpx.MockTransport(answer))
    account = Account("1", "https://openapi.imile.com", KEY)
    try:
        (returned,) = fetcher.fetch([Call(Imile(), account, (Ask("6090000000011"),))])
    finally:
        fetcher.close()

    assert returned.error is None
    assert len(returned.updates) == 1
    assert asked == ["/auth/accessToken/grant", "/client/track/getOne"] * 2
