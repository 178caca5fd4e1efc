from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.smsa import Smsa
from carriers.updates import Cash, Proof

WEBHOOK = (Path(__file__).parent / "fixtures" / "smsa" / "webhook.json").read_bytes()


def test_push_is_read_oldest_first_with_the_scans_own_zone() -> None:
    update = Smsa().read_push(WEBHOOK)[0]

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("QQ", "unknown"),
        ("OD", "out.on_vehicle"),
        ("DL", "delivered.generic"),
    ]
    # The middle scan has an empty zone: its city is the destination's, and settles it.
    assert [(e.at.isoformat() if e.at else "", e.zone_source) for e in update.events] == [
        ("2026-01-09T10:00:00+03:00", "carrier"),
        ("2026-01-10T10:00:00+04:00", "facility"),
        ("2026-01-10T11:00:00+04:00", "carrier"),
    ]


def test_arabic_descriptions_are_marked_arabic() -> None:
    update = Smsa().parse(WEBHOOK)[0]

    assert [event.language for event in update.events] == ["en", "en", "ar"]


def test_misspelt_destination_is_read() -> None:
    update = Smsa().parse(WEBHOOK)[0]

    assert (str(update.origin), str(update.destination)) == ("Jeddah, SA", "Dubai, AE")


def test_delivered_flag_without_scans_makes_one_undated_event() -> None:
    update = Smsa().parse(WEBHOOK)[1]

    assert [(e.code, e.sub_status, e.at) for e in update.events] == [
        ("isDelivered", "delivered.generic", None)
    ]


def test_waybill_without_scans_has_a_problem_but_is_found() -> None:
    update = Smsa().parse(WEBHOOK)[2]

    assert (update.events, update.not_found) == ((), False)
    assert update.problem == "SMSA knows this waybill but sent no scans yet"


def test_answer_without_known_waybills_is_empty() -> None:
    assert Smsa().parse(b"[]") == []


def test_message_instead_of_waybills_is_a_passing_failure() -> None:
    with pytest.raises(CarrierError) as caught:
        Smsa().parse(b'{"Message": "An error has occurred."}')

    assert (caught.value.kind, caught.value.permanent) == ("unavailable", False)


def test_request_posts_the_waybills_with_the_key() -> None:
    call = Smsa().request([Ask("290000000001"), Ask("290000000002")], {"api_key": "k"}, None)

    assert (call.method, call.path) == ("POST", "/api/track/bulk/")
    assert call.json == ["290000000001", "290000000002"]
    assert call.headers["apikey"] == "k"


def test_proof_pieces_and_cash_are_kept() -> None:
    (update,) = Smsa().parse(
        b'[{"AWB": "290000000004", "Pieces": 2, "CODAmount": 125.5, "Scans": [{"ScanType": "DL",'
        b' "ReceivedBy": "Huda", "ScanDateTime": "2026-01-10T11:00:00", "ScanTimeZone": "+03:00"},'
        b' {"ScanType": "CC", "ScanDateTime": "2026-01-10T09:00:00", "ScanTimeZone": "+03:00"}]}]'
    )

    assert (update.proof, update.pieces) == (Proof(signed_by="Huda"), 2)
    assert update.cash == Cash(Decimal("125.5"))
    assert update.events[0].sub_status == "transit.at_delivery_depot"
