"""What a round's answers mean: scans go to `ingest`, and every watch gets its next turn."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings

from carriers.base import CarrierError, Registered
from carriers.calls import Answer, Registration
from carriers.models import CarrierAccount
from carriers.updates import TrackingUpdate
from lib.folding import number_key
from tracking import undecided
from tracking.asking_when import Followed, followed, next_ask, paces
from tracking.gap_history import tables
from tracking.hub_news import name_carriers
from tracking.ingest import Heard, ingest
from tracking.models import Leg, Watch
from tracking.poll_plan import LEASE, Due, Planned
from tracking.polling_health import note_answers
from tracking.raw_answers import keep
from tracking.schedule import after_failure
from tracking.writing import update_many

#: A hub needs a moment to ask the carrier after a registration.
AFTER_REGISTRATION: Final = timedelta(minutes=5)
REFUSED_REGISTRATION: Final = timedelta(hours=6)

_WATCH_COLUMNS = (
    "next_ask_at",
    "asked_at",
    "asked_that_day",
    "answered_at",
    "result",
    "problem",
    "failures",
    "digest",
)


@dataclass(slots=True)
class Round:
    """What one round did, for logs and metrics."""

    claimed: int = 0
    asked: int = 0
    changed: int = 0
    new_events: int = 0
    failed: int = 0
    #: Parcels with something new, by the carrier (or hub) that was asked.
    news: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Said:
    """What the carriers of one parcel said in this round: a parcel with legs has several."""

    account_id: int = 0
    dues: list[Due] = field(default_factory=list)
    updates: list[TrackingUpdate] = field(default_factory=list)
    errors: list[CarrierError] = field(default_factory=list)

    def add(self, account_id: int, due: Due, said: TrackingUpdate | CarrierError | None) -> None:
        """The first carrier goes before the further ones, whoever answered first."""
        is_first = due.leg == 0
        self.account_id = account_id if is_first or not self.dues else self.account_id
        self.dues.insert(0 if is_first else len(self.dues), due)
        if isinstance(said, CarrierError):
            self.errors.insert(0 if is_first else len(self.errors), said)
        elif said is not None:
            self.updates.insert(0 if is_first else len(self.updates), said)


def write_answers(
    answered: Sequence[tuple[Planned, Answer]], found: Round, *, now: datetime
) -> None:
    """Ingest what is new and write every watch; in the merchant's scope."""
    said: dict[int, _Said] = defaultdict(_Said)
    heard: list[Heard] = []
    kept: dict[UUID, Answer] = {}
    registered: set[int] = set()
    for planned, answer in answered:
        poll_id = uuid4()
        carrier = answer.call.carrier
        if isinstance(planned.call, Registration) and not (carrier.is_hub and answer.error):
            registered |= _note_registered(planned, answer, now=now)
            continue
        updates = {number_key(update.tracking_number): update for update in answer.updates}
        for due in planned.dues:
            # Some carriers do not repeat the number they do not know; a wrong number is not ours.
            update = updates.get(number_key(due.number))
            if update is None and len(planned.dues) == 1:
                update = updates.get("")
            said[due.watch_id].add(planned.account.pk, due, answer.error or update)
            if answer.error is None and update is not None:
                hub = carrier.slug if carrier.is_hub else ""
                heard.append(Heard(due.shipment_id, update, due.leg, hub, poll_id=poll_id))
                kept[poll_id] = answer
    woken = _compare(said, heard, now=now)
    judged = _judge_candidates(said, heard, now=now)
    digests = {watch_id: _digest(one.updates) for watch_id, one in said.items()}
    news = {
        one.dues[0].shipment_id
        for watch_id, one in said.items()
        if one.updates and digests[watch_id] != one.dues[0].digest
    }
    heard = [one for one in heard if one.shipment_id in news and one.update.says_something]
    name_carriers(heard, now=now)
    outcome = ingest(heard=heard, source="poll", now=now)
    told = {one.poll_id for one in heard if one.poll_id is not None}
    keep(
        [(poll_id, kept[poll_id]) for poll_id in told],
        merchant_id=answered[0][0].account.merchant_id,
        now=now,
    )
    accounts = [one.account for one, _ in answered]
    _write_watches(said, digests, woken | registered, accounts, now=now)
    judged.hurry(now=now)
    note_answers([(one.account, answer) for one, answer in answered], now=now)
    found.new_events += outcome.new_events
    found.changed += len(outcome.derived)
    found.news.update(_who_told(answered, {one.shipment.pk for one in outcome.derived}))
    found.failed += sum(1 for one in said.values() if one.errors and not one.updates)


def _who_told(answered: Sequence[tuple[Planned, Answer]], derived: set[int]) -> Iterator[str]:
    """Who was asked about each parcel that has news: of a hub's parcels the hub."""
    for planned, _ in answered:
        for due in planned.dues:
            if due.leg == 0 and due.shipment_id in derived:
                yield planned.call.carrier.slug


def _compare(said: dict[int, _Said], heard: list[Heard], *, now: datetime) -> set[int]:
    """What happened to the parcels while we asked. Returns those that have another turn by now.

    Where a person named another carrier, the answer is about another parcel and is dropped.
    """
    columns = ("pk", "carrier", "candidates", "next_ask_at")
    woken = set()
    for row in Watch.objects.filter(pk__in=list(said)).values_list(*columns, named=True):
        due = said[row.pk].dues[0]
        if row.next_ask_at != now + LEASE:
            woken.add(row.pk)
        is_right = bool(row.candidates) if due.is_candidate else row.carrier == due.carrier
        if due.leg == 0 and not is_right:
            del said[row.pk]
            heard[:] = [one for one in heard if one.shipment_id != due.shipment_id]
    return woken


def _write_watches(
    said: dict[int, _Said],
    digests: dict[int, str],
    woken: set[int],
    accounts: Sequence[CarrierAccount],
    *,
    now: datetime,
) -> None:
    """Every parcel's next turn. Who woke it meanwhile (a connected account) knows better when."""
    parcels = followed((one.dues[0].shipment_id for one in said.values()), now=now)
    pace_of = paces({one.pk: one for one in accounts}, now=now)
    rows = [
        _watch_row(one, digests[pk], parcel, pace_of.get(one.account_id, 1.0), now=now)
        for pk, one in said.items()
        if (parcel := parcels.get(one.dues[0].shipment_id)) is not None
    ]
    update_many(Watch, _WATCH_COLUMNS, [row for row in rows if row[0] not in woken])
    theirs = [(row[0], *row[2:]) for row in rows if row[0] in woken]
    update_many(Watch, _WATCH_COLUMNS[1:], theirs)


def _judge_candidates(
    said: dict[int, _Said], heard: list[Heard], *, now: datetime
) -> undecided.Judged:
    """Of parcels whose carrier is not certain, only the winner's answer is heard."""
    replies = {
        watch_id: undecided.Reply(
            one.dues[0].carrier, next(iter(one.updates), None), is_failed=bool(one.errors)
        )
        for watch_id, one in said.items()
        if one.dues[0].is_candidate
    }
    judged = undecided.judge(replies, now=now)
    for watch_id in replies.keys() - judged.won:
        one = said[watch_id]
        heard[:] = [other for other in heard if other.shipment_id != one.dues[0].shipment_id]
        one.updates = [undecided.as_not_found(update) for update in one.updates]
    return judged


def _note_registered(planned: Planned, answer: Answer, *, now: datetime) -> set[int]:
    """Parcels that are followed for us now are asked about soon; a hub's refusals say why.

    A carrier that refuses to push is polled all the same, so it counts as registered. Returns
    the watches that have their next turn from here; a further leg has none of its own.
    """
    by_number = {number_key(one.number): one for one in answer.registered}
    rows: list[tuple[Any, ...]] = []
    for due in planned.dues:
        one = by_number.get(number_key(due.number)) or by_number.get("")
        problem = "The answer does not name this parcel" if one is None else one.problem
        registration = one.registration[:80] if one else ""
        if due.leg:
            if not (problem and answer.call.carrier.is_hub):
                Leg.objects.filter(shipment_id=due.shipment_id, position=due.leg).update(
                    registered_with=planned.account.pk, registration=registration
                )
        elif not answer.call.carrier.is_hub:
            rows.append((due.watch_id, now, "registered", "", planned.account.pk, registration))
        elif problem:
            when = now + REFUSED_REGISTRATION
            rows.append((due.watch_id, when, "refused", problem[:300], None, ""))
        else:
            when = now + AFTER_REGISTRATION * settings.POLL_INTERVAL_FACTOR
            rows.append((due.watch_id, when, "registered", "", planned.account.pk, registration))
    columns = ("next_ask_at", "result", "problem", "registered_with", "registration")
    update_many(Watch, columns, rows, held=("next_ask_at", now + LEASE))
    _take_first_answers(planned, by_number, now=now)
    return {row[0] for row in rows}


def _take_first_answers(
    planned: Planned, registered: dict[str, Registered], *, now: datetime
) -> None:
    """Some hubs answer a registration with what they know already."""
    heard = []
    hub = planned.call.carrier.slug if planned.call.carrier.is_hub else ""
    for due in planned.dues:
        one = registered.get(number_key(due.number)) or registered.get("")
        if one is not None and one.update is not None and one.update.says_something:
            heard.append(Heard(due.shipment_id, one.update, due.leg, hub))
    name_carriers(heard, now=now)
    ingest(heard=heard, source="poll", now=now)


def _watch_row(
    said: _Said, digest: str, parcel: Followed, pace: float, *, now: datetime
) -> tuple[Any, ...]:
    due, calls = said.dues[0], parcel.asked_today(now=now)
    if said.errors and not said.updates:
        error = said.errors[0]
        when: datetime | None = after_failure(
            now=now,
            failures=due.failures,
            retry_after=error.retry_after,
            factor=settings.POLL_INTERVAL_FACTOR,
        )
        return (
            due.watch_id, when, now, calls, due.answered_at, error.kind, str(error)[:300],
            min(due.failures + 1, 1000), due.digest,
        )  # fmt: skip
    found = any(not update.not_found for update in said.updates)
    when = next_ask(parcel, tables(now=now), now=now, found=found, tries=due.failures, stretch=pace)
    result = "unchanged" if digest == due.digest else "changed"
    problem = next(
        (update.problem or "" for update in said.updates),
        "The carrier's answer does not name this parcel",
    )
    failures = 0 if found else min(due.failures + 1, 1000)
    return (
        due.watch_id, when, now, calls, now, result if found else "not_found", problem[:300],
        failures, digest,
    )  # fmt: skip


def _digest(updates: Sequence[TrackingUpdate]) -> str:
    """Equal for equal answers: an unchanged parcel then writes one row and folds nothing."""
    if not updates:
        return ""
    return hashlib.blake2b(repr(list(updates)).encode(), digest_size=16).hexdigest()
