"""Which handling counts for an order: that of its warehouse, its tags, its goods. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from edd.estimate import Handling, Rules


def rules_for(
    rules: Rules, *, warehouse: str = "", tags: Collection[str] = (), skus: Collection[str] = ()
) -> Rules:
    """The rules with the handling and the cut-off that hold for this order.

    Of several that fit the slowest counts: more days, then the earlier cut-off. Where none
    fits, the rules as they are.
    """
    names = {
        "warehouse": {warehouse.casefold()} if warehouse else set(),
        "tag": {tag.casefold() for tag in tags},
        "sku": {sku.casefold() for sku in skus},
    }
    fitting = [one for one in rules.handling if _fits(one, names[one.kind])]
    if not fitting:
        return rules

    def slowness(one: Handling) -> tuple[int, int]:
        cut_off = one.cut_off or rules.cut_off
        return one.handling_days, -(cut_off.hour * 60 + cut_off.minute)

    slowest = max(fitting, key=slowness)
    return replace(
        rules,
        handling_days=slowest.handling_days,
        cut_off=slowest.cut_off or rules.cut_off,
        handling=(),
    )


def _fits(one: Handling, names: set[str]) -> bool:
    if one.kind == "sku":
        return any(name.startswith(one.match) for name in names)
    return one.match in names
