"""Each week the location models anew, on an even sample of the parcels of the last months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
from django.conf import settings

from edd import knowledge, learned_rows
from edd.learning import nodes, weekdays
from edd.learning.engine import fit_clock, in_window
from edd.learning.knobs import KNOBS
from edd.learning.location import Location
from edd.learning.nodes import Level, Path
from edd.learning.parcels import processing_facts, transit_facts
from edd.learning.saved import as_numbers
from edd.models import Clock, Learned, OwnEffects
from tracking.past_parcels import Chunk, chunks, how_many

#: More parcels than this teach nothing more.
ENOUGH: Final = 50_000
#: Fewer than this and there is no model: the tables speak alone.
FEWEST: Final = 200
WEEK: Final = timedelta(days=7)


def fit_weekly(*, now: datetime, settles: timedelta) -> int:
    """Fit both models where the last time is a week ago; returns the parcels used.

    In `every_merchant`, one transaction.
    """
    until = now.date() - settles
    fitted = Learned.objects.filter(clock=Clock.TRANSIT).values_list("fitted_on", flat=True).first()
    if fitted is not None and until - fitted < WEEK:
        return 0
    since = until - timedelta(days=KNOBS.window)
    chunk = _sample(since)
    if chunk is None or len(chunk.parcels) < FEWEST:
        return 0
    parcels, last = chunk.parcels, until.toordinal()
    packing = parcels.where.levels(nodes.PROCESSING_EFFECTS)
    road = parcels.where.levels(nodes.TRANSIT_EFFECTS)
    recent = parcels.transit.chosen(in_window(parcels.transit, last))
    days = weekdays.learn(recent, until=last)
    factors = dict(zip(chunk.keys, np.round(days.factors, 4).tolist(), strict=True))
    for clock, spans, levels, facts, path, more in (
        (Clock.PROCESSING, parcels.processing, packing, processing_facts(parcels),
         nodes.PROCESSING_EFFECTS, {}),
        (Clock.TRANSIT, parcels.transit, road, transit_facts(parcels),
         nodes.TRANSIT_EFFECTS, {"weekdays": factors}),
    ):  # fmt: skip
        model = fit_clock(spans, [one.nodes for one in levels], facts, last)
        _save(clock, model, path, levels, chunk, until, more)
    knowledge.forget()
    return len(parcels)


def _sample(since: date) -> Chunk | None:
    every = how_many(since) // ENOUGH + 1
    return next(chunks(since, size=2 * ENOUGH, every=every), None)


def _save(
    clock: str,
    model: Location,
    path: Path,
    levels: Sequence[Level],
    chunk: Chunk,
    until: date,
    more: Mapping[str, Any],
) -> None:
    """Shared effects into the model's row, each merchant's own into its own."""
    merchant = chunk.parcels.where.merchant
    shared: list[dict[int, float]] = []
    own: dict[int, list[dict[str, float]]] = defaultdict(lambda: [{} for _ in path])
    for place, (step, level, effects) in enumerate(zip(path, levels, model.effects, strict=True)):
        sizes = dict(zip(effects.nodes.tolist(), effects.sizes.tolist(), strict=True))
        givers = learned_rows.merchants_of(level, merchant)
        pooled = {}
        for node, size in sizes.items():
            if step.is_own:
                own[int(next(iter(givers[node])))][place][str(node)] = round(size, 5)
            elif len(givers[node]) >= settings.POOL_FEWEST_MERCHANTS:
                pooled[node] = size
        shared.append(pooled)
    Learned.objects.update_or_create(
        clock=clock,
        defaults={
            "fitted_on": until,
            "model": as_numbers(model, shared) | dict(more),
            "parcels": len(chunk.parcels),
        },
        create_defaults={
            "until": until,
            "fitted_on": until,
            "model": as_numbers(model, shared) | dict(more),
            "parcels": len(chunk.parcels),
        },
    )
    OwnEffects.objects.filter(clock=clock).delete()
    OwnEffects.objects.bulk_create(
        OwnEffects(merchant_id=merchant_id, clock=clock, sizes=sizes, fitted_on=until)
        for merchant_id, sizes in own.items()
    )
