"""Quotes as counts: handed to Redis, written once a minute, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from edd import quote_counts
from edd.estimate import Rules
from edd.models import QuoteCount
from edd.quote_counts import Node, Total, node_of, note, totals
from edd.quotes import Ask, quote
from edd.tasks import forget_quote_counts, write_quote_counts
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope

TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    quote_counts._pending.clear()
    yield
    quote_counts._pending.clear()


def node(merchant: Merchant, **other: object) -> Node:
    given = quote(Rules(), Ask(country="SA", carrier="aramex"), now=datetime.now(UTC))
    return replace(node_of(given, merchant_id=merchant.pk), **other)  # type: ignore[arg-type]


def counted(merchant: Merchant) -> list[tuple[str, str, int]]:
    with merchant_scope(merchant.pk):
        rows = QuoteCount.objects.order_by("country", "region")
        return list(rows.values_list("country", "region", "quotes"))


def give(*nodes: Node) -> None:
    for one in nodes:
        note(one)
    assert quote_counts.hand_over()


def test_quotes_of_all_processes_are_added_up(merchant: Merchant, other: Merchant) -> None:
    give(node(merchant), node(merchant), node(other))
    give(node(merchant), node(merchant, region="01"))
    assert write_quote_counts() == 5
    assert counted(merchant) == [("SA", "", 3), ("SA", "01", 1)]
    assert counted(other) == [("SA", "", 1)]
    give(node(merchant))
    assert write_quote_counts() == 1
    assert counted(merchant) == [("SA", "", 4), ("SA", "01", 1)]


def test_nothing_given_writes_nothing(merchant: Merchant) -> None:
    assert write_quote_counts() == 0


def test_batch_that_was_written_before_a_crash_is_not_added_again(merchant: Merchant) -> None:
    """The rows are there, Redis still holds the batch: as after a crash in between."""
    give(node(merchant))
    for _ in range(2):
        with every_merchant("a test"):
            quote_counts.write_down(now=datetime.now(UTC))
    assert counted(merchant) == [("SA", "", 1)]
    give(node(merchant))
    write_quote_counts()  # clears what was written already
    write_quote_counts()
    assert counted(merchant) == [("SA", "", 2)]


def test_batch_that_was_not_written_waits(merchant: Merchant) -> None:
    give(node(merchant))
    with transaction.atomic(), every_merchant("a test"):
        quote_counts.write_down(now=datetime.now(UTC))
        transaction.set_rollback(True)
    assert write_quote_counts() == 1
    assert counted(merchant) == [("SA", "", 1)]


def test_quotes_of_a_merchant_that_is_gone_are_left_out(
    merchant: Merchant, other: Merchant
) -> None:
    give(node(merchant), node(other, merchant_id=999_999_999))
    write_quote_counts()
    assert counted(merchant) == [("SA", "", 1)]


def test_many_regions_of_one_day_are_not_told_apart(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quote_counts, "MOST_NODES", 3)
    give(*(node(merchant, region=f"R{n}") for n in range(5)))
    write_quote_counts()
    rows = counted(merchant)
    assert len(rows) == 4
    assert (rows[0], sum(quotes for *_, quotes in rows)) == (("SA", "", 2), 5)


def test_region_is_counted_by_its_code_alone(merchant: Merchant) -> None:
    def region(text: str) -> str:
        given = quote(Rules(), Ask(country="US", region=text), now=datetime.now(UTC))
        return node_of(given, merchant_id=merchant.pk).region

    assert [region(one) for one in ("us-ca", "CA", "California", "")] == ["CA", "CA", "", ""]


def test_totals_are_of_the_days_asked_for(merchant: Merchant) -> None:
    give(node(merchant), node(merchant), node(merchant, country="AE", source="fallback"))
    give(node(merchant, day=str(date(TODAY.year - 1, 12, 31))))
    write_quote_counts()
    with merchant_scope(merchant.pk):
        found = totals(since=TODAY, until=TODAY)
    assert found == [Total("SA", 90, "configuration", 2), Total("AE", 90, "fallback", 1)]


def test_old_counts_are_dropped(merchant: Merchant) -> None:
    give(node(merchant))
    write_quote_counts()
    with merchant_scope(merchant.pk):
        QuoteCount.objects.update(day=date(2020, 1, 1))
    assert forget_quote_counts() == 1
