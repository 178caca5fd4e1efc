"""The ledger of dates that somebody was shown: who, where, when; its only writer.

A look costs one statement at most, and none where the same eyes saw the same date in the same
place within the last hour. Whoever shows a date must not fail because it could not be noted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from redis.exceptions import RedisError

from lib.personal_data import Person
from lib.vocabulary import TERMINAL
from tracking.models import Shipment, ShownDate

Where = ShownDate.Where
Who = ShownDate.Who

log = logging.getLogger("homeward.ledger")

#: The same look again within this many seconds is the same look.
_SAME_LOOK: Final = 3600
#: Where the shop's own people and programs see a date; everywhere else a customer does.
STAFF: Final = frozenset({Where.API.value, Where.DESK.value, Where.DASHBOARD.value})


@dataclass(frozen=True, slots=True)
class Seen:
    """One date before one pair of eyes. `first` and `last` are the whole window."""

    order_id: int
    shipment_id: int
    where: str
    who: str
    recipient: int | None
    first: date
    last: date
    zone: str
    source: str
    stage: str

    def key(self, merchant_id: int) -> str:
        """Its place in the cache: ids and dates, nobody's name."""
        return (
            f"shown:{merchant_id}:{self.shipment_id}:{self.where}:{self.who}"
            f":{self.first}:{self.last}"
        )


def seen(
    shipments: Iterable[Shipment], *, where: str, who: str, recipient: int | None = None
) -> list[Seen]:
    """The dates that these parcels show now. One that has ended shows what was, not a date."""
    return [
        Seen(
            order_id=one.order_id,
            shipment_id=one.pk,
            where=str(where),
            who=str(who),
            recipient=recipient,
            first=one.edd_first or one.edd_last,
            last=one.edd_last,
            zone=one.edd_zone,
            source=one.edd_source,
            stage=one.status,
        )
        for one in shipments
        if one.edd_last is not None and one.status not in TERMINAL
    ]


def note_shown(looks: Sequence[Seen], *, merchant_id: int, now: datetime) -> None:
    """Write down what was shown; in the merchant's scope. Never fails for a dead cache or table."""
    keys = {look.key(merchant_id): look for look in looks}
    known = _known(keys)
    fresh = {key: look for key, look in keys.items() if key not in known}
    if not fresh:
        return
    # In one order, so that two lists of parcels never wait for each other.
    rows = sorted(fresh.values(), key=lambda look: (look.shipment_id, look.where, look.who))
    try:
        _write(rows, merchant_id=merchant_id, now=now)
    except DatabaseError as error:
        log.warning("shown dates were not noted: %s", type(error).__name__)
        return
    transaction.on_commit(lambda: _remember(fresh))


def _known(keys: Iterable[str]) -> frozenset[str]:
    try:
        return frozenset(cache.get_many(list(keys)))
    except RedisError as error:
        log.warning("every look is noted, the cache does not answer: %s", type(error).__name__)
        return frozenset()


def _remember(keys: Iterable[str]) -> None:
    try:
        cache.set_many(dict.fromkeys(keys, 1), timeout=_SAME_LOOK)
    except RedisError as error:
        log.warning("a look will be noted again: %s", type(error).__name__)


#: One message: the savepoint is there so that a failed note leaves the caller's transaction
#: whole. The promise is the newest one of this window: what the date was made of.
_NOTE: Final = """
SAVEPOINT note_shown;
INSERT INTO tracking_showndate AS t (merchant_id, order_id, shipment_id, "where", who, recipient,
  first, last, zone, source, stage, first_at, last_at, times, verdict, promise_id, level, version)
SELECT v.*, 1, '', p.id, p.level, p.version
FROM (VALUES {rows}) AS v (merchant_id, order_id, shipment_id, "where", who, recipient,
  first, last, zone, source, stage, first_at, last_at)
LEFT JOIN LATERAL (
  SELECT p.id, p.level, p.version FROM tracking_promise p
  WHERE p.merchant_id = v.merchant_id AND p.shipment_id = v.shipment_id
    AND p.first = v.first AND p.last = v.last
  ORDER BY p.made_at DESC LIMIT 1) p ON true
ON CONFLICT (merchant_id, shipment_id, "where", who, first, last) DO UPDATE
SET times = t.times + 1, last_at = greatest(t.last_at, EXCLUDED.last_at);
RELEASE SAVEPOINT note_shown"""
_ROW: Final = "(%s, %s::bigint, %s::bigint, %s, %s, %s::bigint, %s, %s, %s, %s, %s, %s, %s)"


def _write(looks: Sequence[Seen], *, merchant_id: int, now: datetime) -> None:
    values: list[Any] = []
    for look in looks:
        values += [
            merchant_id, look.order_id, look.shipment_id, look.where, look.who, look.recipient,
            look.first, look.last, look.zone, look.source, look.stage, now, now,
        ]  # fmt: skip
    with connection.cursor() as cursor:
        try:
            cursor.execute(_NOTE.format(rows=", ".join([_ROW] * len(looks))), values)
        except DatabaseError:
            cursor.execute("ROLLBACK TO SAVEPOINT note_shown")
            raise


def told_of(order_id: int) -> list[ShownDate]:
    """Who was told what when, about all parcels of one order; newest first. One query."""
    return list(ShownDate.objects.filter(order_id=order_id).order_by("-last_at", "-pk"))


def export_person(person: Person) -> list[dict[str, Any]]:
    """The dates that this person was shown."""
    rows = ShownDate.objects.filter(order_id__in=person.order_ids, recipient__isnull=False)
    return [
        {
            "where": one.where,
            "role": one.who,
            "first": one.first.isoformat(),
            "last": one.last.isoformat(),
            "first_shown_at": one.first_at.isoformat(),
            "last_shown_at": one.last_at.isoformat(),
            "times": one.times,
        }
        for one in rows.order_by("pk")
    ]


def erase_person(person: Person) -> int:
    """Keep the date, its place and the role: who it was is gone."""
    rows = ShownDate.objects.filter(order_id__in=person.order_ids, recipient__isnull=False)
    return rows.update(recipient=None)
