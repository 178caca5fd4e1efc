from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.dicom import Dicom
from carriers.updates import Proof

FIXTURE = Path(__file__).parent / "fixtures" / "dicom" / "delivered.json"


def test_only_the_documented_code_is_read() -> None:
    (update,) = Dicom().parse(FIXTURE.read_bytes())

    assert [(e.code, e.sub_status, e.zone_source) for e in update.events] == [
        ("ZZ", "unknown", "carrier"),
        ("DL/NI", "delivered.generic", "carrier"),
    ]


def test_picture_of_the_delivery_and_pieces_are_kept() -> None:
    (update,) = Dicom().parse(FIXTURE.read_bytes())

    assert update.proof == Proof("HALE", "https://pictures.example/pod.png")
    assert update.pieces == 4


def test_refused_account_is_a_credentials_error_and_other_words_are_not_found() -> None:
    (update,) = Dicom().parse(b'{"Message": "No shipment"}')
    with pytest.raises(CarrierError) as caught:
        Dicom().parse(b'{"Message": "Authorization has been denied for this request."}')

    assert update.not_found
    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def test_request_escapes_the_number() -> None:
    call = Dicom().request([Ask("W/1")], {"username": "me", "password": "pw"}, None)

    assert call.path == "/v1/tracking/W%2F1"
    assert call.headers["Authorization"] == "Basic bWU6cHc="
