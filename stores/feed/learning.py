"""Learning feeds from orders, an hour at a time, each hour once. The writer of FeedModel.

An order counts in the hour in which it was placed, whichever way it came: what a sweep
recovered teaches like what a webhook brought. Silence teaches only once it is explained, by
a later webhook or by a look that found nothing; else a dead webhook would teach that
nothing is to be expected. Shops that are only polled are learned as time passes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Count, Min
from django.db.models.functions import TruncHour

from stores.feed.arrivals import HOURS, LEVEL_PRIOR, Arrivals, hour_of_week
from stores.feed.silence import suspicious_at
from stores.models import FeedModel, Pull, StoreConnection
from tracking.models import Order

#: How much of a shop's past is read when it is learned anew.
PAST: Final = timedelta(weeks=26)
#: An hour is learned so long after it is over: webhooks may be minutes late.
SETTLES: Final = timedelta(minutes=30)
_HOUR: Final = timedelta(hours=1)


def learn(store: StoreConnection, *, now: datetime) -> FeedModel | None:
    """Learn the hours that are over and explained; in the merchant's scope, one transaction.

    Returns the locked row; None while the shop has brought no order.
    """
    model = FeedModel.objects.select_for_update().filter(store=store).first()
    if model is None:
        model = _begin(store, now=now)
        if model is None:
            return None
    elif _history_came(model, store):
        return learn_anew(store, now=now)
    _take_in(model, store, now=now)
    return model


def learn_anew(store: StoreConnection, *, now: datetime) -> FeedModel | None:
    """Forget and learn from the orders as they are known now: after a backfill, or a gap.

    The looks that explained a silence are kept.
    """
    model = FeedModel.objects.select_for_update().filter(store=store).first()
    first = _first_hour(store, now=now)
    if model is None or first is None:
        return learn(store, now=now)
    _write(model, Arrivals(), until=first)
    model.built_at = now
    model.save(update_fields=["built_at"])
    _take_in(model, store, now=now)
    return model


def sign_of_life(model: FeedModel, store: StoreConnection) -> datetime | None:
    """Since when it is silent: the last webhook, or the look that explained the silence."""
    signs = [at for at in (store.last_received_at, model.explained_until) if at is not None]
    return max(signs) if store.last_received_at else None


def looks_in_vain(model: FeedModel, store: StoreConnection) -> int:
    """How many looks in a row found nothing since the last webhook."""
    heard, looked = store.last_received_at, model.explained_until
    return model.vain if heard and looked and looked > heard else 0


def due_at(model: FeedModel, store: StoreConnection) -> datetime | None:
    """When the present silence will be improbable, if it lasts."""
    since = sign_of_life(model, store)
    if since is None:
        return None
    zone = zone_of(store)
    vain = looks_in_vain(model, store)
    return suspicious_at(arrivals_of(model), since, zone, vain=vain)


def zone_of(store: StoreConnection) -> ZoneInfo:
    """The shop's own clock; the merchant's where the platform names none that we know."""
    try:
        return ZoneInfo(store.time_zone or store.merchant.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(store.merchant.zone)


def arrivals_of(model: FeedModel) -> Arrivals:
    """The row as the pure model; a copy."""
    return Arrivals(
        list(model.counts), list(model.hours), model.level_orders, model.level_expected,
        model.learned,
    )  # fmt: skip


def _begin(store: StoreConnection, *, now: datetime) -> FeedModel | None:
    first = _first_hour(store, now=now)
    if first is None:
        return None
    model, _made = FeedModel.objects.select_for_update().get_or_create(
        store=store,
        defaults={
            "merchant_id": store.merchant_id,
            "counts": [0.0] * HOURS,
            "hours": [0.0] * HOURS,
            "level_orders": LEVEL_PRIOR,
            "level_expected": LEVEL_PRIOR,
            "learned_until": first,
            "built_at": now,
        },
    )
    return model


def _history_came(model: FeedModel, store: StoreConnection) -> bool:
    """Whether older orders were read since it was learned from the beginning."""
    history = Pull.objects.filter(store=store, kind=Pull.Kind.BACKFILL)
    return history.filter(finished_at__gt=model.built_at, found__gt=0).exists()


def _first_hour(store: StoreConnection, *, now: datetime) -> datetime | None:
    orders = Order.objects.filter(source=store.source, placed_at__gte=now - PAST)
    first: datetime | None = orders.aggregate(first=Min("placed_at"))["first"]
    return _whole_hour(first) if first else None


def _take_in(model: FeedModel, store: StoreConnection, *, now: datetime) -> None:
    sign = sign_of_life(model, store) or now
    end = _whole_hour(min(now - SETTLES, sign))
    start, arrivals = model.learned_until, arrivals_of(model)
    if start < end:
        orders = _orders_by_hour(store, start, end)
        zone = zone_of(store)
        while start < end:
            arrivals.learn(hour_of_week(start, zone), orders.get(start, 0))
            start += _HOUR
    _write(model, arrivals, until=start)
    model.due_at = due_at(model, store)
    model.save(update_fields=["due_at"])


def _orders_by_hour(
    store: StoreConnection, start: datetime, end: datetime
) -> dict[datetime, int]:  # fmt: skip
    placed = Order.objects.filter(source=store.source, placed_at__gte=start, placed_at__lt=end)
    hours = placed.annotate(hour=TruncHour("placed_at", tzinfo=UTC)).order_by()
    return dict(hours.values_list("hour").annotate(n=Count("pk")))


def _write(model: FeedModel, arrivals: Arrivals, *, until: datetime) -> None:
    model.counts, model.hours = arrivals.counts, arrivals.hours
    model.level_orders, model.level_expected = arrivals.level_orders, arrivals.level_expected
    model.learned, model.learned_until = arrivals.learned, until
    model.save(
        update_fields=[
            "counts", "hours", "level_orders", "level_expected", "learned", "learned_until",
        ]
    )  # fmt: skip


def _whole_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
