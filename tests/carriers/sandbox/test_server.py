"""The sandbox over real HTTP: registering, failing, counting, remembering."""

from __future__ import annotations

import json
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from carriers.registry import get
from carriers.sandbox.__main__ import main
from carriers.sandbox.journeys import SCENARIOS
from carriers.sandbox.running import RunningSandbox, running_sandbox
from lib.http import trust
from lib.vocabulary import Status

DHL_KEY = {"DHL-API-Key": "k"}


class Clock:
    """The server's time; it passes when the test says so."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def _ask_dhl(sandbox: RunningSandbox, number: str = "N1", **options: Any) -> httpx.Response:
    with httpx.Client(verify=trust(), trust_env=False, timeout=5, **options) as http:
        return http.get(
            f"{sandbox.base_url('dhl_universal')}/track/shipments",
            params={"trackingNumber": number},
            headers=DHL_KEY,
        )


def _status(response: httpx.Response) -> Status | None:
    (update,) = get("dhl_universal").parse(response.content)
    return update.events[-1].status


def test_a_registered_parcel_is_told_by_its_carrier_alone(sandbox: RunningSandbox) -> None:
    sandbox.register("dhl_universal", "N1", "out_for_delivery")
    sandbox.register("ups", "N2", "happy")

    assert _status(_ask_dhl(sandbox)) == Status.OUT_FOR_DELIVERY
    assert _ask_dhl(sandbox, "N2").status_code == 404


def test_registering_twice_keeps_the_first(sandbox: RunningSandbox) -> None:
    first = sandbox.register("ups", "N1", "happy")
    second = sandbox.register("ups", "N1", "lost")
    elsewhere = sandbox.register("smsa", "N1", "lost")

    assert [answer["created"] for answer in (first, second, elsewhere)] == [True, False, True]
    assert sandbox.parcel("ups", "N1")["scenario"] == "happy"


def test_many_parcels_are_registered_at_once(sandbox: RunningSandbox) -> None:
    place = {"city": "Dubai", "country": "AE"}
    parcels = [
        {"carrier": "smsa", "number": f"N{n}", "scenario": scenario, "origin": place,
         "destination": place}
        for n, scenario in enumerate(SCENARIOS)
    ]  # fmt: skip

    answers = sandbox.register_all(parcels)

    assert [answer["created"] for answer in answers] == [True] * len(SCENARIOS)
    listed = httpx.get(f"{sandbox.url}/control/parcels", trust_env=False).json()["parcels"]
    assert [row["number"] for row in listed] == [row["number"] for row in parcels]


def test_live_steps_appear_as_time_passes() -> None:
    clock = Clock()
    with running_sandbox(clock=clock) as sandbox:
        sandbox.register(
            "dhl_universal", "N1", "happy", played_until="at_depot", live_gap_seconds=60
        )
        seen = []
        for seconds in (0, 59, 2, 57, 2):
            clock.go_on(seconds)
            seen.append(_status(_ask_dhl(sandbox)))

    assert seen == [
        Status.IN_TRANSIT, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.OUT_FOR_DELIVERY,
        Status.DELIVERED,
    ]  # fmt: skip


def test_a_parcel_shows_its_future(sandbox: RunningSandbox) -> None:
    sandbox.register("ups", "N1", "happy", played_until="at_depot", live_gap_seconds=60)

    steps = sandbox.parcel("ups", "N1")["steps"]

    assert [(s["name"], s["shown"], s["live"]) for s in steps[-3:]] == [
        ("at_depot", True, False),
        ("out_for_delivery", False, True),
        ("delivered", False, True),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"carrier": "pigeon"}, "[0].carrier: must be one of "),
        ({"number": " "}, "[0].number: must be a text that is not empty"),
        ({"scenario": "teleported"}, "[0]: scenario must be one of "),
        ({"played_until": "nowhere"}, "[0]: played_until must be one of "),
        ({"played_until": 1.5}, "[0].played_until: must be a step's name"),
        ({"origin": "Jeddah"}, "[0].origin: must be an object with city, country"),
        ({"destination": {"city": "X", "country": "XXX"}}, "[0].destination.country: must be a"),
        ({"live_gap_seconds": -1}, "[0].live_gap_seconds: must be a number above 0"),
        ({"registered_at": "2026-03-10T10:00:00"}, "[0].registered_at: must have a time zone"),
        ({"registered_at": "yesterday"}, "[0].registered_at: must be an ISO 8601 time"),
        ({"colour": "red"}, "[0].colour: there is no such field"),
    ],
)
def test_bad_input_is_refused_with_what_and_where(
    sandbox: RunningSandbox, change: dict[str, Any], said: str
) -> None:
    place = {"city": "Dubai", "country": "AE"}
    parcel = {"carrier": "ups", "number": "N1", "scenario": "happy", "origin": place,
              "destination": place, **change}  # fmt: skip

    response = httpx.post(f"{sandbox.url}/control/parcels", json=[parcel], trust_env=False)

    assert response.status_code == 400
    assert response.json()["error"][: len(said)] == said
    assert httpx.get(f"{sandbox.url}/healthz", trust_env=False).json()["parcels"] == 0


def test_a_body_that_is_not_json_is_refused(sandbox: RunningSandbox) -> None:
    response = httpx.post(f"{sandbox.url}/control/failures", content=b"{", trust_env=False)

    assert response.status_code == 400
    assert response.json()["error"][:17] == "body: is not JSON"


def test_too_many_requests_names_the_wait(sandbox: RunningSandbox) -> None:
    sandbox.fail("dhl_universal", "429", retry_after=7)

    response = _ask_dhl(sandbox)

    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")


@pytest.mark.parametrize(
    ("mode", "status"), [("500", 500), ("html", 200), ("garbage", 200), ("truncated", 200)]
)
def test_unreadable_answers(sandbox: RunningSandbox, mode: str, status: int) -> None:
    sandbox.register("dhl_universal", "N1", "happy")
    sandbox.fail("dhl_universal", mode)

    response = _ask_dhl(sandbox)

    assert response.status_code == status
    if status == 200:
        with pytest.raises(ValueError, match=r"."):
            json.loads(response.content)


def test_a_reset_cuts_the_connection(sandbox: RunningSandbox) -> None:
    sandbox.fail("dhl_universal", "reset")

    with pytest.raises(httpx.ReadError):
        _ask_dhl(sandbox)


def test_silence_outlasts_the_caller_and_the_server_still_stops() -> None:
    with running_sandbox() as sandbox:
        sandbox.fail("dhl_universal", "silence")
        with (
            httpx.Client(verify=trust(), trust_env=False, timeout=0.3) as http,
            pytest.raises(httpx.ReadTimeout),
        ):
            http.get(f"{sandbox.base_url('dhl_universal')}/track/shipments", headers=DHL_KEY)
        recent = sandbox.calls()["recent"][0]
        started = time.monotonic()

    assert (recent["status"], recent["failure"]) == (None, "silence")
    assert time.monotonic() - started < 5


def test_a_failure_ends_after_its_requests(sandbox: RunningSandbox) -> None:
    sandbox.register("dhl_universal", "N1", "happy")
    sandbox.fail("dhl_universal", "500", for_requests=2)

    assert [_ask_dhl(sandbox).status_code for _ in range(3)] == [500, 500, 200]


def test_a_failure_ends_after_its_seconds() -> None:
    clock = Clock()
    with running_sandbox(clock=clock) as sandbox:
        sandbox.register("dhl_universal", "N1", "happy")
        sandbox.fail("dhl_universal", "500", for_seconds=1.5)
        found = []
        for seconds in (0.0, 1.4, 0.2):
            clock.go_on(seconds)
            found.append(_ask_dhl(sandbox).status_code)

    assert found == [500, 500, 200]


def test_only_the_failing_carrier_fails_until_it_is_mended(sandbox: RunningSandbox) -> None:
    sandbox.register("dhl_universal", "N1", "happy")
    sandbox.fail("ups", "500")
    assert _ask_dhl(sandbox).status_code == 200

    sandbox.fail("dhl_universal", "500")
    assert _ask_dhl(sandbox).status_code == 500

    sandbox.fail("dhl_universal", "none")
    assert _ask_dhl(sandbox).status_code == 200
    failures = httpx.get(f"{sandbox.url}/control/failures", trust_env=False).json()["failures"]
    assert list(failures) == ["ups"]


def test_the_books_count_requests_and_parcels(sandbox: RunningSandbox) -> None:
    sandbox.register("smsa", "N1", "happy")
    bulk = f"{sandbox.base_url('smsa')}/api/track/bulk/"
    httpx.post(bulk, json=["N1", "N2", "N3"], headers={"apikey": "k"}, trust_env=False)
    httpx.post(bulk, json=["N1"], headers={"apikey": "wrong"}, trust_env=False)

    books = sandbox.calls()

    assert books["carriers"] == {"smsa": {"requests": 2, "parcels": 3, "refused": 1}}
    assert [(row["path"], row["parcels"], row["status"]) for row in books["recent"]] == [
        ("/api/track/bulk/", 0, 401),
        ("/api/track/bulk/", 3, 200),
    ]


def test_the_books_keep_the_last_hundred(sandbox: RunningSandbox) -> None:
    with httpx.Client(base_url=sandbox.url, verify=trust(), trust_env=False) as http:
        for _ in range(103):
            http.get("/ups/nothing")

    books = sandbox.calls()

    assert books["carriers"]["ups"]["requests"] == 103
    assert len(books["recent"]) == 100


def test_latency_is_added_to_a_carriers_answers() -> None:
    with running_sandbox(latency=0.25) as sandbox:
        started = time.monotonic()
        _ask_dhl(sandbox)

    assert time.monotonic() - started >= 0.25


def test_a_restart_finds_parcels_and_failures(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "sandbox.json"
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    with running_sandbox(state) as before:
        before.register(
            "ups", "N1", "attempt", played_until="at_depot", live_gap_seconds=90000,
            registered_at=yesterday,
        )  # fmt: skip
        before.fail("smsa", "429", retry_after=5, for_requests=9, for_seconds=600)
        before.fail("dhl_universal", "500", for_requests=3)
        _ask_dhl(before)
        journey = before.parcel("ups", "N1")

    with running_sandbox(state) as after:
        found = after.parcel("ups", "N1")
        failures = httpx.get(f"{after.url}/control/failures", trust_env=False).json()["failures"]

    assert found == journey
    assert failures["smsa"]["mode"] == "429"
    assert failures["dhl_universal"]["for_requests"] == 2


def test_a_strange_state_file_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state.json"
    state.write_text('{"something": "else"}')

    assert main(["--port", "0", "--state", str(state)]) == 2
    assert capsys.readouterr().err[:9] == "sandbox: "
    assert state.read_text() == '{"something": "else"}'


def test_a_port_in_use_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code = main(["--port", str(port)])

    said = capsys.readouterr().err.strip().splitlines()
    assert (code, len(said)) == (2, 1)
