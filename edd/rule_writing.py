"""What a merchant decides about dates, written down: the only writer of the rules' tables.

In the merchant's scope. Whoever calls asks for open parcels to be dated anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db import transaction
from django.db.utils import IntegrityError

from edd.estimate import SOURCES, Source
from edd.handling import Handling, folded
from edd.lanes import Lane
from edd.models import DateRules, HandlingRule, LaneDays

Changed = dict[str, Any]
"""By the name of a value: what it was and what it is now. For the activity log."""


class KnownAlready(ValueError):
    """There is a rule for the same goods or the same lane."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What counts where no rule says otherwise; see `edd.models.DateRules`."""

    cut_off: time
    zone: str
    handling_days: int
    rest_days: tuple[int, ...]
    level: int
    announce_days: int


def save_usual(*, merchant_id: int, usual: Usual) -> Changed:
    """Keep these values. Returns what changed: nothing, where they were so already."""
    row, _ = DateRules.objects.get_or_create(merchant_id=merchant_id)
    wanted: dict[str, object] = {
        "cut_off": usual.cut_off,
        "zone": usual.zone,
        "handling_days": usual.handling_days,
        "rest_days": list(usual.rest_days),
        "level": usual.level,
        "announce_days": usual.announce_days,
    }
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if changed:
        DateRules.objects.filter(pk=row.pk).update(**changed)
    return {name: [_plain(getattr(row, name)), _plain(value)] for name, value in changed.items()}


def save_rest_days(*, merchant_id: int, rest_days: Sequence[int]) -> None:
    """Keep a weekend of the warehouse's own; none means the country's, which needs no row."""
    rows = DateRules.objects.filter(merchant_id=merchant_id)
    if not rows.update(rest_days=list(rest_days)) and rest_days:
        DateRules.objects.create(merchant_id=merchant_id, rest_days=list(rest_days))


def save_sources(*, merchant_id: int, sources: Sequence[Source]) -> None:
    """Keep whose word counts first. Each of `SOURCES` stands there once; else ValueError."""
    if sorted(sources) != sorted(SOURCES):
        raise ValueError("every source has one place in the order")
    DateRules.objects.update_or_create(
        merchant_id=merchant_id, defaults={"sources": list(sources)}
    )  # fmt: skip


def save_handling(
    *, merchant_id: int, rule: Handling, row: HandlingRule | None = None
) -> HandlingRule:
    """Add this rule, or put it in the place of `row`. Raises KnownAlready."""
    row = row or HandlingRule(merchant_id=merchant_id)
    row.kind, row.match = rule.kind, folded(rule.match)
    row.handling_days, row.cut_off = rule.handling_days, rule.cut_off
    _save(row)
    return row


def save_lane(*, merchant_id: int, lane: Lane, row: LaneDays | None = None) -> LaneDays:
    """Add these days, or put them in the place of `row`. Raises KnownAlready."""
    row = row or LaneDays(merchant_id=merchant_id)
    row.carrier, row.service = lane.carrier, " ".join(lane.service.split())
    row.from_country, row.to_country = lane.from_country, lane.to_country
    row.fastest, row.slowest = lane.transit.fastest, lane.transit.slowest
    _save(row)
    return row


def remove(row: HandlingRule | LaneDays) -> None:
    """Forget one rule; the usual values count again."""
    type(row).objects.filter(pk=row.pk).delete()


def _save(row: HandlingRule | LaneDays) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise KnownAlready(str(row)) from error


def _plain(value: object) -> object:
    """As the activity log shows it."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return value
