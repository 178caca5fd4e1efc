"""What was learned, as one merchant may use it: pooled nodes of enough merchants, and its own.

Loaded by each process once a night has been learned, like the merchant's own part; whether one
has is asked once a minute. A parcel asks no database. A pooled node that too few merchants fill
is silent for all but the one who fills it alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.utils import timezone

from edd.givers import counted, mark_of
from edd.learned_rows import faded
from edd.learning.asking import Known, Row
from edd.learning.knobs import KNOBS
from edd.learning.location import Location
from edd.learning.saved import from_numbers
from edd.learning.tables import Floats
from edd.models import Clock, Learned, OwnEffects, OwnNode, PooledNode

#: The largest nodes that a process holds; who falls off speaks through its parents.
MOST_NODES: Final = 30_000
_MOST_OWN: Final = 3_000


def known_to(merchant_id: int) -> Known | None:
    """What this merchant's parcels may learn from; None before the first night. In its scope."""
    edition = _edition(timezone.now().replace(second=0, microsecond=0))
    return _known_to(merchant_id, edition) if edition else None


def forget() -> None:
    """Load again at once: something was learned just now."""
    _edition.cache_clear()
    _shared.cache_clear()
    _known_to.cache_clear()


#: How far each clock is learned, and when its model was fitted.
_Edition = tuple[tuple[str, date, date | None], ...]


@lru_cache(maxsize=1)
def _edition(minute: datetime) -> _Edition:
    rows = Learned.objects.order_by("clock").values_list("clock", "until", "fitted_on")
    return tuple(rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """What all merchants have in common: rows by clock and name, those of one giver apart."""

    until: date
    rows: Mapping[str, Mapping[str, Row]]
    lonely: Mapping[str, Mapping[str, tuple[str, Row]]]
    models: Mapping[str, Mapping[str, Any]]
    weekdays: Mapping[str, Floats]


class _Rows(Mapping[str, Row]):
    """The rows of one clock that one merchant may see."""

    def __init__(
        self,
        merchant: str,
        own: Mapping[str, Row],
        shared: Mapping[str, Row],
        lonely: Mapping[str, tuple[str, Row]],
    ) -> None:
        self._merchant, self._own, self._shared, self._lonely = merchant, own, shared, lonely

    def __getitem__(self, name: str) -> Row:
        found = self._own.get(name) or self._shared.get(name)
        if found is not None:
            return found
        mark, row = self._lonely[name]
        if mark != mark_of(self._merchant, name):
            raise KeyError(name)
        return row

    def __iter__(self) -> Iterator[str]:
        names = (*self._own, *self._shared, *self._lonely)
        return (name for name in names if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@lru_cache(maxsize=1)
def _shared(edition: _Edition) -> _Shared:
    learned = {row.clock: row for row in Learned.objects.all()}
    until = max(row.until for row in learned.values())
    rows: dict[str, dict[str, Row]] = {clock: {} for clock in Clock.values}
    lonely: dict[str, dict[str, tuple[str, Row]]] = {clock: {} for clock in Clock.values}
    columns = ("clock", "name", "at_risk", "ended", "until", "givers")
    nodes = PooledNode.objects.filter(parcels__gte=KNOBS.fewest).order_by("-parcels", "id")
    for clock, name, at_risk, ended, since, givers in nodes.values_list(*columns)[:MOST_NODES]:
        row = _row(at_risk, ended, since, until)
        marks = counted(givers, on=until)
        if len(marks) >= settings.POOL_FEWEST_MERCHANTS:
            rows[clock][name] = row
        elif len(marks) == 1:
            lonely[clock][name] = (next(iter(marks)), row)
    models = {clock: row.model for clock, row in learned.items() if row.model}
    factors = models.get(Clock.TRANSIT, {}).get("weekdays", {})
    return _Shared(
        until,
        rows,
        lonely,
        models,
        {key: np.array(one, dtype=np.float64) for key, one in factors.items()},
    )


@lru_cache(maxsize=64)
def _known_to(merchant_id: int, edition: _Edition) -> Known:
    shared = _shared(edition)
    own: dict[str, dict[str, Row]] = {clock: {} for clock in Clock.values}
    mine = OwnNode.objects.filter(merchant_id=merchant_id, parcels__gte=KNOBS.fewest)
    columns = ("clock", "name", "at_risk", "ended", "until")
    newest = mine.order_by("-parcels", "id").values_list(*columns)[:_MOST_OWN]
    for clock, name, at_risk, ended, since in newest:
        own[clock][name] = _row(at_risk, ended, since, shared.until)
    effects = dict(OwnEffects.objects.filter(merchant_id=merchant_id).values_list("clock", "sizes"))
    return Known(
        until=shared.until,
        rows={
            clock: _Rows(str(merchant_id), own[clock], shared.rows[clock], shared.lonely[clock])
            for clock in Clock.values
        },
        models=_models(shared, effects),
        weekdays=shared.weekdays,
    )


def _models(shared: _Shared, effects: Mapping[str, Any]) -> dict[str, Location]:
    return {
        clock: from_numbers(data, effects.get(clock, ())) for clock, data in shared.models.items()
    }


def _row(at_risk: Any, ended: Any, since: date, until: date) -> Row:
    share = np.float32(faded(since, until))
    risk = np.frombuffer(bytes(at_risk), dtype=np.float32) * share
    ends = np.frombuffer(bytes(ended), dtype=np.float32) * share
    return Row(risk, ends, float(ends.sum()))
