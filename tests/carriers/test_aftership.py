from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.aftership import AfterShip
from carriers.updates import DateWindow, NextLeg, Proof

FIXTURES = Path(__file__).parent / "fixtures" / "aftership"
TRACKING = (FIXTURES / "tracking.json").read_bytes()
HUB = AfterShip()
KEY = {"api_key": "k", "webhook_secret": "hush"}


def test_checkpoints_are_read_with_their_countries_zone() -> None:
    (update,) = HUB.parse(TRACKING)

    assert [(e.sub_status, e.at and e.at.isoformat(), e.zone_source) for e in update.events] == [
        ("picked_up.accepted", "2026-03-01T10:00:00+08:00", "carrier"),
        ("attempt.nobody_home", "2026-03-04T12:00:00+03:00", "facility"),
        ("attempt.generic", "2026-03-05T12:00:00+03:00", "facility"),  # a new subtag: its tag
        ("returning.started", "2026-03-06T09:00:00+03:00", "carrier"),
    ]


def test_details_are_kept() -> None:
    (update,) = HUB.parse(TRACKING)

    assert update.edd == DateWindow(date(2026, 3, 4), date(2026, 3, 6), "Asia/Riyadh")
    assert (str(update.destination), update.pieces) == ("Riyadh, SA", 2)
    assert (update.courier_code, update.next_leg) == ("smsa-express", NextLeg("spl", "SM7788"))


def test_push_is_read_and_proves_itself() -> None:
    body = (FIXTURES / "push.json").read_bytes()
    mark = base64.b64encode(hmac.new(b"hush", body, hashlib.sha256).digest()).decode()

    (update,) = HUB.read_push(body)

    assert update.events[-1].sub_status == "delivered.signed"
    assert (update.proof, update.edd) == (
        Proof(signed_by="Reception"),
        DateWindow(*[date(2026, 3, 5)] * 2),
    )
    assert HUB.is_genuine_push(body, {"aftership-hmac-sha256": mark}, KEY)
    assert not HUB.is_genuine_push(body + b"\n", {"aftership-hmac-sha256": mark}, KEY)


def test_without_a_webhook_secret_the_address_is_the_proof() -> None:
    assert HUB.is_genuine_push(b"{}", {}, {"api_key": "k"})


def test_asked_by_its_id_once_it_is_registered() -> None:
    by_id = HUB.request([Ask("N1", registration="a/b")], KEY, None)
    by_number = HUB.request([Ask("N1", courier_code="ups")], KEY, None)

    assert by_id.path == "/trackings/a%2Fb"
    assert (by_number.path, by_number.params) == (
        "/trackings",
        {"tracking_numbers": "N1", "slug": "ups"},
    )


def test_existing_tracking_counts_as_registered() -> None:
    data = {"id": "t1", "tracking_number": "N1", "slug": "ups", "tag": "Pending"}
    exists = json.dumps({"meta": {"code": 4003, "message": "exists"}, "data": {"tracking": data}})
    created = json.dumps({"meta": {"code": 201}, "data": data})
    refused = json.dumps({"meta": {"code": 4012, "message": "Cannot detect courier."}, "data": {}})

    (before,), (fresh,), (bad,) = (
        HUB.parse_registration(body.encode()) for body in (exists, created, refused)
    )

    assert (before.number, before.registration, before.courier_code) == ("N1", "t1", "ups")
    assert (before.update, fresh.update and fresh.update.not_found) == (None, True)
    assert bad.problem == "AfterShip says: Cannot detect courier. (4012)"


@pytest.mark.parametrize(
    ("code", "kind"), [(401, "credentials"), (429, "rate_limited"), (503, "unavailable")]
)
def test_errors_carry_their_decision(code: int, kind: str) -> None:
    with pytest.raises(CarrierError) as caught:
        HUB.parse(json.dumps({"meta": {"code": code, "message": "m"}, "data": {}}).encode())

    assert caught.value.kind == kind


def test_unknown_tracking_is_not_found() -> None:
    for body in (
        {"meta": {"code": 4004}, "data": {}},
        {"meta": {"code": 200}, "data": {"trackings": []}},
    ):
        (update,) = HUB.parse(json.dumps(body).encode())

        assert update.not_found


def test_couriers_are_listed_with_alpha_2_countries() -> None:
    row = {"slug": "smsa", "name": "SMSA", "service_from_country_iso3": ["SAU", "ARE", "XXQ"]}

    (found,) = HUB.parse_couriers(json.dumps({"data": {"couriers": [row]}}).encode())

    assert found.countries == ("SA", "AE")
