"""The only writer of `DateScore`: sums of the outcomes, a week at a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db import connection

from edd.models import DateScore
from edd.scoring import BIN_WIDTH, BINS

#: The space of our advisory locks in which merchants are numbered.
_LOCK: Final = 6001

_BARS: Final = ", ".join(f"count(*) FILTER (WHERE bar = {place})" for place in range(BINS))
#: `bar` is `edd.scoring.bin_of`.
_COUNT: Final = f"""
INSERT INTO edd_datescore (merchant_id, week, whose, carrier, lane, stage, level, source,
  n, in_time, inside, arrived, days_off, told, told_in_time, needed)
SELECT merchant_id, week, whose, carrier, lane, stage, level, source,
  count(*), count(*) FILTER (WHERE verdict <> 'late'), count(*) FILTER (WHERE verdict = 'inside'),
  count(days_off), coalesce(sum(abs(days_off)), 0), count(*) FILTER (WHERE told),
  count(*) FILTER (WHERE told AND verdict <> 'late'),
  CASE WHEN count(needed) = 0 THEN '[]'::jsonb ELSE jsonb_build_array({_BARS}) END
FROM (SELECT *, least(greatest(ceil(needed / {BIN_WIDTH} - 1e-9) - 1, 0), {BINS - 1}) AS bar
  FROM tracking_dateoutcome WHERE merchant_id = %s AND week = ANY(%s)) AS outcome
GROUP BY merchant_id, week, whose, carrier, lane, stage, level, source"""  # noqa: S608 - as above


def lock(merchant_id: int) -> None:
    """One at a time sums up a merchant's weeks, until its transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, merchant_id % 2**31])


def count(merchant_id: int, weeks: Collection[date]) -> None:
    """Sum these weeks up anew from their outcomes; under the lock, in the merchant's scope."""
    if not weeks:
        return
    DateScore.objects.filter(merchant_id=merchant_id, week__in=weeks).delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [merchant_id, sorted(weeks)])
