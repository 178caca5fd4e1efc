"""Due messages into our hands: locked, looked at, pushed ahead, committed.

A claim alone puts nothing in doubt: a row is in `sending` only from the moment before its letter is
handed over (`outcomes.begin`). One that is found there after its claim has run out was left behind
by a crash, one in `uncertain` by a broken line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from merchants.scope import every_merchant
from notifications import outcomes
from notifications.channels.base import Account, Doubt, Letter
from notifications.last_look import why_not_each
from notifications.letters import letters_of, new_message_id
from notifications.models import Message
from notifications.patience import falls_back, receipt_until
from notifications.reasons import NO_REASON, Reason, Unsent
from notifications.sending import Lines
from notifications.turns import Turns, give_back, lock_due, share_out, shops_waiting
from tracking.writing import update_many

#: How long a claim lasts before another worker believes that its holder died.
CLAIM: Final = timedelta(seconds=settings.MESSAGE_CLAIM_SECONDS)

_COLUMNS: Final = (
    "state", "reason", "reason_code", "due_at", "attempts", "cut_offs", "message_id", "receipt_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in our hands. `problem`: why it must not go out again, of one in doubt."""

    message: Message
    letter: Letter
    account: Account | None
    is_doubtful: bool
    problem: Reason = NO_REASON


@dataclass(frozen=True, slots=True)
class Haul:
    """What one claim brought: those to be sent, and how many rows were touched in all.

    `wait`: in how many seconds an account that was held back may go on; None where none was.
    """

    claimed: Sequence[Claimed] = ()
    touched: int = 0
    wait: float | None = None


def claim(
    lines: Lines, *, room: Callable[[Account | None], int], limit: int, now: datetime
) -> Haul:
    """Take due messages of one channel, at most `limit`, for `CLAIM`. Committed on return."""
    with every_merchant("messages of all merchants wait in one queue"):
        shops = shops_waiting(lines.slug, now=now)
        if not shops:
            return Haul()
        turns = share_out(lines.slug, shops, limit=limit, room=room)
        rows = _rows(lock_due(lines.slug, turns.shares, now=now))
        claimed = _take(rows, turns, lines, now=now)
        give_back(turns, (one.message.merchant_id for one in claimed), channel=lines.slug)
    return Haul(claimed, len(rows), turns.wait)


def _rows(ids: Sequence[int]) -> list[Message]:
    if not ids:
        return []
    rows = Message.objects.select_related("merchant", "recipient", "order", "subscription")
    return list(rows.filter(pk__in=ids).order_by("due_at", "pk"))


def _take(rows: Sequence[Message], turns: Turns, lines: Lines, *, now: datetime) -> list[Claimed]:
    """Mark the rows as taken; those that are to be sent, or asked about."""
    if not rows:
        return []
    problems = why_not_each(rows)
    kept: list[tuple[Message, bool]] = []
    for row in rows:
        is_doubtful = row.state != Message.State.WAITING
        if problems[row.pk] and not is_doubtful:
            _skip(row, problems[row.pk], now=now)
        elif _mark(row, turns.accounts[row.merchant_id], lines, now=now):
            kept.append((row, is_doubtful))
    update_many(
        Message, _COLUMNS, [(row.pk, *(getattr(row, name) for name in _COLUMNS)) for row in rows]
    )
    letters = letters_of([row for row, _ in kept], turns.settings)
    return [
        Claimed(
            row, letters[row.pk], turns.accounts[row.merchant_id], is_doubtful, problems[row.pk]
        )
        for row, is_doubtful in kept
    ]


def _skip(row: Message, problem: Reason, *, now: datetime) -> None:
    row.state, row.due_at = Message.State.SKIPPED, None
    row.reason, row.reason_code = problem[:300], problem.code
    row.receipt_by = now if falls_back(row, problem.code) else None


def _mark(row: Message, account: Account | None, lines: Lines, *, now: datetime) -> bool:
    """Push it ahead and count the try; False for one that is left alone for good."""
    doubt, is_doubtful = lines.line(account).doubt, row.state != Message.State.WAITING
    if row.state == Message.State.SENDING:
        row.cut_offs += 1
    row.state = Message.State.UNCERTAIN if is_doubtful else Message.State.WAITING
    row.due_at = now + CLAIM
    row.attempts += 1
    row.message_id = row.message_id or new_message_id()
    if not is_doubtful:
        return True
    row.reason_code = Unsent.UNCERTAIN
    is_left = doubt is Doubt.LEAVE or (doubt is Doubt.SEND_AGAIN and row.cut_offs > 1)
    if is_left:
        row.reason, row.due_at = outcomes.last_word(doubt), None
        row.receipt_by = receipt_until(row, account, now=now)
    elif doubt is Doubt.SEND_AGAIN:
        row.reason = outcomes.INTERRUPTED
    return not is_left
