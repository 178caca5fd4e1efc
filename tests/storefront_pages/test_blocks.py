"""The parts of a page stand in the merchant's order."""

from __future__ import annotations

import pytest

from storefront_pages.blocks import BLOCKS, in_order


def slugs(chosen: object) -> list[str]:
    return [block.slug for block in in_order(chosen)]


USUAL = [block.slug for block in BLOCKS]


@pytest.mark.parametrize("chosen", [[], None, "faq", [1, None], ["unknown", "-nothing"]])
def test_nothing_chosen_is_the_usual_order(chosen: object) -> None:
    assert slugs(chosen) == USUAL


def test_merchants_order_is_kept() -> None:
    assert slugs(list(reversed(USUAL))) == list(reversed(USUAL))


def test_block_left_out_is_gone() -> None:
    assert "faq" not in slugs([*USUAL[:-1], "-faq"])


def test_what_happened_cannot_be_left_out() -> None:
    assert "timeline" in slugs(["-timeline"])


def test_block_the_merchant_never_saw_follows_its_usual_neighbour() -> None:
    known = [slug for slug in reversed(USUAL) if slug != "parcels"]
    found = slugs(known)
    assert found.index("parcels") == found.index("progress") + 1
