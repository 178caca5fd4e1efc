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
    #: Rows of a file that are read and checked, and of one that is imported.
    csv_read_rows: int
    csv_rows: int
    #: Requests of each kind a pass, seconds of a steady stream, orders written at once.
    intake_requests: int
    intake_seconds: int
    intake_orders: int
    #: Delivered parcels that are learned from.
    learned_parcels: int
    #: Changes of one burst that become messages.
    changes: int
    #: Parcels of a month that rules are tried on.
    dry_run_parcels: int
    #: Messages of one merchant that are counted.
    messages: int
    #: Refusals of the look-up that are timed.
    lookups: int
    #: Parcels among which a page's first visit is timed.
    page_parcels: tuple[int, ...]


SIZES: Final = {
    "tiny": Size(
        1,
        1,
        1,
        40,
        (0,),
        (1_000,),
        20,
        15,
        1,
        200,
        30,
        20,
        1,
        600,
        4_000,
        40,
        200,
        500,
        40,
        (50, 200),
    ),
    "small": Size(
        3,
        6,
        2,
        500,
        (0, 100),
        (20_000,),
        200,
        80,
        3,
        20_000,
        2_000,
        300,
        5,
        10_000,
        40_000,
        2_000,
        5_000,
        50_000,
        1_000,
        (1_000, 10_000),
    ),
    "default": Size(
        5,
        10,
        3,
        2_000,
        (0, 100),
        (20_000,),
        500,
        300,
        8,
        100_000,
        100_000,
        500,
        10,
        100_000,
        1_000_000,
        10_000,
        50_000,
        1_000_000,
        10_000,
        (10_000, 200_000),
    ),
    "large": Size(
        5,
        20,
        1,
        20_000,
        (0, 100),
        (20_000, 2_000_000),
        2_000,
        1000,
        20,
        100_000,
        100_000,
        2_000,
        30,
        100_000,
        1_000_000,
        10_000,
        50_000,
        1_000_000,
        10_000,
        (10_000, 2_000_000),
    ),
}
