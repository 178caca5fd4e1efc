"""Whose history speaks for a parcel: from the prior of its stage to its service on its lane. Pure.

    prior of the stage → carrier → lane of the carrier → service on that lane
                                 ↘ service of the carrier ↗

A lane says more than a service, so a service on a lane begins from the lane's table, and from
the service's where the lane has none. A node with fewer than FEWEST scans is passed over, and so
is one below the carrier that another merchant's parcels alone have filled (`shared`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from tracking.gaps import Counts, service_key, status_stage
from tracking.hazards import ANY, Hazard, fit

#: A node with fewer scans has no table of its own.
FEWEST: Final = 30.0


@dataclass(frozen=True, slots=True)
class Node:
    """What history is kept for: a carrier's stage, on one lane or ("") on all of them, with one
    service (as `tracking.gaps.service_key` spells it) or ("") with any."""

    carrier: str
    lane: str
    stage: str
    service: str = ""

    @property
    def is_carrier(self) -> bool:
        return not (self.lane or self.service)


class Counted(Protocol):
    """Where counts come from; a dict will do."""

    def get(self, node: Node, /) -> Counts | None: ...


#: Whether a node may speak to this merchant: enough merchants filled it, or this one alone.
Shared = Callable[[Node, int | None], bool]
#: From the carrier's node to the most special one that speaks; empty: only the prior does.
Path = tuple[Node, ...]


def _to_everybody(node: Node, merchant: int | None) -> bool:
    return True


class GapTables:
    """The hazard of every carrier, lane, service and stage, fitted when first asked for."""

    def __init__(
        self,
        priors: Mapping[str, Hazard],
        counts: Counted,
        *,
        shared: Shared = _to_everybody,
    ) -> None:
        self._priors = priors
        self._counts = counts
        self._shared = shared
        self._paths: dict[tuple[str, str, str, str, int | None], Path] = {}
        self._fitted: dict[Path, Hazard] = {}

    def find(
        self, carrier: str, lane: str, stage: str, service: str = "", *, merchant: int | None = None
    ) -> Hazard:
        """The hazard for a parcel of this merchant; `service` in any spelling."""
        return self._hazard(self.path(carrier, lane, stage, service, merchant=merchant), stage)

    def path(
        self, carrier: str, lane: str, stage: str, service: str = "", *, merchant: int | None = None
    ) -> Path:
        """The nodes that speak, the carrier's first."""
        key = (carrier, lane, stage, service, merchant)
        found = self._paths.get(key)
        if found is None:
            found = self._paths[key] = self._walk(*key)
        return found

    def counts(self, node: Node) -> Counts:
        """What a node of a path was counted from."""
        return self._counts.get(node) or Counts()

    def may_tell(self, node: Node, merchant: int | None) -> bool:
        """Whether figures of this node may be shown to this merchant; stricter for carriers."""
        return self._shared(node, merchant)

    def prior(self, stage: str) -> Hazard:
        for name in (stage, status_stage(stage), ANY):
            if name in self._priors:
                return self._priors[name]
        raise LookupError("the priors have no table for any stage")

    def _walk(
        self, carrier: str, lane: str, stage: str, service: str, merchant: int | None
    ) -> Path:
        named = service_key(service)
        levels: tuple[list[Node], ...] = ([Node(carrier, "", stage)], [], [])
        if lane:
            levels[1].append(Node(carrier, lane, stage))
        if named:
            levels[1].append(Node(carrier, "", stage, named))
        if lane and named:
            levels[2].append(Node(carrier, lane, stage, named))
        speaking = ([node for node in level if self._speaks(node, merchant)] for level in levels)
        return tuple(nodes[0] for nodes in speaking if nodes)

    def _speaks(self, node: Node, merchant: int | None) -> bool:
        counts = self._counts.get(node)
        if counts is None or counts.total < FEWEST:
            return False
        return node.is_carrier or self._shared(node, merchant)

    def _hazard(self, path: Path, stage: str) -> Hazard:
        if not path:
            return self.prior(stage)
        found = self._fitted.get(path)
        if found is None:
            parent = self._hazard(path[:-1], stage)
            found = self._fitted[path] = fit(self.counts(path[-1]), parent)
        return found
