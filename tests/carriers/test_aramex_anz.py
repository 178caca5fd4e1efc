from __future__ import annotations

from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.aramex_anz import AramexAnz

FIXTURES = Path(__file__).parent / "fixtures" / "aramex_anz"
LABEL = (FIXTURES / "label.json").read_bytes()
FASTWAY = (FIXTURES / "fastway.json").read_bytes()
KEYS = {"client_id": "me", "client_secret": "key"}


@pytest.mark.parametrize(
    ("account", "host", "scope"),
    [
        (KEYS, "", "fw-fl2-api-au"),
        ({**KEYS, "country": "nz"}, "https://api.myfastway.co.nz", "fw-fl2-api-nz"),
    ],
)
def test_each_country_has_its_server(account: dict[str, str], host: str, scope: str) -> None:
    token = AramexAnz().token_request(account)

    assert AramexAnz().request([Ask("A1")], account, "tok").host == host
    assert token.host == "https://identity.fastway.org"
    assert token.form is not None
    assert token.form["scope"] == scope


def test_merchants_answer_is_zoned_by_its_franchises() -> None:
    (update,) = AramexAnz().parse(LABEL)

    assert update.tracking_number == "HW0000000001"
    assert [(e.code, e.sub_status, str(e.at), e.zone_source) for e in update.events] == [
        ("PPP", "picked_up.accepted", "2026-03-02 10:00:00+10:30", "facility"),
        ("ZZ9", "unknown", "2026-03-02 20:00:00+13:00", "facility"),
        ("YES", "delivered.generic", "2026-03-03 10:00:00+11:00", "assumed"),
    ]


def test_fastways_answer_has_a_promise_and_a_signature() -> None:
    (update,) = AramexAnz().parse(FASTWAY)

    assert [str(event.at) for event in update.events] == [
        "2026-03-03 20:46:00+00:00",
        "2026-03-04 10:12:42+13:00",
    ]
    assert update.edd is not None
    assert str(update.edd.first) == "2026-03-04"
    assert update.proof is not None
    assert update.proof.photo_url == "https://example.com/signature.png"


def test_refusals() -> None:
    (empty,) = AramexAnz().parse(b'{"data": []}')
    (unknown,) = AramexAnz().parse(b'{"error": "Label not found"}')
    with pytest.raises(CarrierError) as caught:
        AramexAnz().parse(b'{"error": "Unauthorised country"}')

    assert empty.not_found
    assert unknown.not_found
    assert caught.value.kind == "bad_request"
