"""Who really saw an order's page, and when: the only writer of `PageView`.

**What counts.** A page that was fetched says nothing: programs that check or preview links fetch
too. It was seen once the page's own script said that it stood visible for a second
(`static/js/seen.js`), or when somebody posted one of its forms. While the page stays open it asks
for news every twenty seconds and says with each question whether somebody is there: the tab is
visible, and a hand moved within the last two minutes. A tab that was left open in an empty room
sees nothing.

**Whose.** Each recipient's link counts for that recipient alone. The order's own link (from the
look-up form, from the dashboard) counts for nobody in particular, and a member of the shop's team
who opens a customer's page for nobody at all.

**How late.** A look is in the rows a few seconds after it happened. Whoever asks just after news
should know that a shopper who looked within `STILL_THERE` will have the news on the screen then:
it is worth waiting that long and asking again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Max, Q

from lib.personal_data import Person
from notifications import looks
from notifications.looks import Look
from notifications.models import PageView

#: An open page asks every twenty seconds; this leaves room for a slow line and the way to the rows.
STILL_THERE: Final = timedelta(seconds=45)
#: How long visits are kept.
KEPT: Final = timedelta(days=90)
#: Looks this close together are one visit.
_ONE_VISIT: Final = timedelta(minutes=30)
#: One writer at a time.
_LOCK: Final = 7_110_021


def seen_since(
    *, recipients: Collection[int], orders: Collection[int]
) -> Mapping[tuple[int, int], datetime]:
    """The newest moment at which each recipient really saw the page, by (order, recipient).

    One query for many; who never saw it is not in the answer. In scope.
    """
    rows = (
        PageView.objects.filter(
            order_id__in=orders, recipient_id__in=recipients, seen_at__isnull=False
        )
        .order_by()
        .values_list("order_id", "recipient_id")
        .annotate(newest=Max("seen_at"))
    )
    return {(order, recipient): newest for order, recipient, newest in rows}


@dataclass(frozen=True, slots=True)
class Visits:
    """One person's visits to one order's page; `role` is empty for the order's own link."""

    role: str
    seen: int
    last_seen: datetime | None
    #: Visits that were fetched and not proven: a program, or a browser without scripts.
    fetched: int


def visits_of(order_id: int) -> Sequence[Visits]:
    """Who opened this order's page and how often, who looked last first. One query, in scope."""
    rows = (
        PageView.objects.filter(order_id=order_id)
        .order_by()
        .values("recipient__role")
        .annotate(
            seen=Count("pk", filter=Q(seen_at__isnull=False)),
            last=Max("seen_at"),
            fetched=Count("pk", filter=Q(seen_at__isnull=True)),
        )
    )
    found = [
        Visits(row["recipient__role"] or "", row["seen"], row["last"], row["fetched"])
        for row in rows
    ]
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: one.last_seen or never, reverse=True)


def write_down(*, now: datetime) -> int:
    """Write what Redis holds: how many looks; in `every_merchant`, which commits.

    `looks.clear_taken` must follow the commit. In between, or after a crash, the same looks come
    again and change nothing. Raises RedisError.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    taken = [one for one in looks.take() if one.at >= (now - KEPT).timestamp()]
    if taken:
        _write(_visits_in(taken))
    return len(taken)


def forget_old(*, now: datetime) -> int:
    """Drop visits that are too old to keep; in `every_merchant`."""
    return PageView.objects.filter(opened_at__lt=now - KEPT).delete()[0]


@dataclass(slots=True)
class _Visit:
    """Looks of one person that are close together. Moments in seconds since 1970."""

    of: tuple[int, int, int | None]
    opened: float
    last: float
    seen: float | None
    proof: str
    device: str


def _visits_in(taken: Sequence[Look]) -> list[_Visit]:
    """The looks as visits, each person's in order."""
    found: dict[tuple[int, int, int | None], list[_Visit]] = {}
    for look in sorted(taken, key=lambda one: one.at):
        of = (look.merchant_id, look.order_id, look.recipient_id)
        mine = found.setdefault(of, [])
        if not mine or look.at - mine[-1].last > _ONE_VISIT.total_seconds():
            mine.append(_Visit(of, look.at, look.at, None, "", ""))
        visit = mine[-1]
        visit.last = look.at
        visit.device = look.device or visit.device
        if look.proof:
            visit.seen, visit.proof = look.at, look.proof
    return [visit for mine in found.values() for visit in mine]


#: A visit that is there already is drawn out; what is gone meanwhile (an order, a person) is left.
_WRITE: Final = """
WITH new AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::float8[], %s::float8[],
    %s::float8[], %s::text[], %s::text[]) WITH ORDINALITY
    AS n (merchant_id, order_id, recipient_id, opened, last, seen, proof, device, n)),
known AS (
  SELECT new.n, v.id FROM new CROSS JOIN LATERAL (
    SELECT v.id FROM notifications_pageview v
    WHERE v.merchant_id = new.merchant_id AND v.order_id = new.order_id
      AND v.recipient_id IS NOT DISTINCT FROM new.recipient_id
      AND greatest(v.opened_at, v.seen_at) >= to_timestamp(new.opened - %s)
      AND v.opened_at <= to_timestamp(new.last + %s)
    ORDER BY v.id DESC LIMIT 1) v),
drawn_out AS (
  UPDATE notifications_pageview v
  SET opened_at = least(v.opened_at, to_timestamp(new.opened)),
    seen_at = greatest(v.seen_at, to_timestamp(new.seen)),
    proof = CASE WHEN new.proof = '' THEN v.proof ELSE new.proof END,
    device = CASE WHEN new.device = '' THEN v.device ELSE new.device END
  FROM new JOIN known USING (n) WHERE v.id = known.id)
INSERT INTO notifications_pageview
  (merchant_id, order_id, recipient_id, opened_at, seen_at, proof, device)
SELECT new.merchant_id, o.id, r.id, to_timestamp(new.opened), to_timestamp(new.seen), new.proof,
  new.device
FROM new
JOIN tracking_order o ON o.id = new.order_id AND o.merchant_id = new.merchant_id
LEFT JOIN tracking_recipient r ON r.id = new.recipient_id AND r.order_id = o.id
WHERE (new.recipient_id IS NULL OR r.id IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM known WHERE known.n = new.n)
"""


def _write(visits: Sequence[_Visit]) -> None:
    columns = zip(
        *((*one.of, one.opened, one.last, one.seen, one.proof, one.device) for one in visits),
        strict=True,
    )
    near = _ONE_VISIT.total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*(list(column) for column in columns), near, near])


def export_person(person: Person) -> list[dict[str, Any]]:
    """When this person's pages were opened."""
    rows = PageView.objects.filter(order_id__in=person.order_ids, recipient__isnull=False)
    return [
        {
            "opened_at": one.opened_at.isoformat(),
            "seen_at": one.seen_at.isoformat() if one.seen_at else None,
            "device": one.device,
        }
        for one in rows.order_by("pk")
    ]


def erase_person(person: Person) -> int:
    """Nothing is left of the visits."""
    return PageView.objects.filter(order_id__in=person.order_ids).delete()[0]
