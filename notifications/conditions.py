"""Under which conditions a rule holds: names, what each asks, and how one reads. Pure.

A rule's `conditions` maps names to what they allow; what is not named allows everything. Lists hold
alternatives; amounts are decimal strings in the order's own currency.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

#: Every name that may stand in `Rule.conditions`.
NAMES: Final = (
    "stores", "countries", "carriers", "tags", "languages", "least_value", "most_value", "cash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Situation:
    """What conditions look at. `store` is the order's source ("shopify:3", "api"), `carriers` the
    slugs of the parcel, or of all parcels where the news is the order's."""

    store: str
    country: str
    carriers: Sequence[str]
    tags: Sequence[str]
    language: str
    value: Decimal | None
    is_cash: bool


def holds(conditions: Mapping[str, Any], at: Situation) -> bool:
    """Whether all of them are met. Raises KeyError for a name that is none."""
    return all(_MET[name](wanted, at) for name, wanted in conditions.items())


def _any_of(wanted: Sequence[str], found: Sequence[str]) -> bool:
    folded = {one.casefold() for one in found}
    return any(one.casefold() in folded for one in wanted)


def _language(wanted: Sequence[str], at: Situation) -> bool:
    base = at.language.partition("-")[0]
    return _any_of(wanted, (at.language, base))


_MET: Final[Mapping[str, Callable[[Any, Situation], bool]]] = {
    "stores": lambda wanted, at: _any_of(wanted, (at.store,)),
    "countries": lambda wanted, at: _any_of(wanted, (at.country,)),
    "carriers": lambda wanted, at: _any_of(wanted, at.carriers),
    "tags": lambda wanted, at: _any_of(wanted, at.tags),
    "languages": _language,
    "least_value": lambda wanted, at: at.value is not None and at.value >= Decimal(wanted),
    "most_value": lambda wanted, at: at.value is not None and at.value <= Decimal(wanted),
    "cash": lambda wanted, at: at.is_cash is bool(wanted),
}
