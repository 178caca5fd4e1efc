"""The file into rows of a table, so that an order's rows come together wherever they stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from merchants.scope import merchant_scope
from stores.csv.building import order_key, read_row
from stores.csv.drafts import rows_below
from stores.csv.holding import Hold
from stores.csv.reading import Record
from stores.csv.settings import Settings
from stores.csv.uploads import read_again
from stores.models import ImportRow, OrderImport
from tracking.writing import insert_many

_BATCH: Final = 2_000


def stage(job: OrderImport, settings: Settings, hold: Hold) -> None:
    """Read the whole file, batch by batch. A turn that was cut short began for nothing.

    Raises FileProblem where the file cannot be read on, and Lost.
    """
    with merchant_scope(job.merchant_id):
        hold.keep(rows_read=0, rows_refused=0, rows_done=0)
        ImportRow.objects.filter(job=job).delete()
    read = refused = 0
    for batch in _batches(rows_below(read_again(job), settings)):
        rows = [_staged(job, record, settings) for record in batch]
        read += len(rows)
        refused += sum(row[-1] is not None for row in rows)
        with merchant_scope(job.merchant_id):
            hold.keep(rows=max(job.rows, read), rows_read=read, rows_refused=refused)
            columns = ("merchant_id", "job_id", "number", "order_key", "cells", "problems")
            insert_many(ImportRow, columns, rows)
    with merchant_scope(job.merchant_id):
        state = OrderImport.State.SAVING
        hold.keep(rows=read, rows_done=refused, last_key="", state=state)
    job.state = state


def _batches(found: Iterable[Record]) -> Iterator[list[Record]]:
    rest = iter(found)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _staged(job: OrderImport, record: Record, settings: Settings) -> tuple[Any, ...]:
    """The row's columns; one that names no order is refused here, where no other row joins it."""
    key = order_key(record.cells, settings)
    problems = None
    if not key:
        problems = [problem.as_json() for problem in read_row(record, settings).problems]
    return job.merchant_id, job.pk, record.number, key, record.cells, problems
