"""Promotions are made, ordered and switched, and pages are made anew each time."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from merchants.models import Merchant
from selling import promoting
from selling.models import Promotion
from selling.promoting import Draft, TooMany, change, make, move, remove, switch
from selling.tasks import turn_due
from tests.factories import NOW


def version(merchant: Merchant) -> int:
    return Merchant.objects.get(pk=merchant.pk).page_version


def titles() -> list[str]:
    return list(Promotion.objects.values_list("title", flat=True))


def three(merchant: Merchant) -> list[Promotion]:
    return [make(merchant=merchant, draft=Draft("offer", title=t), now=NOW) for t in "ABC"]


def test_new_ones_stand_last(scope: Merchant) -> None:
    three(scope)
    assert titles() == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("which", "by", "order"),
    [(0, -1, "ABC"), (0, 1, "BAC"), (1, -1, "BAC"), (2, 1, "ABC"), (2, -1, "ACB")],
)
def test_moves_by_one_place(scope: Merchant, which: int, by: int, order: str) -> None:
    move(promotion=three(scope)[which], by=by)
    assert titles() == list(order)


def test_every_change_renews_the_pages(scope: Merchant) -> None:
    seen = [version(scope)]
    first, second, _ = three(scope)
    seen.append(version(scope))
    change(promotion=first, draft=Draft("offer", title="New"), now=NOW)
    seen.append(version(scope))
    switch(promotion=first, is_on=False)
    seen.append(version(scope))
    move(promotion=first, by=1)
    seen.append(version(scope))
    remove(promotion=second)
    seen.append(version(scope))
    assert [b > a for a, b in pairwise(seen)] == [True] * 5


def test_tags_and_goods_are_folded(scope: Merchant) -> None:
    made = make(
        merchant=scope,
        draft=Draft("offer", tags=("VIP ", "vip"), bought=("OC-1", "Kaffee  Crème", " ")),
        now=NOW,
    )
    assert (made.tags, made.bought) == (["vip"], ["oc-1", "kaffee creme"])


def test_there_is_an_end_to_them(scope: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promoting, "MOST_OFFERS", 3)
    three(scope)
    with pytest.raises(TooMany):
        make(merchant=scope, draft=Draft("offer"), now=NOW)


def test_pages_are_renewed_when_one_begins_and_when_it_ends(scope: Merchant) -> None:
    starts, ends = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    made = make(merchant=scope, draft=Draft("offer", starts_at=starts, ends_at=ends), now=NOW)
    assert made.turns_at == starts
    before = version(scope)
    assert promoting.turn_due(now=NOW, limit=9) == 0
    assert promoting.turn_due(now=starts, limit=9) == 1
    made.refresh_from_db()
    assert (made.turns_at, version(scope)) == (ends, before + 1)
    assert promoting.turn_due(now=ends, limit=9) == 1
    made.refresh_from_db()
    assert (made.turns_at, version(scope)) == (None, before + 2)


def test_turns_of_all_shops_are_one_queue(merchant: Merchant, other: Merchant) -> None:
    assert turn_due() == 0
