"""How much work each benchmark does: SIZE=tiny (the smoke test), small, default or large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """Counts; a `repeats` says how often the limit and the thing take turns."""

    repeats: int
    ingest_batches: int
    poll_repeats: int
    poll_parcels: int
    #: How long the carrier takes to answer, in milliseconds.
    latencies: tuple[int, ...]
    #: 1,000 due parcels are claimed from tables of these sizes.
    claim_from: tuple[int, ...]
    page_requests: int
    #: Journeys of each kind that are replayed.
    policy_parcels: int
    #: Invented shops of each size in each country.
    feed_shops: int


SIZES: Final = {
    "tiny": Size(1, 1, 1, 40, (0,), (1_000,), 20, 15, 1),
    "small": Size(3, 6, 2, 500, (0, 100), (20_000,), 200, 80, 3),
    "default": Size(5, 10, 3, 2_000, (0, 100), (20_000,), 500, 300, 8),
    "large": Size(5, 20, 1, 20_000, (0, 100), (20_000, 2_000_000), 2_000, 1000, 20),
}
