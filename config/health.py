"""/healthz: this process answers. /readyz: database, broker and migrations are there."""

from __future__ import annotations

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything works, else 503; each part in words."""
    parts = {"database": _database(), "redis": _redis()}
    well = all(words == "ok" for words in parts.values())
    return JsonResponse(
        {"status": "ok" if well else "not ready", **parts}, status=200 if well else 503
    )


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "cannot be reached: check DATABASE_URL and that PostgreSQL runs"
    return f"{len(plan)} migrations are missing: run manage.py migrate" if plan else "ok"


def _redis() -> str:
    try:
        cache.set("readyz", 1, timeout=5)
    except (RedisError, OSError):
        return "cannot be reached: check REDIS_URL and that Redis or Valkey runs"
    return "ok"
