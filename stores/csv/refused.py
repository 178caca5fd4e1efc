"""The rows that did not go in, as a file to mend and upload again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from django.db.models import QuerySet

from lib.csv_cells import BYTE_ORDER_MARK, line, restored
from merchants.scope import merchant_scope
from stores.csv.problems import Problem
from stores.csv.settings import Settings
from stores.csv.survey import OUR_MARK
from stores.models import ImportRow, OrderImport

_BATCH: Final = 1_000

Words = Callable[[Sequence[Problem]], str]


def refused_file(job: OrderImport, *, why: str, words: Words) -> Iterator[str]:
    """The file line by line: the columns as they were, and one more that says why.

    `why` is what that column is called; `words` puts a row's problems into a sentence. Enters the
    scope for each batch, because nothing is sent to anybody while one is open.
    """
    settings = Settings.from_json(job.settings)
    own = [n for n, header in enumerate(settings.headers) if not header.endswith(OUR_MARK)]
    header = [settings.headers[n] for n in own]
    yield BYTE_ORDER_MARK + line([*header, f"{why} {OUR_MARK}"])
    after = 0
    while True:
        with merchant_scope(job.merchant_id):
            rows = list(_refused(job, after)[:_BATCH])
        if not rows:
            return
        for row in rows:
            problems = [Problem.from_json(kept) for kept in row.problems or ()]
            yield line([*_cells(row.cells, own, settings), words(problems)])
        after = rows[-1].number


def refused_rows(job: OrderImport, *, limit: int) -> list[ImportRow]:
    """The first of them; in the merchant's scope."""
    return list(_refused(job, 0)[:limit])


def _refused(job: OrderImport, after: int) -> QuerySet[ImportRow]:
    refused = ImportRow.objects.filter(job=job, problems__isnull=False, number__gt=after)
    return refused.order_by("number")


def _cells(cells: Sequence[str], own: Sequence[int], settings: Settings) -> list[str]:
    """The row's cells under its headers; what we made harmless once is not made so twice."""
    kept = [cells[n] if n < len(cells) else "" for n in own]
    return [restored(cell) for cell in kept] if settings.is_ours else kept
