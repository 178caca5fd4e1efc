"""What a product is known by: its SKU, else its title, as people type either."""

from __future__ import annotations

from lib.folding import fold

_LONGEST = 196


def folded(words: str) -> str:
    """As SKUs, titles and tags are compared."""
    return fold(words)[:_LONGEST]


def product_key(*, sku: str, title: str) -> str:
    """The key of a product or of an order's line; a SKU is never taken for a title."""
    by_sku = folded(sku)
    return f"s:{by_sku}" if by_sku else f"t:{folded(title)}"
