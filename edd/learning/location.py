"""Where the middle lies: a ridge on log(1 + business days), and what it misses.

A closed form: a few facts of the parcel, and an effect for each place, merchant or class, shrunken
towards zero by how few parcels speak for it. Parcels that are still open have no length yet;
those that came weigh more in their stead (inverse probability of censoring). What the model
misses is not assumed to be normal: it is a Kaplan–Meier distribution, in which open parcels
count, of the last weeks, so it carries the present pace of the network.

Sources: Kaplan & Meier 1958 (doi 10.1080/01621459.1958.10501452); for the weights Robins &
Finkelstein 2000 (doi 10.1111/j.0006-341X.2000.00779.x).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edd.learning.clocks import Bools, Ints
from edd.learning.knobs import DAYS, KNOBS, Knobs
from edd.learning.tables import Floats

#: Rounds of fitting facts and effects in turn.
_ROUNDS = 3
#: No parcel stands in for more than so many.
_MOST_WEIGHT = 20.0
#: A length of j business days lies between j - 1/2 and j + 1/2.
_HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """One kind of effect: of which node, and by how much, on log(1 + days)."""

    nodes: Ints
    sizes: Floats

    def of(self, nodes: Ints) -> Floats:
        if not len(self.nodes):
            return np.zeros(len(nodes))
        at = np.minimum(np.searchsorted(self.nodes, nodes), len(self.nodes) - 1)
        return np.where(self.nodes[at] == nodes, self.sizes[at], 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Residuals:
    """A distribution as steps: `shares[k]` have a residual of `values[k]` or less."""

    values: Floats
    shares: Floats

    def below(self, values: Floats) -> Floats:
        if not len(self.values):
            return np.zeros_like(values)
        return np.interp(values, self.values, self.shares, left=0.0, right=float(self.shares[-1]))


@dataclass(frozen=True, slots=True, eq=False)
class Location:
    """The fitted model; `chances` is the only question."""

    means: Floats
    scales: Floats
    weights: Floats
    effects: Sequence[Effects]
    #: Where the classes of expected length end, and each one's residuals; all together first.
    edges: Floats
    residuals: Sequence[Residuals]
    class_share: float

    def middle(self, facts: Floats, groups: Sequence[Ints]) -> Floats:
        """The expected log(1 + business days) of each parcel."""
        found: Floats = _columns(facts, self.means, self.scales) @ self.weights
        for effects, nodes in zip(self.effects, groups, strict=True):
            found = found + effects.of(nodes)
        return found

    def chances(self, facts: Floats, groups: Sequence[Ints]) -> Floats:
        """The chance of each business day (n × DAYS); what is missing comes later."""
        middle = self.middle(facts, groups)
        ends = np.log1p(np.arange(DAYS) + _HALF)[None, :] - middle[:, None]
        shares = self.residuals[0].below(ends)
        which = np.digitize(middle, self.edges)
        for place, own in enumerate(self.residuals[1:]):
            mine = which == place
            if mine.any() and len(own.values):
                shares[mine] = (
                    self.class_share * own.below(ends[mine])
                    + (1.0 - self.class_share) * shares[mine]
                )
        return np.diff(shares, axis=1, prepend=0.0)


def fit(
    facts: Floats,
    groups: Sequence[Ints],
    lengths: Ints,
    came: Bools,
    age: Floats,
    *,
    knobs: Knobs = KNOBS,
) -> Location:
    """Fit it on parcels that have come (`came`) and those that have not.

    `facts` n × p, NaN where one is not known; `groups` a node for each effect and parcel;
    `lengths` business days, to the end or so far; `age` how many days ago that was.
    """
    heard = 0.5 ** (age / knobs.effects_half_life)
    weight = heard * _stand_ins(lengths, came, heard)
    target = np.log1p(lengths.astype(np.float64))
    known = came & (weight > 0)
    means, scales = _scales(facts[known], weight[known])
    columns = _columns(facts, means, scales)
    weights, effects = _solve(
        columns[known], [group[known] for group in groups], target[known], weight[known], knobs
    )
    middle = columns @ weights
    for effect, nodes in zip(effects, groups, strict=True):
        middle = middle + effect.of(nodes)
    recent = 0.5 ** (age / knobs.residuals_half_life)
    edges = np.quantile(middle, np.arange(1, knobs.classes) / knobs.classes)
    which = np.digitize(middle, edges)
    missed = target - middle
    residuals = [kaplan_meier(missed, came, recent)]
    for place in range(knobs.classes):
        mine = which == place
        residuals.append(kaplan_meier(missed[mine], came[mine], recent[mine]))
    return Location(means, scales, weights, effects, edges, residuals, knobs.class_share)


def kaplan_meier(values: Floats, came: Bools, weight: Floats) -> Residuals:
    """The distribution of `values`; of those that have not come only "more" is known."""
    if not len(values):
        return Residuals(values, values)
    order = np.lexsort((~came, values))
    value, event, share = values[order], came[order], weight[order]
    at_risk = np.cumsum(share[::-1])[::-1]
    lost = np.where(event, share / np.maximum(at_risk, 1e-300), 0.0)
    left = np.cumprod(1.0 - lost, dtype=np.float64)
    return Residuals(value, 1.0 - left)


def _stand_ins(lengths: Ints, came: Bools, weight: Floats) -> Floats:
    """How many parcels each one that came stands for: 1 / the chance to be seen so long."""
    order = np.lexsort((came, lengths))
    event, share = came[order], weight[order]
    at_risk = np.cumsum(share[::-1])[::-1]
    seen = np.cumprod(1.0 - np.where(event, 0.0, share / np.maximum(at_risk, 1e-300)))
    before = np.concatenate(([1.0], seen[:-1]))
    found = np.zeros(len(lengths))
    found[order] = np.where(event, 1.0 / np.maximum(before, 1.0 / _MOST_WEIGHT), 0.0)
    return found


def _scales(facts: Floats, weight: Floats) -> tuple[Floats, Floats]:
    if not len(facts):
        return np.zeros(facts.shape[1]), np.ones(facts.shape[1])
    known = ~np.isnan(facts)
    shares = weight[:, None] * known
    total = np.maximum(shares.sum(axis=0), 1e-300)
    means = (shares * np.nan_to_num(facts)).sum(axis=0) / total
    spread = np.sqrt((shares * (np.nan_to_num(facts) - means) ** 2).sum(axis=0) / total)
    # A fact that is the same for all says nothing; dividing by nothing would say much.
    return means, np.where(spread > 1e-6, spread, 1e9)


def _columns(facts: Floats, means: Floats, scales: Floats) -> Floats:
    """Standardised, after a column of ones; what is not known counts as the mean."""
    return np.column_stack((np.ones(len(facts)), np.nan_to_num((facts - means) / scales)))


def _solve(
    columns: Floats, groups: Sequence[Ints], target: Floats, weight: Floats, knobs: Knobs
) -> tuple[Floats, list[Effects]]:
    """Facts and effects in turn, each on what the others leave."""
    penalty = knobs.ridge * np.diag([0.0, *np.ones(columns.shape[1] - 1)])
    weighted = columns * weight[:, None]
    # A little more than nothing on the diagonal: without parcels there is still an answer.
    matrix = columns.T @ weighted + penalty + 1e-9 * np.eye(columns.shape[1])
    nodes, places = [], []
    for group in groups:
        node, place = np.unique(group, return_inverse=True)
        nodes.append(node)
        places.append(place)
    sizes: list[Floats] = [np.zeros(len(node), dtype=np.float64) for node in nodes]
    totals = [
        np.bincount(place, weight, len(size)) for place, size in zip(places, sizes, strict=True)
    ]
    found: Floats = np.zeros(columns.shape[1], dtype=np.float64)
    by_group = [size[place] for size, place in zip(sizes, places, strict=True)]
    for _ in range(_ROUNDS):
        left = target - sum(by_group, np.zeros(len(target)))
        found = np.asarray(np.linalg.solve(matrix, weighted.T @ left), dtype=np.float64)
        left = left - columns @ found
        for at, place in enumerate(places):
            # This group's own share is put back before it is shared out anew.
            left = left + by_group[at]
            sums = np.bincount(place, weight * left, len(sizes[at]))
            sizes[at] = sums / (totals[at] + knobs.effect_weight)
            by_group[at] = sizes[at][place]
            left = left - by_group[at]
    return found, [Effects(node, size) for node, size in zip(nodes, sizes, strict=True)]
