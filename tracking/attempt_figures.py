"""Failed attempts by carrier, and what shoppers say of them: the evidence in counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from tracking.models import Change, DeliveryAnswer

_State = DeliveryAnswer.State


@dataclass(slots=True)
class Attempts:
    """What one carrier called failed attempts, and what became of them.

    `nobody_came` of them, say shoppers; `nobody_called` of these were without a call either.
    `admitted` and `denied` are the carrier's own word on `nobody_came`. `answered` is how often
    a shopper said what to do next, and `agreed` how often the carrier took that.
    """

    failed: int = 0
    nobody_came: int = 0
    nobody_called: int = 0
    admitted: int = 0
    denied: int = 0
    answered: int = 0
    agreed: int = 0

    @property
    def share(self) -> float:
        """Of the failed attempts those that were none, as far as shoppers said anything."""
        return self.nobody_came / self.failed if self.failed else 0.0


def attempts(*, now: datetime, days: int) -> Mapping[str, Attempts]:
    """By carrier, in the last `days` days, most failed attempts first; two queries in the scope."""
    since = now - timedelta(days=days)
    failed = (
        Change.objects.filter(
            at__gt=since, kind=Change.Kind.MILESTONE, key__startswith="attempt_failed"
        )
        .order_by()
        .values_list("shipment__carrier")
        .annotate(n=Count("pk"))
    )
    found = {carrier: Attempts(failed=n) for carrier, n in failed}
    for carrier, counts in _said(since):
        row = found.setdefault(carrier, Attempts())
        for name, n in counts.items():
            setattr(row, name, n)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].failed, pair[0])))


def _said(since: datetime) -> list[tuple[str, dict[str, int]]]:
    nobody = Q(kind=DeliveryAnswer.Kind.NOBODY_CAME)
    wish = Q(kind=DeliveryAnswer.Kind.WISH)
    rows = (
        DeliveryAnswer.objects.filter(nobody | wish, created_at__gt=since)
        .order_by()
        .values("shipment__carrier")
        .annotate(
            nobody_came=Count("pk", filter=nobody),
            nobody_called=Count("pk", filter=nobody & Q(called=False)),
            admitted=Count("pk", filter=nobody & Q(state=_State.ACCEPTED)),
            denied=Count("pk", filter=nobody & Q(state=_State.REFUSED)),
            answered=Count("pk", filter=wish),
            agreed=Count("pk", filter=wish & Q(state=_State.ACCEPTED)),
        )
    )
    return [(row.pop("shipment__carrier"), row) for row in rows]
