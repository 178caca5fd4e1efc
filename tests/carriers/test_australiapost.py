from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.australiapost import AustraliaPost
from carriers.providers.australiapost_words import meaning
from carriers.updates import Place

FOUR = (Path(__file__).parent / "fixtures" / "australiapost" / "two_articles.json").read_bytes()


def test_ten_numbers_go_in_one_call() -> None:
    call = AustraliaPost().request(
        [Ask("A1"), Ask("B2")], {"account_number": "7", "api_key": "me", "password": "key"}, None
    )

    assert call.params == {"tracking_ids": "A1,B2"}
    assert call.headers == {"Authorization": "Basic bWU6a2V5", "Account-Number": "7"}
    assert AustraliaPost.batch_size == 10


def test_slowest_article_speaks_for_the_consignment() -> None:
    update = AustraliaPost().parse(FOUR)[0]

    assert (update.tracking_number, update.pieces) == ("HWCONS0001", 2)
    assert [event.sub_status for event in update.events] == [
        "unknown",
        "attempt.access_restricted",
        "pickup.ready",
    ]
    assert update.pickup_point is not None
    assert update.pickup_point.name == "HARBOUR LPO"


def test_places_are_read_from_their_spellings() -> None:
    updates = AustraliaPost().parse(FOUR)

    assert [event.place for event in updates[0].events] == [
        Place("AUCKLAND", country="NZ"),
        Place(),
        Place("PERTH", "WA", "6000", "AU"),
    ]
    assert updates[1].events[0].place == Place(postcode="60199", country="US")


def test_delivered_says_where_it_was_left() -> None:
    update = AustraliaPost().parse(FOUR)[1]

    assert update.events[-1].sub_status == "delivered.generic"
    assert str(update.events[-1].at) == "2026-03-04 10:00:00+11:00"
    assert update.proof is not None
    assert update.proof.left_at == "in a safe place"


def test_only_the_unknown_number_is_not_found() -> None:
    unknown, failed = AustraliaPost().parse(FOUR)[2:]

    assert (unknown.not_found, failed.not_found) == (True, False)
    assert failed.problem == "Australia Post says: System error (ESB-20010)"


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [
        ("51101", "bad_request", True),
        ("API_002", "rate_limited", False),
        ("51999", "unavailable", False),
    ],
)
def test_refused_calls(code: str, kind: str, permanent: bool) -> None:
    with pytest.raises(CarrierError) as caught:
        AustraliaPost().parse(b'{"errors": [{"code": "%s", "name": "NO"}]}' % code.encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


@pytest.mark.parametrize(
    ("sentence", "ours"),
    [
        ("Delivered in full", "delivered.generic"),
        ("Delivered to sender", "unknown"),
        ("Delivered - Returned to sender", "unknown"),
        ("In transit to next facility in KEW VIC", "transit.generic"),
        ("Attempted delivery - Item being held", "attempt.generic"),
        ("Not delivered", "unknown"),
    ],
)
def test_sentences(sentence: str, ours: str) -> None:
    assert meaning(sentence) == ours
