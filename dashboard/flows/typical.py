"""What the buyer of a typical order hears, and when: an example that the rules are read by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from dashboard.clock import Clock
from dashboard.flows.sentence import named, usable
from lib import formats
from lib.vocabulary import Milestone
from notifications.calm import Peace, quiet_until
from notifications.channels.registry import Kind, Reach
from notifications.rules import Ruling, chains_of
from notifications.triggers import BUYER

#: When each thing happens to an order of the first day: (day, hour).
_WAY: Final[Sequence[tuple[str, int, time]]] = (
    (Milestone.PLACED, 1, time(10)),
    (Milestone.CONFIRMED, 1, time(10, 20)),
    (Milestone.PACKED, 1, time(16)),
    (Milestone.SHIPPED, 2, time(11)),
    (Milestone.IN_TRANSIT, 2, time(22, 30)),
    ("arriving_tomorrow", 3, time(18)),
    ("arriving_today", 4, time(8, 30)),
    (Milestone.OUT_FOR_DELIVERY, 4, time(9, 10)),
    (Milestone.DELIVERED, 4, time(14, 30)),
    ("all_delivered", 4, time(14, 30)),
    ("feedback", 4, time(14, 30)),
)
#: What reaches somebody who did nothing but order.
_REACHES: Final = frozenset({Reach.EMAIL, Reach.PHONE})


@dataclass(frozen=True, slots=True)
class _Heard:
    at: datetime
    label: str
    channels: Sequence[str]


def typical(
    rules: Sequence[Ruling], *, kinds: Mapping[str, Kind], peace: Peace, clock: Clock, country: str
) -> dict[str, Any]:
    """For `flows/_typical.html`: {sentence, rows: list of {day, time, label, ways}}.

    Rules that only hold for some orders are left out.
    """
    start = datetime.combine(clock.today, time(0), tzinfo=clock.zone)
    found = sorted(_heard(rules, kinds, peace, start, country), key=lambda one: one.at)
    counts = Counter(slug for one in found for slug in one.channels)
    rows, shown = [], 0
    for one in found:
        local = one.at.astimezone(clock.zone)
        day = (local.date() - start.date()).days + 1
        rows.append(
            {
                "day": _("Day %(n)s") % {"n": day} if day != shown else "",
                "time": formats.time_of_day(local, clock.language),
                "label": one.label,
                "ways": formats.listing([named(slug) for slug in one.channels], clock.language),
            }
        )
        shown = day
    return {"sentence": _sentence(counts, kinds, clock.language), "rows": rows}


def _heard(
    rules: Sequence[Ruling],
    kinds: Mapping[str, Kind],
    peace: Peace,
    start: datetime,
    country: str,
) -> list[_Heard]:
    found: list[_Heard] = []
    for topic, day, clock in _WAY:
        at = datetime.combine(start.date() + timedelta(days=day - 1), clock, tzinfo=start.tzinfo)
        for rule in rules:
            if rule.trigger.slug != topic or not rule.is_on or rule.conditions:
                continue
            if BUYER in rule.roles:
                due = at + timedelta(minutes=rule.delay_minutes)
                found += _told(rule, due, kinds, peace, country)
    return found


def _told(
    rule: Ruling, due: datetime, kinds: Mapping[str, Kind], peace: Peace, country: str
) -> list[_Heard]:
    """One entry a moment: what rings may wait for the morning, a letter does not."""
    by_moment: dict[datetime, list[str]] = {}
    for chain in usable(chains_of(rule), kinds):
        first = next((slug for slug in chain if kinds[slug].reach in _REACHES), None)
        if first is None:
            continue
        zone = due.tzinfo
        assert isinstance(zone, ZoneInfo)
        waits = kinds[first].rings and not rule.at_night
        at = quiet_until(due, zone, peace, country=country) if waits else due
        by_moment.setdefault(at, []).append(first)
    label = rule.name or str(rule.trigger.label)
    return [_Heard(at, label, channels) for at, channels in by_moment.items()]


def _sentence(counts: Counter[str], kinds: Mapping[str, Kind], language: str) -> str:
    if not counts:
        return _("The buyer of a typical order hears nothing.")
    told = [
        _("%(n)s by %(way)s") % {"n": formats.number(counts[slug], language), "way": named(slug)}
        for slug in kinds
        if counts[slug]
    ]
    return _("The buyer of a typical order hears this: %(counts)s.") % {
        "counts": formats.listing(told, language)
    }
