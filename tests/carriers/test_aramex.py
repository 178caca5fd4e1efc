from __future__ import annotations

import json
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.aramex import Aramex

FIXTURES = Path(__file__).parent / "fixtures" / "aramex"


def test_soap_answer_is_grouped_by_waybill() -> None:
    updates = Aramex().parse((FIXTURES / "soap.xml").read_bytes())

    assert [(u.tracking_number, len(u.events), u.not_found) for u in updates] == [
        ("40000000001", 3, False),
        ("40000000002", 1, False),
        ("40000000003", 0, True),
    ]
    assert updates[2].problem == "Aramex does not know this waybill"


def test_soap_times_are_local_to_the_place_they_name() -> None:
    update = Aramex().parse((FIXTURES / "soap.xml").read_bytes())[0]

    assert [(e.at.isoformat() if e.at else "", e.zone_source) for e in update.events] == [
        ("2026-03-03T09:00:00+00:00", "assumed"),
        ("2026-03-04T14:00:00+03:00", "facility"),
        ("2026-03-05T14:00:00+03:00", "facility"),
    ]
    assert [str(e.place) for e in update.events] == ["Hub 7", "Riyadh, SA", "Riyadh, SA"]


def test_soap_codes_keep_the_problem_code_and_unknown_ones_stay_unknown() -> None:
    update = Aramex().parse((FIXTURES / "soap.xml").read_bytes())[0]

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("SH999", "unknown"),
        ("SH294/V01", "attempt.unreachable"),
        ("SH005", "delivered.generic"),
    ]


def test_json_dates_are_instants_shown_at_their_offset() -> None:
    found, missing = Aramex().parse((FIXTURES / "pairs.json").read_bytes())

    assert [(e.at.isoformat() if e.at else "", e.zone_source) for e in found.events] == [
        ("2024-01-31T14:49:00+03:00", "carrier"),
        ("2024-02-01T14:49:00+03:00", "carrier"),
    ]
    assert [e.sub_status for e in found.events] == ["info.label_created", "out.on_vehicle"]
    assert (missing.tracking_number, missing.not_found) == ("40000000005", True)


def test_json_map_with_single_objects_is_read_like_the_list() -> None:
    (update,) = Aramex().parse((FIXTURES / "map.json").read_bytes())

    assert [(e.code, e.sub_status, e.place.country) for e in update.events] == [
        ("SH006", "delivered.collected", "JO")
    ]


def test_bad_credentials_are_permanent_although_http_says_200() -> None:
    notice = {"Code": "ERR01", "Message": "ClientInfo - wrong"}
    body = {
        "HasErrors": True,
        "Notifications": [notice],
        "TrackingResults": [],
        "NonExistingWaybills": [],
    }

    with pytest.raises(CarrierError) as caught:
        Aramex().parse(json.dumps(body).encode())

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)
    assert str(caught.value) == "Aramex says: ClientInfo - wrong (ERR01)"


def test_soap_fault_is_a_passing_failure() -> None:
    body = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        b"<faultcode>s:Server</faultcode><faultstring>Busy</faultstring>"
        b"</s:Fault></s:Body></s:Envelope>"
    )

    with pytest.raises(CarrierError) as caught:
        Aramex().parse(body)

    assert (caught.value.kind, caught.value.permanent) == ("unavailable", False)


def test_request_carries_client_info_and_every_waybill() -> None:
    credentials = {secret.name: secret.name.upper() for secret in Aramex.secrets}

    call = Aramex().request([Ask("1"), Ask("2")], credentials, None)

    assert call.json["Shipments"] == ["1", "2"]
    assert call.json["ClientInfo"] == {
        "UserName": "USERNAME",
        "Password": "PASSWORD",
        "Version": "v1.0",
        "AccountNumber": "ACCOUNT_NUMBER",
        "AccountPin": "ACCOUNT_PIN",
        "AccountEntity": "ACCOUNT_ENTITY",
        "AccountCountryCode": "ACCOUNT_COUNTRY_CODE",
    }
