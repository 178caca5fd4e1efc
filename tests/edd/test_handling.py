"""Which rule for handling counts, and what it does to the date. All examples in November 2026."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from edd.estimate import estimate
from edd.handling import Handled, Handling, folded, handled
from edd.reasons import explain
from tests.edd.test_estimate import RULES, at, moving, parcel, window

FRAGILE = Handling("tag", "fragile", 5)
SOFAS = Handling("sku", "sofa-", 3, time(10))
READY = Handling("sku", "ready-", 0, time(18))
AL_AIN = Handling("warehouse", "al ain", 2, time(12))
ALL = (FRAGILE, SOFAS, READY, AL_AIN)


@dataclass(frozen=True)
class Goods:
    warehouse: str = ""
    tags: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()


def of(goods: Goods) -> Handled:
    return handled(goods, ALL, days=1, cut_off=time(14))


def test_goods_without_a_rule_have_the_usual_handling() -> None:
    assert of(Goods("dubai", ("gift",), ("lamp-1",))) == Handled(1, time(14))


def test_warehouse_tag_and_beginning_of_a_sku_are_known() -> None:
    assert of(Goods(warehouse="al ain")) == Handled(2, time(12), AL_AIN)
    assert of(Goods(tags=("gift", "fragile"))) == Handled(5, time(14), FRAGILE)
    assert of(Goods(skus=("sofa-3",))) == Handled(3, time(10), SOFAS)


def test_of_several_the_slowest_handling_and_the_earliest_cut_off_count() -> None:
    assert of(Goods("al ain", ("fragile",), ("sofa-3",))) == Handled(5, time(10), FRAGILE)


def test_rule_may_be_faster_than_usual() -> None:
    assert of(Goods(skus=("ready-1", "ready-2"))) == Handled(0, time(18), READY)


def test_parcel_waits_for_the_piece_that_no_rule_is_about() -> None:
    assert of(Goods(skus=("ready-1", "lamp-1"))) == Handled(1, time(14))


def test_names_are_compared_folded() -> None:
    assert folded("  Al   AIN ") == "al ain"


def test_rule_moves_the_date_and_is_named_as_the_reason() -> None:
    rules = replace(RULES, handling=ALL)
    plain = estimate(parcel(), rules, now=at(9))
    found = estimate(parcel(tags=("fragile",)), rules, now=at(9))
    assert (window(plain), window(found)) == ((12, 15), (18, 21))
    assert found is not None
    assert explain(found.why)[0] == "Handling for the tag “fragile”, working days: 5"


def test_rules_own_cut_off_decides_which_day_counts() -> None:
    rules = replace(RULES, handling=ALL)
    sofa: dict[str, Any] = {"skus": ("sofa-3",), "placed_at": at(9, 11)}
    found = estimate(parcel(**sofa), rules, now=at(9, 11))
    assert found is not None
    assert explain(found.why)[:2] == [
        "Ordered after the cut-off at 10:00",
        "Handling for SKUs beginning “sofa-”, working days: 3",
    ]


def test_parcel_that_left_before_its_planned_day_keeps_the_promise_of_its_rule() -> None:
    slow = replace(RULES, handling=(Handling("tag", "fragile", 2),))
    late = moving(picked_up_at=at(12), last_event_at=at(12), tags=("fragile",))
    assert window(estimate(late, slow, now=at(12))) == (15, 16)
