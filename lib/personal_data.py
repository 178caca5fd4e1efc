"""Who holds personal data: each app registers how it exports and how it erases a person's.

The registry knows no app. Holders are called in the merchant's scope, in the order of
their names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, as far as a merchant knows: orders by our ids, e-mails in lower case,
    phones and the shop's own order ids as given.

    What hangs on one of the orders is this person's. E-mails and phones are for rows that
    hang on no order.
    """

    order_ids: frozenset[int] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    external_order_ids: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Holder:
    """`export` gives plain JSON values, `erase` the number of rows it changed; twice is safe."""

    export: Callable[[Person], Any]
    erase: Callable[[Person], int]


_HOLDERS: Final[dict[str, Holder]] = {}


def register(name: str, *, export: Callable[[Person], Any], erase: Callable[[Person], int]) -> None:
    """Called from an app's AppConfig.ready; a second registration replaces the first."""
    _HOLDERS[name] = Holder(export, erase)


def export_person(person: Person) -> dict[str, Any]:
    """Everything known about this person, by holder."""
    return {name: _HOLDERS[name].export(person) for name in sorted(_HOLDERS)}


def erase_person(person: Person) -> dict[str, int]:
    """Erase this person everywhere; how many rows changed, by holder."""
    return {name: _HOLDERS[name].erase(person) for name in sorted(_HOLDERS)}
