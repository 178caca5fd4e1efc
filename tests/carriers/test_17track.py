from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.seventeen_track import _CODES, SeventeenTrack
from carriers.updates import DateWindow, NextLeg

FIXTURES = Path(__file__).parent / "fixtures" / "17track"
PARCELS = (FIXTURES / "parcels.json").read_bytes()
HUB = SeventeenTrack()
KEY = {"api_key": "secret-key"}


def test_scans_of_all_carriers_are_one_journey() -> None:
    update = HUB.parse(PARCELS)[0]

    assert [(e.code, e.sub_status, e.description, e.language) for e in update.events] == [
        ("InTransit_PickedUp", "picked_up.accepted", "已揽收", "zh"),
        ("InTransit_Departure", "transit.departed_origin_country", "Left the country", "en"),
        ("InTransit_Teleported", "unknown", "Something new", "en"),
        ("OutForDelivery_Other", "out.on_vehicle", "With the courier", "en"),
    ]
    assert update.courier_code == "3011"
    assert update.next_leg == NextLeg("Emirates Post", "EP555000111")


def test_zone_that_no_carrier_named_is_the_places() -> None:
    update = HUB.parse(PARCELS)[0]

    assert [e.zone_source for e in update.events][:2] == ["facility", "carrier"]


def test_promise_service_and_pieces_are_kept() -> None:
    update = HUB.parse(PARCELS)[0]

    assert update.edd == DateWindow(date(2026, 2, 9), date(2026, 2, 11), "Asia/Dubai")
    assert (update.service, update.pieces) == ("EMS", 2)


def test_each_rejected_number_has_its_own_problem() -> None:
    found = HUB.parse(PARCELS)

    assert [(u.tracking_number, u.not_found) for u in found[1:]] == [
        ("ZZ100200301AE", True),
        ("ZZ100200302AE", True),
        ("12", False),
    ]


def test_request_names_the_carrier_where_it_is_known() -> None:
    call = HUB.request([Ask("A1", courier_code="3011"), Ask("A2")], KEY, None)

    assert (call.path, call.headers) == ("/track/v2.4/gettrackinfo", {"17token": "secret-key"})
    assert call.json == [{"number": "A1", "carrier": 3011}, {"number": "A2"}]


def test_registration_takes_extra_fields() -> None:
    ask = Ask("A1", {"postcode": "1011", "phone": "+971500001234"})

    call = HUB.register_request([ask], KEY, None, callback="")

    row = {"number": "A1", "destination_postal_code": "1011", "phone_number_last_4": "1234"}
    assert (call.path, call.json) == ("/track/v2.4/register", [row])


def test_registered_before_counts_as_registered() -> None:
    def rejected(number: str, code: int) -> dict[str, object]:
        return {"number": number, "carrier": 0, "error": {"code": code, "message": "m"}}

    data = {
        "accepted": [{"number": "A1", "carrier": 3011}],
        "rejected": [rejected("A2", -18019901), rejected("A3", -18019903)],
    }

    found = HUB.parse_registration(json.dumps({"code": 0, "data": data}).encode())

    assert [(one.number, one.courier_code, one.problem) for one in found] == [
        ("A1", "3011", ""),
        ("A2", "", ""),
        ("A3", "", "17TRACK says: m (-18019903)"),
    ]


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [
        (-18010002, "credentials", True),
        (-18019908, "rate_limited", False),
        (-18010003, "unavailable", False),
        (-18010014, "bad_request", True),
    ],
)
def test_refusal_of_the_whole_call(code: int, kind: str, permanent: bool) -> None:
    for body in ({"code": code}, {"code": 0, "data": {"errors": [{"code": code}]}}):
        with pytest.raises(CarrierError) as caught:
            HUB.parse(json.dumps(body).encode())

        assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_push_is_signed_with_the_key_after_the_body() -> None:
    body = (FIXTURES / "stopped.json").read_bytes()
    sign = hashlib.sha256(body + b"/secret-key").hexdigest()

    assert HUB.is_genuine_push(body, {"sign": sign}, KEY)
    assert not HUB.is_genuine_push(body + b" ", {"sign": sign}, KEY)


def test_stopped_parcel_is_a_problem_without_events() -> None:
    (update,) = HUB.read_push((FIXTURES / "stopped.json").read_bytes())

    assert (update.events, update.not_found) == ((), False)
    assert update.problem == "17TRACK has stopped following this parcel"


def test_carriers_are_read_from_the_public_file() -> None:
    body = json.dumps([{"key": 3011, "_name": "China Post", "_country_iso": "CN"}, {"key": 1}])

    (found,) = HUB.parse_couriers(body.encode())

    assert (found.code, found.name, found.countries) == ("3011", "China Post", ("CN",))
    assert HUB.couriers_request(KEY, None).host == "https://res.17track.net"


def test_all_sub_statuses_are_placed() -> None:
    assert sum("_" in code or code == "InfoReceived" for code in _CODES) == 30
