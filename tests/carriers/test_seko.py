from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.seko import Seko

STATUS = (Path(__file__).parent / "fixtures" / "seko" / "status.json").read_bytes()


def test_places_end_in_their_country_which_settles_the_zone() -> None:
    update = Seko().parse(STATUS)[0]

    assert [(str(e.place), str(e.at), e.zone_source) for e in update.events][:2] == [
        ("Crewe, Cheshire, GB", "2026-02-02 09:00:00+00:00", "facility"),
        ("Bremen, DE", "2026-02-05 14:10:00+01:00", "facility"),
    ]


def test_refused_parcel_that_is_back_is_returned_and_information_says_nothing() -> None:
    update = Seko().parse(STATUS)[0]

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("OP-1", "info.label_created"),
        ("OP-28", "exception.refused"),
        ("OP-31", "unknown"),
        ("OP-64", "returned.received"),
    ]
    assert update.pieces == 2


def test_delivered_consignment_without_events_has_one() -> None:
    update = Seko().parse(STATUS)[1]

    assert [(e.sub_status, e.raw_time, e.zone_source) for e in update.events] == [
        ("delivered.generic", "2026-02-03T12:00:00", "assumed")
    ]


def test_refused_question_is_an_error_and_an_empty_list_is_none() -> None:
    with pytest.raises(CarrierError) as caught:
        Seko().parse(b'{"Errors": [{"Message": "Bad number"}]}')

    assert (caught.value.kind, caught.value.permanent) == ("bad_request", True)
    assert Seko().parse(b"[]") == []


def test_request_posts_the_numbers_with_the_key() -> None:
    call = Seko().request([Ask("A"), Ask("B")], {"access_key": "k"}, None)

    assert (call.method, call.path, call.json) == ("POST", "/labels/statusv2", ["A", "B"])
    assert call.headers["access_key"] == "k"
