"""Staged rows become orders, a batch at a time; what cannot, stays with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final

from django.db.models import F, Q

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.csv.building import Built, build, completed
from stores.csv.elsewhere import placed_elsewhere
from stores.csv.handing_over import Handed, Said, hand_over
from stores.csv.holding import Hold
from stores.csv.problems import Problem
from stores.csv.reading import Record
from stores.csv.settings import Settings
from stores.csv.standing import standings
from stores.models import ImportedOrder, ImportRow, OrderImport
from stores.saying import clip
from tracking.models import Order
from tracking.writing import insert_many, update_many

#: More rows than any order has: such a column is no order number.
_MOST_ROWS: Final = 2_000
_Outcome = ImportedOrder.Outcome


@dataclass(slots=True)
class Tally:
    """What a batch brought, in orders."""

    new: int = 0
    merged: int = 0
    unchanged: int = 0
    kept: list[tuple[Any, ...]] = field(default_factory=list)


def save_batch(job: OrderImport, settings: Settings, hold: Hold, *, size: int) -> bool:
    """Save the orders of about `size` more rows in one transaction. Returns whether there may be
    more. Raises Lost."""
    with merchant_scope(job.merchant_id):
        rows, is_last = _next(job, size)
        if not rows:
            return False
        groups = [list(group) for _, group in groupby(rows, key=lambda row: row.order_key)]
        built = [_build(group, settings) for group in groups]
        good = [one for one in built if one.update is not None]
        handed, tally = _save(job, good, settings, hold)
        lost = [_unsaved(one) for one, done in zip(good, handed, strict=True) if not done]
        refused = [one for one in built if one.update is None] + lost
        count = _keep_refused(refused, rows)
        ImportRow.objects.filter(pk__in=[row.pk for row in rows], problems__isnull=True).delete()
        job.last_key = rows[-1].order_key
        hold.keep(
            last_key=job.last_key,
            rows_done=F("rows_done") + len(rows),
            rows_refused=F("rows_refused") + count,
            orders_new=F("orders_new") + tally.new,
            orders_merged=F("orders_merged") + tally.merged,
            orders_unchanged=F("orders_unchanged") + tally.unchanged,
        )
    return not is_last


def _next(job: OrderImport, size: int) -> tuple[list[ImportRow], bool]:
    """The rows of the next orders, each order whole; and whether they are the last."""
    waiting = ImportRow.objects.filter(job=job, problems__isnull=True)
    waiting = waiting.filter(order_key__gt=job.last_key).order_by("order_key", "number")
    rows = list(waiting[:size])
    if len(rows) < size:
        return rows, True
    whole = [row for row in rows if row.order_key != rows[-1].order_key]
    if not whole:
        whole = list(waiting.filter(order_key=rows[-1].order_key)[: _MOST_ROWS + 1])
    return whole, False


def _build(rows: Sequence[ImportRow], settings: Settings) -> Built:
    numbers = tuple(row.number for row in rows)
    if len(rows) > _MOST_ROWS:
        return Built(None, (Problem(numbers[0], "many_rows"),), numbers)
    return build([Record(row.number, row.cells) for row in rows], settings)


def _save(
    job: OrderImport, built: Sequence[Built], settings: Settings, hold: Hold
) -> tuple[list[bool], Tally]:
    """Hand over what was not said before. Returns which went in, and the tally."""
    tally = Tally()
    digests = [one.digest for one in built]
    known = set(ImportedOrder.objects.filter(digest__in=digests).values_list("digest", flat=True))
    fresh = [one for one in built if one.digest not in known]
    tally.unchanged = len(built) - len(fresh)
    said = placed_elsewhere(
        [one.update for one in fresh if one.update is not None], source=settings.source
    )
    known_orders = _known(said)
    said = [_completed(one, known_orders, settings) for one in said]
    before = standings([order.pk for order in known_orders.values()])
    merchant = Merchant.objects.get(pk=job.merchant_id)
    handed = hand_over(merchant=merchant, orders=said, now=hold.now)
    _count(job, fresh, handed, before, tally)
    columns = ("merchant_id", "job_id", "order_id", "outcome", "digest", "standing")
    insert_many(ImportedOrder, columns, tally.kept)
    went_in = {
        one.digest: done.order_id is not None for one, done in zip(fresh, handed, strict=True)
    }
    return [went_in.get(digest, True) for digest in digests], tally


def _known(said: Sequence[Said]) -> dict[tuple[str, str], Order]:
    """The orders that are there already, by source and external id."""
    match = Q(pk__in=[])
    for source in {one.source for one in said}:
        ids = [clip("external_id", one.update.external_id) for one in said if one.source == source]
        match |= Q(source=source, external_id__in=ids)
    found = Order.objects.filter(match).only("source", "external_id", "country", "merchant_id")
    return {(order.source, order.external_id): order for order in found}


def _completed(said: Said, known: dict[tuple[str, str], Order], settings: Settings) -> Said:
    """What is only assumed completes a new order; of a known one it may change nothing."""
    update = said.update
    order = known.get((said.source, clip("external_id", update.external_id)))
    if order is None:
        return Said(said.source, completed(update, settings))
    where = update.destination
    if where is not None and not where.country:
        where = replace(where, country=order.country or settings.country)
    return Said(said.source, replace(update, destination=where))


def _count(
    job: OrderImport,
    built: Sequence[Built],
    handed: Sequence[Handed],
    before: dict[int, str],
    tally: Tally,
) -> None:
    after = standings([done.order_id for done in handed if done.order_id is not None])
    for one, done in zip(built, handed, strict=True):
        if done.order_id is None:
            continue
        standing = after[done.order_id]
        if done.is_new:
            outcome, tally.new = _Outcome.NEW, tally.new + 1
        elif before.get(done.order_id) != standing:
            outcome, tally.merged = _Outcome.MERGED, tally.merged + 1
        else:
            outcome, tally.unchanged = _Outcome.SAME, tally.unchanged + 1
        row = (job.merchant_id, job.pk, done.order_id, outcome.value, one.digest, standing)
        tally.kept.append(row)


def _unsaved(built: Built) -> Built:
    return Built(None, (Problem(built.rows[0], "not_saved"),), built.rows)


def _keep_refused(refused: Iterable[Built], rows: Sequence[ImportRow]) -> int:
    """Keep the rows of these orders with their reasons; returns how many rows that are.

    A row that is right itself says for which one it waits: an order goes in as a whole.
    """
    ids = {row.number: row.pk for row in rows}
    kept: list[tuple[Any, ...]] = []
    for one in refused:
        faulty = {problem.row for problem in one.problems}
        for number in one.rows:
            problems = [problem for problem in one.problems if problem.row == number]
            if number not in faulty:
                problems = [Problem(number, "same_order", detail=str(min(faulty)))]
            kept.append((ids[number], [problem.as_json() for problem in problems]))
    update_many(ImportRow, ("problems",), kept)
    return len(kept)
