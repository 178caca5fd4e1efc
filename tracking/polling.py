"""Asking carriers about the parcels that are due.

One round: claim due watches (SKIP LOCKED, in one statement), ask outside any transaction,
then write back merchant by merchant. A claim pushes `next_ask_at` ahead by a lease, so a
worker that dies gives its parcels back by itself, and no failure takes a parcel off the
schedule.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from carriers import registry
from carriers.base import Ask, CarrierError
from carriers.fetch import Account, Answer, Call, Fetcher
from carriers.limits import next_day, take_calls
from carriers.models import CarrierAccount
from carriers.updates import TrackingUpdate
from lib.folding import number_key
from lib.vocabulary import Status
from merchants.scope import every_merchant, merchant_scope
from tracking import pulses
from tracking.ingest import Heard, ingest
from tracking.models import Shipment, Watch
from tracking.polling_health import note_answers
from tracking.raw_answers import keep
from tracking.schedule import after_answer, after_failure
from tracking.writing import update_many

LEASE: Final = timedelta(minutes=10)
WITHOUT_ACCOUNT: Final = timedelta(hours=6)

_WATCH_COLUMNS = (
    "next_ask_at",
    "asked_at",
    "answered_at",
    "result",
    "problem",
    "failures",
    "digest",
)


@dataclass(frozen=True, slots=True)
class Due:
    """One parcel whose turn it is."""

    watch_id: int
    shipment_id: int
    merchant_id: int
    carrier: str
    number: str
    extra: dict[str, str]
    status: Status
    failures: int
    digest: str
    answered_at: datetime | None


@dataclass(slots=True)
class Round:
    """What one round did, for logs and metrics."""

    asked: int = 0
    changed: int = 0
    new_events: int = 0
    failed: int = 0
    news: Counter[str] = field(default_factory=Counter)
    """Parcels with something new, by carrier."""


@dataclass(slots=True)
class _Plan:
    """Calls to make, which parcels each is about, and parcels that are not asked now."""

    calls: list[Call] = field(default_factory=list)
    dues: list[list[Due]] = field(default_factory=list)
    accounts: list[int] = field(default_factory=list)
    postponed: list[tuple[Due, datetime, str, str]] = field(default_factory=list)


def poll_round(fetcher: Fetcher, *, now: datetime, limit: int = 500) -> Round:
    """Ask about up to `limit` due parcels. An empty round asked nobody."""
    with every_merchant("due parcels of all merchants are asked about in one round"):
        due = claim(now=now, limit=limit)
        plan = _plan(due, now=now)
    answers = fetcher.fetch(plan.calls)
    found = Round(asked=sum(len(dues) for dues in plan.dues))
    _postpone(plan)
    by_merchant: dict[int, list[int]] = defaultdict(list)
    for index, dues in enumerate(plan.dues):
        by_merchant[dues[0].merchant_id].append(index)
    for merchant_id, indexes in by_merchant.items():
        with merchant_scope(merchant_id):
            _write(
                [(answers[i], plan.dues[i]) for i in indexes],
                [plan.accounts[i] for i in indexes],
                found,
                now=now,
            )
    pulses.add(pulses.beats_of(answers, found.news), now=now)
    return found


def claim(*, now: datetime, limit: int) -> list[Due]:
    """Lease up to `limit` due parcels, longest due first; in `every_merchant`."""
    with connection.cursor() as cursor:
        # "= ANY(ARRAY(…))" and not "IN (…)": the planner then always goes by the primary key,
        # and never reads the whole table to join it with the few that are due.
        cursor.execute(
            "UPDATE tracking_watch SET next_ask_at = %s WHERE id = ANY(ARRAY("
            "  SELECT id FROM tracking_watch WHERE next_ask_at <= %s"
            "  ORDER BY next_ask_at LIMIT %s FOR UPDATE SKIP LOCKED"
            ")) RETURNING id, shipment_id, failures, digest, answered_at",
            [now + LEASE, now, limit],
        )
        watches = {row[1]: row for row in cursor.fetchall()}
    parcels = Shipment.objects.filter(pk__in=list(watches)).values_list(
        "id", "merchant_id", "carrier", "tracking_number", "extra", "status"
    )
    due = []
    for shipment_id, merchant_id, carrier, number, extra, status in parcels:
        watch_id, _, failures, digest, answered_at = watches[shipment_id]
        due.append(
            Due(
                watch_id=watch_id,
                shipment_id=shipment_id,
                merchant_id=merchant_id,
                carrier=carrier,
                number=number,
                extra=extra,
                status=Status(status),
                failures=failures,
                digest=digest,
                answered_at=answered_at,
            )
        )
    return due


def _plan(due: Sequence[Due], *, now: datetime) -> _Plan:
    """Group parcels by account into calls of the carrier's batch size, within its budget."""
    plan = _Plan()
    groups: dict[tuple[int, str], list[Due]] = defaultdict(list)
    for one in due:
        groups[one.merchant_id, one.carrier].append(one)
    accounts = _accounts({merchant_id for merchant_id, _ in groups})
    for (merchant_id, slug), dues in groups.items():
        account = accounts.get((merchant_id, slug))
        carrier = registry.CARRIERS.get(slug)
        if account is None or carrier is None:
            words = f"No {registry.name_of(slug)} account is connected"
            plan.postponed += [(one, now + WITHOUT_ACCOUNT, "no_account", words) for one in dues]
            continue
        if account.paused_until and account.paused_until > now:
            reason = f"Paused: {account.last_problem}"
            plan.postponed += [(one, account.paused_until, "paused", reason) for one in dues]
            continue
        batches = [
            dues[start : start + carrier.batch_size]
            for start in range(0, len(dues), carrier.batch_size)
        ]
        granted = take_calls(str(account.pk), len(batches), carrier.limits, now=now)
        for batch in batches[:granted]:
            asks = tuple(Ask(one.number, one.extra) for one in batch)
            base_url = account.base_url or carrier.base_url
            plan.calls.append(
                Call(carrier, Account(str(account.pk), base_url, account.credentials), asks)
            )
            plan.dues.append(batch)
            plan.accounts.append(account.pk)
        for batch in batches[granted:]:
            words = "The carrier's daily limit for this account is used up"
            plan.postponed += [(one, next_day(now), "budget", words) for one in batch]
    return plan


def _accounts(merchant_ids: Iterable[int]) -> dict[tuple[int, str], CarrierAccount]:
    rows = CarrierAccount.objects.filter(merchant_id__in=list(merchant_ids), is_active=True)
    return {(row.merchant_id, row.carrier): row for row in rows.order_by("-pk")}


def _postpone(plan: _Plan) -> None:
    """Parcels that were not asked keep their place: later, with the reason in words."""
    if not plan.postponed:
        return
    rows = [
        (due.watch_id, when, result, words[:300]) for due, when, result, words in plan.postponed
    ]
    with every_merchant("postponed parcels of all merchants"):
        update_many(Watch, ("next_ask_at", "result", "problem"), rows)


def _write(
    answers: Sequence[tuple[Answer, list[Due]]],
    account_ids: Sequence[int],
    found: Round,
    *,
    now: datetime,
) -> None:
    """Ingest what is new and write every watch; in the merchant's scope."""
    heard: list[Heard] = []
    settled: list[tuple[Due, TrackingUpdate | None, CarrierError | None, str]] = []
    kept: list[tuple[UUID, Answer]] = []
    for answer, dues in answers:
        poll_id = uuid4()
        updates = {number_key(update.tracking_number): update for update in answer.updates}
        for due in dues:
            # Some carriers do not repeat the number they do not know; a wrong number is not ours.
            update = updates.get(number_key(due.number)) or updates.get("")
            digest = _digest(update) if update else ""
            settled.append((due, update, answer.error, digest))
            if update is not None and digest != due.digest and (update.events or update.edd):
                heard.append(Heard(due.shipment_id, update, poll_id=poll_id))
        if heard and heard[-1].poll_id == poll_id:
            kept.append((poll_id, answer))
    outcome = ingest(heard=heard, source="poll", now=now)
    keep(kept, merchant_id=answers[0][1][0].merchant_id, now=now)
    statuses = {one.shipment.pk: Status(one.shipment.status) for one in outcome.derived}
    rows = [_watch_row(*one, statuses, now=now) for one in settled]
    update_many(Watch, _WATCH_COLUMNS, rows)
    note_answers(
        [(account, answer) for account, (answer, _) in zip(account_ids, answers, strict=True)],
        merchant_id=answers[0][1][0].merchant_id,
        now=now,
    )
    found.new_events += outcome.new_events
    found.changed += len(outcome.derived)
    found.news.update(one.shipment.carrier for one in outcome.derived)
    found.failed += sum(1 for _, _, error, _ in settled if error is not None)


def _watch_row(
    due: Due,
    update: TrackingUpdate | None,
    error: CarrierError | None,
    digest: str,
    statuses: dict[int, Status],
    *,
    now: datetime,
) -> tuple[Any, ...]:
    factor = settings.POLL_INTERVAL_FACTOR
    if error is not None:
        when: datetime | None = after_failure(
            now=now, failures=due.failures, retry_after=error.retry_after, factor=factor
        )
        return (
            due.watch_id, when, now, due.answered_at, error.kind, str(error)[:300],
            min(due.failures + 1, 1000), due.digest,
        )  # fmt: skip
    found = update is not None and not update.not_found
    status = statuses.get(due.shipment_id, due.status)
    when = after_answer(status, now=now, factor=factor, found=found, tries=due.failures)
    result = "unchanged" if digest == due.digest else "changed"
    problem = (update.problem or "") if update else "The carrier's answer does not name this parcel"
    failures = 0 if found else min(due.failures + 1, 1000)
    return (
        due.watch_id, when, now, now, result if found else "not_found", problem[:300],
        failures, digest,
    )  # fmt: skip


def _digest(update: TrackingUpdate) -> str:
    """Equal for equal answers: an unchanged parcel then writes one row and folds nothing."""
    return hashlib.blake2b(repr(update).encode(), digest_size=16).hexdigest()


def wake(*, carrier: str, now: datetime) -> int:
    """Ask at once about this merchant's open parcels of a carrier (its account was connected)."""
    return Watch.objects.filter(carrier=carrier, next_ask_at__isnull=False).update(
        next_ask_at=now, failures=0
    )
