"""Whether messages were read: what the mail provider reports, and who visited the page afterwards.

Providers call a mail opened when its pictures were fetched. Some mail programs fetch them all by
themselves, whoever reads, and others never do: so an opened mail is "opened, or fetched by the mail
program", and nothing is decided by it. Our link to the order's page goes there directly, without an
address that counts; what counts as a click is a visit that somebody really saw
(`notifications.seen`), between this message and the person's next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from merchants.scope import current_merchant_id
from notifications.models import Message


@dataclass(frozen=True, slots=True)
class Figures:
    """What one rule's messages came to. `rule` is empty for those that no rule wanted.

    `opened` counts mail alone (or fetched by the mail program); `visited` those whose reader
    clicked in the mail, or saw the order's page before the next message came.
    """

    rule: str
    sent: int
    delivered: int
    opened: int
    visited: int


def note_reading(message: Message, *, clicked: bool, at: datetime) -> None:
    """The first time counts; in the merchant's scope. Who clicked has opened it as well."""
    mine = Message.objects.filter(pk=message.pk)
    mine.filter(opened_at__isnull=True).update(opened_at=at)
    if clicked:
        mine.filter(clicked_at__isnull=True).update(clicked_at=at)


#: The person's next message ends the time in which a visit is this one's doing.
_FIGURES: Final = """
WITH told AS (
  SELECT m.rule, m.order_id, m.recipient_id, m.sent_at, m.delivered_at, m.opened_at, m.clicked_at,
    lead(m.sent_at) OVER (
      PARTITION BY m.order_id, m.recipient_id ORDER BY m.sent_at, m.id) AS next_at
  FROM notifications_message m
  WHERE m.merchant_id = %(merchant)s AND m.created_at >= %(since)s AND m.sent_at IS NOT NULL
    AND m.purpose = 'auto')
SELECT t.rule, count(*), count(t.delivered_at), count(t.opened_at),
  count(*) FILTER (WHERE t.clicked_at IS NOT NULL OR EXISTS (
    SELECT 1 FROM notifications_pageview v
    WHERE v.merchant_id = %(merchant)s AND v.order_id = t.order_id
      AND v.recipient_id = t.recipient_id AND v.seen_at >= t.sent_at
      AND (t.next_at IS NULL OR v.opened_at < t.next_at)))
FROM told t GROUP BY t.rule ORDER BY count(*) DESC, t.rule
"""


def figures(*, since: datetime) -> Sequence[Figures]:
    """By rule, the most used first, of messages written since then; in the merchant's scope.

    One query. Page views are kept for `notifications.seen.KEPT`: earlier visits are not known.
    """
    values = {"merchant": current_merchant_id(), "since": since}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, values)
        return [Figures(*row) for row in cursor.fetchall()]
