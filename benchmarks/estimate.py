"""The date for a shop's own pages, beside a view that does nothing.

One gunicorn worker answers; this process asks, from a page of the shop, each time as another
shopper. "Known" is a question that was asked before in this minute, as most are; "new" one that
nobody has asked: another town each time. The bare view sends as many bytes.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

import aiohttp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import processes
from benchmarks.measuring import Line, against, below, percentile, say, wait_until
from benchmarks.sizes import Size
from edd.models import DateRules, LaneDays
from merchants import publishable
from merchants.scope import merchant_scope
from tests import factories

#: Requests open at once where the rate counts; requests a second where the wait does.
AT_ONCE = 4
STEADY = 100
ORIGIN = "https://bench.example"
_SERVER = ("--workers", "1", "--worker-class", "gthread", "--threads", "8",
           "--log-level", "warning", "--no-control-socket")  # fmt: skip
_shoppers = count()


def run(size: Size) -> list[Line]:
    path = f"/w/{_key()}/estimate?country=SA&carrier=aramex&city="
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder) / "answer.json"
        queries = _look(f"{path}Riyadh", body)
        port = processes.free_port()
        arguments = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *_SERVER]
        environment = os.environ | {"BENCH_BODY": str(body), "TRUSTED_PROXIES": "1"}
        with processes.process(arguments, environment=environment) as server:
            processes.wait_for_port(port, server)
            base = f"http://127.0.0.1:{port}"
            wait_until(lambda: _is_warm(base, path), seconds=60, what="the merchant's rules")
            kinds = _measure(base, path, size)
            number = size.intake_seconds * STEADY
            bare = asyncio.run(_steady(base, ["/bench/bare/"] * number))
            waits = asyncio.run(_steady(base, _mixed(path, number)))
        return [
            *_rates(kinds, body.stat().st_size),
            _wait(waits, bare),
            below("estimate: queries of a question", queries, "queries", 0),
        ]


@dataclass(slots=True)
class _Kind:
    """Requests a second of each pass."""

    least: float | None
    rates: list[float] = field(default_factory=list)


def _key() -> str:
    merchant = factories.merchant(slug="bench-shop", languages=["ar", "en"], default_language="ar")
    with merchant_scope(merchant.pk):
        DateRules.objects.create(merchant=merchant)
        for n in range(20):
            LaneDays.objects.create(
                merchant=merchant, to_country="SA", service=f"Service {n}", fastest=2, slowest=4
            )
    made = publishable.issue(merchant=merchant, origins=[ORIGIN], fallback="usual", by=None)
    return made.key


def _measure(base: str, path: str, size: Size) -> dict[str, _Kind]:
    """The kinds take turns."""
    kinds = {"bare": _Kind(None), "known": _Kind(0.5), "304": _Kind(0.5), "new": _Kind(None)}
    towns, requests = count(), size.page_requests
    etag = asyncio.run(_load(base, [f"{path}Riyadh"]))
    for turn in range(size.repeats):
        wanted: dict[str, tuple[Sequence[str], dict[str, str]]] = {
            "bare": (["/bench/bare/"] * requests, {}),
            "known": ([f"{path}Riyadh"] * requests, {}),
            "304": ([f"{path}Riyadh"] * requests, {"If-None-Match": etag}),
            "new": ([f"{path}Town {next(towns)}" for _ in range(requests)], {}),
        }
        for name, (paths, headers) in wanted.items():
            start = time.perf_counter()
            asyncio.run(_load(base, paths, headers))
            kinds[name].rates.append(requests / (time.perf_counter() - start))
        say(f"pass {turn + 1} of {size.repeats}: " + ", ".join(
            f"{name} {kind.rates[-1]:,.0f}" for name, kind in kinds.items()) + " requests/s"
        )  # fmt: skip
    return kinds


async def _load(base: str, paths: Sequence[str], headers: Mapping[str, str] | None = None) -> str:
    """Ask for all of them; the last ETag. Raises at an answer that is none."""
    waiting, tag = iter(paths), ""

    async def one_after_the_other(session: aiohttp.ClientSession) -> None:
        nonlocal tag
        for path in waiting:
            tag = await _ask(session, base + path, headers or {})

    async with aiohttp.ClientSession(auto_decompress=False) as session:
        await asyncio.gather(*(one_after_the_other(session) for _ in range(AT_ONCE)))
    return tag


async def _ask(session: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> str:
    shopper = next(_shoppers)
    ours = {
        "Origin": ORIGIN,
        "Accept-Language": "ar",
        "X-Forwarded-For": f"10.{shopper >> 16 & 255}.{shopper >> 8 & 255}.{shopper & 255}",
    }
    async with session.get(url, headers=ours | dict(headers)) as response:
        await response.read()
        if response.status not in {200, 304}:
            raise RuntimeError(f"{url}: {response.status}")
        return response.headers.get("ETag", "")


async def _steady(base: str, paths: Sequence[str]) -> list[float]:
    """Milliseconds of each request, sent when it is due whether or not others were answered."""
    waits: list[float] = []
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        start = time.perf_counter()

        async def ask(number: int, path: str) -> None:
            due = start + number / STEADY
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            sent = time.perf_counter()
            await _ask(session, base + path, {})
            waits.append((time.perf_counter() - sent) * 1000)

        await asyncio.gather(*(ask(n, path) for n, path in enumerate(paths)))
    return waits


def _mixed(path: str, number: int) -> list[str]:
    """One question in ten is new."""
    return [f"{path}Village {n}" if n % 10 == 9 else f"{path}Riyadh" for n in range(number)]


def _rates(kinds: Mapping[str, _Kind], size: int) -> list[Line]:
    bare = kinds["bare"].rates
    lines = [
        Line("estimate: bare view", median(bare), "requests/s", note=f"the answer has {size} bytes")
    ]
    for name, kind in kinds.items():
        if kind.least is not None:
            lines.append(
                against(f"estimate: {name}", kind.rates, bare, "requests/s", least=kind.least)
            )
    new = median(kinds["new"].rates)
    lines.append(Line("estimate: new", new, "requests/s", median(bare)))
    return lines


def _wait(waits: Sequence[float], bare: Sequence[float]) -> Line:
    p99 = percentile(waits, 0.99)
    note = (
        f"p50 {percentile(waits, 0.5):.1f} ms; the bare view: p50 {percentile(bare, 0.5):.1f} ms,"
        f" p99 {percentile(bare, 0.99):.1f} ms"
    )
    return below(f"estimate: p99 at {STEADY} requests/s", p99, "ms", 15, note=note)


def _is_warm(base: str, path: str) -> bool:
    """Whether the worker has read key and rules."""
    try:
        asyncio.run(_load(base, [f"{path}Riyadh"]))
    except RuntimeError as error:
        say(f"not yet: {error}")
        return False
    return True


def _look(path: str, body: Path) -> int:
    """Ask in this process: keep the bytes; how many queries a question costs, known or not."""
    client = Client(headers={"host": "127.0.0.1", "Origin": ORIGIN})
    wait_until(lambda: client.get(path).status_code == 200, seconds=20, what="an answer")
    time.sleep(0.5)  # the rules come on their own thread
    with CaptureQueriesContext(connection) as seen:
        body.write_bytes(client.get(path).content)
        client.get(f"{path}-by-the-sea")
    return len(seen.captured_queries)
