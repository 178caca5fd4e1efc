"""A database for each test process, copied from one that was migrated once.

The pattern is named after everything that makes it: another migration makes another pattern.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from psycopg2 import sql

#: One process at a time makes or copies the pattern.
_LOCK = 7_110_001
_ENCODING = (
    "TEMPLATE template0 ENCODING 'UTF8'"
    " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
)


def make(name: str, *, root: Path, migrate: Callable[[str], None]) -> None:
    """An empty, migrated database of this name; `migrate` fills the one that it is given."""
    pattern = f"homeward_pattern_{_fingerprint(root)}"
    with connected() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [pattern])
        if cursor.fetchone() is None:
            _drop_old(cursor)
            unfinished = f"{pattern}_unfinished"
            _create(cursor, unfinished, _ENCODING)
            migrate(unfinished)
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(unfinished), sql.Identifier(pattern)
                )
            )
        _create(cursor, name, f'TEMPLATE "{pattern}"')
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@contextmanager
def connected(name: str = "") -> Iterator[Any]:
    """A cursor of the owner's, each statement on its own."""
    owner = settings.OWNER_DATABASE
    link = psycopg2.connect(
        host=owner["HOST"], port=owner["PORT"] or None, user=owner["USER"],
        password=owner["PASSWORD"] or None, dbname=name or owner["NAME"],
    )  # fmt: skip
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            yield cursor
    finally:
        link.close()


def allow_truncate(name: str) -> None:
    """Django's flush after a transactional test truncates; the application's role may only here."""
    with connected(name) as cursor:
        role = sql.Identifier(settings.DATABASES["default"]["USER"])
        cursor.execute(sql.SQL("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {}").format(role))


def _create(cursor: Any, name: str, how: str) -> None:
    identifier = sql.Identifier(name)
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
    cursor.execute(sql.SQL("CREATE DATABASE {} " + how).format(identifier))


def _drop_old(cursor: Any) -> None:
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'homeward_pattern_%'")
    for (old,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old))
        )


def _fingerprint(root: Path) -> str:
    """Of all migrations, of the command that runs them, and of the role that is let in."""
    files = [
        *(root / "merchants" / "management" / "commands").glob("*.py"),
        *(path for path in root.glob("*/migrations/*.py")),
    ]
    found = hashlib.sha256(settings.DATABASES["default"]["USER"].encode())
    for path in sorted(files):
        found.update(f"{path.relative_to(root)}{os.sep}".encode() + path.read_bytes())
    return found.hexdigest()[:16]
