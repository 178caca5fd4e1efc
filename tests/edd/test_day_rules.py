"""Rules about days as rows: kept, read in order, removed; a feast confirmed."""

from __future__ import annotations

from datetime import date

import pytest

from edd import day_rules
from edd.calendars import Day, DayRule, delivery_calendar, warehouse_calendar
from edd.models import MerchantDayRule, OperatorDayRule
from edd.rules import load_rules
from merchants.models import Merchant
from merchants.scope import merchant_scope

CLOSED = DayRule(part="warehouse", first=date(2026, 12, 7), last=date(2026, 12, 8), name="Moving")
STORM = DayRule(country="AE", first=date(2026, 12, 9), last=date(2026, 12, 9), name="Storm")


def test_merchants_words_come_first_then_the_operators(scope: Merchant) -> None:
    day_rules.add_for_all(rule=STORM)
    day_rules.add_for_merchant(merchant_id=scope.pk, rule=CLOSED)
    newer = DayRule(country="AE", carrier="aramex", weekday=7, kind=Day.WORKS)
    day_rules.add_for_merchant(merchant_id=scope.pk, rule=newer)
    assert load_rules(scope.pk).day_rules == (newer, CLOSED, STORM)


def test_another_merchant_hears_the_operator_only(merchant: Merchant, other: Merchant) -> None:
    day_rules.add_for_all(rule=STORM)
    with merchant_scope(merchant.pk):
        day_rules.add_for_merchant(merchant_id=merchant.pk, rule=CLOSED)
    with merchant_scope(other.pk):
        assert load_rules(other.pk).day_rules == (STORM,)


def test_rows_give_back_what_was_said(scope: Merchant) -> None:
    rule = DayRule(
        country="DE", region="Bayern", carrier="gls", service="Express", first=date(2026, 1, 1),
        last=date(2026, 1, 2), kind=Day.HALF, name="Half", certain=False, part="delivery",
        weekday=4,
    )  # fmt: skip
    day_rules.add_for_merchant(merchant_id=scope.pk, rule=rule)
    (found,) = day_rules.merchants_rules(scope.pk)
    # The region is kept by its code.
    assert found.rule == DayRule(
        country="DE", region="BY", carrier="gls", service="Express", first=date(2026, 1, 1),
        last=date(2026, 1, 2), kind=Day.HALF, name="Half", certain=False, part="delivery",
        weekday=4,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (DayRule(first=date(2026, 1, 2), last=date(2026, 1, 1)), "order"),
        (DayRule(first=date(2026, 1, 2)), "when"),
        (DayRule(), "when"),
        (DayRule(first=date(2026, 1, 1), last=date(2026, 3, 2)), "long"),
    ],
)
def test_what_makes_no_rule_is_refused(scope: Merchant, rule: DayRule, reason: str) -> None:
    with pytest.raises(day_rules.NotADayRule) as refused:
        day_rules.add_for_merchant(merchant_id=scope.pk, rule=rule)
    assert refused.value.args == (reason,)
    assert not MerchantDayRule.objects.exists()


def test_removed_rule_is_given_back_once(scope: Merchant) -> None:
    kept = day_rules.add_for_merchant(merchant_id=scope.pk, rule=CLOSED)
    removed = [
        day_rules.remove_for_merchant(merchant_id=scope.pk, rule_id=kept.id) for _ in range(2)
    ]
    assert removed == [CLOSED, None]


def test_confirmed_feast_moves_as_a_whole(db: None) -> None:
    kept = day_rules.confirm_feast(
        feast="eid_al_adha", country="AE", begins=date(2027, 5, 17), last=None
    )
    # Arafah on the 16th, the feast from 17 to 19.
    assert (kept.rule.first, kept.rule.last) == (date(2027, 5, 16), date(2027, 5, 19))
    courier = delivery_calendar("AE", "aramex", rules=(kept.rule,))
    saturday = date(2027, 5, 15)
    assert courier.is_working(saturday)
    assert not delivery_calendar("AE", "aramex").is_working(saturday)
    assert courier.cautious().is_working(date(2027, 5, 20))


def test_confirming_again_corrects(db: None) -> None:
    for begins in (date(2027, 3, 9), date(2027, 3, 10)):
        day_rules.confirm_feast(feast="eid_al_fitr", country="AE", begins=begins, last=None)
    rows = OperatorDayRule.objects.values_list("first", "last")
    assert list(rows) == [(date(2027, 3, 10), date(2027, 3, 12))]


def test_announced_last_day_counts(db: None) -> None:
    kept = day_rules.confirm_feast(
        feast="eid_al_fitr", country="AE", begins=date(2027, 3, 10), last=date(2027, 3, 14)
    )
    warehouse = warehouse_calendar("AE", rest_days=[6], rules=(kept.rule,))
    assert not warehouse.is_working(date(2027, 3, 14))


@pytest.mark.parametrize(
    ("feast", "country", "begins"),
    [
        ("eid_al_fitr", "DE", date(2027, 3, 10)),
        ("eid_al_fitr", "AE", date(2027, 7, 10)),
        ("diwali", "IN", date(2027, 10, 29)),
    ],
)
def test_feast_that_is_not_expected_there_is_refused(
    db: None, feast: str, country: str, begins: date
) -> None:
    with pytest.raises(day_rules.FeastUnknown):
        day_rules.confirm_feast(feast=feast, country=country, begins=begins, last=None)
