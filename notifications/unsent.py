"""How many messages were not sent, and why: for the merchant to read and to count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count

from notifications.models import Message
from notifications.reasons import Unsent

_NOT_SENT = (Message.State.SKIPPED, Message.State.FAILED)
_CODES = frozenset(code.value for code in Unsent)


def unsent(*, since: datetime) -> Sequence[tuple[Unsent, int]]:
    """Reasons and how often since then, the most frequent first; in the merchant's scope.

    One query. Messages from before reasons had codes, or with one that is gone, have `NONE`.
    """
    rows = (
        Message.objects.filter(created_at__gte=since, state__in=_NOT_SENT)
        .exclude(purpose=Message.Purpose.TEST)
        .order_by()
        .values_list("reason_code")
        .annotate(n=Count("pk"))
    )
    found: dict[Unsent, int] = {}
    for code, n in rows:
        known = Unsent(code) if code in _CODES else Unsent.NONE
        found[known] = found.get(known, 0) + n
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))
