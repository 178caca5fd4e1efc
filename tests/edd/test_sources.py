"""Who is heard about a date: the shop, the carrier, what was learned, our tables, the scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from carriers.updates import DateWindow
from edd.estimate import Estimate, Rules, estimate
from edd.lateness import is_doubtful
from edd.reasons import explain
from edd.vocabulary import Promise
from edd.windows.days import Days
from tests.edd.test_estimate import RULES, at, moving, parcel, window
from tests.learned import know

USUAL = Rules(zone="Asia/Dubai", country="AE")


def promise(first: int | None, last: int) -> Promise:
    return Promise(date(2026, 11, first) if first else None, date(2026, 11, last))


def said(first: int, last: int, kind: Any = "estimated") -> DateWindow:
    return DateWindow(date(2026, 11, first), date(2026, 11, last), "", kind)


def spoken(found: Estimate | None) -> tuple[tuple[int, int], str]:
    assert found is not None
    return window(found), found.source


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """An engine that knows these chances from a day of November on."""
    return lambda start, *chances: know(monkeypatch, date(2026, 11, start), *chances)


def test_shops_promise_is_shown_as_long_as_it_can_be_kept() -> None:
    one = parcel(promise=promise(13, 14))
    assert spoken(estimate(one, USUAL, now=at(9))) == ((13, 14), "merchant")
    held = moving(promise=promise(13, 14))
    assert spoken(estimate(held, USUAL, now=at(14, 9))) == ((14, 14), "merchant")


def test_promise_that_can_no_longer_be_kept_gives_way() -> None:
    held = moving(promise=promise(13, 14))
    found = estimate(held, USUAL, now=at(14, 15))  # past noon, and not with the courier
    assert found is not None
    assert (found.source, found.first > date(2026, 11, 14)) == ("configuration", True)


def test_promise_by_a_day_begins_when_it_is_possible() -> None:
    assert spoken(estimate(moving(promise=promise(None, 14)), USUAL, now=at(11))) == (
        (11, 14),
        "merchant",
    )


def test_days_that_are_only_usual_rule_out_no_promise_and_own_figures_do() -> None:
    one = parcel(to_country="US", to_zone="America/New_York", promise=promise(11, 12))
    assert spoken(estimate(one, USUAL, now=at(9)))[1] == "merchant"
    assert spoken(estimate(parcel(promise=promise(11, 11)), RULES, now=at(9))) == (
        (12, 15),
        "configuration",
    )


def test_carriers_later_day_ends_a_promise_and_an_earlier_one_does_not() -> None:
    later = moving(promise=promise(12, 14), carrier_window=said(15, 15))
    earlier = moving(promise=promise(12, 14), carrier_window=said(13, 13))
    assert spoken(estimate(later, USUAL, now=at(11))) == ((15, 15), "carrier")
    assert spoken(estimate(earlier, USUAL, now=at(11))) == ((12, 14), "merchant")


def test_delay_that_the_carrier_reports_ends_a_promise() -> None:
    late = moving("delay.weather", promise=promise(12, 13))
    assert spoken(estimate(late, RULES, now=at(11)))[1] == "configuration"


def test_promise_upside_down_is_none() -> None:
    assert spoken(estimate(moving(promise=promise(16, 14)), RULES, now=at(11)))[1] == (
        "configuration"
    )


@pytest.mark.parametrize(
    ("sources", "first"),
    [
        (("merchant", "carrier", "engine", "configuration"), "merchant"),
        (("carrier", "merchant", "configuration"), "carrier"),
        (("configuration", "carrier"), "configuration"),
        (("engine", "carrier"), "carrier"),
        ((), "configuration"),
    ],
)
def test_order_of_the_merchant_decides(sources: Any, first: str) -> None:
    one = moving(promise=promise(12, 14), carrier_window=said(13, 13))
    assert spoken(estimate(one, replace(RULES, sources=sources), now=at(11)))[1] == first


def test_with_the_courier_nobody_else_is_heard() -> None:
    out = moving(
        "out.on_vehicle", last_event_at=at(12, 8), promise=promise(13, 14),
        carrier_window=said(13, 13),
    )  # fmt: skip
    assert spoken(estimate(out, RULES, now=at(12, 9))) == ((12, 12), "scan")


def test_after_a_failed_attempt_the_promise_is_silent() -> None:
    failed = moving("attempt.nobody_home", last_event_at=at(12, 18), promise=promise(12, 16))
    assert spoken(estimate(failed, RULES, now=at(12, 19))) == ((14, 15), "scan")


@pytest.mark.parametrize("kind", ["estimated", "guaranteed", "appointment"])
def test_kind_of_the_carriers_word_is_kept_and_explained(kind: str) -> None:
    found = estimate(moving(carrier_window=said(13, 13, kind)), RULES, now=at(11))
    assert found is not None
    assert (found.kind, found.why) == (kind, (f"carrier_{kind}:",))
    assert explain(found.why) != list(found.why)


def test_learned_chances_come_with_whoever_is_shown(learned: Any) -> None:
    learned(12, 0.5, 0.5)
    found = estimate(moving(promise=promise(12, 14)), RULES, now=at(11))
    assert found is not None
    assert found.chances is not None
    assert (found.source, found.chances.risk_after(date(2026, 11, 12))) == ("merchant", 0.5)


def test_doubted_day_is_held_on_to_by_nobody(learned: Any) -> None:
    learned(14, 0.3, 0.2, 0.3, 0.2)
    one = moving(promise=promise(12, 14), carrier_window=said(14, 14), told_last=date(2026, 11, 14))
    assert spoken(estimate(one, RULES, now=at(11))) == ((14, 17), "engine")


def test_doubt_ends_only_when_the_risk_is_small(learned: Any) -> None:
    one = moving(promise=promise(12, 14), told_last=date(2026, 11, 14))
    was = replace(one, was_doubted=True)
    learned(14, 0.6, 0.4)
    assert spoken(estimate(one, RULES, now=at(11)))[1] == "merchant"
    assert spoken(estimate(was, RULES, now=at(11)))[1] == "engine"
    learned(14, 0.65, 0.35)
    assert spoken(estimate(was, RULES, now=at(11)))[1] == "merchant"


def test_doubt_has_two_thresholds() -> None:
    assert [is_doubtful(risk, was=False) for risk in (0.49, 0.5)] == [False, True]
    assert [is_doubtful(risk, was=True) for risk in (0.35, 0.36)] == [False, True]


def test_window_of_several_days_is_explained_in_words() -> None:
    assert explain(["shop_promised:2026-11-12..2026-11-14", "carrier_at_label:2026-11-13"]) == [
        "Your shop promised Thu 12 – Sat 14 Nov; that is not what is shown now",
        "The carrier’s date from the label is not used before the first scan: Fri 13 Nov",
    ]


def test_promise_never_starts_in_the_past() -> None:
    for hour in range(24):
        now = at(13, 0) + timedelta(hours=hour)
        found = estimate(moving(promise=promise(10, 14)), USUAL, now=now)
        assert found is not None
        assert found.first >= now.astimezone(Days(moving(), RULES, now).clock).date()
