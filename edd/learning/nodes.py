"""Whom a parcel learns from: the nodes on its two paths, each with a name and a number.

The number is a hash of the name, so it is the same on every machine and in every year, and a
million parcels are told apart by integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np

from edd.learning.clocks import Ints

ROOT: Final = "all"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A fact in words, one a parcel: `names[codes[i]]`. An empty name is "not known"."""

    codes: Ints
    names: Sequence[str]

    def chosen(self, which: Ints) -> Column:
        return Column(self.codes[which], self.names)


def column(values: Sequence[str]) -> Column:
    """A column of plain values."""
    places: dict[str, int] = {}
    codes = np.fromiter(
        (places.setdefault(value, len(places)) for value in values), np.int64, len(values)
    )
    return Column(codes, list(places))


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The node of each parcel on one level, and what the nodes are called."""

    nodes: Ints
    names: dict[int, str]


def node(name: str) -> int:
    """The number of a node: 63 bits of its name's BLAKE2b."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) >> 1


def level(kind: str, count: int, *columns: Column) -> Level:
    """One level's nodes; where any column is empty, the parcel is in the level's "?" node."""
    codes: Ints = np.zeros(count, dtype=np.int64)
    for one in columns:
        # Numbered anew each time: the product of a few columns would not fit.
        _, codes = np.unique(codes * max(len(one.names), 1) + one.codes, return_inverse=True)
    _, firsts, places = np.unique(codes, return_index=True, return_inverse=True)
    named = [
        "/".join((kind, *(one.names[int(one.codes[first])] for one in columns))) for first in firsts
    ]
    numbers = np.array([node(name) for name in named], dtype=np.int64)
    return Level(
        numbers[places] if count else codes, dict(zip(numbers.tolist(), named, strict=True))
    )


@dataclass(frozen=True, slots=True, eq=False)
class Whereabouts:
    """Who sends it, whence and whither, and by whom: what both paths are made of.

    Origins and destinations are "country-region"; `prefix` is the beginning of the postcode,
    `kind` the warehouse or class of goods.
    """

    merchant: Column
    kind: Column
    origin: Column
    origin_prefix: Column
    destination: Column
    prefix: Column
    carrier: Column
    service: Column
    #: Where it stands, `edd.learning.states`; only the path STATE asks.
    state: Column | None = None

    def __len__(self) -> int:
        return len(self.merchant.codes)

    def levels(self, path: Path) -> list[Level]:
        """The node of each parcel on every level of a path."""
        return [
            level(step.kind, len(self), *(getattr(self, name) for name in step.columns))
            for step in path
        ]


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a path: what it is called, and the columns of `Whereabouts` that tell it.

    `is_own`: it belongs to one merchant, who alone may learn from it; the others are pooled.
    """

    kind: str
    columns: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        return "merchant" in self.columns

    def name(self, facts: Mapping[str, str]) -> str:
        """The node's name for one parcel."""
        return "/".join((self.kind, *(facts[column] for column in self.columns)))


Path = tuple[Step, ...]

_SERVICE: Final = ("carrier", "service")
_LANE: Final = (*_SERVICE, "origin", "destination")

#: From general to special. The warehouse's clock, the carrier's, that of a state (where a parcel
#: stands and since when), and the effects of the first two.
PROCESSING: Final[Path] = (
    Step(ROOT),
    Step("origin", ("origin",)),
    Step("merchant", ("merchant",)),
    Step("kind", ("merchant", "kind")),
)
TRANSIT: Final[Path] = (
    Step(ROOT),
    Step("carrier", ("carrier",)),
    Step("service", _SERVICE),
    Step("to", (*_SERVICE, "destination")),
    Step("lane", _LANE),
    Step("prefix", (*_LANE, "prefix")),
    Step("own", ("merchant", *_LANE)),
)
STATE: Final[Path] = (
    Step("any", ("state",)),
    Step("carrier", ("carrier", "state")),
    Step("service", (*_SERVICE, "state")),
    Step("to", (*_SERVICE, "destination", "state")),
    Step("lane", (*_LANE, "state")),
)
PROCESSING_EFFECTS: Final[Path] = (
    Step("merchant", ("merchant",)),
    Step("from", ("origin", "origin_prefix")),
    Step("class", ("merchant", "kind")),
)
TRANSIT_EFFECTS: Final[Path] = (
    Step("lane", ("carrier", "origin", "destination")),
    Step("prefix", ("carrier", "origin", "destination", "prefix")),
    Step("merchant", ("merchant",)),
    Step("from", ("origin", "origin_prefix")),
    Step("service", _SERVICE),
)
