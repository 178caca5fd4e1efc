"""A second start of the demonstration, whose database may be a new one."""

from __future__ import annotations

from django.utils import timezone

from demo.seed import _api_key
from merchants.access import find_api_key, issue_api_key
from merchants.models import Merchant


def test_the_key_of_an_earlier_start_is_kept(merchant: Merchant) -> None:
    _, earlier = issue_api_key(merchant=merchant, name="Demonstration", by=None)
    assert _api_key(merchant, earlier, now=timezone.now()) == earlier


def test_a_key_that_the_database_does_not_know_is_replaced(
    merchant: Merchant, other: Merchant
) -> None:
    _, of_another = issue_api_key(merchant=other, name="Demonstration", by=None)
    for earlier in ("", "hw_from_a_database_that_is_gone", of_another):
        found = find_api_key(_api_key(merchant, earlier, now=timezone.now()), now=timezone.now())
        assert found is not None
        assert found.merchant_id == merchant.pk
