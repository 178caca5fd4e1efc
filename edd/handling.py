"""Handling of one warehouse or one class of goods: which of a merchant's rules counts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Literal, Protocol

Kind = Literal["warehouse", "tag", "sku"]


@dataclass(frozen=True, slots=True)
class Handling:
    """`edd.models.HandlingRule`: what is said of one warehouse, tag or beginning of a SKU.

    `match` is folded; without a `cut_off` the merchant's usual one counts.
    """

    kind: Kind
    match: str
    handling_days: int
    cut_off: time | None = None


class Goods(Protocol):
    """Where a parcel leaves from and what is in it, all folded (`folded`)."""

    @property
    def warehouse(self) -> str: ...

    @property
    def tags(self) -> tuple[str, ...]: ...

    @property
    def skus(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Handled:
    """Working days and cut-off of one parcel; `rule` is who says so, None: the usual handling."""

    days: int
    cut_off: time
    rule: Handling | None = None

    @property
    def reason(self) -> str:
        """For `edd.reasons.explain`."""
        if self.rule is None:
            return f"handling:{self.days}"
        return f"handling_{self.rule.kind}:{self.days}:{self.rule.match}"


def folded(word: str) -> str:
    """As names, tags and SKUs are compared: small letters, single spaces."""
    return " ".join(word.split()).casefold()


def handled(goods: Goods, own: Sequence[Handling], *, days: int, cut_off: time) -> Handled:
    """The handling of these goods; `days` and `cut_off` are the merchant's usual ones.

    Of the rules that fit, the slowest handling and the earliest cut-off count. The usual ones
    are among them for goods that no rule is about: a parcel waits for its slowest piece.
    """
    fitting = [rule for rule in own if fits(rule, goods)]
    found = [Handled(rule.handling_days, rule.cut_off or cut_off, rule) for rule in fitting]
    if not _is_covered(goods, fitting):
        found.append(Handled(days, cut_off))
    slowest = max(found, key=lambda one: one.days)
    return Handled(slowest.days, min(one.cut_off for one in found), slowest.rule)


def fits(rule: Handling, goods: Goods) -> bool:
    """Whether the rule is about anything in this parcel, or the place it leaves from."""
    if rule.kind == "warehouse":
        return rule.match == goods.warehouse
    if rule.kind == "tag":
        return rule.match in goods.tags
    return any(sku.startswith(rule.match) for sku in goods.skus)


def _is_covered(goods: Goods, fitting: Sequence[Handling]) -> bool:
    """Whether the rules speak of the whole parcel: of its place, its order, or of every SKU."""
    if any(rule.kind != "sku" for rule in fitting):
        return True
    beginnings = tuple(rule.match for rule in fitting)
    return bool(fitting) and all(sku.startswith(beginnings) for sku in goods.skus)
