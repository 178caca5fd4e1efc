"""What a shopper wants after a failed attempt, told to the house carrier over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from carriers.answers import Instruction
from carriers.calls import Account, Errand, Returned
from carriers.fetch import Fetcher
from carriers.registry import get
from carriers.sandbox.running import RunningSandbox, running_sandbox
from lib.vocabulary import Status

GAP = 0.4


def tomorrow() -> date:
    return datetime.now(UTC).date() + timedelta(days=1)


@pytest.fixture
def fetcher(sandbox: RunningSandbox) -> Iterator[Fetcher]:
    made = Fetcher(allow=[sandbox.host])
    yield made
    made.close()


def errand(
    sandbox: RunningSandbox, *, number: str = "N1", key: str = "k1", **asked: object
) -> Errand:
    values = {"day": tomorrow()} | asked
    secrets = {"client_id": "a", "client_secret": "b"}
    account = Account("1", sandbox.base_url("sandbox"), secrets)
    return Errand(get("sandbox"), account, Instruction(number, key, **values))


def carry(fetcher: Fetcher, one: Errand) -> tuple[str, str]:
    (found,) = fetcher.carry([one])
    return _said(found)


def _said(found: Returned) -> tuple[str, str]:
    if found.error is not None:
        return found.error.kind, str(found.error)
    assert found.verdict is not None
    return found.verdict.word, found.verdict.words


def waiting(sandbox: RunningSandbox, number: str = "N1") -> None:
    sandbox.register("sandbox", number, "attempt_open", live_gap_seconds=GAP)


def test_instruction_is_taken_then_agreed_to_and_the_parcel_moves(
    sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    waiting(sandbox)
    one = errand(sandbox)
    assert carry(fetcher, one) == ("received", "")
    time.sleep(GAP / 4 + 0.1)
    assert carry(fetcher, replace(one, is_question=True)) == ("accepted", "")
    assert sandbox.parcel("sandbox", "N1")["estimate"] == tomorrow().isoformat()
    time.sleep(2 * GAP)
    told = [step for step in sandbox.parcel("sandbox", "N1")["steps"] if step["shown"]]
    assert [step["kind"] for step in told[-3:]] == [
        "attempt_failed", "out_for_delivery", "delivered",
    ]  # fmt: skip


def test_same_key_is_acted_on_once(sandbox: RunningSandbox, fetcher: Fetcher) -> None:
    waiting(sandbox)
    carry(fetcher, errand(sandbox))
    before = sandbox.parcel("sandbox", "N1")["steps"]
    carry(fetcher, errand(sandbox, day=tomorrow() + timedelta(days=2)))
    assert sandbox.parcel("sandbox", "N1")["steps"] == before


@pytest.mark.parametrize(
    ("number", "asked", "words"),
    [
        ("N1", {"day": date(2020, 1, 1)}, "The requested date is in the past"),
        ("N1", {"day": date(2099, 1, 1)}, "The requested date is more than 6 days ahead"),
        ("N1", {"day": None}, "The instruction asks for nothing"),
        ("N2", {}, "The parcel is not waiting after a delivery attempt"),
        ("N9", {}, "No parcel with this number is known here"),
    ],
)
def test_wrong_instruction_is_refused_with_words(
    sandbox: RunningSandbox, fetcher: Fetcher, number: str, asked: dict[str, object], words: str
) -> None:
    waiting(sandbox)
    sandbox.register("sandbox", "N2", "delivered")
    assert carry(fetcher, errand(sandbox, number=number, **asked)) == ("refused", words)


def test_address_alone_is_enough(sandbox: RunningSandbox, fetcher: Fetcher) -> None:
    waiting(sandbox)
    one = errand(sandbox, day=None, landmark="Opposite the pharmacy")
    assert carry(fetcher, one) == ("received", "")


def test_key_that_was_never_given_is_unknown(sandbox: RunningSandbox, fetcher: Fetcher) -> None:
    waiting(sandbox)
    assert carry(fetcher, errand(sandbox, key="other")) == ("received", "")
    one = replace(errand(sandbox, key="k7"), is_question=True)
    assert carry(fetcher, one) == ("unknown", "")


@pytest.mark.parametrize(("mode", "kind"), [("429", "rate_limited"), ("500", "unavailable")])
def test_failing_server_did_nothing(
    sandbox: RunningSandbox, fetcher: Fetcher, mode: str, kind: str
) -> None:
    waiting(sandbox)
    carry(fetcher, replace(errand(sandbox), is_question=True))  # fetches the token
    sandbox.fail("sandbox", mode, for_requests=1)
    assert carry(fetcher, errand(sandbox))[0] == kind
    assert carry(fetcher, replace(errand(sandbox), is_question=True)) == ("unknown", "")


def test_cut_connection_leaves_it_done(sandbox: RunningSandbox, fetcher: Fetcher) -> None:
    waiting(sandbox)
    carry(fetcher, replace(errand(sandbox), is_question=True))
    sandbox.fail("sandbox", "reset", for_requests=1)
    assert carry(fetcher, errand(sandbox))[0] == "unavailable"
    assert carry(fetcher, replace(errand(sandbox), is_question=True))[0] != "unknown"


def test_accepted_parcel_still_moves_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with running_sandbox(state) as sandbox:
        fetcher = Fetcher(allow=[sandbox.host])
        waiting(sandbox)
        carry(fetcher, errand(sandbox))
        steps = sandbox.parcel("sandbox", "N1")["steps"]
        fetcher.close()
    with running_sandbox(state) as again:
        assert [step["at"] for step in again.parcel("sandbox", "N1")["steps"]] == [
            step["at"] for step in steps
        ]
    assert steps[-1]["kind"] == Status.DELIVERED


def test_adapters_bug_is_that_errands_error(
    sandbox: RunningSandbox, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(sandbox)
    one = errand(sandbox)

    def stumble(*args: object) -> None:
        raise KeyError("status")

    with monkeypatch.context() as patch:
        patch.setattr(type(one.carrier), "parse_answer", stumble)
        found = carry(fetcher, one)
    assert found == ("unreadable", "We could not read the answer (KeyError)")
    with monkeypatch.context() as patch:
        patch.setattr(type(one.carrier), "answer_request", stumble)
        assert carry(fetcher, one)[0] == "unreadable"
