"""Every face tells every scenario so that the real adapter reads it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import pytest

from carriers.base import Ask, CarrierError, HttpCall
from carriers.registry import get
from carriers.sandbox import wire_aramex, wire_dhl, wire_ship24, wire_smsa, wire_ups
from carriers.sandbox.faces import Face, WireCall
from carriers.sandbox.journeys import Journey, View, visible
from carriers.sandbox.scenarios import KINDS, SCENARIOS
from carriers.sandbox.server import FACES
from carriers.updates import TrackingUpdate
from lib.vocabulary import Status
from tests.carriers.sandbox.conftest import NOW

Make = Callable[..., Journey]
LATER: Final = NOW + timedelta(hours=1)

RENDER: Final = {
    "aramex": wire_aramex.render,
    "dhl_universal": wire_dhl.render,
    "sandbox": wire_ups.render,
    "ship24": wire_ship24.render,
    "smsa": wire_smsa.render,
    "ups": wire_ups.render,
}

#: Where a vendor never says how it ends: SMSA has no public code for these ends.
UNTOLD_ENDS: Final = {
    ("ship24", "return"): Status.RETURNING,
    ("smsa", "label_only"): None,
    ("smsa", "lost"): Status.EXCEPTION,
    ("smsa", "return"): Status.RETURNING,
}

#: Kinds told with a vendor's nearest code, and what its adapter makes of that.
NEAREST: Final = {
    ("aramex", "left_country"): "transit.departed_facility",
    ("aramex", "attempt_failed"): "attempt.generic",
    ("aramex", "investigated"): "exception.held",
    ("dhl_universal", "customs_information"): "customs.delay",
    ("dhl_universal", "investigated"): "exception.held",
    ("ship24", "arrived"): "transit.generic",
    ("ship24", "departed"): "transit.generic",
    ("ship24", "at_depot"): "transit.generic",
    ("ship24", "delayed"): "transit.generic",
    ("ship24", "attempt_failed"): "attempt.generic",
    ("ship24", "customs_information"): "customs.delay",
    ("ship24", "investigated"): "exception.other",
    ("ship24", "returned"): "returning.started",
    ("smsa", "entered_country"): "customs.started",
    ("smsa", "customs_information"): "customs.delay",
    ("smsa", "delayed"): "transit.generic",
    ("smsa", "refused"): "exception.other",
    ("smsa", "investigated"): "exception.other",
    ("smsa", "returned"): "returning.started",
}
UNTOLD: Final = {("smsa", "label_created"), ("smsa", "lost")}

CREDENTIALS: Final = dict.fromkeys(
    (
        "api_key", "client_id", "client_secret", "username", "password", "account_number",
        "account_pin", "account_entity", "account_country_code",
    ),
    "sandbox",
)  # fmt: skip


def _read(carrier: str, view: View) -> TrackingUpdate:
    (update,) = get(carrier).parse(RENDER[carrier](view))
    return update


def _final(update: TrackingUpdate) -> Status | None:
    known = [event.status for event in update.events if event.is_known]
    return known[-1] if known else None


def _call(carrier: str, call: HttpCall) -> WireCall:
    """What a request of the adapter looks like to the face."""
    body = json.dumps(call.json).encode() if call.json is not None else b""
    return WireCall(call.method, call.path, dict(call.params), dict(call.headers), body)


@pytest.mark.parametrize("abroad", [False, True])
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("carrier", FACES)
def test_an_adapter_reads_how_a_scenario_ends(
    journey: Make, carrier: str, scenario: str, abroad: bool
) -> None:
    update = _read(carrier, visible(journey(scenario, abroad=abroad), LATER))

    expected = UNTOLD_ENDS.get((carrier, scenario), SCENARIOS[scenario].ends)
    assert _final(update) == expected
    assert update.tracking_number == "100000000001"


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("carrier", FACES)
def test_an_adapter_reads_every_scan(journey: Make, carrier: str, scenario: str) -> None:
    view = visible(journey(scenario, abroad=True), LATER)

    read = [(event.at, event.sub_status) for event in _read(carrier, view).events]

    told = sorted(
        (step.at, NEAREST.get((carrier, step.kind), KINDS[step.kind]))
        for step in view.steps
        if (carrier, step.kind) not in UNTOLD
    )
    assert read == told


@pytest.mark.parametrize("carrier", sorted(set(FACES) - {"ship24"}))
def test_scans_of_the_origin_keep_its_zone_and_place(journey: Make, carrier: str) -> None:
    view = visible(journey("happy", abroad=True), LATER)
    picked_up = next(step for step in view.steps if step.kind == "picked_up")

    event = next(e for e in _read(carrier, view).events if e.sub_status == "picked_up.accepted")

    assert event.at is not None
    assert event.at.utcoffset() == picked_up.at.utcoffset()
    assert event.place.city == "Los Angeles"
    assert event.place.country == "US"


@pytest.mark.parametrize("carrier", ["ups", "sandbox", "dhl_universal"])
def test_the_promised_day_arrives(journey: Make, carrier: str) -> None:
    view = visible(journey("late"), LATER)

    window = _read(carrier, view).edd

    assert view.estimate == date(2026, 3, 14)
    assert window is not None
    assert (window.first, window.last) == (view.estimate, view.estimate)


@pytest.mark.parametrize("carrier", FACES)
def test_a_repeated_scan_comes_in_arabic(journey: Make, carrier: str) -> None:
    events = _read(carrier, visible(journey("duplicates"), LATER)).events

    pick_ups = {event.description for event in events if event.sub_status == "picked_up.accepted"}

    assert len(pick_ups) == 2
    assert "تم استلام الشحنة من المرسل" in pick_ups


def test_aramex_tells_the_same_in_soap(journey: Make) -> None:
    known = visible(journey("happy"), LATER)
    body = wire_aramex.render_soap([known], ["404"])

    found, missing = get("aramex").parse(body)

    assert [event.at for event in found.events] == [step.at for step in known.steps]
    assert (missing.tracking_number, missing.not_found) == ("404", True)


SOAP_QUESTION = """<?xml version="1.0"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:v1="http://ws.aramex.net/ShippingAPI/v1/"
    xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><s:Body>
  <v1:ShipmentTrackingRequest>
    <v1:ClientInfo><v1:UserName>me</v1:UserName><v1:Password>{password}</v1:Password>
    </v1:ClientInfo>
    <v1:Shipments><a:string>100000000001</a:string><a:string>404</a:string></v1:Shipments>
  </v1:ShipmentTrackingRequest></s:Body></s:Envelope>"""


def test_aramex_answers_a_soap_question(journey: Make) -> None:
    known = {"100000000001": visible(journey("happy"), LATER)}
    body = SOAP_QUESTION.format(password="good").encode()

    answer = wire_aramex.answer(WireCall("POST", wire_aramex.SOAP_PATH, body=body), known.get)

    updates = get("aramex").parse(answer.body)
    assert [(u.tracking_number, u.not_found) for u in updates] == [
        ("100000000001", False), ("404", True),
    ]  # fmt: skip
    assert answer.parcels == 2


def test_aramex_refuses_a_wrong_password_in_soap() -> None:
    body = SOAP_QUESTION.format(password="wrong").encode()

    answer = wire_aramex.answer(WireCall("POST", wire_aramex.SOAP_PATH, body=body), {}.get)

    assert answer.status == 200
    with pytest.raises(CarrierError) as caught:
        get("aramex").parse(answer.body)
    assert caught.value.kind == "credentials"


@pytest.mark.parametrize(("carrier", "face"), FACES.items())
def test_an_adapter_asks_in_a_way_its_face_understands(
    journey: Make, carrier: str, face: Face
) -> None:
    adapter = get(carrier)
    known = {"100000000001": visible(journey("out_for_delivery"), LATER)}
    token = None
    if (asking := adapter.token_request(CREDENTIALS)) is not None:
        token = adapter.parse_token(face(_call(carrier, asking), known.get).body).value

    request = adapter.request([Ask("100000000001")], CREDENTIALS, token)
    answer = face(_call(carrier, request), known.get)

    (update,) = adapter.parse(answer.body)
    assert answer.status == 200
    assert _final(update) == Status.OUT_FOR_DELIVERY


@pytest.mark.parametrize("carrier", ["aramex", "dhl_universal", "sandbox", "ups"])
def test_an_unknown_number_is_not_found(carrier: str) -> None:
    adapter = get(carrier)
    token = "sandbox-access-token"

    request = adapter.request([Ask("404")], CREDENTIALS, token)
    answer = FACES[carrier](_call(carrier, request), {}.get)

    (update,) = adapter.parse(answer.body)
    assert (update.tracking_number, update.not_found) == ("404", True)
    assert answer.status == (404 if carrier == "dhl_universal" else 200)


def test_smsa_leaves_unknown_waybills_out(journey: Make) -> None:
    known = {"100000000001": visible(journey("happy"), LATER)}
    request = get("smsa").request([Ask("404"), Ask("100000000001")], CREDENTIALS, None)

    answer = FACES["smsa"](_call("smsa", request), known.get)

    assert [u.tracking_number for u in get("smsa").parse(answer.body)] == ["100000000001"]
    assert answer.parcels == 2


def test_smsa_answers_for_a_single_waybill(journey: Make) -> None:
    known = {"100000000001": visible(journey("happy"), LATER)}
    call = WireCall("GET", "/api/track/single/100000000001", headers={"apikey": "k"})

    (update,) = get("smsa").parse(wire_smsa.answer(call, known.get).body)

    assert _final(update) == Status.DELIVERED


@pytest.mark.parametrize("carrier", FACES)
def test_a_wrong_credential_is_refused(carrier: str) -> None:
    adapter, wrong = get(carrier), dict.fromkeys(CREDENTIALS, "wrong")

    call = adapter.token_request(wrong) or adapter.request([Ask("1")], wrong, None)
    answer = FACES[carrier](_call(carrier, call), {}.get)

    assert answer.status == (200 if carrier == "aramex" else 401)
    with pytest.raises(CarrierError):
        (adapter.parse_token if adapter.token_request(wrong) else adapter.parse)(answer.body)
