"""A burst of changes becomes messages at local providers, beside a loop that only sends.

Two worker processes, beat, PostgreSQL, the broker and the providers share the machine. Each change
is a parcel out for delivery: everybody gets an e-mail, the shoppers of one shop in four a text as
well, one shopper in ten a note in the browser. The limit sends the very same letters from two
processes, with the same clients and connections, and nothing else.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
from django.db import connection
from django.utils import timezone

from benchmarks import fanout_seeding, processes
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
from config.local_servers import ROOT
from merchants.scope import every_merchant
from notifications.channels.base import Letter
from notifications.letters import letters_of
from notifications.models import Message
from tests.notifications.phones import VAPID
from tracking.models import Outbox

WORKERS = 2
LATENCY_MS = 30
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Providers:
    """Where they listen, and what they took as (channel, mark, seconds since 1970)."""

    mail_port: int
    http_port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def taken(self) -> list[tuple[str, str, float]]:
        rows = httpx.get(f"{self.url}/taken", trust_env=False, timeout=60).json()
        return [(channel, mark, at) for channel, mark, at in rows]

    def forget(self) -> None:
        httpx.post(f"{self.url}/forget", trust_env=False, timeout=60)


@dataclass(frozen=True, slots=True)
class Burst:
    """What became of one burst: seconds from change to provider of each message, the whole time,
    processor seconds of the workers and of the database, and the largest worker's memory."""

    delays: Sequence[float]
    seconds: float
    cpu: float
    database_cpu: float
    memory: float

    @property
    def rate(self) -> float:
        return len(self.delays) / self.seconds


def run(size: Size) -> list[Line]:
    with _providers() as providers:
        shops = fanout_seeding.shops(size.changes, push_url=providers.url, now=timezone.now())
        with _workers(providers) as pids:
            burst = _burst(shops, providers, pids)
        letters = _letters()
        providers.forget()
        bare, bare_cpu = _bare(letters, providers)
    count = len(burst.delays)
    say(f"{count} messages in {burst.seconds:.1f} s, the bare loop {count / bare:.1f} s")
    thousands = count / 1000
    note = (
        f"{burst.cpu / thousands:.2f} processor seconds for 1,000 messages and"
        f" {burst.database_cpu / thousands:.2f} of the database, the bare loop"
        f" {bare_cpu / thousands:.2f}; {size.changes:,} changes, {count:,} messages at"
        f" {LATENCY_MS} ms, {WORKERS} workers"
    )
    p50, p95, p99 = (percentile(burst.delays, share) for share in (0.5, 0.95, 0.99))
    return [
        against("fanout: messages", [burst.rate], [bare], "messages/s", least=0.4, note=note,
                cpu=burst.cpu, database_cpu=burst.database_cpu, bare_cpu=bare_cpu),
        below("fanout: change to provider, p95", p95, "s", 60,
              note=f"p50 {p50:.1f} s, p99 {p99:.1f} s", p50=p50, p99=p99),
        below("fanout: a worker's memory at its peak", burst.memory, "MB", 150),
    ]  # fmt: skip


@contextmanager
def _providers() -> Iterator[Providers]:
    with processes.process(
        ["benchmarks.fanout_providers", "--latency-ms", str(LATENCY_MS)]
    ) as child:
        assert child.stdout is not None
        mail, web = child.stdout.readline().split()
        yield Providers(int(mail), int(web))


@contextmanager
def _workers(providers: Providers) -> Iterator[list[int]]:
    """A worker with two processes, and beat; the process ids of the two."""
    environment = _environment(providers)
    celery = [str(Path(sys.executable).parent / "celery"), "--quiet", "-A", "config.celery"]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        worker = stack.enter_context(
            _started([*celery, "worker", "--concurrency", str(WORKERS)], environment)
        )
        wait_until(lambda: len(_children(worker)) == WORKERS, seconds=60, what="worker")
        stack.enter_context(
            _started(
                [*celery, "beat", "--schedule", f"{folder}/beat", "--pidfile", ""], environment
            )
        )
        time.sleep(3 if _is_serious() else 1)
        yield _children(worker)


def _is_serious() -> bool:
    return os.environ.get("SIZE", "default") != "tiny"


def _environment(providers: Providers) -> dict[str, str]:
    return os.environ | {
        "OUTBOUND_ALLOW": f"127.0.0.1:{providers.http_port}",
        "TWILIO_API_URL": providers.url,
        "TWILIO_ACCOUNT_SID": "AC0",
        "TWILIO_AUTH_TOKEN": "bench",
        "TWILIO_SMS_FROM": "+15550100001",
        "WEBPUSH_PRIVATE_KEY": VAPID,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(providers.mail_port),
    }


@contextmanager
def _started(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[int]:
    child = subprocess.Popen(
        [*command, "--loglevel", "WARNING"], cwd=ROOT, env=dict(environment), stdout=sys.stderr
    )
    try:
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(timeout=60)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _children(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()]


def _burst(
    shops: Sequence[fanout_seeding.Shop], providers: Providers, pids: Sequence[int]
) -> Burst:
    """All changes at once; until everything is noted as sent."""
    database = _postmaster()
    before, database_before = _cpu(pids), _cpu_of_family(database)
    since = fanout_seeding.announce(shops)
    peak = 0.0
    end = time.monotonic() + 900
    while not _is_over():
        peak = max([peak, *(proportional_memory(pid) for pid in pids)])
        if time.monotonic() > end:
            raise TimeoutError("the burst is not over after 15 minutes")
        time.sleep(1.0 if _is_serious() else 0.2)
    delays = _delays(providers, since)
    return Burst(
        delays=delays,
        seconds=max(delays),
        cpu=_cpu(pids) - before,
        database_cpu=_cpu_of_family(database) - database_before,
        memory=peak,
    )


def _is_over() -> bool:
    with every_merchant("the burst is of four shops"):
        return not (
            Outbox.objects.filter(consumer="messages", done_at__isnull=True).exists()
            or Message.objects.filter(
                state__in=["planned", "waiting", "sending", "uncertain"], due_at__isnull=False
            ).exists()
        )


def _delays(providers: Providers, since: datetime) -> list[float]:
    """From change to provider, of each message. Raises RuntimeError unless each is there once."""
    taken = providers.taken()
    marks = {(channel, mark) for channel, mark, _ in taken}
    with every_merchant("the burst is of four shops"):
        sent = Message.objects.filter(state="sent").values_list(
            "channel", "pk", "message_id", "recipient_id"
        )
        by = {"email": 2, "sms": 1, "webpush": 3}
        wanted = {(row[0], str(row[by[row[0]]])) for row in sent}
        others = Message.objects.exclude(state__in=["sent", "skipped", "delivered"]).count()
    if len(taken) != len(marks) or marks != wanted or others:
        raise RuntimeError(
            f"{len(taken)} calls, {len(marks)} messages there, {len(wanted)} sent, {others} others"
        )
    return [at - since.timestamp() for _, _, at in taken]


def _cpu(pids: Sequence[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(one.user + one.system for one in times)


def _postmaster() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(psutil.Process(cursor.fetchone()[0]).ppid())


def _cpu_of_family(pid: int) -> float:
    """Of a process, its children, and those that have ended."""
    own = psutil.Process(pid)
    times: list[Any] = [own.cpu_times()]
    for child in own.children():
        try:
            times.append(child.cpu_times())
        except psutil.NoSuchProcess:
            continue
    ended = times[0].children_user + times[0].children_system
    return float(ended + sum(one.user + one.system for one in times))


def _letters() -> dict[str, list[Letter]]:
    """What was sent, by channel, as it was handed over."""
    found: dict[str, list[Letter]] = defaultdict(list)
    with every_merchant("the burst is of four shops"):
        rows = Message.objects.filter(state="sent").order_by("pk")
        ids = list(rows.values_list("pk", flat=True))
        for start in range(0, len(ids), _PAGE):
            page = list(
                rows.filter(pk__in=ids[start : start + _PAGE]).select_related(
                    "merchant", "recipient", "subscription"
                )
            )
            letters = letters_of(page, {})
            for row in page:
                found[row.channel].append(letters[row.pk])
    return found


def _bare(letters: Mapping[str, Sequence[Letter]], providers: Providers) -> tuple[float, float]:
    """Messages a second of two processes that only send, and their processor seconds."""
    environment = _environment(providers)
    total = sum(map(len, letters.values()))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        children = []
        for nth in range(WORKERS):
            file = Path(folder) / f"{nth}.pickle"
            file.write_bytes(
                pickle.dumps({name: mine[nth::WORKERS] for name, mine in letters.items()})
            )
            child = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.fanout_bare", str(file)], cwd=ROOT,
                env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            stack.enter_context(child)
            children.append(child)
        for child in children:
            assert child.stdout is not None
            child.stdout.readline()
        started = time.perf_counter()
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        cpu = sum(float(child.stdout.readline()) for child in children if child.stdout)
        return total / (time.perf_counter() - started), cpu
