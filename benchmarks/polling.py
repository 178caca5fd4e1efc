"""Due parcels asked about and written down, beside a bare loop that only asks and parses.

Both ask the sandbox carrier, which runs in a process of its own, with the same adapter,
over 100 connections; ours does so for two merchants with an account each (an account may
have 50 calls open), in the rounds that the worker makes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from benchmarks import processes, seeding
from benchmarks.measuring import (
    Line,
    Took,
    against,
    below,
    clocked,
    proportional_memory,
    say,
)
from benchmarks.sizes import Size
from carriers import registry
from carriers.base import Ask
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.sandbox.running import RunningSandbox
from lib import http
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tracking.models import Watch
from tracking.polling import poll_round

CONNECTIONS = 100
EVENTS = 3
_CREDENTIALS = {"client_id": "bench", "client_secret": "right"}


def run(size: Size) -> list[Line]:
    lines: list[Line] = []
    memory: list[float] = []
    for latency_ms in size.latencies:
        with processes.sandbox(latency_ms=latency_ms) as sandbox:
            fetcher = Fetcher(allow=[sandbox.host], connections=CONNECTIONS)
            try:
                lines += _at(sandbox, fetcher, latency_ms, size, memory)
            finally:
                fetcher.close()
    lines.append(below("polling: memory of the worker", memory[-1], "MB", 150))
    # The first pass fills pools and caches; what comes after it must stay.
    lines.append(
        below("polling: its growth over all later passes", memory[-1] - memory[0], "MB", 8)
    )
    return lines


def _at(
    sandbox: RunningSandbox, fetcher: Fetcher, latency_ms: int, size: Size, memory: list[float]
) -> list[Line]:
    """All passes at one latency of the carrier."""
    bare: list[float] = []
    new: list[float] = []
    same: list[float] = []
    spent: dict[str, list[float]] = {"bare": [], "new": [], "same": []}
    for turn in range(size.poll_repeats):
        slug = f"bench-{latency_ms}-{turn}"
        now, numbers = _prepare(sandbox, slug, size.poll_parcels)
        _ask_all(numbers, sandbox)  # the sandbox makes its journeys at first sight
        for rates, name, events in ((new, "new", EVENTS), (same, "same", 0)):
            took = _ask_all(numbers, sandbox)
            bare.append(len(numbers) / took.seconds)
            spent["bare"].append(len(numbers) / took.cpu)
            took = _rounds(fetcher, len(numbers), events, now)
            rates.append(len(numbers) / took.seconds)
            spent[name].append(len(numbers) / took.cpu)
            memory.append(proportional_memory())
        say(f"{latency_ms} ms, pass {turn + 1} of {size.poll_repeats}: bare {bare[-1]:,.0f}, three"
            f" new scans {new[-1]:,.0f}, unchanged {same[-1]:,.0f} parcels/s")  # fmt: skip
    cpu = {name: max(rates) for name, rates in spent.items()}
    where = f"at {latency_ms} ms"
    note = "{:,.0f} parcels a processor second of the worker; the bare loop {:,.0f}"
    return [
        against(f"polling: unchanged, {where}", same, bare, "parcels/s", least=0.5,
                note=note.format(cpu["same"], cpu["bare"]), per_cpu_second=cpu["same"]),
        against(f"polling: three new scans, {where}", new, bare, "parcels/s", least=0.2,
                note=note.format(cpu["new"], cpu["bare"]), per_cpu_second=cpu["new"]),
    ]  # fmt: skip


def _prepare(sandbox: RunningSandbox, slug: str, count: int) -> tuple[datetime, list[str]]:
    """Two merchants with half of the parcels each, known to the sandbox; nothing else is due."""
    now = datetime.now(UTC)
    numbers: list[str] = []
    for half in ("a", "b"):
        merchant = factories.merchant(slug=f"{slug}-{half}")
        seeding.parcels(merchant, count // 2, now=now)
        _connect(merchant, sandbox)
        numbers += [seeding.number_of(merchant, index) for index in range(count // 2)]
    seeding.settle("tracking_shipment", "tracking_order", "tracking_watch", "tracking_event")
    for start in range(0, len(numbers), 2000):
        sandbox.register_all([_parcel(number, now) for number in numbers[start : start + 2000]])
    return now, numbers


def _connect(merchant: Merchant, sandbox: RunningSandbox) -> None:
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(
            merchant=merchant,
            carrier="sandbox",
            base_url=sandbox.base_url("sandbox"),
            secrets=seal(_CREDENTIALS),
        )


def _parcel(number: str, now: datetime) -> dict[str, Any]:
    """A parcel with three scans behind it, and the next one years ahead."""
    return {
        "carrier": "sandbox",
        "number": number,
        "scenario": "happy",
        "origin": {"city": "Dubai", "country": "AE"},
        "destination": {"city": "Abu Dhabi", "country": "AE"},
        "registered_at": now.isoformat(),
        "played_until": EVENTS - 1,
        "live_gap_seconds": 1e8,
    }


def _rounds(fetcher: Fetcher, count: int, events: int, now: datetime) -> Took:
    """Make all of them due, then poll as the worker does until none is left."""
    asked = new = 0
    _make_due(count, now)
    with clocked() as took:
        while (found := poll_round(fetcher, now=now)).asked:
            asked, new = asked + found.asked, new + found.new_events
            if found.failed:
                raise RuntimeError(f"{found.failed} calls failed")
    if (asked, new) != (count, events * count):
        raise RuntimeError(f"{asked} asked, {new} new scans; expected {count} and {events} each")
    return took


def _make_due(count: int, now: datetime) -> None:
    """The newest `count` watches are due; older ones never again."""
    with every_merchant("the parcels of both merchants become due"):
        Watch.objects.update(next_ask_at=None)
        newest = Watch.objects.order_by("-pk").values_list("pk", flat=True)[:count]
        Watch.objects.filter(pk__in=list(newest)).update(next_ask_at=now)


def _ask_all(numbers: Sequence[str], sandbox: RunningSandbox) -> Took:
    """The limit: httpx over aiohttp's pool, and the adapter; nothing guarded, nothing written."""
    return asyncio.run(_bare(numbers, sandbox.base_url("sandbox")))


async def _bare(numbers: Sequence[str], base_url: str) -> Took:
    carrier = registry.get("sandbox")

    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))

    timeout = httpx.Timeout(http.READ_SECONDS, connect=http.CONNECT_SECONDS)
    transport = AiohttpTransport(client=session)
    async with httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False) as client:
        wanted = carrier.token_request(_CREDENTIALS)
        assert wanted is not None
        answer = await client.request(
            wanted.method, base_url + wanted.path, headers=dict(wanted.headers),
            data=dict(wanted.form or {}),
        )  # fmt: skip
        token = carrier.parse_token(answer.content).value

        async def one_after_the_other(waiting: Iterator[str]) -> int:
            seen = 0
            for number in waiting:
                call = carrier.request((Ask(number),), _CREDENTIALS, token)
                response = await client.request(
                    call.method, base_url + call.path, params=dict(call.params) or None,
                    headers=dict(call.headers),
                )  # fmt: skip
                seen += sum(len(update.events) for update in carrier.parse(response.content))
            return seen

        async def ask(numbers: Sequence[str]) -> int:
            waiting = iter(numbers)
            lanes = (one_after_the_other(waiting) for _ in range(CONNECTIONS))
            return sum(await asyncio.gather(*lanes))

        # Ours keeps its connections from round to round: neither is charged for opening them.
        await ask(numbers[:CONNECTIONS])
        with clocked() as took:
            seen = await ask(numbers)
    if seen != EVENTS * len(numbers):
        raise RuntimeError(f"the sandbox told {seen} scans of {len(numbers)} parcels")
    return took
