"""What was counted and fitted, written to its rows: each day once, each node alone.

A night touches the nodes of the parcels that were on their way that night, and no others: a row
says until when it is counted, and fades when it is read or written again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from django.db.models import Q

from edd.givers import Givers, joined
from edd.learning.knobs import DAYS, KNOBS
from edd.learning.nodes import Column, Level, Path
from edd.learning.saved import bytes_of, row_of
from edd.learning.tables import Counted, Floats
from edd.models import Learned, OwnNode, PooledNode

_BATCH: Final = 2000
#: A new node with fewer days at risk than this is not worth a row.
_LEAST: Final = 0.5


@dataclass(slots=True, eq=False)
class Sums:
    """One node's counts while they are gathered, and the merchants they are from."""

    name: str
    at_risk: Floats = field(default_factory=lambda: np.zeros(DAYS))
    ended: Floats = field(default_factory=lambda: np.zeros(DAYS))
    merchants: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Gathered:
    """The counts of one clock, of many chunks of parcels, by node; own nodes apart."""

    path: Path
    pooled: dict[int, Sums] = field(default_factory=dict)
    own: dict[int, Sums] = field(default_factory=dict)

    def add(
        self, levels: Sequence[Level], counted: Sequence[Counted], merchants: Mapping[int, set[str]]
    ) -> None:
        """Add one chunk. `merchants` names those behind each node."""
        for step, level, one in zip(self.path, levels, counted, strict=True):
            kept = self.own if step.is_own else self.pooled
            for place, number in enumerate(one.nodes.tolist()):
                sums = kept.get(number)
                if sums is None:
                    sums = kept[number] = Sums(level.names[number])
                sums.at_risk += one.at_risk[place]
                sums.ended += one.ended[place]
                sums.merchants |= merchants[number]


def write(clock: str, gathered: Gathered, *, until: date) -> int:
    """Add the counts to the rows of a clock, faded to `until`; returns how many rows there were.

    Call it in `every_merchant`, in the transaction that moves `Learned.until`.
    """
    return _write_pooled(clock, gathered.pooled, until) + _write_own(clock, gathered.own, until)


def _write_pooled(clock: str, sums: Mapping[int, Sums], until: date) -> int:
    for some in _batches(sums):
        known = {
            row.node: row for row in PooledNode.objects.filter(clock=clock, node__in=list(some))
        }
        rows = []
        for number, one in some.items():
            row = known.get(number)
            if row is None and one.at_risk.sum() < _LEAST:
                continue
            before: Givers = row.givers if row else {}
            rows.append(
                PooledNode(
                    givers=joined(before, one.merchants, one.name, on=until),
                    **_columns(clock, number, one, row, until),
                )
            )
        PooledNode.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["clock", "node"],
            update_fields=["at_risk", "ended", "parcels", "until", "givers"],
        )
    return len(sums)


def _write_own(clock: str, sums: Mapping[int, Sums], until: date) -> int:
    for some in _batches(sums):
        owned = Q(clock=clock, node__in=list(some))
        known = {row.node: row for row in OwnNode.objects.filter(owned)}
        OwnNode.objects.bulk_create(
            [
                OwnNode(
                    merchant_id=int(next(iter(one.merchants))),
                    **_columns(clock, number, one, known.get(number), until),
                )
                for number, one in some.items()
                if number in known or one.at_risk.sum() >= _LEAST
            ],
            update_conflicts=True,
            unique_fields=["merchant", "clock", "node"],
            update_fields=["at_risk", "ended", "parcels", "until"],
        )
    return len(sums)


def _columns(
    clock: str, number: int, new: Sums, row: PooledNode | OwnNode | None, until: date
) -> dict[str, Any]:
    at_risk, ended = new.at_risk, new.ended
    if row is not None:
        share = faded(row.until, until)
        at_risk = at_risk + share * row_of(row.at_risk)
        ended = ended + share * row_of(row.ended)
    return {
        "clock": clock,
        "node": number,
        "name": new.name[:250],
        "at_risk": bytes_of(at_risk),
        "ended": bytes_of(ended),
        "parcels": float(ended.sum()),
        "until": until,
    }


def faded(since: date, until: date) -> float:
    """What a count of `since` weighs on `until`."""
    weight: float = 0.5 ** (max((until - since).days, 0) / KNOBS.half_life)
    return weight


def _batches(sums: Mapping[int, Sums]) -> Iterable[dict[int, Sums]]:
    numbers = sorted(sums)
    for start in range(0, len(numbers), _BATCH):
        yield {number: sums[number] for number in numbers[start : start + _BATCH]}


def learned_until(clock: str) -> date | None:
    """The day up to which a clock is counted (not included); None: nothing yet."""
    found: date | None = Learned.objects.filter(clock=clock).values_list("until", flat=True).first()
    return found


def note_until(clock: str, until: date) -> None:
    """Days before `until` are counted now."""
    Learned.objects.update_or_create(clock=clock, defaults={"until": until})


def merchants_of(level: Level, merchant: Column) -> dict[int, set[str]]:
    """The merchants behind each node of a level."""
    found: dict[int, set[str]] = defaultdict(set)
    pairs = np.unique(np.stack((level.nodes, merchant.codes)), axis=1)
    for number, code in pairs.T.tolist():
        found[number].add(merchant.names[code])
    return found
