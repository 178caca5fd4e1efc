from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.canadapost import CanadaPost
from carriers.updates import DateWindow, PickupPoint, Proof

FIXTURES = Path(__file__).parent / "fixtures" / "canadapost"


def test_zones_are_names_and_saskatchewan_keeps_no_summer_time() -> None:
    (update,) = CanadaPost().parse((FIXTURES / "journey.xml").read_bytes())

    assert [
        (e.sub_status, e.at.isoformat() if e.at else "", e.zone_source) for e in update.events
    ] == [
        ("unknown", "2026-07-06T14:00:00-04:00", "assumed"),
        ("info.label_created", "2026-07-06T14:55:25-04:00", "assumed"),
        ("transit.arrived_facility", "2026-07-06T19:20:49-04:00", "carrier"),
        ("attempt.generic", "2026-07-08T08:06:20-06:00", "carrier"),
        ("pickup.ready", "2026-07-08T18:22:43-06:00", "carrier"),
        ("delivered.generic", "2026-07-09T11:59:59-06:00", "carrier"),
    ]


def test_changed_date_post_office_and_signature_are_kept() -> None:
    (update,) = CanadaPost().parse((FIXTURES / "journey.xml").read_bytes())

    assert update.edd == DateWindow(date(2026, 7, 9), date(2026, 7, 9))
    assert update.pickup_point == PickupPoint(name="REGINA MAIN PO", address="REGINA, SK")
    assert update.proof == Proof(signed_by="HALE")


def test_delivery_at_the_end_of_the_way_back_is_a_return() -> None:
    (update,) = CanadaPost().parse((FIXTURES / "returned.xml").read_bytes())

    assert [event.sub_status for event in update.events] == [
        "returning.started",
        "out.on_vehicle",
        "returned.received",
    ]
    assert update.proof is None


def message(code: str) -> bytes:
    return (
        f"<messages><message><code>{code}</code><description>why</description></message></messages>"
    ).encode()


def test_no_history_is_not_found() -> None:
    (update,) = CanadaPost().parse(message("004"))

    assert (update.not_found, update.problem) == (True, "Canada Post says: why (004)")


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [
        ("E002", "credentials", True),
        ("AA001", "credentials", True),
        ("Server", "rate_limited", False),
        ("9999", "bad_request", True),
    ],
)
def test_messages_carry_their_decision(code: str, kind: str, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        CanadaPost().parse(message(code))

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_request_escapes_the_number_and_asks_for_english() -> None:
    call = CanadaPost().request([Ask("70/1")], {"username": "me", "password": "pw"}, None)

    assert call.path == "/vis/track/pin/70%2F1/detail"
    assert call.headers["Authorization"] == "Basic bWU6cHc="
    assert call.headers["Accept-language"] == "en-CA"
