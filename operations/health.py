"""/healthz: this process answers. /readyz: what it needs is there, each part in words."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from redis.exceptions import RedisError

from lib.redis_client import connect
from operations import heartbeat

OK: Final = "ok"


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when requests can be served, else 503.

    Beat and the workers are told about, and do not count: without them pages still show what is
    known, and nothing is lost.
    """
    needed = {"database": database(), "cache": cached(), "broker": broker()}
    if needed["database"] == OK:
        needed["migrations"] = migrations()
    well = all(words == OK for words in needed.values())
    parts = needed | {"background": background() if needed["cache"] == OK else "not known"}
    return JsonResponse(
        {"status": "ok" if well else "not ready", **parts}, status=200 if well else 503
    )


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "cannot be reached: check DATABASE_URL and that PostgreSQL runs"
    return OK


def migrations() -> str:
    try:
        missing = missing_migrations()
    except DatabaseError:
        return "cannot be read: run manage.py migrate as DATABASE_OWNER_URL"
    return f"{missing} missing: run manage.py migrate" if missing else OK


def missing_migrations() -> int:
    """How many migrations of this code the database has not seen. Raises DatabaseError."""
    return len(_known_migrations() - set(MigrationRecorder(connection).applied_migrations()))


@lru_cache(maxsize=1)
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Read from the files once a process; they do not change under it."""
    loader = MigrationLoader(None)
    replaced = {key for one in loader.disk_migrations.values() for key in one.replaces}
    return frozenset(set(loader.disk_migrations) - replaced)


def cached() -> str:
    try:
        cache.set("readyz", 1, timeout=5)
    except (RedisError, OSError):
        return "cannot be reached: check REDIS_URL and that Redis or Valkey runs"
    return OK


def broker() -> str:
    """The broker, by the address that Celery uses."""
    try:
        with connect(settings.CELERY_BROKER_URL) as client:
            client.ping()
    except (RedisError, OSError):
        return "cannot be reached: check REDIS_URL; sweeps will find what it forgets"
    return OK


def background() -> str:
    """Beat and the workers by their signs of life, in words."""
    late = [sign for sign in heartbeat.read(now=timezone.now()) if sign.is_late]
    return "; ".join(in_words(sign) for sign in late) or OK


def in_words(sign: heartbeat.Sign) -> str:
    """A sign of life that is late, as a sentence's part."""
    who = "beat" if sign.of == heartbeat.BEAT else f"the workers of {sign.of}"
    if sign.age is None:
        return f"{who} never gave a sign of life: start it, see the Procfile"
    return f"{who} gave the last sign of life {sign.age:.0f} seconds ago"
