from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.dpd import Dpd
from tracking.reading import state_of

PARCEL = (Path(__file__).parent / "fixtures" / "dpd" / "parcel.xml").read_bytes()
LOGIN = {"delis_id": "me", "password": "p&w"}


def test_steps_not_reached_are_no_scans_and_the_number_is_not_repeated() -> None:
    (update,) = Dpd().parse(PARCEL)

    assert (update.tracking_number, update.service) == ("", "DPD HOME")
    assert [event.code for event in update.events] == [
        "Courier",
        "DeliveryFailure",
        "ReturningFromDelivery",
    ]


def test_way_back_to_the_depot_is_no_second_attempt() -> None:
    (update,) = Dpd().parse(PARCEL)

    assert update.events[-1].sub_status == "transit.at_delivery_depot"
    assert len(state_of(update.events).attempts) == 1


def test_way_back_to_the_depot_is_the_attempt_where_none_was_scanned() -> None:
    row = b"<status>ReturningFromDelivery</status>"
    body = b"<a><trackingresult><statusInfo>%s</statusInfo></trackingresult></a>" % row

    (update,) = Dpd().parse(body)

    assert [event.sub_status for event in update.events] == ["attempt.generic"]


def test_american_dates_are_local_to_the_depot() -> None:
    (update,) = Dpd().parse(PARCEL)

    assert [(str(e.at), e.zone_source) for e in update.events][-1] == (
        "2026-03-02 19:00:00+01:00",
        "facility",
    )


def test_login_is_asked_and_read() -> None:
    call = Dpd().token_request(LOGIN)
    token = Dpd().parse_token(b"<a><return><authToken>abc</authToken></return></a>")

    assert call is not None
    assert call.path == "/soap/services/LoginService/V2_1"
    assert call.body is not None
    assert b"<password>p&amp;w</password>" in call.body
    assert token.value == "abc"


def test_request_has_the_token_in_a_header_of_its_own_namespace() -> None:
    call = Dpd().request([Ask("05300000000001")], LOGIN, "abc")

    assert call.body is not None
    assert b'xmlns:ns="http://dpd.com/common/service/types/Authentication/2.0"' in call.body
    assert b"<ns:authentication><delisId>me</delisId><authToken>abc</authToken>" in call.body
    assert b"<parcelLabelNumber>05300000000001</parcelLabelNumber>" in call.body


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [("DELICOM_ERR_AUTHENTICATION", "credentials", True), ("OTHER", "unavailable", False)],
)
def test_faults_carry_their_decision(code: str, kind: str, permanent: bool) -> None:
    body = f"<Fault><faultstring>f</faultstring><errorCode>{code}</errorCode></Fault>"

    with pytest.raises(CarrierError) as caught:
        Dpd().parse(body.encode())

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)
