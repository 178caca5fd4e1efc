"""How endpoints do, counted from the log of tries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Aggregate, Count, FloatField, Q

from notifications.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
#: Failed tries in a row that are no hiccup any more.
_DOWN: Final = 3


class _P95(Aggregate):
    """The time that 95 of 100 tries stay below."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.95) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Health:
    """Tries and successes of the last 24 hours and 7 days, the week's p95 in milliseconds (null:
    nothing was sent), and how many deliveries wait."""

    tries_day: int = 0
    good_day: int = 0
    tries_week: int = 0
    good_week: int = 0
    p95_ms: int | None = None
    waiting: int = 0

    @property
    def share_day(self) -> float | None:
        return self.good_day / self.tries_day if self.tries_day else None

    @property
    def share_week(self) -> float | None:
        return self.good_week / self.tries_week if self.tries_week else None


def health_of(endpoints: Iterable[WebhookEndpoint], *, now: datetime) -> dict[int, Health]:
    """The health of each, by id: two queries, in the merchant's scope."""
    ids = [one.pk for one in endpoints]
    tries = _tries(ids, now=now)
    waits = dict(
        WebhookDelivery.objects.filter(endpoint_id__in=ids, state=WebhookDelivery.State.WAITING)
        .values_list("endpoint_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {pk: Health(**tries.get(pk, {}), waiting=waits.get(pk, 0)) for pk in ids}


def _tries(ids: Collection[int], *, now: datetime) -> dict[int, dict[str, Any]]:
    day, good = Q(at__gte=now - _DAY), Q(is_success=True)
    rows = (
        WebhookAttempt.objects.filter(endpoint_id__in=ids, at__gte=now - _WEEK)
        .values("endpoint_id")
        .annotate(
            tries_day=Count("pk", filter=day),
            good_day=Count("pk", filter=day & good),
            tries_week=Count("pk"),
            good_week=Count("pk", filter=good),
            p95=_P95("took_ms"),
        )
        .order_by()
    )
    found = {}
    for row in rows:
        pk, p95 = row.pop("endpoint_id"), row.pop("p95")
        found[pk] = row | {"p95_ms": None if p95 is None else round(p95)}
    return found


def state_of(endpoint: WebhookEndpoint) -> str:
    """ "off", "down", "slow" (a hiccup), "unknown" (nothing was sent yet) or "ok"."""
    if not endpoint.is_on:
        return "off"
    if endpoint.failures >= _DOWN:
        return "down"
    if endpoint.failures:
        return "slow"
    return "ok" if endpoint.last_success_at else "unknown"


def troubled() -> dict[str, int]:
    """How many endpoints we stopped, and how many are on and fail; in the merchant's scope."""
    found: dict[str, int] = WebhookEndpoint.objects.filter(removed_at__isnull=True).aggregate(
        stopped_webhooks=Count("pk", filter=~Q(stopped_for="")),
        failing_webhooks=Count("pk", filter=Q(is_on=True, failures__gte=_DOWN)),
    )
    return found
