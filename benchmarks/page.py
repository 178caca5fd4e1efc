"""The shopper's page, in Arabic with 25 scans, beside a view that does one SELECT.

One gunicorn worker answers, then two; this process asks. "Cold" is each page's first visit, "warm"
the same page again by somebody who has nothing of it, "304" by somebody who has it. All
ask for gzip, as browsers do, and the bare views send the same compressed bytes. "Growth" is how
much longer a first visit takes among many more parcels.
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import processes, seeding
from benchmarks.measuring import Line, against, below, percentile, say
from benchmarks.sizes import Size
from carriers.updates import CarrierEvent, Place, TrackingUpdate
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tracking.ingest import Heard, ingest
from tracking.links import link_for
from tracking.models import Event, Order, OrderItem, Recipient, Shipment, Watch

EVENTS = 25
#: Requests open at once where the rate counts; one where the wait does.
AT_ONCE = 4
#: Pages that make a server ready, and those by which growth is told.
_FIRST, _GROWTH_REQUESTS = 16, 60
#: Processes of the kind that the Procfile starts.
_SERVER = ("--worker-class", "gthread", "--threads", "8",
           "--log-level", "warning", "--no-control-socket")  # fmt: skip
#: The query that sets the scope and does nothing else; the stamp, which sets its own, counts.
_SETS_SCOPE = re.compile(r"\s*SELECT set_config\((?!.*tracking_link)", re.DOTALL)
_READS = re.compile(r"\s*SELECT\b")
_HEADERS = {"Accept-Language": "ar", "Accept-Encoding": "gzip"}


def run(size: Size) -> list[Line]:
    merchant = factories.merchant(slug="bench", languages=["ar", "en"], default_language="ar")
    growing = _GROWTH_REQUESTS * len(size.page_parcels)
    pages = size.page_requests * (size.repeats + 2) + 2 * _FIRST + growing
    say(f"seeding {pages:,} orders with {EVENTS} scans each")
    tokens = _pages(merchant, pages)
    paths = [f"/p/{merchant.slug}/t/{token}/" for token in tokens]
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder) / "page.gz"
        etag, queries = _look(paths[0], body)
        asked = _Asked(paths, tokens, etag, iter(paths[1:]))
        with _served(body, workers=1) as base:
            kinds = _measure(base, asked, size.page_requests, turns=size.repeats)
            growth = _growth(base, asked, size.page_parcels)
        with _served(body, workers=2) as base:
            two = _measure(base, asked, size.page_requests, turns=1, at_once=2 * AT_ONCE)
        lines = _lines(kinds, body.stat().st_size)
    most = below("page: queries beside that of the scope", len(queries), "queries", 4, all=queries)
    return [*lines, *_of_two(two), most, *growth]


@contextmanager
def _served(body: Path, *, workers: int) -> Iterator[str]:
    """The web server's address."""
    port = processes.free_port()
    arguments = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *_SERVER]
    environment = os.environ | {"BENCH_BODY": str(body)}
    arguments += ["--workers", str(workers)]
    with processes.process(arguments, environment=environment) as server:
        processes.wait_for_port(port, server)
        yield f"http://127.0.0.1:{port}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for; `unseen` are the pages that nobody has visited."""

    paths: Sequence[str]
    tokens: Sequence[str]
    etag: str
    unseen: Iterator[str]


@dataclass(slots=True)
class _Kind:
    """One kind of request: requests a second of each pass, milliseconds of each lone request."""

    rates: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


def _measure(
    base: str, asked: _Asked, count: int, *, turns: int, at_once: int = AT_ONCE
) -> dict[str, _Kind]:
    """Kinds take turns; each pass of "cold" has pages that nobody has visited."""
    kinds = {name: _Kind() for name in ("bare", "one SELECT", "cold", "warm", "304")}
    some = [f"/bench/one-select/{token}/" for token in asked.tokens]
    first = asked.paths[0]
    # What is built once a process: catalogues, templates, connections.
    asyncio.run(_load(base, [*_take(asked.unseen, _FIRST), some[0], first], {}, at_once=at_once))
    for turn in range(turns):
        wanted: dict[str, tuple[list[str], dict[str, str], int]] = {
            "bare": (["/bench/bare/"] * count, {}, 200),
            "one SELECT": ((some * 2)[:count], {}, 200),
            "cold": (_take(asked.unseen, count), {}, 200),
            "warm": ([first] * count, {}, 200),
            "304": ([first] * count, {"If-None-Match": asked.etag}, 304),
        }
        for name, (paths, headers, status) in wanted.items():
            most = count * 3 // 4
            rate = asyncio.run(_load(base, paths[:most], headers, at_once=at_once, status=status))
            kinds[name].rates.append(most / rate[0])
            lone = asyncio.run(_load(base, paths[most:], headers, at_once=1, status=status))
            kinds[name].waits += lone[1]
        say(f"pass {turn + 1} of {turns}: " + ", ".join(
            f"{name} {kind.rates[-1]:,.0f}" for name, kind in kinds.items()) + " requests/s"
        )  # fmt: skip
    return kinds


def _growth(base: str, asked: _Asked, sizes: Sequence[int]) -> list[Line]:
    """How much longer a first visit takes among so many parcels of another shop; in turns with one
    SELECT, by which the machine's own changes of pace are taken out."""
    medians: list[tuple[float, float]] = []
    there = 0
    for count in sizes:
        crowd = factories.merchant(slug=f"crowd-{count}")
        say(f"seeding {count - there:,} parcels more")
        seeding.parcels(crowd, count - there, listed=False)
        seeding.settle("tracking_order", "tracking_shipment", "tracking_watch")
        there = count
        ours, limit = [], []
        for token, path in zip(asked.tokens, _take(asked.unseen, _GROWTH_REQUESTS), strict=False):
            for address, waits in ((f"/bench/one-select/{token}/", limit), (path, ours)):
                waits += asyncio.run(_load(base, [address], {}, at_once=1))[1]
        medians.append((percentile(ours, 0.5), percentile(limit, 0.5)))
    (few, few_limit), (many, many_limit) = medians[0], medians[-1]
    what = f"page: growth of a first visit's p50, {sizes[0]:,} to {sizes[-1]:,} parcels"
    note = " → ".join(f"{ours:.1f} ms beside {limit:.1f}" for ours, limit in medians)
    return [below(what, many / few / (many_limit / few_limit), "times", 1.2, note=note)]


def _take(paths: Iterator[str], count: int) -> list[str]:
    return [next(paths) for _ in range(count)]


async def _load(
    base: str,
    paths: Sequence[str],
    headers: Mapping[str, str],
    *,
    at_once: int = AT_ONCE,
    status: int = 200,
) -> tuple[float, list[float]]:
    """Seconds for all of them, and each one's milliseconds. Raises at another status."""
    waiting = iter(paths)
    waits: list[float] = []

    async def one_after_the_other(session: aiohttp.ClientSession) -> None:
        for path in waiting:
            start = time.perf_counter()
            async with session.get(base + path, headers={**_HEADERS, **headers}) as response:
                await response.read()
                if response.status != status:
                    raise RuntimeError(f"{path}: {response.status}, expected {status}")
            waits.append((time.perf_counter() - start) * 1000)

    async with aiohttp.ClientSession(auto_decompress=False) as session:
        start = time.perf_counter()
        await asyncio.gather(*(one_after_the_other(session) for _ in range(at_once)))
        return time.perf_counter() - start, waits


def _lines(kinds: Mapping[str, _Kind], size: int) -> list[Line]:
    limit = kinds["one SELECT"]
    bare = Line(
        "page: bare view, and with one SELECT", statistics.median(kinds["bare"].rates),
        "requests/s", note=_waits(limit) + f"; the page is {size / 1000:.1f} kB compressed",
    )  # fmt: skip
    return [
        bare,
        *(
            against(
                f"page: {name}", kinds[name].rates, limit.rates, "requests/s",
                least=least, note=_waits(kinds[name]),
            )
            for name, least in (("cold", 0.15), ("warm", 0.4), ("304", 0.6))
        ),
    ]  # fmt: skip


def _of_two(kinds: Mapping[str, _Kind]) -> list[Line]:
    """What two processes do, on a machine of two cores on which this one asks."""
    limit = statistics.median(kinds["one SELECT"].rates)
    return [
        Line(
            f"page: {name}, by two processes", statistics.median(kinds[name].rates),
            "requests/s", limit,
        )
        for name in ("cold", "warm", "304")
    ]  # fmt: skip


def _waits(kind: _Kind) -> str:
    p50, p99 = percentile(kind.waits, 0.5), percentile(kind.waits, 0.99)
    return f"one at a time: p50 {p50:.1f} ms, p99 {p99:.1f} ms"


def _look(path: str, body: Path) -> tuple[str, list[str]]:
    """Visit in this process: keep the bytes; the ETag, and the queries but those of the scope."""
    client = Client(headers={"host": "127.0.0.1", **_HEADERS})
    client.get(path)  # what is read once a process
    cache.clear()  # the page itself is kept now
    with CaptureQueriesContext(connection) as seen:
        response = client.get(path)
    if response.status_code != 200 or response.headers.get("Content-Encoding") != "gzip":
        raise RuntimeError(f"{path}: {response.status_code} {response.headers}")
    body.write_bytes(response.content)
    statements = [query["sql"] for query in seen.captured_queries]
    return response.headers["ETag"], [
        sql for sql in statements if _READS.match(sql) and not _SETS_SCOPE.match(sql)
    ]


def _pages(merchant: Merchant, count: int) -> list[str]:
    """`count` orders like the first one, each with a parcel, its scans and a link: the tokens."""
    now = datetime.now(UTC)
    with merchant_scope(merchant.pk):
        parcel = factories.shipment(
            merchant, number="first", tracking_number="FIRST", language="ar", now=now,
            placed_at=now - timedelta(days=6),
        )  # fmt: skip
        ingest(heard=[Heard(parcel.pk, _update(now))], source="poll", now=now)
        parcel = Shipment.objects.select_related("order").get(pk=parcel.pk)
        order = parcel.order
        recipient = Recipient.objects.get(order=order)
        link = link_for(order=order, recipient=recipient)
        many = seeding.numbers(count)

        def after(row: Order | Recipient | Shipment) -> str:
            return f"{row.pk} + i.n"

        seeding.copies(order, many, number="'B' || i.n", external_id="'B' || i.n")
        seeding.copies(recipient, many, order_id=after(order))
        seeding.copies(OrderItem.objects.get(order=order), many, order_id=after(order))
        number = "'BENCH' || i.n"
        seeding.copies(
            parcel, many, order_id=after(order), tracking_number=number, number_key=number
        )
        seeding.copies(Watch.objects.get(shipment=parcel), many, shipment_id=after(parcel))
        for event in Event.objects.filter(shipment=parcel):
            seeding.copies(event, many, shipment_id=after(parcel))
        token = "'bench' || lpad(i.n::text, 20, '0')"
        seeding.copies(
            link, many, token=token, order_id=after(order), recipient_id=after(recipient)
        )
    seeding.settle("tracking_order", "tracking_shipment", "tracking_event", "tracking_link")
    return [f"bench{n:020d}" for n in range(1, count + 1)]


def _update(now: datetime) -> TrackingUpdate:
    """A parcel that travels for days through eight cities; the last scan an hour ago."""
    cities = ("Riyadh", "Dammam", "Jeddah", "Dubai", "Sharjah", "Abu Dhabi", "Al Ain", "Ajman")
    kinds = ("transit.arrived_facility", "transit.departed_facility", "delay.generic")
    events = [
        CarrierEvent(
            code="PU" if n == 0 else f"T{n % 3}",
            sub_status="picked_up.accepted" if n == 0 else kinds[n % 3],
            description=f"Scan {n + 1} of the carrier",
            at=now - timedelta(hours=1 + 5 * (EVENTS - 1 - n)),
            zone_source="carrier",
            place=Place(city=cities[n // 3 % len(cities)], country="SA" if n < 9 else "AE"),
        )
        for n in range(EVENTS)
    ]
    return TrackingUpdate(tracking_number="FIRST", events=tuple(events))
