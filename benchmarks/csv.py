"""Files of orders: rows a second read, mapped and checked; and the whole way into the database.

The limit of the first is Python's own `csv` over the same bytes, with nothing understood.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from benchmarks.measuring import Line, against, below, say
from benchmarks.sizes import Size
from lib.csv_cells import line
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.csv.building import build
from stores.csv.drafts import rows_below, start, understand
from stores.csv.settings import Settings
from stores.csv.uploads import PIECE, keep, read_again
from stores.csv.work import work
from stores.models import OrderImport
from tests import factories
from tests.factories import NOW

_HEADER = (
    "Order number", "Order date", "Customer", "Email", "Phone", "Address", "City", "Country",
    "Product", "SKU", "Quantity", "Price", "Total", "Payment method", "Courier", "Tracking number",
)  # fmt: skip


def run(size: Size) -> list[Line]:
    merchant = factories.merchant(slug="files")
    read: list[float] = []
    limit: list[float] = []
    for turn in range(size.repeats):
        job = _uploaded(merchant, size.csv_read_rows)
        limit.append(_parsed(job))
        read.append(_checked(job))
        say(f"pass {turn + 1} of {size.repeats}: csv {limit[-1]:,.0f}, ours {read[-1]:,.0f} rows/s")
    whole, peak = _imported(merchant, size.csv_rows)
    return [
        against("csv: read, map and check", read, limit, "rows/s", least=0.004),
        Line("csv: the whole way", whole, "rows/s", details={"rows": size.csv_rows}),
        below("csv: memory growth over the file", peak, "MB", 60),
    ]


def _file(rows: int) -> Iterator[bytes]:
    waiting = line(_HEADER)
    for n in range(rows):
        waiting += line(
            (f"C-{n}", f"2026-10-{n % 28 + 1:02d} 12:30", f"Customer {n}", f"c{n}@shopper.example",
             f"+97150{n:07d}", f"Villa {n}, Street 4", "Dubai", "UAE", "Brass lamp", "LAMP", "1",
             "149.00", "149.00", "Card", "SMSA", f"29{n:010d}")
        )  # fmt: skip
        if len(waiting) > PIECE:
            yield waiting.encode()
            waiting = ""
    yield waiting.encode()


def _uploaded(merchant: Merchant, rows: int) -> OrderImport:
    with merchant_scope(merchant.pk):
        job = keep(merchant=merchant, user=None, file_name="bench.csv", chunks=_file(rows))
        understand(job, merchant=merchant, now=NOW)
    return job


def _parsed(job: OrderImport) -> float:
    body = b"".join(read_again(job)).decode()
    began = time.perf_counter()
    count = sum(1 for _ in csv.reader(io.StringIO(body, newline="")))
    return count / (time.perf_counter() - began)


def _checked(job: OrderImport) -> float:
    settings = Settings.from_json(job.settings)
    began = time.perf_counter()
    count = 0
    for record in rows_below(read_again(job), settings):
        assert build([record], settings).update is not None
        count += 1
    return count / (time.perf_counter() - began)


def _imported(merchant: Merchant, rows: int) -> tuple[float, float]:
    """Rows a second from the first byte to the last commit, and by how much memory grew."""
    job = _uploaded(merchant, rows)
    with merchant_scope(merchant.pk):
        start(job, now=NOW)
    before = _resident()
    began = time.perf_counter()
    now = NOW
    while work(job.pk, now=now):
        now += timedelta(minutes=10)
    took = time.perf_counter() - began
    with merchant_scope(merchant.pk):
        ended = OrderImport.objects.get(pk=job.pk)
    assert (ended.state, ended.orders_new) == ("done", rows), (ended.state, ended.orders_new)
    return rows / took, _resident() - before


def _resident() -> float:
    """Megabytes that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1_000_000
