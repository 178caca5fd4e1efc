from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.landmark import Landmark

PACKAGES = (Path(__file__).parent / "fixtures" / "landmark" / "packages.xml").read_bytes()


def test_both_forms_of_time_are_read_in_the_zone_of_their_place() -> None:
    update = Landmark().parse(PACKAGES)[0]

    assert [(e.code, str(e.at), e.zone_source) for e in update.events] == [
        ("225", "2026-09-25 21:00:00-04:00", "facility"),
        ("300", "2026-09-27 09:15:00-04:00", "facility"),
        ("999", "None", "assumed"),
    ]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Toronto, ON, CA", ("Toronto", "ON", "CA")),
        ("Columbus, OH", ("Columbus", "OH", "US")),
        ("Wilmington, DE", ("Wilmington", "DE", "")),  # Delaware or Germany
        ("Paris, FR", ("Paris", "", "FR")),
        ("Feltham, SRY", ("Feltham", "SRY", "")),
        ("Hatfield terminal", ("Hatfield terminal", "", "")),
    ],
)
def test_two_letters_are_believed_where_they_can_only_be_one_thing(
    location: str, expected: tuple[str, str, str]
) -> None:
    event = f"<Event><EventCode>50</EventCode><Location>{location}</Location></Event>"
    body = f"<a><Package><TrackingNumber>1</TrackingNumber>{event}</Package></a>"

    (update,) = Landmark().parse(body.encode())

    place = update.events[0].place
    assert (place.city, place.region, place.country) == expected


def test_every_package_has_an_update_and_the_last_mile_its_carrier() -> None:
    first, second = Landmark().parse(PACKAGES)

    assert first.next_leg is not None
    assert (first.next_leg.carrier, first.next_leg.number) == ("Canada Post", "7000000000000001")
    assert (second.tracking_number, second.next_leg, second.events) == ("LTN00000001N2", None, ())


def test_number_that_was_not_found_is_named() -> None:
    said = "Could not find shipment with  tracking number # 77X in our system.&lt;br&gt;More"
    body = f"<a><Error><ErrorCode>Lookup</ErrorCode><ErrorMessage>{said}</ErrorMessage></Error></a>"

    (update,) = Landmark().parse(body.encode())

    assert (update.tracking_number, update.not_found) == ("77X", True)
    assert update.problem is not None
    assert "<" not in update.problem


def test_refused_login_is_a_credentials_error() -> None:
    with pytest.raises(CarrierError) as caught:
        Landmark().parse(b"<a><Error><ErrorCode>Login</ErrorCode></Error></a>")

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_request_has_the_login_in_its_body() -> None:
    login = {"username": "me", "password": "p<w", "client_id": "7"}

    call = Landmark().request([Ask("LTN1")], login, None)

    assert call.body is not None
    assert b"<Login><Username>me</Username><Password>p&lt;w</Password></Login>" in call.body
    assert b"<ClientID>7</ClientID><TrackingNumber>LTN1</TrackingNumber>" in call.body
