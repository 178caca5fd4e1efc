"""Rules from rows."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from edd.estimate import Rules
from edd.lanes import Lane, Transit
from edd.models import DateRules, LaneDays
from edd.rules import load_rules
from merchants.models import Merchant
from merchants.scope import merchant_scope


def test_merchant_without_rows_has_the_defaults_in_its_own_zone(scope: Merchant) -> None:
    assert load_rules(scope.pk) == Rules(zone="Asia/Dubai", country="AE", merchant=scope.pk)


def test_rows_become_rules(scope: Merchant) -> None:
    DateRules.objects.create(
        merchant=scope,
        cut_off=time(16, 30),
        handling_days=2,
        rest_days=[5, 6],
        closures=["2026-12-01"],
    )
    LaneDays.objects.create(merchant=scope, carrier="aramex", to_country="SA", fastest=1, slowest=3)
    assert load_rules(scope.pk) == Rules(
        zone="Asia/Dubai",
        country="AE",
        cut_off=time(16, 30),
        handling_days=2,
        rest_days=(5, 6),
        closures=(date(2026, 12, 1),),
        lanes=(Lane("aramex", "", "", "SA", Transit(1, 3)),),
        merchant=scope.pk,
    )


def test_only_who_has_something_to_say_is_asked(
    merchant: Merchant, other: Merchant, django_assert_num_queries: Any
) -> None:
    with merchant_scope(merchant.pk):
        with django_assert_num_queries(1):
            load_rules(merchant.pk)
        LaneDays.objects.create(
            merchant=merchant, carrier="aramex", to_country="SA", fastest=1, slowest=3
        )
        with django_assert_num_queries(2):
            assert len(load_rules(merchant.pk).lanes) == 1
    with merchant_scope(other.pk), django_assert_num_queries(1):
        assert load_rules(other.pk).lanes == ()


def test_merchant_that_is_not_there_has_no_rules(db: None) -> None:
    with pytest.raises(Merchant.DoesNotExist):
        load_rules(0)
