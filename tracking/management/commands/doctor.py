"""`manage.py doctor`: what is configured and what is missing, in words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from carriers.registry import CARRIERS

#: (whether all is well, what about, in words)
Finding = tuple[bool, str, str]


class Command(BaseCommand):
    help = "Say what is configured and what is missing."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        worst = True
        for well, about, words in _look():
            worst = worst and well
            self.stdout.write(f"{'ok  ' if well else 'look'}  {about:<12} {words}")
        self.stdout.write("" if worst else "\nEach line marked `look` says what to do.")


def _look() -> Iterator[Finding]:
    yield from _configuration()
    yield from _database()
    yield _redis()
    yield _mail()
    yield True, "carriers", f"{len(CARRIERS)} can be asked: {', '.join(CARRIERS)}"


def _configuration() -> Iterator[Finding]:
    if settings.DEMO:
        yield True, "mode", f"demonstration at {settings.BASE_URL}"
    else:
        yield (
            settings.SECURE,
            "address",
            (
                f"{settings.BASE_URL}"
                if settings.SECURE
                else f"{settings.BASE_URL} is not https: set BASE_URL for anything but trying out"
            ),
        )
    own_keys = bool(os.environ.get("SECRET_KEY")) and bool(os.environ.get("ENCRYPTION_KEYS"))
    yield (
        own_keys or settings.DEMO,
        "secrets",
        (
            "SECRET_KEY and ENCRYPTION_KEYS are set"
            if own_keys
            else "local defaults: set SECRET_KEY and ENCRYPTION_KEYS before real data"
        ),
    )
    yield (
        not settings.DEBUG,
        "debug",
        (
            "off"
            if not settings.DEBUG
            else "on: never in production, it shows everything to anybody"
        ),
    )


def _database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_user, rolsuper OR rolbypassrls, current_setting('server_version')"
                " FROM pg_roles WHERE rolname = current_user"
            )
            role, is_above, version = cursor.fetchone()
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        yield False, "database", "cannot be reached: check DATABASE_URL, or start `make demo`"
        return
    yield True, "database", f"PostgreSQL {version} as {role}"
    yield (
        not is_above,
        "isolation",
        (
            "the role is bound by row-level security"
            if not is_above
            else f"{role} is superuser or BYPASSRLS: merchants are NOT isolated; use another role"
        ),
    )
    if not plan:
        yield _search_table(role)
    yield (
        not plan,
        "migrations",
        ("all applied" if not plan else f"{len(plan)} missing: run manage.py migrate"),
    )


def _search_table(role: str) -> Finding:
    """The one table without a policy; only the search function may read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('tracking_order_search', 'SELECT')")
        (is_readable,) = cursor.fetchone()
    if is_readable:
        words = f"{role} may read every merchant's: give DATABASE_OWNER_URL another role, migrate"
        return False, "search", words
    return True, "search", "the search table is out of the role's reach"


def _redis() -> Finding:
    try:
        cache.set("doctor", 1, timeout=5)
    except (RedisError, OSError):
        return False, "redis", "cannot be reached: check REDIS_URL; sweeps and limits stand still"
    return True, "redis", "answers"


def _mail() -> Finding:
    backend = settings.EMAIL_BACKEND
    if backend.startswith("anymail."):
        return True, "e-mail", f"through {backend.split('.')[-2]}"
    if settings.DEMO:
        return True, "e-mail", "kept in the demonstration's mailbox"
    return (
        False,
        "e-mail",
        f"{backend} at {settings.EMAIL_HOST}: no receipts; see docs/operating.md",
    )
