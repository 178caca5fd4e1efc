"""Asking for a dry run: one at a time, claimed, begun anew, forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.dry_run.asking import (
    CLAIMS,
    LEASE,
    AtWork,
    Lost,
    TooMany,
    ask,
    claim,
    due,
    forget,
)
from notifications.dry_run.plain import from_plain, plain, with_rule
from notifications.dry_run.running import work
from notifications.models import DryRun
from notifications.rules import new_rule, rules_of
from notifications.triggers import TRIGGERS
from tests.factories import NOW


@pytest.fixture
def run(merchant: Merchant) -> DryRun:
    with merchant_scope(merchant.pk):
        return ask(merchant=merchant, user=None, tried=None, now=NOW)


def again(run: DryRun) -> DryRun:
    with merchant_scope(run.merchant_id):
        return DryRun.objects.get(pk=run.pk)


def test_one_at_a_time(merchant: Merchant, run: DryRun) -> None:
    with merchant_scope(merchant.pk), pytest.raises(AtWork):
        ask(merchant=merchant, user=None, tried=None, now=NOW)


def test_so_many_a_day(merchant: Merchant, monkeypatch: pytest.MonkeyPatch, run: DryRun) -> None:
    monkeypatch.setattr("notifications.dry_run.asking.A_DAY", 1)
    with merchant_scope(merchant.pk), pytest.raises(TooMany):
        ask(merchant=merchant, user=None, tried=None, now=NOW + timedelta(hours=1))


def test_work_leaves_its_results(merchant: Merchant, run: DryRun) -> None:
    work(run.pk, now=NOW)
    done = again(run)
    assert (done.state, done.progress, done.due_at) == ("done", 100, None)
    assert (done.results["orders"], done.results["today"]["sent"]) == (0, 0)


def test_run_of_a_killed_worker_is_begun_anew_and_given_up_in_the_end(
    merchant: Merchant, run: DryRun
) -> None:
    now = NOW
    with every_merchant("a test works"):
        for _ in range(CLAIMS):
            assert claim(run.pk, now=now) is not None
            assert claim(run.pk, now=now) is None
            now += LEASE
            assert due(now=now, limit=5) == [run.pk]
        assert claim(run.pk, now=now) is None
    assert (again(run).state, again(run).problem) == ("failed", "gave_up")


def test_worker_that_lost_its_run_writes_nothing(merchant: Merchant, run: DryRun) -> None:
    with every_merchant("a test works"):
        first = claim(run.pk, now=NOW)
        claim(run.pk, now=NOW + LEASE)
    assert first is not None
    with pytest.raises(Lost):
        first[1].end(DryRun.State.DONE)
    assert again(run).state == "running"


def test_results_are_kept_for_a_week(merchant: Merchant, run: DryRun) -> None:
    work(run.pk, now=NOW)
    with every_merchant("a test forgets"):
        assert forget(now=NOW + timedelta(days=6)) == 0
        assert forget(now=NOW + timedelta(days=8)) == 1


def test_rule_survives_being_kept(scope: Merchant) -> None:
    rule = replace(new_rule(TRIGGERS["delivered"]), conditions={"cash": True}, name="Cash")
    kept = ask(merchant=scope, user=None, tried=rule, now=NOW)
    kept.refresh_from_db()
    back = from_plain(kept.ruling)
    assert plain(back) == plain(rule)
    rules = rules_of(scope)
    assert len(with_rule(rules, back)) == len(rules) + 1
    assert len(with_rule(rules, replace(back, slug="delivered"))) == len(rules)
