"""Each try and what became of it: the only writer of a message's state after its claim.

An outcome is a note first; notes are written together, a few rows a statement. Each names the claim
it belongs to (`attempts`), so that whoever lost a message to another worker, or to a receipt that
was faster, changes nothing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_noop
from psycopg2.extras import execute_values

from merchants.scope import every_merchant, merchant_scope
from notifications.channels.base import Account, ChannelError, Doubt
from notifications.consent import suppress
from notifications.models import Message, PushSubscription
from notifications.patience import receipt_until
from notifications.reasons import Reason, Unsent
from notifications.told import note_told

log = logging.getLogger("homeward.notifications")

MOST_ATTEMPTS: Final = 8
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=3)
#: A provider's list may lag a little behind its own answers.
_ASK_AFTER: Final = timedelta(seconds=30)

INTERRUPTED: Final = gettext_noop(
    "The first try was cut off before the provider answered. It was sent once more under the "
    "same Message-ID; the shopper may have received it twice."
)
FOUND: Final = gettext_noop(
    "The send was cut off before the provider answered. The provider was asked and has it, so it "
    "was not sent again."
)
LEFT_ALONE: Final = gettext_noop(
    "The send was cut off before the provider answered. There is nobody to ask, and it is not "
    "sent twice."
)
UNSETTLED: Final = gettext_noop(
    "The send was cut off before the provider answered. Whether it went out is not known yet."
)


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be written on one message. `was_tried`: whether the try counts; `suppress`: why
    its address must not be written to again."""

    message: Message
    state: str
    reason: str = ""
    code: Unsent = Unsent.NONE
    due_at: datetime | None = None
    sent_at: datetime | None = None
    provider_id: str = ""
    cut_offs: int | None = None
    receipt_by: datetime | None = None
    was_tried: bool = True
    suppress: str = ""

    @property
    def is_sent(self) -> bool:
        return self.state == Message.State.SENT


def sent(
    message: Message,
    *,
    provider_id: str,
    account: Account | None,
    may_be_twice: bool,
    now: datetime,
) -> Note:
    """The provider took it."""
    return Note(
        message,
        Message.State.SENT,
        reason=INTERRUPTED if may_be_twice else "",
        sent_at=now,
        provider_id=provider_id,
        receipt_by=receipt_until(message, account, now=now),
    )


def found(message: Message, *, provider_id: str, account: Account | None, now: datetime) -> Note:
    """The provider was asked and had it all along."""
    note = sent(message, provider_id=provider_id, account=account, may_be_twice=False, now=now)
    return replace(note, reason=FOUND)


def withheld(message: Message, problem: Reason) -> Note:
    """It is not sent again, because its reader does not want it; whether it went out the first
    time stays unknown."""
    return Note(message, Message.State.UNCERTAIN, reason=problem, code=Unsent.UNCERTAIN)


def released(message: Message, *, now: datetime) -> Note:
    """It was claimed and not handed over: back to where it was, as if it had not been claimed."""
    code = Unsent(message.reason_code)
    return Note(
        message, message.state, reason=message.reason, code=code, due_at=now, was_tried=False
    )


def still_unknown(
    message: Message, error: ChannelError, *, account: Account | None, now: datetime
) -> Note:
    """The provider could not be asked either."""
    log.warning("a message stays uncertain, the provider could not be asked")
    due_at = _next_try(message, error, now=now)
    return Note(
        message,
        Message.State.UNCERTAIN,
        reason=UNSETTLED,
        code=Unsent.UNCERTAIN,
        due_at=due_at,
        receipt_by=None if due_at else receipt_until(message, account, now=now),
    )


def cut_off(message: Message, *, doubt: Doubt, account: Account | None, now: datetime) -> Note:
    """Nobody knows. What the channel's `doubt` allows is done later."""
    cut_offs = message.cut_offs + 1
    due_at = None
    if doubt is Doubt.ASK and message.attempts < MOST_ATTEMPTS:
        due_at = now + _ASK_AFTER
    elif doubt is Doubt.SEND_AGAIN and cut_offs == 1:
        due_at = now + _FIRST_WAIT
    return Note(
        message,
        Message.State.UNCERTAIN,
        reason=UNSETTLED if due_at else last_word(doubt),
        code=Unsent.UNCERTAIN,
        due_at=due_at,
        cut_offs=cut_offs,
        receipt_by=None if due_at else receipt_until(message, account, now=now),
    )


def last_word(doubt: Doubt) -> str:
    """What stays written on a message that is uncertain for good."""
    if doubt is Doubt.LEAVE:
        return LEFT_ALONE
    return INTERRUPTED if doubt is Doubt.SEND_AGAIN else UNSETTLED


def refused(
    message: Message,
    error: ChannelError,
    *,
    account: Account | None,
    may_be_there: bool,
    now: datetime,
) -> Note:
    """The provider said no: try again later, or say why not.

    `may_be_there`: an earlier try was cut off, so that a refusal now does not prove that the
    shopper got nothing.
    """
    due_at = None if error.permanent else _next_try(message, error, now=now)
    state, code, receipt_by = Message.State.WAITING, Unsent.NONE, None
    if may_be_there:
        state, code = Message.State.UNCERTAIN, Unsent.UNCERTAIN
        receipt_by = None if due_at else receipt_until(message, account, now=now)
    elif due_at is None:
        state, code = Message.State.FAILED, Unsent.REFUSED
        receipt_by = now if message.then else None
    return Note(
        message,
        state,
        reason=str(error),
        code=code,
        due_at=due_at,
        receipt_by=receipt_by,
        suppress=error.suppress,
    )


def _next_try(message: Message, error: ChannelError, *, now: datetime) -> datetime | None:
    """When to try again; None after the last."""
    if message.attempts >= MOST_ATTEMPTS:
        return None
    wait: timedelta = min(_FIRST_WAIT * 2**message.attempts, _LONGEST_WAIT)
    if error.retry_after is not None:
        wait = max(wait, timedelta(seconds=error.retry_after))
    return now + wait


def write(
    notes: Sequence[Note], *, going: Sequence[tuple[Message, bool]] = (), now: datetime
) -> set[int]:
    """Write these down, each unless somebody else has taken its message over meanwhile; and mark
    those that are about to be handed over: from now on a crash puts them in doubt, or ends the
    matter where, as said beside it, this is a message's last try.

    One transaction. Returns the ids of those that may go; the others were taken over, or are not to
    be sent any more.
    """
    if not notes and not going:
        return set()
    with every_merchant("a batch holds messages of several merchants"):
        if notes:
            _write_all(notes, now=now)
        return _begin(going) if going else set()


def _write_all(notes: Sequence[Note], *, now: datetime) -> None:
    try:
        with transaction.atomic():
            noted = set(_write(notes))
    except IntegrityError:
        # Of SMS and WhatsApp, one message of theirs belongs to one of ours: say which one by one.
        noted = {pk for note in notes for pk in _write_alone(note, now=now)}
    for note in notes:
        if note.message.pk not in noted:
            log.info("message %d was settled by a receipt or another worker", note.message.pk)
        if note.suppress:
            _never_again(note.message, note.suppress, now=now)
    _note_told([note.message for note in notes if note.is_sent and note.message.pk in noted], now)


def _begin(going: Sequence[tuple[Message, bool]]) -> set[int]:
    claims = sorted((message.pk, message.attempts, is_last) for message, is_last in going)
    with connection.cursor() as cursor:
        found = execute_values(cursor.cursor, _BEGIN, claims, page_size=len(claims), fetch=True)
    return {row[0] for row in found}


#: One that is in doubt stays so.
_BEGIN: Final = f"""
UPDATE {Message._meta.db_table} AS m
SET state = CASE WHEN m.state = 'waiting' THEN 'sending' ELSE m.state END,
  due_at = CASE WHEN v.is_last THEN NULL ELSE m.due_at END
FROM (VALUES %s) AS v (id, attempts, is_last)
WHERE m.id = v.id AND m.attempts = v.attempts AND m.state IN ('waiting', 'uncertain')
RETURNING m.id
"""  # noqa: S608 - names are ours


#: What a note leaves out stays as it is.
_NOTE: Final = f"""
UPDATE {Message._meta.db_table} AS m SET
  state = v.state, reason = v.reason, reason_code = v.code, due_at = v.due_at,
  receipt_by = v.receipt_by, sent_at = coalesce(v.sent_at, m.sent_at),
  provider_id = coalesce(nullif(v.provider_id, ''), m.provider_id),
  cut_offs = coalesce(v.cut_offs, m.cut_offs), attempts = m.attempts - v.untried
FROM (VALUES %s) AS v
  (id, attempts, state, reason, code, due_at, receipt_by, sent_at, provider_id, cut_offs, untried)
WHERE m.id = v.id AND m.attempts = v.attempts AND m.state IN ('waiting', 'sending', 'uncertain')
RETURNING m.id
"""  # noqa: S608 - names are ours
_ROW: Final = (
    "(%s, %s, %s, %s, %s, %s::timestamptz, %s::timestamptz, %s::timestamptz, %s, %s::int, %s)"
)


def _write(notes: Sequence[Note]) -> list[int]:
    """Ids of those that were still ours."""
    rows: list[tuple[Any, ...]] = [
        (
            note.message.pk, note.message.attempts, str(note.state), str(note.reason)[:300],
            str(note.code), note.due_at, note.receipt_by, note.sent_at, note.provider_id,
            note.cut_offs, 0 if note.was_tried else 1,
        )
        for note in sorted(notes, key=lambda note: note.message.pk)
    ]  # fmt: skip
    with connection.cursor() as cursor, connection.wrap_database_errors:
        found = execute_values(
            cursor.cursor, _NOTE, rows, template=_ROW, page_size=len(rows), fetch=True
        )
    return [row[0] for row in found]


def _write_alone(note: Note, *, now: datetime) -> list[int]:
    try:
        with transaction.atomic():
            return _write([note])
    except IntegrityError:
        if note.reason != FOUND:
            # A doubtful message with the same text took this id for its own: it is asked again.
            _release(note.message, note.provider_id, now=now)
            return _write([note])
    # Another doubtful message with the same text settled on it first: ask again.
    again = now + _ASK_AFTER if note.message.attempts < MOST_ATTEMPTS else None
    unsettled = Note(
        note.message, Message.State.UNCERTAIN, reason=UNSETTLED, code=Unsent.UNCERTAIN, due_at=again
    )
    _write([unsettled])
    return []


def _release(message: Message, provider_id: str, *, now: datetime) -> None:
    """Two shops may write the same to one number: whoever it is, the id is not its own."""
    mistaken = Message.objects.filter(channel=message.channel, provider_id=provider_id)
    mistaken.exclude(pk=message.pk).update(
        state=Message.State.UNCERTAIN,
        provider_id="",
        due_at=now + _ASK_AFTER,
        receipt_by=None,
        reason=UNSETTLED,
        reason_code=Unsent.UNCERTAIN,
    )


def _note_told(messages: Sequence[Message], now: datetime) -> None:
    by_merchant: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        if message.window is not None:
            by_merchant[message.merchant_id].append(message)
    # In one order, so that two workers never wait for each other.
    for merchant_id, mine in sorted(by_merchant.items()):
        with merchant_scope(merchant_id):
            note_told(mine, now=now)


def _never_again(message: Message, reason: str, *, now: datetime) -> None:
    with merchant_scope(message.merchant_id):
        if message.subscription_id is not None:
            PushSubscription.objects.filter(pk=message.subscription_id).update(gone_at=now)
        else:
            suppress(
                merchant_id=message.merchant_id,
                channel=message.channel,
                address=message.to,
                reason=reason,
            )
