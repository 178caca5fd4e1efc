"""The engine held to account: walked forward through a file of orders, week by week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from edd.backtest.metrics import score, score_peer
from edd.backtest.reading import read
from edd.backtest.walking import walk
from edd.learning.knobs import KNOBS, Knobs


def run(
    file: Path,
    *,
    start: date,
    country: str = "",
    knobs: Knobs = KNOBS,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Every figure of the protocol, by name. Raises reading.Unreadable, OSError."""
    orders = read(file, country=country)
    at_order, at_hand_over = walk(orders, start=start, knobs=knobs, progress=progress)
    return {
        "order": score(orders, at_order, knobs),
        "handover": score(orders, at_hand_over, knobs),
        "peer": {
            "order": score_peer(orders, at_order),
            "handover": score_peer(orders, at_hand_over),
        },
    }
