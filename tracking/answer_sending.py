"""Handing shoppers' answers to carriers: rows with a due time, asked before sent twice.

A claim says "uncertain" before anything leaves, so that a worker that dies in between leaves a
row whose next turn begins with a question. The carrier knows an instruction by its key, so
even a lost answer to that question changes nothing twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from carriers import registry
from carriers.accounts import account_of, limits_of
from carriers.answers import Instruction, Verdict
from carriers.base import CarrierError, Limits
from carriers.calls import Errand, Returned
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from lib.http import READ_SECONDS
from merchants.scope import every_merchant, merchant_scope
from tracking.answers import still_waits
from tracking.models import DeliveryAnswer, Watch
from tracking.orders import touch
from tracking.polling_health import note_refusals

#: Longer than a task may live (`config/celery.py`): who still works on a row still holds it.
LEASE: Final = timedelta(minutes=6)
#: What one account takes at once is done by then, even by a carrier that is never in time.
ROUND_SECONDS: Final = 240.0
#: What is over comes in a later round; an account that waits is looked at again this soon,
#: because a person may have mended it.
POSTPONED: Final = timedelta(minutes=1)
#: An errand is a question and then a hand-over at most; a call ends after this long.
_CALLS: Final = 2
_CALL_SECONDS: Final = READ_SECONDS * 2
#: 10, 20, 40 … seconds between two tries or two questions, at most an hour.
_FIRST_WAIT: Final = timedelta(seconds=10)
_LONGEST_WAIT: Final = timedelta(hours=1)
#: After so many tries (about two hours) a person takes over.
MOST_TRIES: Final = 12
#: The carrier certainly did nothing: no question is needed before the next try.
_NOTHING_DONE: Final = frozenset({"rate_limited", "credentials", "bad_request"})

_State = DeliveryAnswer.State


@dataclass(frozen=True, slots=True)
class _Turn:
    """One claimed answer with its errand and whose it is; no errand: there is nobody to ask."""

    answer: DeliveryAnswer
    errand: Errand | None = None
    account: CarrierAccount | None = None


def send_round(fetcher: Fetcher, *, now: datetime, limit: int = 100) -> int:
    """Hand over, or ask about, the answers that are due. Returns how many were taken."""
    with every_merchant("answers of all merchants wait in one queue"):
        turns = _claim(now=now, limit=limit)
    runs = [turn for turn in turns if turn.errand is not None]
    returned = fetcher.carry([turn.errand for turn in runs if turn.errand is not None])
    said = {turn.answer.pk: one for turn, one in zip(runs, returned, strict=True)}
    _send_what_is_unknown(fetcher, runs, said)
    by_merchant: dict[int, list[_Turn]] = defaultdict(list)
    for turn in turns:
        by_merchant[turn.answer.merchant_id].append(turn)
    for merchant_id, mine in by_merchant.items():
        with merchant_scope(merchant_id):
            for turn in mine:
                _write(turn.answer, said.get(turn.answer.pk), now=now)
            note_refusals(_errors(mine, said), now=now)
    return len(turns)


def _errors(
    turns: Iterable[_Turn], said: dict[int, Returned]
) -> list[tuple[CarrierAccount, CarrierError]]:
    return [
        (turn.account, error)
        for turn in turns
        if turn.account is not None
        and turn.answer.pk in said
        and (error := said[turn.answer.pk].error) is not None
    ]


def _claim(*, now: datetime, limit: int) -> list[_Turn]:
    """Lease the due answers whose accounts may be asked now; the others come later.

    What was never sent is marked uncertain before it leaves.
    """
    answers = list(
        DeliveryAnswer.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(due_at__lte=now)
        .select_related("shipment")
        .order_by("due_at", "pk")[:limit]
    )
    accounts = _accounts({one.merchant_id for one in answers})
    taken: Counter[str] = Counter()
    turns: list[_Turn] = []
    postponed: dict[datetime, list[int]] = defaultdict(list)
    for one in answers:
        turn = _turn(one, accounts.get((one.merchant_id, one.shipment.carrier)))
        later = _later(turn, taken, now=now)
        if later is not None:
            postponed[later].append(one.pk)
        else:
            turns.append(turn)
    for later, waiting in postponed.items():
        DeliveryAnswer.objects.filter(pk__in=waiting).update(due_at=later)
    DeliveryAnswer.objects.filter(pk__in=[turn.answer.pk for turn in turns]).update(
        due_at=now + LEASE, is_uncertain=True
    )
    return turns


def _accounts(merchant_ids: Iterable[int]) -> dict[tuple[int, str], CarrierAccount]:
    rows = CarrierAccount.objects.filter(merchant_id__in=list(merchant_ids), is_active=True)
    rows = rows.select_related("platform").order_by("-pk")
    return {(row.merchant_id, row.carrier): row for row in rows}


def _later(turn: _Turn, taken: Counter[str], *, now: datetime) -> datetime | None:
    """When to try instead: the carrier's hours, a paused account, or one that has as much as it
    can do in a round. None: now, and it counts in `taken`."""
    if turn.errand is None or turn.account is None:
        return None
    options = turn.errand.carrier.answers
    opens = options.opens(now) if options and not turn.errand.is_question else now
    if opens > now:
        return opens
    if any(until > now for until in _pauses(turn.account)):
        return now + POSTPONED
    shared = turn.errand.account.key  # by all merchants with the platform's account
    if taken[shared] >= most_at_once(limits_of(turn.account, turn.errand.carrier)):
        return now + POSTPONED
    taken[shared] += 1
    return None


def _pauses(account: CarrierAccount) -> list[datetime]:
    """Its own, and that of the platform's account behind it."""
    both = [account.paused_until, account.platform.paused_until if account.platform else None]
    return [until for until in both if until is not None]


def most_at_once(limits: Limits) -> int:
    """How many errands one account certainly ends within ROUND_SECONDS."""
    by_time = ROUND_SECONDS / (_CALLS * _CALL_SECONDS) * limits.concurrent
    by_pace = ROUND_SECONDS * limits.per_second / _CALLS if limits.per_second else by_time
    return max(1, int(min(by_time, by_pace)))


def _turn(answer: DeliveryAnswer, account: CarrierAccount | None) -> _Turn:
    carrier = registry.CARRIERS.get(answer.shipment.carrier)
    if account is None or carrier is None or carrier.answers is None:
        return _Turn(answer)
    is_question = answer.is_uncertain or answer.state == _State.SENT
    if carrier.answers.by_reference and not answer.reference:
        is_question = False  # it cannot be asked, and the same again does no harm
    if not is_question and not _still_waits(answer):
        return _Turn(answer)
    instruction = _instruction(answer).worded(carrier.answers)
    errand = Errand(carrier, account_of(account), instruction, is_question=is_question)
    return _Turn(answer, errand, account)


def _still_waits(answer: DeliveryAnswer) -> bool:
    return still_waits(answer, answer.shipment)


def _instruction(answer: DeliveryAnswer) -> Instruction:
    return Instruction(
        number=answer.shipment.tracking_number,
        key=str(answer.key),
        day=answer.day,
        part_of_day=answer.part_of_day,
        address=answer.address,
        landmark=answer.landmark,
        phone=answer.phone,
        words=answer.words,
        reference=answer.reference,
        safe_place=answer.safe_place,
        neighbour=answer.neighbour,
        pin=answer.pin,
    )


def _send_what_is_unknown(
    fetcher: Fetcher, runs: Sequence[_Turn], said: dict[int, Returned]
) -> None:
    """The carrier never got what we were unsure about: it is handed over now."""
    lost = [
        turn
        for turn in runs
        if (verdict := said[turn.answer.pk].verdict) is not None
        and verdict.word == "unknown"
        and _still_waits(turn.answer)
    ]
    errands = [replace(turn.errand, is_question=False) for turn in lost if turn.errand is not None]
    for turn, one in zip(lost, fetcher.carry(errands), strict=True):
        said[turn.answer.pk] = one


def _write(answer: DeliveryAnswer, returned: Returned | None, *, now: datetime) -> None:
    """What came of one turn, unless a later turn holds the row; in the merchant's scope."""
    columns: dict[str, Any]
    if returned is None:
        columns = _not_sent(answer, now=now)
    elif returned.verdict is not None:
        columns = _told(answer, returned.verdict, now=now)
    else:
        assert returned.error is not None
        columns = _failed(answer, returned.error, now=now)
    still_ours = DeliveryAnswer.objects.filter(
        pk=answer.pk,
        due_at=now + LEASE,  # the claim of this turn
        state__in=[_State.RECEIVED, _State.SENT],
        by_hand=False,
    )
    if not still_ours.update(**columns):
        return
    if columns.get("state", answer.state) != answer.state or columns.get("by_hand"):
        touch(answer.order_id, now=now)
    if columns.get("state") == _State.ACCEPTED:
        # Its scans follow soon; the shopper is looking.
        Watch.objects.filter(shipment_id=answer.shipment_id, next_ask_at__isnull=False).update(
            next_ask_at=now
        )


def _not_sent(answer: DeliveryAnswer, *, now: datetime) -> dict[str, Any]:
    """Nothing left the house: the parcel moved on, or there is nobody to send it to."""
    if not _still_waits(answer):
        return {"state": _State.OVERTAKEN, "settled_at": now, "due_at": None}
    return _to_a_person("The carrier’s account is not connected")


def _told(answer: DeliveryAnswer, verdict: Verdict, *, now: datetime) -> dict[str, Any]:
    reference = verdict.reference[:60] or answer.reference
    words = {"reference": reference, "carrier_words": verdict.words[:300]}
    known = {"problem": "", "sent_at": answer.sent_at or now, **words}
    if verdict.word == "received" and answer.tries + 1 >= MOST_TRIES:
        return known | {"state": _State.SENT} | _to_a_person("The carrier has not decided")
    if verdict.word == "received":
        again = now + _wait(answer.tries)
        return known | {"state": _State.SENT, "due_at": again, "tries": answer.tries + 1}
    if verdict.word == "unknown":  # and the parcel has moved on, or it had been sent again
        return {"state": _State.OVERTAKEN, "settled_at": now, "due_at": None}
    agreed = verdict.word == "accepted"
    return known | {
        "state": _State.ACCEPTED if agreed else _State.REFUSED,
        "settled_at": now,
        "due_at": None,
        "is_uncertain": False,
    }


def _failed(answer: DeliveryAnswer, error: CarrierError, *, now: datetime) -> dict[str, Any]:
    """Later, with the reason in words; a refused key or too many tries go to a person."""
    if error.permanent or answer.tries + 1 >= MOST_TRIES:
        return _to_a_person(str(error))
    wait = _wait(answer.tries)
    if error.retry_after is not None:
        wait = max(wait, timedelta(seconds=min(error.retry_after, 86_400.0)))
    was_uncertain = answer.is_uncertain  # as it was before this turn
    return {
        "due_at": now + wait,
        "tries": answer.tries + 1,
        "problem": str(error)[:300],
        "is_uncertain": was_uncertain or error.kind not in _NOTHING_DONE,
    }


def _to_a_person(problem: str) -> dict[str, Any]:
    return {"by_hand": True, "due_at": None, "problem": problem[:300]}


def _wait(tries: int) -> timedelta:
    factor: int = 2 ** min(tries, 10)
    return min(_FIRST_WAIT * factor, _LONGEST_WAIT)
