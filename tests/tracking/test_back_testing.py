"""A run from asking to its result: claimed, resumed, refused, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests.edd.backtest.files import HEADER, steady
from tests.factories import NOW
from tests.tracking.past import past
from tracking import back_testing, tasks
from tracking.back_testing import work
from tracking.back_tests import (
    A_DAY,
    CLAIMS,
    LEASE,
    AtWork,
    Lost,
    TooLarge,
    TooMany,
    ask,
    claim,
    due,
    forget,
    packed,
)
from tracking.models import BackTest

FILE = "\n".join([HEADER, *steady(weeks=26)]).encode()
#: Over in a moment, with the same end each time.
SMALL = f"{HEADER}\n2025-01-01,,,,".encode()


def asked(merchant: Merchant, **options: Any) -> BackTest:
    with merchant_scope(merchant.pk):
        return ask(merchant=merchant, user=None, now=NOW, **({"months": 3} | options))


def with_file(merchant: Merchant, body: bytes = FILE) -> BackTest:
    return asked(merchant, file_name="orders.csv", upload=packed([body]))


def run(test: BackTest) -> BackTest:
    work(test.pk, now=NOW)
    return again(test)


def again(test: BackTest) -> BackTest:
    with merchant_scope(test.merchant_id):
        return BackTest.objects.get(pk=test.pk)


def test_stored_orders_are_dated_again(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        past(merchant, weeks=20, a_day=5)
    test = run(asked(merchant))
    assert (test.state, test.problem, test.progress, test.due_at) == ("done", "", 100, None)
    found = test.results
    assert (found["level"], found["by_country"], found["is_cut"]) == (90, True, False)
    assert found["order"]["n"] >= 150
    assert set(found["order"]["places"]) == {"AE"}
    ours = found["order"]["promise"]["ours"]["90"]
    assert ours[0] > found["order"]["promise"]["on_time"], "four days were too few"


def test_file_is_read_and_deleted(merchant: Merchant) -> None:
    test = run(with_file(merchant))
    assert (test.state, test.upload) == ("done", None)
    assert test.results["by_country"] is False
    assert test.results["order"]["levels"]["90"]["on_time"] >= 0.9


@pytest.mark.parametrize(
    ("body", "problem", "about"),
    [
        (b"Order,Name\n1,Sara\n", "columns", {"row": 0, "value": ""}),
        (FILE + b"\n2025-13-01,,,,\n", "date", {"row": 522, "value": "2025-13-01"}),
        (b"\xff\xfe\x00", "not_csv", {"row": 1, "value": ""}),
        (HEADER.encode(), "empty", {"row": 0, "value": ""}),
        (SMALL, "too_few", {"found": 0, "needed": 200}),
    ],
)
def test_what_cannot_be_tried_says_why(
    merchant: Merchant, body: bytes, problem: str, about: dict[str, Any]
) -> None:
    test = run(with_file(merchant, body))
    assert (test.state, test.problem, test.upload) == ("failed", problem, None)
    assert about.items() <= test.about.items()


def test_shop_without_orders_has_too_few(merchant: Merchant) -> None:
    test = run(asked(merchant))
    assert (test.state, test.problem, test.about) == (
        "failed",
        "too_few",
        {"found": 0, "needed": 200},
    )


def test_run_that_takes_too_long_says_so(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*args: object, **options: object) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(back_testing, "walk", stopped)
    assert run(with_file(merchant)).problem == "too_long"


# --- who works on it -----------------------------------------------------------------------------


def test_one_is_at_work_for_a_merchant(merchant: Merchant, other: Merchant) -> None:
    test = asked(merchant)
    with pytest.raises(AtWork):
        asked(merchant)
    asked(other)
    run(test)
    asked(merchant)


def test_so_many_a_day(merchant: Merchant) -> None:
    for _ in range(A_DAY):
        run(asked(merchant))
    with pytest.raises(TooMany):
        asked(merchant)
    with merchant_scope(merchant.pk):
        ask(merchant=merchant, user=None, months=3, now=NOW + timedelta(days=1, seconds=1))


def test_only_one_worker_takes_it(merchant: Merchant) -> None:
    test = asked(merchant)
    with every_merchant("a test of the queue"):
        assert claim(test.pk, now=NOW) is not None
        assert claim(test.pk, now=NOW) is None
    work(test.pk, now=NOW)
    assert again(test).state == "running"


def test_killed_workers_run_begins_anew(merchant: Merchant) -> None:
    test = with_file(merchant, SMALL)
    with every_merchant("a test of the queue"):
        claim(test.pk, now=NOW)
        assert due(now=NOW + LEASE - timedelta(seconds=1), limit=5) == []
        assert due(now=NOW + LEASE, limit=5) == [test.pk]
    work(test.pk, now=NOW + LEASE)
    assert again(test).problem == "too_few"


def test_worker_that_was_overtaken_changes_nothing(merchant: Merchant) -> None:
    test = with_file(merchant, SMALL)
    with every_merchant("a test of the queue"):
        first = claim(test.pk, now=NOW)
        claim(test.pk, now=NOW + LEASE)
    assert first is not None
    with pytest.raises(Lost):
        back_testing._run(*first)
    assert (again(test).state, again(test).claim) == ("running", 2)


def test_run_that_kills_every_worker_is_given_up(merchant: Merchant) -> None:
    test = with_file(merchant, SMALL)
    for turn in range(CLAIMS + 1):
        with every_merchant("a test of the queue"):
            claim(test.pk, now=NOW + turn * LEASE)
    left = again(test)
    assert (left.state, left.problem, left.due_at, left.upload) == ("failed", "gave_up", None, None)


def test_sweep_finds_what_the_broker_forgot(merchant: Merchant) -> None:
    test = with_file(merchant, SMALL)
    assert tasks.back_tests_waiting() == 1
    assert again(test).problem == "too_few"
    assert tasks.back_tests_waiting() == 0


def test_progress_is_written_once_a_second(merchant: Merchant) -> None:
    test = asked(merchant)
    with every_merchant("a test of the queue"):
        claimed = claim(test.pk, now=NOW)
    assert claimed is not None
    _, hold = claimed
    hold.tell(BackTest.Doing.WALKING, 0.4)
    hold.tell(BackTest.Doing.WALKING, 0.5)
    assert (again(test).progress, again(test).doing) == (40, "walking")


def test_old_results_are_forgotten(merchant: Merchant) -> None:
    test = run(with_file(merchant, SMALL))
    with every_merchant("a test of forgetting"):
        assert forget(now=NOW + timedelta(days=89)) == 0
        assert forget(now=NOW + timedelta(days=91)) == 1
        assert not BackTest.objects.filter(pk=test.pk).exists()


def test_large_file_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.back_tests.MOST_BYTES", 10)
    with pytest.raises(TooLarge):
        packed([b"123456", b"78901"])
