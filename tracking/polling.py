"""Asking carriers about the parcels that are due.

One round: claim due watches (SKIP LOCKED, in one statement), ask outside any transaction,
then write back merchant by merchant. A claim pushes `next_ask_at` ahead by a lease, so a
worker that dies gives its parcels back by itself, and no failure takes a parcel off the
schedule.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import DatabaseError, connection
from django.db.models import Q

from carriers import registry
from carriers.base import CarrierError
from carriers.calls import Answer
from carriers.fetch import Fetcher
from lib.logs import where
from lib.vocabulary import Status
from merchants.scope import every_merchant, merchant_scope
from tracking import pulses, undecided
from tracking.models import Leg, Shipment, Watch
from tracking.poll_plan import LEASE, Due, Plan, Planned, make_plan
from tracking.poll_writing import Round, write_answers
from tracking.writing import update_many

__all__ = ["Round", "claim", "poll_round", "wake"]

log = logging.getLogger("homeward.tracking")

#: So many calls of one merchant are written down together.
GROUP: Final = 100


def poll_round(fetcher: Fetcher, *, now: datetime, limit: int = 500) -> Round:
    """Ask about up to `limit` due parcels. An empty round found none due.

    Raises RedisError where limits cannot be counted: the parcels come back with their lease.
    """
    with every_merchant("due parcels of all merchants are asked about in one round"):
        due = claim(now=now, limit=limit)
    # The lease stands before anything can go wrong: a round that fails is not tried again at once.
    with every_merchant("accounts of all merchants are looked up in one round"):
        plan = make_plan(due, now=now)
    _postpone(plan, now=now)
    groups = list(_groups(plan.planned))
    found = Round(
        claimed=len({one.watch_id for one in due}),
        asked=sum(len(one.dues) for one in plan.planned),
    )
    said: list[tuple[str, CarrierError | None]] = []
    # Each merchant's answers are written as soon as they are complete: a slow carrier of one
    # holds up nobody else, and we write while we wait.
    with closing(fetcher.fetch_each([[one.call for one in group] for group in groups])) as each:
        for index, answers in each:
            _write(list(zip(groups[index], answers, strict=True)), found, now=now)
            said += [(one.call.carrier.slug, one.error) for one in answers]
    pulses.add(pulses.beats_of(said, found.news), now=now)
    return found


def _write(answered: list[tuple[Planned, Answer]], found: Round, *, now: datetime) -> None:
    """Write one group down. What the database refuses of one merchant is not lost for the others.

    Its parcels come back with their lease.
    """
    try:
        with merchant_scope(answered[0][0].account.merchant_id):
            write_answers(answered, found, now=now)
    except DatabaseError as error:
        found.failed += sum(len(planned.dues) for planned, _ in answered)
        log.error("answers could not be written: %s", where(error))


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
        "shipment_id", "position", "carrier", "tracking_number", "registered_with", "registration"
    )
    return [
        replace(
            due[shipment_id],
            leg=position,
            carrier=carrier,
            number=number,
            registered_with=registered_with,
            registration=registration,
            is_candidate=False,
        )
        for shipment_id, position, carrier, number, registered_with, registration in rows
    ]


def _postpone(plan: Plan, *, now: datetime) -> None:
    """Parcels that were not asked keep their place: later, with the reason in words.

    Where another carrier of the parcel is asked, its answer decides when the next turn is.
    """
    asked = {due.watch_id for one in plan.planned for due in one.dues}
    mine = [one for one in plan.postponed if one.due.leg == 0 and one.due.watch_id not in asked]
    told = [
        (one.due.watch_id, one.until, one.result, one.words[:300]) for one in mine if one.result
    ]
    waiting = [(one.due.watch_id, one.until) for one in mine if not one.result]
    if not mine:
        return
    held = ("next_ask_at", now + LEASE)
    with every_merchant("postponed parcels of all merchants"):
        update_many(Watch, ("next_ask_at", "result", "problem"), told, held=held)
        update_many(Watch, ("next_ask_at",), waiting, held=held)


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
