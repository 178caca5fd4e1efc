"""The nights and weeks of learning: what parcels did since the last time becomes rows of `edd`.

Each night counts the days that are over and settled, each once; each week fits the location
models anew. Both may be cut off at any moment and run again: a night is one transaction, and
the day up to which it counted moves with its counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db import connection

from edd import knowledge, learned_rows
from edd.learned_rows import Gathered, merchants_of
from edd.learning import nodes
from edd.learning.clocks import Spans
from edd.learning.knobs import KNOBS
from edd.learning.nodes import Column, Level
from edd.learning.tables import count
from edd.models import Clock
from tracking import past_states
from tracking.past_parcels import chunks

#: Carriers tell some scans late: a day is counted when it is so long over.
SETTLES: Final = timedelta(days=2)
#: The lock of those who learn; any number that nobody else takes.
_LOCK: Final = 0x65646400
#: How far the first night looks back.
FIRST_LOOK: Final = timedelta(days=240)


def learn_nights(*, now: datetime) -> int:
    """Count all days that are over and settled and were not counted; returns how many days.

    In `every_merchant`, one transaction. While another worker counts, there is nothing to do.
    """
    if not alone():
        return 0
    until = now.date() - SETTLES
    since = min(
        (learned_rows.learned_until(clock) or until - FIRST_LOOK for clock in Clock.values),
        default=until,
    )
    if since >= until:
        return 0
    found = {
        Clock.PROCESSING: Gathered(nodes.PROCESSING),
        Clock.TRANSIT: Gathered(nodes.TRANSIT),
        Clock.STATE: Gathered(nodes.STATE),
    }
    days = since.toordinal(), until.toordinal() - 1
    for chunk in chunks(since):
        where = chunk.parcels.where
        _gather(found[Clock.PROCESSING], where.levels(nodes.PROCESSING), where.merchant,
                chunk.parcels.processing, days)  # fmt: skip
        _gather(found[Clock.TRANSIT], where.levels(nodes.TRANSIT), where.merchant,
                chunk.parcels.transit, days)  # fmt: skip
        visits = past_states.visits(chunk, since=since)
        if visits is not None:
            _gather(found[Clock.STATE], visits.where.levels(nodes.STATE), visits.where.merchant,
                    visits.spans, days)  # fmt: skip
    for clock, gathered in found.items():
        learned_rows.write(clock, gathered, until=until)
        learned_rows.note_until(clock, until)
    knowledge.forget()
    return (until - since).days


def alone() -> bool:
    """Whether nobody else learns until this transaction ends: no day is counted twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _gather(
    gathered: Gathered,
    levels: Sequence[Level],
    merchant: Column,
    spans: Spans,
    days: tuple[int, int],
) -> None:
    first, last = days
    who = np.flatnonzero((spans.start > 0) & (spans.start <= last))
    if not len(who):
        return
    mine = [Level(level.nodes[who], level.names) for level in levels]
    counted = count(
        spans.chosen(who),
        [level.nodes for level in mine],
        first=first,
        last=last,
        half_life=KNOBS.half_life,
    )
    mine_of = merchant.chosen(who)
    givers = {node: who for level in mine for node, who in merchants_of(level, mine_of).items()}
    gathered.add(mine, counted, givers)
