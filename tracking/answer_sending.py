"""Handing shoppers' answers to carriers: rows with a due time, asked before sent twice.

A claim says "uncertain" before anything leaves, so that a worker that dies in between leaves a
row whose next turn begins with a question. The carrier knows an instruction by its key, so
even a lost answer to that question changes nothing twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from carriers import registry
from carriers.answers import Instruction, Verdict
from carriers.base import CarrierError
from carriers.calls import Account, Errand, Returned
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from merchants.scope import every_merchant, merchant_scope
from tracking.answers import is_answerable
from tracking.models import DeliveryAnswer, Shipment, Watch
from tracking.orders import touch

LEASE: Final = timedelta(minutes=2)
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
    """One claimed answer with its errand; no errand: there is nobody to ask."""

    answer: DeliveryAnswer
    errand: Errand | None


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
    return len(turns)


def _claim(*, now: datetime, limit: int) -> list[_Turn]:
    """Lease due answers. What was never sent is marked uncertain before it leaves."""
    answers = list(
        DeliveryAnswer.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(due_at__lte=now)
        .select_related("shipment")
        .order_by("due_at", "pk")[:limit]
    )
    DeliveryAnswer.objects.filter(pk__in=[one.pk for one in answers]).update(
        due_at=now + LEASE, is_uncertain=True
    )
    merchants = {one.merchant_id for one in answers}
    accounts = {
        (row.merchant_id, row.carrier): row
        for row in CarrierAccount.objects.filter(
            merchant_id__in=merchants, is_active=True
        ).order_by("-pk")
    }
    return [_turn(one, accounts.get((one.merchant_id, one.shipment.carrier))) for one in answers]


def _turn(answer: DeliveryAnswer, account: CarrierAccount | None) -> _Turn:
    carrier = registry.CARRIERS.get(answer.shipment.carrier)
    if account is None or carrier is None or carrier.answers is None:
        return _Turn(answer, None)
    knows_already = answer.is_uncertain or answer.state == _State.SENT
    if not knows_already and not _still_waits(answer):
        return _Turn(answer, None)
    place = Account(str(account.pk), account.base_url or carrier.base_url, account.credentials)
    return _Turn(answer, Errand(carrier, place, _instruction(answer), is_question=knows_already))


def _still_waits(answer: DeliveryAnswer) -> bool:
    parcel: Shipment = answer.shipment
    return is_answerable(parcel) and parcel.attempts == answer.attempt


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
    """What came of one turn; in the merchant's scope."""
    columns: dict[str, Any]
    if returned is None:
        columns = _not_sent(answer, now=now)
    elif returned.verdict is not None:
        columns = _told(answer, returned.verdict, now=now)
    else:
        assert returned.error is not None
        columns = _failed(answer, returned.error, now=now)
    still_ours = DeliveryAnswer.objects.filter(
        pk=answer.pk, state__in=[_State.RECEIVED, _State.SENT], by_hand=False
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
    words = {"reference": verdict.reference[:60], "carrier_words": verdict.words[:300]}
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
