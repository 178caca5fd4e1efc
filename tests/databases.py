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
from django.db import connection
from psycopg2 import sql

from merchants.scope import every_merchant

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


def empty() -> None:
    """Delete all rows, as the application's role; what Django itself keeps of the models stays.

    In one statement, so that no row misses another before the end. A table without a page on
    disk has no rows: most tests fill few tables, and to truncate them all takes 300 ms.
    """
    with every_merchant("the next test finds nothing"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND pg_relation_size(oid) > 0 AND has_table_privilege(oid, 'DELETE')"
            " AND relname NOT IN ('django_content_type', 'auth_permission', 'django_migrations')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        deletes = ", ".join(f"gone{n} AS (DELETE FROM {table})" for n, table in enumerate(tables))
        if tables:
            cursor.execute(f"WITH {deletes} SELECT 1")


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
