"""Every hub, every registration and every signed push, whatever bytes and headers come."""

from __future__ import annotations

import json

import pytest

from carriers.base import Ask, Carrier, CarrierError
from carriers.registry import CARRIERS

REGISTERING = [slug for slug, carrier in CARRIERS.items() if carrier.registers]
LISTING = [
    slug
    for slug, carrier in CARRIERS.items()
    if type(carrier).parse_couriers is not Carrier.parse_couriers
]
SIGNED = [
    slug
    for slug, carrier in CARRIERS.items()
    if carrier.push and type(carrier).is_genuine_push is not Carrier.is_genuine_push
]

RUBBISH = [
    b"",
    b"null",
    b"[]",
    b"17",
    b"<html>",
    b"{}",
    b'{"data": 5}',
    b'{"data": {"tracking": []}}',
]


def credentials(slug: str) -> dict[str, str]:
    return {secret.name: f"value-of-{secret.name}" for secret in CARRIERS[slug].secrets}


@pytest.mark.parametrize("slug", REGISTERING)
def test_registration_names_each_parcel_once(slug: str) -> None:
    carrier = CARRIERS[slug]
    asks = [Ask(f"NUMBER{n}", courier_code="7") for n in range(carrier.registration_batch)]

    call = carrier.register_request(asks, credentials(slug), "a-token", callback="https://x.test")

    sent = json.dumps([call.path, dict(call.params), call.json])
    assert [sent.count(f'{ask.number}"') for ask in asks] == [1] * len(asks)


@pytest.mark.parametrize("slug", REGISTERING)
@pytest.mark.parametrize("body", RUBBISH)
def test_rubbish_registers_nothing(slug: str, body: bytes) -> None:
    try:
        registered = CARRIERS[slug].parse_registration(body)
    except CarrierError:
        registered = []

    # An empty answer is how ShipEngine says yes.
    assert [one for one in registered if not one.problem and body] == []


@pytest.mark.parametrize("slug", LISTING)
@pytest.mark.parametrize("body", RUBBISH)
def test_rubbish_lists_no_couriers(slug: str, body: bytes) -> None:
    with pytest.raises(CarrierError) as caught:
        CARRIERS[slug].parse_couriers(body)

    assert caught.value.kind == "unreadable"


@pytest.mark.parametrize("slug", SIGNED)
@pytest.mark.parametrize(
    "value", ["", "x", "é\ud800", "é\ud800.x", "Bearer ", "v1,", "..", "sha256=" + "0" * 64]
)
def test_push_with_a_wrong_mark_is_not_genuine(slug: str, value: str) -> None:
    names = (
        "sign",
        "credential",
        "fdx-signature",
        "signature",
        "timestamp",
        "authorization",
        "aftership-hmac-sha256",
        "x-hmac-signature",
        "x-easyship-signature",
        "webhook_key",
        "webhook-signature",
        "webhook-id",
        "webhook-timestamp",
    )

    assert not CARRIERS[slug].is_genuine_push(b"{}", dict.fromkeys(names, value), credentials(slug))
