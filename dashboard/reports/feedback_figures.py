"""What shoppers said of deliveries and of the shop, in counts: two queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from tracking.feedback import LOW, MARKS
from tracking.models import Feedback


@dataclass(slots=True)
class Marks:
    """How often each mark was given."""

    counts: Counter[int] = field(default_factory=Counter)

    @property
    def n(self) -> int:
        return self.counts.total()

    @property
    def mean(self) -> float:
        """From 1 to 5; 0 where nobody said anything."""
        return sum(mark * n for mark, n in self.counts.items()) / self.n if self.n else 0.0

    @property
    def low(self) -> int:
        return sum(self.counts[mark] for mark in MARKS if mark <= LOW)


@dataclass(frozen=True, slots=True)
class Figures:
    """Marks of the shop, and of each carrier by its slug, most judged first."""

    shop: Marks
    carriers: Mapping[str, Marks]

    @property
    def all_carriers(self) -> Marks:
        found = Marks()
        for marks in self.carriers.values():
            found.counts += marks.counts
        return found


def figures(*, now: datetime, days: int) -> Figures:
    """Of what was given in the last `days` days; in the merchant's scope."""
    rows = (
        given(now=now, days=days)
        .order_by()
        .values_list("about", "shipment__carrier", "mark")
        .annotate(n=Count("pk"))
    )
    shop, carriers = Marks(), defaultdict[str, Marks](Marks)
    for about, carrier, mark, n in rows:
        marks = shop if about == Feedback.About.SHOP else carriers[carrier]
        marks.counts[mark] += n
    most_first = sorted(carriers.items(), key=lambda pair: (-pair[1].n, pair[0]))
    return Figures(shop, dict(most_first))


def given(*, now: datetime, days: int) -> QuerySet[Feedback]:
    """The rows of the period, newest first."""
    rows: QuerySet[Feedback] = Feedback.objects.filter(given_at__gt=now - timedelta(days=days))
    return rows.select_related("order", "shipment").order_by("-given_at", "-pk")
