"""Where a parcel stands: its newest scan, and for how many business days there was none since.

A scan sharpens a date, silence does not: most of what is known of a parcel on the road is what
was said of it last. So each state has a clock of its own, from the day it began.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

#: Silence begins another state on these business days after the scan.
SILENCES: Final = (0, 1, 2, 3, 5, 8, 12)


def state_of(stage: str, silent: int) -> str:
    """The state's name; `silent` is in business days since the scan that began the stage."""
    return f"{stage}:{begins(silent)}"


def begins(silent: int) -> int:
    """On which business day after the scan the state began that holds after `silent` days."""
    return SILENCES[bisect_right(SILENCES, max(silent, 0)) - 1]
