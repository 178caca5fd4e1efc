"""The location model as plain numbers, and back.

A distribution of residuals is kept as some four hundred steps: more would not move a date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from edd.learning.location import Effects, Location, Residuals
from edd.learning.tables import Floats
from edd.learning.weekdays import Weekdays

_STEPS: Final = 400


def as_numbers(model: Location, effects: Sequence[Mapping[int, float]]) -> dict[str, Any]:
    """`effects` are those that may be shared, one mapping of node to size for each kind."""
    return {
        "means": model.means.tolist(),
        "scales": model.scales.tolist(),
        "weights": model.weights.tolist(),
        "edges": model.edges.tolist(),
        "class_share": model.class_share,
        "residuals": [_thinned(one) for one in model.residuals],
        "effects": [{str(node): round(size, 5) for node, size in one.items()} for one in effects],
    }


def from_numbers(data: Mapping[str, Any], own: Sequence[Mapping[str, float]] = ()) -> Location:
    """What `as_numbers` gave, with a merchant's `own` effects beside the shared ones.

    Raises KeyError, ValueError for anything else.
    """
    kinds = [dict(one) for one in data["effects"]]
    for mine, extra in zip(kinds, own, strict=False):
        mine.update(extra)
    return Location(
        np.array(data["means"], dtype=np.float64),
        np.array(data["scales"], dtype=np.float64),
        np.array(data["weights"], dtype=np.float64),
        [_effects(one) for one in kinds],
        np.array(data["edges"], dtype=np.float64),
        [Residuals(np.array(one[0]), np.array(one[1])) for one in data["residuals"]],
        float(data["class_share"]),
    )


def _effects(sizes: Mapping[str, float]) -> Effects:
    nodes = sorted((int(node), size) for node, size in sizes.items())
    return Effects(
        np.array([node for node, _ in nodes], dtype=np.int64),
        np.array([size for _, size in nodes], dtype=np.float64),
    )


def _thinned(residuals: Residuals) -> list[list[float]]:
    values, shares = residuals.values, residuals.shares
    if len(values) > _STEPS:
        kept = np.unique(np.linspace(0, len(values) - 1, _STEPS).astype(np.int64))
        values, shares = values[kept], shares[kept]
    return [np.round(values, 5).tolist(), np.round(shares, 6).tolist()]


def weekdays_as_numbers(weekdays: Weekdays) -> list[list[float]]:
    found: list[list[float]] = np.round(weekdays.factors, 4).tolist()
    return found


def row_of(data: bytes | memoryview) -> Floats:
    """A table's row as it is kept: float32."""
    return np.frombuffer(bytes(data), dtype=np.float32).astype(np.float64)


def bytes_of(row: Floats) -> bytes:
    return row.astype(np.float32).tobytes()
