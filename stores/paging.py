"""Walking through a window of orders by their times, where a shop counts rows instead. No Django.

Counting rows skips some when an order changes while we ask: it moves, and the rows behind it move
up. So each page begins at the last time that was seen; rows are counted only within one second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stores.shop import Window


@dataclass(frozen=True, slots=True)
class Reached:
    """How far the walk is: rows from `since` on are asked for, of which `skipped` are here."""

    since: datetime
    skipped: int = 0

    @classmethod
    def read(cls, cursor: str, window: Window) -> Reached:
        """From a cursor that `after` gave, "" at first."""
        if not cursor:
            return cls(window.since)
        since, _, skipped = cursor.partition("|")
        return cls(datetime.fromisoformat(since), int(skipped))

    def after(self, times: Sequence[datetime | None]) -> str:
        """The cursor behind a full page of rows with these times, oldest first.

        A second earlier than the last one: shops differ on whether the bound is included, and
        what comes twice changes nothing.
        """
        last = max((at for at in times if at is not None), default=self.since)
        since = last - timedelta(seconds=1)
        if since > self.since:
            return f"{since.isoformat()}|0"
        return f"{self.since.isoformat()}|{self.skipped + len(times)}"
