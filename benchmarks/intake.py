"""Orders in: webhooks accepted, orders by the API, how soon the page has them, many at once.

One gunicorn worker answers and this process asks, beside a view that does one SELECT. The
page is looked for while one task worker works on 50 webhooks a second.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import aiohttp
from django.utils import timezone

from benchmarks import processes
from benchmarks.measuring import (
    Line,
    against,
    below,
    percentile,
    proportional_memory,
    say,
    wait_until,
)
from benchmarks.sizes import Size
from inbox.models import Delivery, Outcome
from lib.signing import hmac_base64
from merchants.access import issue_api_key
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_store, hook_path_of
from stores.ingest import BATCH, save_orders
from stores.vocabulary import Address, FulfilmentUpdate, Item, OrderUpdate, Person
from tests import factories
from tracking.links import link_for
from tracking.models import Link, Order

SECRET = "s3cret"
A_SECOND = 50
AT_ONCE = 4
_SERVER = ("--workers", "1", "--worker-class", "gthread", "--threads", "8",
           "--log-level", "warning", "--no-control-socket")  # fmt: skip

Requests = list[tuple[str, bytes, dict[str, str]]]


def run(size: Size) -> list[Line]:
    merchant = factories.merchant(slug="intake")
    store = connect_store(
        merchant=merchant, platform="shopify", name="Bench", secret=SECRET,
        external_id="intake.myshopify.com",
    )  # fmt: skip
    # One key may ask 50 times a second.
    keys = [issue_api_key(merchant=merchant, name=f"bench {n}", by=None)[1] for n in range(12)]
    with merchant_scope(merchant.pk):
        path = hook_path_of(store)
        token = link_for(order=factories.order(merchant)).token
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        body = Path(folder) / "body"
        body.write_bytes(gzip.compress(b"stored"))
        environment = os.environ | {"BENCH_BODY": str(body)}
        base = stack.enter_context(_served(environment))
        lines = _accepted(base, path, keys, token, size)
        lines.append(_seen(base, path, merchant, environment, size))
    return [*lines, *_many(merchant, size)]


@contextmanager
def _served(environment: Mapping[str, str]) -> Iterator[str]:
    port = processes.free_port()
    arguments = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *_SERVER]
    with processes.process(arguments, environment=environment) as server:
        processes.wait_for_port(port, server)
        yield f"http://127.0.0.1:{port}"


def _accepted(base: str, path: str, keys: Sequence[str], token: str, size: Size) -> list[Line]:
    """Requests a second, in turns with the bare view."""
    numbers = iter(range(1_000_000))
    kinds: dict[str, tuple[Callable[[int], Requests], int]] = {
        "bare": (lambda count: [(f"/bench/one-select/{token}/", b"", {})] * count, 200),
        "webhooks": (lambda count: [_webhook(path, next(numbers)) for _ in range(count)], 200),
        "orders": (lambda count: [_order(keys, next(numbers)) for _ in range(count)], 201),
    }
    rates: dict[str, list[float]] = {name: [] for name in kinds}
    for make, status in kinds.values():
        asyncio.run(_post(base, make(10), status=status))
    for turn in range(size.repeats):
        for name, (make, status) in kinds.items():
            requests = make(size.intake_requests)
            seconds = asyncio.run(_post(base, requests, status=status))
            rates[name].append(len(requests) / seconds)
        say(f"pass {turn + 1} of {size.repeats}: " + ", ".join(
            f"{name} {found[-1]:,.0f}" for name, found in rates.items()) + " requests/s"
        )  # fmt: skip
    return [
        against(f"intake: {what}", rates[name], rates["bare"], "requests/s", least=least)
        for what, name, least in (
            ("webhooks verified and stored", "webhooks", 0.35),
            ("orders by the API, 201", "orders", 0.1),
        )
    ]  # fmt: skip


async def _post(base: str, requests: Requests, *, status: int) -> float:
    """Seconds for all of them. Raises at another status."""
    waiting = iter(requests)

    async def one_after_the_other(session: aiohttp.ClientSession) -> None:
        for path, body, headers in waiting:
            method = "POST" if body else "GET"
            async with session.request(method, base + path, data=body, headers=headers) as got:
                text = await got.text()
            if got.status != status:
                raise RuntimeError(f"{path}: {got.status}, expected {status}: {text[:300]}")

    async with aiohttp.ClientSession() as session:
        start = time.perf_counter()
        await asyncio.gather(*(one_after_the_other(session) for _ in range(AT_ONCE)))
        return time.perf_counter() - start


def _webhook(path: str, n: int) -> tuple[str, bytes, dict[str, str]]:
    now = timezone.now().isoformat()
    body = json.dumps(
        {
            "id": 9_000_000 + n, "name": f"#W{n}", "created_at": now, "updated_at": now,
            "email": f"shopper{n}@shopper.example", "currency": "AED", "total_price": "149.50",
            "shipping_address": {"name": "Sara", "address1": "Street 4", "city": "Dubai",
                                 "country_code": "AE", "phone": "+971501234567"},
            "line_items": [{"id": n, "name": "Brass lamp", "quantity": 2, "price": "60.00"}],
        }
    ).encode()  # fmt: skip
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Hmac-Sha256": hmac_base64(body, SECRET),
        "X-Shopify-Webhook-Id": str(uuid.uuid4()),
        "X-Shopify-Shop-Domain": "intake.myshopify.com",
    }
    return path, body, headers


def _order(keys: Sequence[str], n: int) -> tuple[str, bytes, dict[str, str]]:
    body = json.dumps(
        {
            "number": f"A{n}", "customer": {"name": "Sara", "email": f"s{n}@shopper.example"},
            "destination": {"country": "AE", "line1": "Street 4", "city": "Dubai"},
            "items": [{"title": "Brass lamp", "quantity": 2, "price": "60.00"}],
            "shipments": [{"carrier": "aramex", "tracking_number": f"43{n:09d}"}],
        }
    ).encode()  # fmt: skip
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {keys[n % len(keys)]}"}
    return "/api/v1/orders/", body, headers


def _seen(
    base: str, path: str, merchant: Merchant, environment: Mapping[str, str], size: Size
) -> Line:
    """From the 200 of a webhook to the page's first 200, at 50 webhooks a second."""
    arguments = ["celery", "--quiet", "-A", "config.celery", "worker", "--loglevel", "ERROR",
                 "--concurrency", "1"]  # fmt: skip
    with processes.process(arguments, environment=environment):
        _work_is_done(merchant)
        waits = asyncio.run(_steadily(base, path, merchant, size.intake_seconds * A_SECOND))
    note = f"p50 {percentile(waits, 0.5):.2f} s at {A_SECOND} webhooks/s with one worker"
    return below("intake: webhook to page, p95", percentile(waits, 0.95), "s", 5, note=note)


def _work_is_done(merchant: Merchant) -> None:
    """Until the worker has taken in all that was posted before."""

    def is_done() -> bool:
        with merchant_scope(merchant.pk):
            return Delivery.objects.filter(outcome=Outcome.WAITING).count() == 0

    wait_until(is_done, seconds=300, what="webhooks that were posted before")


async def _steadily(base: str, path: str, merchant: Merchant, count: int) -> list[float]:
    accepted: dict[str, float] = {}
    waits: list[float] = []
    async with aiohttp.ClientSession() as session:
        start = time.perf_counter()

        async def post(n: int) -> None:
            at = start + n / A_SECOND
            await asyncio.sleep(max(at - time.perf_counter(), 0))
            where, body, headers = _webhook(path, 500_000 + n)
            async with session.post(base + where, data=body, headers=headers) as got:
                if got.status != 200:
                    raise RuntimeError(f"{where}: {got.status}")
            accepted[str(9_000_000 + 500_000 + n)] = time.perf_counter()

        async def look() -> None:
            end = start + count / A_SECOND + 60
            while len(waits) < count and time.perf_counter() < end:
                for external_id, token in await asyncio.to_thread(
                    _new_links, merchant, list(accepted)
                ):
                    async with session.get(f"{base}/p/{merchant.slug}/t/{token}/") as got:
                        await got.read()
                    if got.status == 200:
                        waits.append(time.perf_counter() - accepted.pop(external_id))
                await asyncio.sleep(0.1)

        await asyncio.gather(look(), *(post(n) for n in range(count)))
    if len(waits) < count:
        raise RuntimeError(f"{count - len(waits)} of {count} pages never came")
    return waits


def _new_links(merchant: Merchant, external_ids: Sequence[str]) -> list[tuple[str, str]]:
    with merchant_scope(merchant.pk):
        orders = Order.objects.filter(external_id__in=external_ids)
        known = dict(orders.values_list("pk", "external_id"))
        links = Link.objects.filter(merchant=merchant, order_id__in=known)
        return [(known[order], token) for order, token in links.values_list("order_id", "token")]


def _many(merchant: Merchant, size: Size) -> list[Line]:
    """Orders a second through `save_orders`: all new, then the very same again."""
    count, now = size.intake_orders, timezone.now()
    before = proportional_memory()
    fresh = count / _save(merchant, count, now)
    say(f"{count:,} new orders: {fresh:,.0f}/s")
    again = count / _save(merchant, count, now)
    say(f"the same again: {again:,.0f}/s")
    grown = max(proportional_memory() - before, 0.0)
    target = f"≥ {_LEAST:,} orders/s"
    return [
        Line("intake: new orders, many at once", fresh, "orders/s", None, target,
             fresh >= _LEAST, f"{count:,} with a parcel each, {BATCH} a batch"),
        Line("intake: the same orders again", again, "orders/s", None, target, again >= _LEAST),
        below("intake: growth of memory meanwhile", grown, "MB", 60),
    ]  # fmt: skip


#: 100,000 rows of a file in a minute.
_LEAST = 1_700


def _save(merchant: Merchant, count: int, now: datetime) -> float:
    seconds = 0.0
    for begin in range(0, count, BATCH):
        updates = [_update(n, now) for n in range(begin, min(begin + BATCH, count))]
        start = time.perf_counter()
        with merchant_scope(merchant.pk):
            save_orders(merchant=merchant, source="csv", updates=updates, now=now)
        seconds += time.perf_counter() - start
    return seconds


def _update(n: int, now: datetime) -> OrderUpdate:
    return OrderUpdate(
        external_id=f"C{n}",
        number=f"C{n}",
        placed_at=now - timedelta(minutes=n % 10_000),
        customer=Person(f"Sara {n}", f"sara{n}@shopper.example", f"+97150{n:07d}"),
        destination=Address("AE", line1=f"Street {n}", city="Dubai"),
        items=(Item("Brass lamp", 1, "1", "LAMP", Decimal(60)),),
        parcels=(FulfilmentUpdate(f"44{n:09d}", "aramex"),),
        currency="AED",
        total=Decimal(60),
    )
