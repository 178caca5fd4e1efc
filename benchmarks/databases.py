"""A fresh database a benchmark: migrated once as a template, then copied in a moment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import psycopg2
from psycopg2 import sql

from config.local_servers import ROOT, Addresses

_TEMPLATE: Final = "homeward_bench"


@contextmanager
def template(addresses: Addresses) -> Iterator[str]:
    """The name of a migrated, empty database; dropped at the end."""
    _drop(addresses, _TEMPLATE)
    _create(
        addresses, _TEMPLATE,
        "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
        " LOCALE 'C.UTF-8'",
    )  # fmt: skip
    try:
        inside = _inside(addresses, _TEMPLATE)
        manage(inside, "migrate", "--verbosity=0", "--no-input", "--skip-checks")
        yield _TEMPLATE
    finally:
        _drop(addresses, _TEMPLATE)


@contextmanager
def copy_of(template_name: str, addresses: Addresses, *, name: str) -> Iterator[Addresses]:
    """Addresses with a copy of the template as the database; dropped at the end."""
    own = f"{template_name}_{name}"
    _drop(addresses, own)
    _create(addresses, own, f"TEMPLATE {template_name}")
    try:
        yield _inside(addresses, own)
    finally:
        _drop(addresses, own)


def environment(addresses: Addresses) -> dict[str, str]:
    """A process's environment as in production, with these servers."""
    mine = {key: value for key, value in os.environ.items() if key not in _NOT_IN_PRODUCTION}
    return mine | addresses.as_environment() | {
        "SECRET_KEY": "benchmarks-only-" + "x" * 40,
        "ENCRYPTION_KEYS": "YmVuY2htYXJrcy1vbmx5LWJlbmNobWFya3Mtb25seS0=",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "BASE_URL": "http://127.0.0.1:8000",
        "DEFAULT_FROM_EMAIL": "Benchmarks <updates@homeward.example>",
        "STATIC_ROOT": str(ROOT / "static"),
        "LOG_LEVEL": "WARNING",
    }  # fmt: skip


_NOT_IN_PRODUCTION: Final = frozenset({"DEMO", "DEBUG", "HOMEWARD_TESTING", "OUTBOUND_ALLOW"})


def manage(addresses: Addresses, *arguments: str) -> None:
    """`manage.py` in a process of its own. Raises CalledProcessError when it fails."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment(addresses), check=True, stdout=sys.stderr,
    )  # fmt: skip


def _inside(addresses: Addresses, name: str) -> Addresses:
    def at(url: str) -> str:
        return f"{url.rpartition('/')[0]}/{name}"

    return replace(
        addresses,
        database_url=at(addresses.database_url),
        database_owner_url=at(addresses.database_owner_url),
    )


def _create(addresses: Addresses, name: str, how: str) -> None:
    _run(addresses, sql.SQL("CREATE DATABASE {} " + how).format(sql.Identifier(name)))


def _drop(addresses: Addresses, name: str) -> None:
    """Not by FORCE: an autovacuum worker, which plain DROP sends away, is not ours to end."""
    _run(addresses, sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _run(addresses: Addresses, statement: sql.Composed) -> None:
    link = psycopg2.connect(addresses.database_owner_url)
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute(statement)
    finally:
        link.close()
