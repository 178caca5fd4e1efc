"""How much work each benchmark does: SIZE=tiny (the smoke test), small, default or large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """Counts; `repeats` is how often the limit and the thing take turns."""

    repeats: int
    ingest_batches: int
    poll_parcels: int
    #: Tables of these sizes are seeded to claim `claimed` due parcels from.
    claim_from: tuple[int, ...]
    claimed: int
    page_requests: int


SIZES: Final = {
    "tiny": Size(1, 2, 40, (200,), 50, 20),
    "small": Size(3, 6, 500, (20_000,), 1000, 300),
    "default": Size(5, 10, 2_000, (20_000,), 1000, 1000),
    "large": Size(5, 20, 20_000, (20_000, 2_000_000), 1000, 3000),
}
