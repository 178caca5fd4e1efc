"""What people are shown of a feed: how silent it is, and this week beside what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.db.models import Count
from django.db.models.functions import TruncHour

from stores.feed.learning import arrivals_of, sign_of_life, zone_of
from stores.feed.silence import expected_between, probability
from stores.models import FeedModel, StoreConnection
from tracking.models import Order

#: A silence that is rarer than this is called unusual; above it, as expected.
UNUSUAL = 0.05


@dataclass(frozen=True, slots=True)
class Feed:
    """`polled`: no webhook was ever heard; `learning`: too few orders to judge by.

    `odds`: such a silence is one in so many, where it is judged.
    """

    state: Literal["polled", "learning", "usual", "unusual"]
    since: datetime | None = None
    odds: int = 0
    expected: float = 0.0


@dataclass(frozen=True, slots=True)
class Day:
    """24 local hours: expected orders, and those that came (None: not over yet)."""

    day: date
    expected: tuple[float, ...]
    came: tuple[int | None, ...]


def feed_of(store: StoreConnection, *, now: datetime) -> Feed:
    """How the feed is just now; in the merchant's scope."""
    model = FeedModel.objects.filter(store=store).first()
    if store.last_received_at is None:
        return Feed("polled")
    since = sign_of_life(model, store) if model else None
    if model is None or since is None:
        return Feed("learning")
    arrivals = arrivals_of(model)
    if not arrivals.dares:
        return Feed("learning", since)
    expected = expected_between(arrivals, since, now, zone_of(store))
    chance = probability(arrivals, expected)
    state: Literal["usual", "unusual"] = "unusual" if chance < UNUSUAL else "usual"
    return Feed(state, since, round(1 / max(chance, 1e-6)), expected)


def last_week(store: StoreConnection, *, now: datetime) -> list[Day]:
    """The last seven local days, today last; empty while nothing is learned."""
    model = FeedModel.objects.filter(store=store).first()
    if model is None:
        return []
    zone, week = zone_of(store), arrivals_of(model).week()
    today = now.astimezone(zone).date()
    first = datetime.combine(today - timedelta(days=6), time.min, zone)
    placed = Order.objects.filter(source=store.source, placed_at__gte=first, placed_at__lte=now)
    counted = placed.annotate(hour=TruncHour("placed_at", tzinfo=zone)).order_by()
    came: dict[tuple[date, int], int] = {}
    for hour, n in counted.values_list("hour").annotate(n=Count("pk")):
        key = (hour.date(), hour.hour)
        came[key] = came.get(key, 0) + n
    days = []
    for back in range(6, -1, -1):
        day = today - timedelta(days=back)
        start = day.weekday() * 24
        days.append(
            Day(
                day,
                tuple(week[start : start + 24]),
                tuple(_came(came, day, hour, now.astimezone(zone)) for hour in range(24)),
            )
        )
    return days


def _came(came: dict[tuple[date, int], int], day: date, hour: int, local: datetime) -> int | None:
    over = (day, hour) <= (local.date(), local.hour)
    return came.get((day, hour), 0) if over else None
