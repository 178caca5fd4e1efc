"""Asking carriers about the parcels that are due.

One round: claim due watches (SKIP LOCKED, in one statement), ask outside any transaction,
then write back merchant by merchant. A claim pushes `next_ask_at` ahead by a lease, so a
worker that dies gives its parcels back by itself, and no failure takes a parcel off the
schedule.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Q

from carriers import registry
from carriers.base import CarrierError, Registered
from carriers.calls import Answer, Registration
from carriers.fetch import Fetcher
from carriers.updates import TrackingUpdate
from lib.folding import number_key
from lib.vocabulary import Status
from merchants.scope import every_merchant, merchant_scope
from tracking import undecided
from tracking.asking_when import Followed, followed, next_ask, paces
from tracking.gap_history import tables
from tracking.ingest import Heard, ingest
from tracking.models import Leg, Shipment, Watch
from tracking.poll_plan import Due, Planned, Postponed, make_plan
from tracking.polling_health import note_answers
from tracking.schedule import after_failure
from tracking.writing import update_many

LEASE: Final = timedelta(minutes=10)
#: A hub needs a moment to ask the carrier after a registration.
AFTER_REGISTRATION: Final = timedelta(minutes=5)
REFUSED_REGISTRATION: Final = timedelta(hours=6)
#: So many calls of one merchant are written down together.
GROUP: Final = 100

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

    asked: int = 0
    changed: int = 0
    new_events: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Said:
    """What the carriers of one parcel said in this round: a parcel with legs has several."""

    account_id: int = 0
    dues: list[Due] = field(default_factory=list)
    updates: list[TrackingUpdate] = field(default_factory=list)
    errors: list[CarrierError] = field(default_factory=list)


def poll_round(fetcher: Fetcher, *, now: datetime, limit: int = 500) -> Round:
    """Ask about up to `limit` due parcels. An empty round asked nobody."""
    with every_merchant("due parcels of all merchants are asked about in one round"):
        plan = make_plan(claim(now=now, limit=limit), now=now)
    _postpone(plan.postponed)
    groups = list(_groups(plan.planned))
    found = Round(asked=sum(len(one.dues) for one in plan.planned))
    # Each merchant's answers are written as soon as they are complete: a slow carrier of one
    # holds up nobody else, and we write while we wait.
    for index, answers in fetcher.fetch_each([[one.call for one in group] for group in groups]):
        group = groups[index]
        with merchant_scope(group[0].account.merchant_id):
            _write(list(zip(group, answers, strict=True)), found, now=now)
    return found


def _groups(planned: Sequence[Planned]) -> list[list[Planned]]:
    """The calls of each merchant, in portions. All calls about one parcel are in one portion."""
    by_merchant: dict[int, list[Planned]] = defaultdict(list)
    for one in planned:
        by_merchant[one.account.merchant_id].append(one)
    groups = []
    for calls in by_merchant.values():
        if any(due.leg for one in calls for due in one.dues):
            groups.append(calls)
        else:
            groups += [calls[start : start + GROUP] for start in range(0, len(calls), GROUP)]
    return groups


def claim(*, now: datetime, limit: int) -> list[Due]:
    """Lease up to `limit` due parcels, longest due first; in `every_merchant`."""
    with connection.cursor() as cursor:
        # "= ANY(ARRAY(…))" and not "IN (…)": the planner then always goes by the primary key,
        # and never reads the whole table to join it with the few that are due.
        cursor.execute(
            "UPDATE tracking_watch SET next_ask_at = %s WHERE id = ANY(ARRAY("
            "  SELECT id FROM tracking_watch WHERE next_ask_at <= %s"
            "  ORDER BY next_ask_at LIMIT %s FOR UPDATE SKIP LOCKED"
            ")) RETURNING id, shipment_id, failures, digest, answered_at, registered_with,"
            " registration, candidates <> '[]'",
            [now + LEASE, now, limit],
        )
        watches = {row[1]: row for row in cursor.fetchall()}
    turn = undecided.turns([row[0] for row in watches.values() if row[7]], now=now)
    parcels = Shipment.objects.filter(pk__in=list(watches)).values_list(
        "id", "merchant_id", "carrier", "tracking_number", "extra", "status"
    )
    due: dict[int, Due] = {}
    for shipment_id, merchant_id, carrier, number, extra, status in parcels:
        watch_id, _, failures, digest, answered_at, with_, registration, _ = watches[shipment_id]
        due[shipment_id] = Due(
            watch_id=watch_id,
            shipment_id=shipment_id,
            merchant_id=merchant_id,
            carrier=turn.get(watch_id, carrier),
            is_candidate=watch_id in turn,
            number=number,
            extra=extra,
            status=Status(status),
            failures=failures,
            digest=digest,
            answered_at=answered_at,
            registered_with=with_,
            registration=registration,
        )
    return [*due.values(), *_further_legs(due)]


def _further_legs(due: dict[int, Due]) -> list[Due]:
    """The second carriers of these parcels: they are asked beside the first."""
    rows = Leg.objects.filter(shipment_id__in=list(due)).values_list(
        "shipment_id", "position", "carrier", "tracking_number"
    )
    return [
        replace(
            due[shipment_id],
            leg=position,
            carrier=carrier,
            number=number,
            registered_with=None,
            registration="",
            is_candidate=False,
        )
        for shipment_id, position, carrier, number in rows
    ]


def _postpone(postponed: Sequence[Postponed]) -> None:
    """Parcels that were not asked keep their place: later, with the reason in words."""
    first_legs = [one for one in postponed if one.due.leg == 0]
    told = [one for one in first_legs if one.result]
    waiting = [one for one in first_legs if not one.result]
    if not first_legs:
        return
    with every_merchant("postponed parcels of all merchants"):
        update_many(
            Watch,
            ("next_ask_at", "result", "problem"),
            [(one.due.watch_id, one.until, one.result, one.words[:300]) for one in told],
        )
        update_many(Watch, ("next_ask_at",), [(one.due.watch_id, one.until) for one in waiting])


def _write(answered: Sequence[tuple[Planned, Answer]], found: Round, *, now: datetime) -> None:
    """Ingest what is new and write every watch; in the merchant's scope."""
    said: dict[int, _Said] = defaultdict(_Said)
    heard: list[Heard] = []
    for planned, answer in answered:
        is_hub = answer.call.carrier.is_hub
        if isinstance(planned.call, Registration) and not (is_hub and answer.error):
            _note_registered(planned, answer, now=now)
            continue
        updates = {number_key(update.tracking_number): update for update in answer.updates}
        for due in planned.dues:
            one = said[due.watch_id]
            one.account_id = planned.account.pk
            one.dues.append(due)
            if answer.error is not None:
                one.errors.append(answer.error)
                continue
            # Some carriers do not repeat the number they do not know; a wrong number is not ours.
            update = updates.get(number_key(due.number)) or updates.get("")
            if update is not None:
                one.updates.append(update)
                heard.append(Heard(due.shipment_id, update, leg=due.leg))
    _forget_corrected(said, heard)
    judged = _judge_candidates(said, heard, now=now)
    digests = {watch_id: _digest(one.updates) for watch_id, one in said.items()}
    news = {
        one.dues[0].shipment_id
        for watch_id, one in said.items()
        if one.updates and digests[watch_id] != one.dues[0].digest
    }
    outcome = ingest(
        heard=[one for one in heard if one.shipment_id in news and one.update.says_something],
        source="poll",
        now=now,
    )
    parcels = followed(one.dues[0].shipment_id for one in said.values())
    pace_of = paces({one.account.pk: one.account for one, _ in answered}, now=now)
    rows = [
        _watch_row(one, digests[pk], parcel, pace_of.get(one.account_id, 1.0), now=now)
        for pk, one in said.items()
        if (parcel := parcels.get(one.dues[0].shipment_id)) is not None
    ]
    update_many(Watch, _WATCH_COLUMNS, rows)
    judged.hurry(now=now)
    note_answers([(one.account, answer) for one, answer in answered], now=now)
    found.new_events += outcome.new_events
    found.changed += len(outcome.derived)
    found.failed += sum(1 for one in said.values() if one.errors and not one.updates)


def _forget_corrected(said: dict[int, _Said], heard: list[Heard]) -> None:
    """A person named another carrier while we asked: this answer is about another parcel."""
    rows = Watch.objects.filter(pk__in=list(said)).values_list("pk", "carrier", "candidates")
    for watch_id, carrier, candidates in rows:
        due = said[watch_id].dues[0]
        is_right = bool(candidates) if due.is_candidate else carrier == due.carrier
        if due.leg == 0 and not is_right:
            del said[watch_id]
            heard[:] = [one for one in heard if one.shipment_id != due.shipment_id]


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


def _note_registered(planned: Planned, answer: Answer, *, now: datetime) -> None:
    """Parcels that are followed for us now are asked about soon; a hub's refusals say why.

    A carrier that refuses to push is polled all the same, so it counts as registered.
    """
    by_number = {number_key(one.number): one for one in answer.registered}
    rows: list[tuple[Any, ...]] = []
    for due in planned.dues:
        one = by_number.get(number_key(due.number)) or by_number.get("")
        problem = "The answer does not name this parcel" if one is None else one.problem
        registration = one.registration[:80] if one else ""
        if not answer.call.carrier.is_hub:
            rows.append((due.watch_id, now, "registered", "", planned.account.pk, registration))
        elif problem:
            when = now + REFUSED_REGISTRATION
            rows.append((due.watch_id, when, "refused", problem[:300], None, ""))
        else:
            when = now + AFTER_REGISTRATION
            rows.append((due.watch_id, when, "registered", "", planned.account.pk, registration))
    columns = ("next_ask_at", "result", "problem", "registered_with", "registration")
    update_many(Watch, columns, rows)
    _take_first_answers(planned, by_number, now=now)


def _take_first_answers(
    planned: Planned, registered: dict[str, Registered], *, now: datetime
) -> None:
    """Some hubs answer a registration with what they know already."""
    heard = []
    for due in planned.dues:
        one = registered.get(number_key(due.number)) or registered.get("")
        if one is not None and one.update is not None and one.update.says_something:
            heard.append(Heard(due.shipment_id, one.update, leg=due.leg))
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


def wake(*, carrier: str, now: datetime) -> int:
    """Ask at once about this merchant's open parcels of a carrier (its account was connected).

    A hub may know any of those that nobody could be asked about.
    """
    open_ones = Watch.objects.filter(next_ask_at__isnull=False)
    adapter = registry.CARRIERS.get(carrier)
    if adapter is not None and adapter.is_hub:
        open_ones = open_ones.filter(Q(carrier=carrier) | Q(result="no_account"))
    else:
        mine = Q(carrier=carrier) | Q(candidates__contains=[{"slug": carrier}])
        open_ones = open_ones.filter(mine)
    return open_ones.update(next_ask_at=now, failures=0)
