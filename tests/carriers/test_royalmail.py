from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.royalmail import RoyalMail

FOLDER = Path(__file__).parent / "fixtures" / "royalmail"
EVENTS = (FOLDER / "events.json").read_bytes()


def test_events_keep_their_offset_and_a_notification_stays_unknown() -> None:
    (update,) = RoyalMail().parse(EVENTS)

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("EVDAC", "picked_up.accepted"),
        ("EVGPD", "out.on_vehicle"),
        ("NRDSS", "unknown"),
        ("EVKSP", "delivered.signed"),
    ]
    # The first has no offset of its own: both ends are in Britain, so Britain it is.
    assert next((str(e.at), e.zone_source) for e in update.events) == (
        "2026-03-28 23:40:00+00:00",
        "facility",
    )
    assert str(update.events[-1].at) == "2026-03-30 11:20:00+01:00"


def test_signature_and_promise_are_kept() -> None:
    (update,) = RoyalMail().parse(EVENTS)

    assert update.proof is not None
    assert update.proof.signed_by == "A WOOD"
    assert update.edd is not None
    assert (str(update.edd.first), update.edd.zone) == ("2026-03-30", "Europe/London")
    assert (update.service, update.destination.country) == ("Tracked 24", "GB")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("EVKRF", "returning.started"),  # refused at the door: Royal Mail sends it back at once
        ("EVKLS", "pickup.ready"),  # "delivered", but to a Post Office for collection
        ("EVNDA", "pickup.ready"),
        ("EVKNS", "delivered.neighbour_reception_locker"),
        ("EVJDP", "customs.duties_unpaid"),
        ("EVNMI", "delay.missorted"),
        ("EVZDM", "unknown"),
    ],
)
def test_meaning_of_codes(code: str, expected: str) -> None:
    body = b'{"mailPieces": {"mailPieceId": "A1", "events": [{"eventCode": "%s"}]}}'

    (update,) = RoyalMail().parse(body % code.encode())

    assert [event.sub_status for event in update.events] == [expected]


def test_unknown_barcode_is_not_found() -> None:
    (update,) = RoyalMail().parse((FOLDER / "refused.json").read_bytes())

    assert update.not_found
    assert update.problem == "Royal Mail says: Barcode reference is not recognised (E1142)"


@pytest.mark.parametrize(
    ("status", "kind", "permanent"),
    [("401", "credentials", True), ("400", "bad_request", True), ("503", "unavailable", False)],
)
def test_errors_carry_their_decision(status: str, kind: str, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        RoyalMail().parse(b'{"httpCode": "%s", "httpMessage": "No"}' % status.encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_request_accepts_the_terms_and_escapes_the_number() -> None:
    call = RoyalMail().request([Ask("A/1")], {"client_id": "i", "client_secret": "s"}, None)

    assert call.path == "/mailpieces/v2/A%2F1/events"
    assert call.headers["X-Accept-RMG-Terms"] == "yes"
    assert (call.headers["X-IBM-Client-Id"], call.headers["X-IBM-Client-Secret"]) == ("i", "s")
