"""Due parcels of four carriers asked about and written down, beside the two limits.

The limits are a bare loop that only asks and parses, and a bare loop that only inserts the
scans. Both loops and ours meet the same server, the sandbox in a process of its own, over
100 connections: two carriers answer about one parcel a call, two about fifty. Ours does so
for two merchants with an account each, in the rounds that the worker makes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from benchmarks import processes, seeding
from benchmarks.ingest import insert_rate
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
from carriers.base import Ask, Carrier, HttpCall
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.sandbox.running import RunningSandbox
from lib import http
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tracking.models import Shipment, Watch
from tracking.polling import poll_round

CONNECTIONS = 100
STEPS = 3
CARRIERS = ("aramex", "sandbox", "smsa", "ups")
_CREDENTIALS = {secret.name: "bench" for slug in CARRIERS for secret in registry.get(slug).secrets}
#: A rate that no account has: what is measured is the machine, not the carriers' limits.
_UNLIMITED = 1_000_000.0


@dataclass(slots=True)
class Passes:
    """Rates of each pass, and processor seconds for a thousand parcels at best."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, took: Took, parcels: int) -> None:
        self.rates.append(parcels / took.seconds)
        self.cpu.append(took.cpu / parcels * 1000)


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
    lines.append(below("polling: the worker's memory at its peak", max(memory), "MB", 150))
    # The first pass fills pools and caches; what comes after it must stay.
    lines.append(
        below("polling: its growth over all later passes", memory[-1] - memory[0], "MB", 8)
    )
    return lines


def _at(
    sandbox: RunningSandbox, fetcher: Fetcher, latency_ms: int, size: Size, memory: list[float]
) -> list[Line]:
    """All passes at one latency of the carriers."""
    bare, new, same = Passes(), Passes(), Passes()
    calls = scans = 0
    for turn in range(size.poll_repeats):
        now, numbers = _prepare(sandbox, f"bench-{latency_ms}-{turn}", size.poll_parcels)
        count = sum(map(len, numbers.values()))
        _ask_all(numbers, sandbox)  # the sandbox makes its journeys at first sight
        for passes, is_new in ((new, True), (same, False)):
            took, scans = _ask_all(numbers, sandbox)
            bare.add(took, count)
            before = _calls(sandbox)
            passes.add(_rounds(fetcher, count, scans if is_new else 0, now), count)
            calls = _calls(sandbox) - before
            memory.append(proportional_memory())
        say(
            f"{latency_ms} ms, pass {turn + 1} of {size.poll_repeats}: bare {bare.rates[-1]:,.0f},"
            f" new scans {new.rates[-1]:,.0f}, unchanged {same.rates[-1]:,.0f} parcels/s"
        )
    inserts = insert_rate(scans)
    where = f"at {latency_ms} ms"
    note = (
        f"{{:.2f}} processor seconds for 1,000 parcels, the bare loop {min(bare.cpu):.2f};"
        f" {calls:,} calls for {size.poll_parcels:,} parcels"
    )
    return [
        against(f"polling: unchanged, {where}", same.rates, bare.rates, "parcels/s", least=0.5,
                note=note.format(min(same.cpu)), cpu=min(same.cpu), calls=calls),
        against(f"polling: new scans, {where}", new.rates, bare.rates, "parcels/s", least=0.2,
                note=note.format(min(new.cpu)) + f"; the bare insert loop wrote {inserts:,.0f}"
                " scans/s", cpu=min(new.cpu), inserts=inserts),
    ]  # fmt: skip


def _calls(sandbox: RunningSandbox) -> int:
    """How many calls all carriers have had."""
    return sum(int(books["requests"]) for books in sandbox.calls()["carriers"].values())


def _prepare(
    sandbox: RunningSandbox, slug: str, count: int
) -> tuple[datetime, dict[str, list[str]]]:
    """Two merchants with half of the parcels each, known to the sandbox; nothing else is due."""
    now = datetime.now(UTC)
    numbers: dict[str, list[str]] = {carrier: [] for carrier in CARRIERS}
    for half in ("a", "b"):
        merchant = factories.merchant(slug=f"{slug}-{half}")
        ids = seeding.parcels(merchant, count // 2, now=now)
        for index, carrier in enumerate(CARRIERS):
            _connect(merchant, carrier, sandbox)
            numbers[carrier] += [
                seeding.number_of(merchant, number)
                for number in range(index, count // 2, len(CARRIERS))
            ]
            with merchant_scope(merchant.pk):
                mine = ids[index :: len(CARRIERS)]
                Shipment.objects.filter(pk__in=mine).update(carrier=carrier)
                Watch.objects.filter(shipment_id__in=mine).update(carrier=carrier)
    seeding.settle("tracking_shipment", "tracking_order", "tracking_watch", "tracking_event")
    known = [_parcel(carrier, number, now) for carrier in CARRIERS for number in numbers[carrier]]
    for start in range(0, len(known), 2000):
        sandbox.register_all(known[start : start + 2000])
    return now, numbers


def _connect(merchant: Merchant, carrier: str, sandbox: RunningSandbox) -> None:
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(
            merchant=merchant,
            carrier=carrier,
            base_url=sandbox.base_url(carrier),
            secrets=seal(_CREDENTIALS),
            calls_per_second=_UNLIMITED,
        )


def _parcel(carrier: str, number: str, now: datetime) -> dict[str, Any]:
    """A parcel with three steps behind it, and the next one years ahead."""
    return {
        "carrier": carrier,
        "number": number,
        "scenario": "happy",
        "origin": {"city": "Dubai", "country": "AE"},
        "destination": {"city": "Abu Dhabi", "country": "AE"},
        "registered_at": now.isoformat(),
        "played_until": STEPS - 1,
        "live_gap_seconds": 1e8,
    }


def _rounds(fetcher: Fetcher, count: int, scans: int, now: datetime) -> Took:
    """Make all of them due, then poll as the worker does until none is left."""
    asked = new = 0
    _make_due(count, now)
    with clocked() as took:
        while (found := poll_round(fetcher, now=now)).asked:
            asked, new = asked + found.asked, new + found.new_events
            if found.failed:
                raise RuntimeError(f"{found.failed} calls failed")
    if (asked, new) != (count, scans):
        raise RuntimeError(f"{asked} asked, {new} new scans; expected {count} and {scans}")
    return took


def _make_due(count: int, now: datetime) -> None:
    """The newest `count` watches are due; older ones never again."""
    with every_merchant("the parcels of both merchants become due"):
        Watch.objects.update(next_ask_at=None)
        newest = Watch.objects.order_by("-pk").values_list("pk", flat=True)[:count]
        Watch.objects.filter(pk__in=list(newest)).update(next_ask_at=now)


def _ask_all(numbers: Mapping[str, Sequence[str]], sandbox: RunningSandbox) -> tuple[Took, int]:
    """The limit: httpx over aiohttp's pool, and the adapters; nothing guarded, nothing written.

    Returns what it took, and how many scans the carriers told.
    """
    return asyncio.run(_bare(numbers, sandbox))


async def _bare(numbers: Mapping[str, Sequence[str]], sandbox: RunningSandbox) -> tuple[Took, int]:
    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))

    timeout = httpx.Timeout(http.READ_SECONDS, connect=http.CONNECT_SECONDS)
    transport = AiohttpTransport(client=session)
    async with httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False) as client:

        async def send(carrier: Carrier, call: HttpCall) -> bytes:
            response = await client.request(
                call.method, sandbox.base_url(carrier.slug) + call.path,
                params=dict(call.params) or None, headers=dict(call.headers), json=call.json,
                data=dict(call.form) if call.form else None,
            )  # fmt: skip
            return response.content

        calls: list[tuple[Carrier, HttpCall]] = []
        for slug, its in numbers.items():
            carrier, token = registry.get(slug), None
            if (wanted := carrier.token_request(_CREDENTIALS)) is not None:
                token = carrier.parse_token(await send(carrier, wanted)).value
            for start in range(0, len(its), carrier.batch_size):
                asks = [Ask(number) for number in its[start : start + carrier.batch_size]]
                calls.append((carrier, carrier.request(asks, _CREDENTIALS, token)))

        async def one_after_the_other(waiting: Iterator[tuple[Carrier, HttpCall]]) -> int:
            seen = 0
            for carrier, call in waiting:
                updates = carrier.parse(await send(carrier, call))
                seen += sum(len(update.events) for update in updates)
            return seen

        async def ask(wanted: Sequence[tuple[Carrier, HttpCall]]) -> int:
            waiting = iter(wanted)
            lanes = (one_after_the_other(waiting) for _ in range(CONNECTIONS))
            return sum(await asyncio.gather(*lanes))

        # Ours keeps its connections from round to round: neither is charged for opening them.
        await ask(calls[:CONNECTIONS])
        with clocked() as took:
            seen = await ask(calls)
    return took, seen
