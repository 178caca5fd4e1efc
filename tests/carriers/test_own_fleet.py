"""A merchant's own drivers push signed scans in our format."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from carriers.providers.own_fleet import OwnFleet
from carriers.updates import Cash, Courier, DateWindow, TrackingUpdate
from lib.signing import is_standard_webhook, new_webhook_secret, standard_webhook_signature

BODY = (Path(__file__).parent / "fixtures" / "own_fleet" / "push.json").read_bytes()


@pytest.fixture
def update() -> TrackingUpdate:
    return OwnFleet().parse(BODY)[0]


def test_scans_keep_our_words_and_unknown_ones_stay_unknown(update: TrackingUpdate) -> None:
    assert [(one.code, one.sub_status, one.zone_source) for one in update.events] == [
        ("VAN", "out.on_vehicle", "carrier"),
        ("attempt.nobody_home", "attempt.nobody_home", "facility"),
        ("teleported", "unknown", "carrier"),
    ]
    assert update.events[1].attempt == 1


def test_dates_cash_and_courier_are_read_and_bad_links_are_not(update: TrackingUpdate) -> None:
    assert update.edd == DateWindow(date(2026, 11, 12), date(2026, 11, 13))
    assert update.cash == Cash(Decimal("249.50"), "AED")
    assert update.courier == Courier("Sami", "+971500000001", "")


@pytest.mark.parametrize(
    ("said", "kind"),
    [("guaranteed", "guaranteed"), ("appointment", "appointment"), ("sworn", "estimated")],
)
def test_what_a_date_is_worth_is_read(said: str, kind: str) -> None:
    edd = {"from": "2026-11-12", "kind": said}
    body = json.dumps({"tracking_number": "V1", "edd": edd}).encode()
    (found,) = OwnFleet().parse(body)
    assert found.edd is not None
    assert found.edd.kind == kind


def test_one_parcel_may_come_without_the_list() -> None:
    alone = json.loads(BODY)["parcels"][0]
    assert OwnFleet().parse(json.dumps(alone).encode())[0].tracking_number == "VAN-17"


@pytest.mark.parametrize("status", ["pending", "expired"])
def test_what_is_ours_to_find_out_is_not_believed(status: str) -> None:
    body = {"tracking_number": "V", "events": [{"status": status, "at": "2026-11-12T11:00:00Z"}]}
    assert OwnFleet().parse(json.dumps(body).encode())[0].events[0].sub_status == "unknown"


def signed(secret: str, body: bytes = BODY, stamp: str = "1700000000") -> dict[str, str]:
    signature = standard_webhook_signature(body, secret=secret, message_id="msg_1", timestamp=stamp)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,bm90IHRoaXM= {signature}",
    }


def test_genuine_push_is_believed_for_five_minutes() -> None:
    secret = new_webhook_secret()
    headers = signed(secret)
    assert is_standard_webhook(BODY, headers, secret, now=1_700_000_299.0)
    assert not is_standard_webhook(BODY, headers, secret, now=1_700_000_301.0)


@pytest.mark.parametrize(
    ("body", "change"),
    [
        (BODY + b" ", {}),
        (BODY, {"webhook-id": "msg_2"}),
        (BODY, {"webhook-timestamp": "soon"}),
        (BODY, {"webhook-signature": ""}),
    ],
)
def test_changed_push_is_refused(body: bytes, change: dict[str, Any]) -> None:
    secret = new_webhook_secret()
    headers = signed(secret) | change
    assert not is_standard_webhook(body, headers, secret, now=1_700_000_000.0)


def test_account_without_a_secret_believes_nobody() -> None:
    assert not OwnFleet().is_genuine_push(BODY, signed(new_webhook_secret()), {})
