"""What became of a merchant's messages, counted: by rule and channel, by month and country.

Grouped in the database, over (merchant, created_at); nothing here knows a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf, TruncMonth

from notifications.models import Message
from notifications.reasons import Unsent

_State = Message.State
#: Messages that a shopper was spared because they would have said nothing new.
SPARED: Final = frozenset({Unsent.SUPERSEDED, Unsent.SEEN, Unsent.ENOUGH, Unsent.NOT_TRUE})
_SENT: Final = (_State.SENT, _State.DELIVERED)


@dataclass(slots=True)
class Figures:
    """Counts of messages. `sent` includes what arrived; `unsent` is by reason code; `cost` by
    currency."""

    planned: int = 0
    sent: int = 0
    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    failed: int = 0
    segments: int = 0
    unsent: Counter[str] = field(default_factory=Counter)
    cost: dict[str, Decimal] = field(default_factory=dict)

    @property
    def not_sent(self) -> int:
        return sum(self.unsent.values())

    @property
    def spared(self) -> int:
        return sum(n for code, n in self.unsent.items() if code in SPARED)

    def add(self, other: Figures) -> None:
        for name in ("planned", "sent", "delivered", "opened", "clicked", "failed", "segments"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.unsent += other.unsent
        for currency, amount in other.cost.items():
            self.cost[currency] = self.cost.get(currency, Decimal(0)) + amount


def total(parts: Iterable[Figures]) -> Figures:
    """All of them together."""
    found = Figures()
    for one in parts:
        found.add(one)
    return found


def by_rule(*, since: datetime) -> Mapping[tuple[str, str], Figures]:
    """By (a rule's slug, a channel) of what was made from then on; in the merchant's scope.

    What was written before messages knew their rule counts for their topic's own.
    """
    rule = Coalesce(NullIf(F("rule"), Value("")), F("topic"))
    rows = _counted(_auto(since), slug=rule)
    found: dict[tuple[str, str], Figures] = defaultdict(Figures)
    for row in rows:
        found[row["slug"], row["channel"]].add(_figures(row))
    return found


@dataclass(frozen=True, slots=True)
class Use:
    """One month's messages by one channel to one country."""

    month: datetime
    channel: str
    country: str
    figures: Figures


def by_month(*, since: datetime, zone: ZoneInfo) -> Sequence[Use]:
    """Newest month first, in the shop's own zone; in the merchant's scope."""
    rows = _counted(
        _auto(since),
        month=TruncMonth("created_at", tzinfo=zone),
        country=F("order__country"),
    )
    found: dict[tuple[datetime, str, str], Figures] = defaultdict(Figures)
    for row in rows:
        found[row["month"], row["channel"], row["country"]].add(_figures(row))
    uses = [Use(*key, figures=figures) for key, figures in found.items()]
    return sorted(uses, key=lambda one: (-one.month.timestamp(), one.channel, one.country))


def _auto(since: datetime) -> QuerySet[Message]:
    return Message.objects.filter(created_at__gte=since, purpose=Message.Purpose.AUTO)


def _counted(rows: QuerySet[Message], **groups: Any) -> Any:
    """One row a group and channel, state and reason apart, so that each is counted once."""
    return (
        rows.values("channel", "state", "reason_code", "cost_currency", **groups)
        .annotate(
            n=Count("pk"),
            opened=Count("pk", filter=Q(opened_at__isnull=False)),
            clicked=Count("pk", filter=Q(clicked_at__isnull=False)),
            parts=Sum("segments"),
            paid=Sum("cost"),
        )
        .order_by()
    )


def _figures(row: Mapping[str, Any]) -> Figures:
    n, state = int(row["n"]), row["state"]
    made = Figures(opened=row["opened"], clicked=row["clicked"], segments=row["parts"] or 0)
    if state in _SENT:
        made.sent = n
        made.delivered = n if state == _State.DELIVERED else 0
    elif state == _State.FAILED:
        made.failed = n
    elif state == _State.SKIPPED:
        made.unsent[row["reason_code"]] = n
    else:
        made.planned = n
    if row["paid"]:
        made.cost[row["cost_currency"]] = row["paid"]
    return made
