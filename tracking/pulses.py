"""Counting how carriers answer, five minutes a row, over all merchants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Sum
from psycopg2.extras import execute_values

from carriers.base import CarrierError
from tracking.models import CarrierPulse
from tracking.outage_rules import Beat

BUCKET: Final = timedelta(minutes=5)
KEPT: Final = timedelta(weeks=5)
#: Failures that are the carrier's, not an account's.
TROUBLES: Final = ("unavailable", "unreadable")


def beats_of(
    calls: Iterable[tuple[str, CarrierError | None]], news: Mapping[str, int]
) -> dict[str, Beat]:
    """What these calls (who was asked, what went wrong) say of each carrier; `news`: parcels
    with something new, by carrier."""
    counts: dict[str, list[int]] = {}
    for slug, error in calls:
        one = counts.setdefault(slug, [0, 0])
        if error is None or error.kind == "not_found":
            one[0] += 1
        elif error.kind in TROUBLES:
            one[1] += 1
    return {
        slug: Beat(answered, failed, news.get(slug, 0))
        for slug, (answered, failed) in counts.items()
    }


def add(beats: Mapping[str, Beat], *, now: datetime) -> None:
    """Add to the counts of this moment's five minutes.

    Outside any longer transaction: many workers add to the same few rows. Sorted, so that no
    two of them wait for each other.
    """
    rows = [
        (slug, bucket(now), beat.answered, beat.failed, beat.news)
        for slug, beat in sorted(beats.items())
        if beat != Beat()
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "INSERT INTO tracking_carrierpulse AS p (carrier, at, answered, failed, news)"
            " VALUES %s ON CONFLICT (carrier, at) DO UPDATE SET"
            " answered = p.answered + EXCLUDED.answered, failed = p.failed + EXCLUDED.failed,"
            " news = p.news + EXCLUDED.news",
            rows,
        )


def bucket(moment: datetime) -> datetime:
    """The beginning of the five minutes that the moment is in."""
    return moment - timedelta(
        minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
    )


def between(start: datetime, end: datetime) -> dict[str, Beat]:
    """What was counted from `start` (its five minutes included) until before `end`, by carrier."""
    rows = (
        CarrierPulse.objects.filter(at__gte=bucket(start), at__lt=end)
        .values_list("carrier")
        .annotate(answered=Sum("answered"), failed=Sum("failed"), news=Sum("news"))
        .order_by()
    )
    return {carrier: Beat(answered, failed, news) for carrier, answered, failed, news in rows}


def forget(*, now: datetime) -> None:
    """Drop counts that no comparison looks at any more."""
    CarrierPulse.objects.filter(at__lt=now - KEPT).delete()
