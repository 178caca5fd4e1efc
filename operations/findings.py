"""What `manage.py doctor` finds. Works without a database, a broker and a mail server."""

from __future__ import annotations

import enum
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from redis.exceptions import RedisError

from carriers.registry import CARRIERS
from merchants.isolation import why_not_for_a_demonstration, why_not_isolated
from merchants.scope import every_merchant
from operations import health, heartbeat, queues


class Level(enum.Enum):
    OK = enum.auto()
    #: Works, but not as one wants it in production.
    LOOK = enum.auto()
    BROKEN = enum.auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    level: Level
    about: str
    words: str


def look() -> Iterator[Finding]:
    """Everything, from what needs nothing to what needs everything."""
    yield from _configuration()
    yield _static_files()
    yield _mail()
    yield _metrics()
    yield Finding(Level.OK, "carriers", f"{len(CARRIERS)} can be asked: {', '.join(CARRIERS)}")
    yield from _files()
    yield from _database()
    yield from _background()


def _choose(is_well: bool, about: str, well: str, otherwise: str, level: Level) -> Finding:
    return Finding(Level.OK if is_well else level, about, well if is_well else otherwise)


# --- what needs nobody ------------------------------------------------------------------------


def _configuration() -> Iterator[Finding]:
    if settings.DEMO:
        yield Finding(Level.OK, "mode", f"demonstration at {settings.BASE_URL}")
    elif settings.PRODUCTION:
        yield Finding(Level.OK, "mode", f"production at {settings.BASE_URL}")
    else:
        words = "local: set DATABASE_URL for anything but trying out"
        yield Finding(Level.LOOK, "mode", words)
    yield _choose(
        settings.PRODUCTION or settings.DEMO, "secrets",
        "SECRET_KEY and ENCRYPTION_KEYS are your own" if settings.PRODUCTION else "local defaults",
        "local defaults: set SECRET_KEY and ENCRYPTION_KEYS before real data",
        Level.LOOK,
    )  # fmt: skip
    yield _choose(
        not settings.DEBUG, "debug", "off", "on: it shows everything to anybody", Level.LOOK
    )
    if settings.PRODUCTION:
        yield _choose(
            settings.TRUSTED_PROXIES > 0, "proxy",
            f"{settings.TRUSTED_PROXIES} in front of us",
            "TRUSTED_PROXIES is 0: behind a proxy, https redirects for ever and all visitors"
            " count as one",
            Level.LOOK,
        )  # fmt: skip


def _static_files() -> Finding:
    if settings.WHITENOISE_USE_FINDERS:
        return Finding(Level.OK, "static", "served from where they lie")
    try:
        staticfiles_storage.url("page.css")
    except ValueError:
        words = f"not collected in {settings.STATIC_ROOT}: run manage.py collectstatic --noinput"
        return Finding(Level.BROKEN, "static", words)
    return Finding(Level.OK, "static", f"collected in {settings.STATIC_ROOT}")


def _mail() -> Finding:
    backend = settings.EMAIL_BACKEND
    if settings.DEMO:
        return Finding(Level.OK, "e-mail", "kept in the demonstration's mailbox")
    try:
        import_string(backend)
    except ImportError:
        return Finding(Level.BROKEN, "e-mail", f"EMAIL_BACKEND {backend} does not exist")
    if not backend.startswith("anymail."):
        words = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}, no receipts; see docs/operating.md"
        return Finding(Level.LOOK, "e-mail", words)
    provider = backend.split(".")[-2]
    return _choose(
        bool(settings.ANYMAIL_WEBHOOK_SECRET), "e-mail", f"through {provider}, with receipts",
        f"through {provider}; set ANYMAIL_WEBHOOK_SECRET to hear what became of mails", Level.LOOK,
    )  # fmt: skip


def _metrics() -> Finding:
    return Finding(
        Level.OK,
        "metrics",
        "/metrics for whoever knows METRICS_TOKEN"
        if settings.METRICS_TOKEN
        else "/metrics for direct callers of a private network",
    )


def _files() -> Iterator[Finding]:
    """Secrets belong into the environment; a file that holds them must be its owner's alone."""
    root = Path(settings.BASE_DIR)
    for name in (".env", "deploy/.env"):
        path = root / name
        if path.exists() and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            words = f"{name} holds secrets and others may read it: chmod 600 {name}"
            yield Finding(Level.LOOK, "files", words)
    left_over = root / ".homeward" / "demo.json"
    if settings.PRODUCTION and left_over.exists():
        words = "a demonstration's passwords lie in .homeward/demo.json: run make clean"
        yield Finding(Level.LOOK, "files", words)


# --- what asks the servers --------------------------------------------------------------------


def _database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('server_version')")
            role, version = cursor.fetchone()
            problem = why_not_isolated(cursor) or why_not_for_a_demonstration(cursor)
    except DatabaseError:
        words = "cannot be reached: check DATABASE_URL, or start `make demo`"
        yield Finding(Level.BROKEN, "database", words)
        return
    yield Finding(Level.OK, "database", f"PostgreSQL {version} as {role}")
    well = "the role is bound by row-level security"
    yield _choose(not problem, "isolation", well, problem, Level.BROKEN)
    missing = health.migrations()
    yield _choose(missing == health.OK, "migrations", "all applied", missing, Level.BROKEN)
    if missing == health.OK:
        yield _search_table(role)
        yield from _queues()


def _search_table(role: str) -> Finding:
    """The one table without a policy; only the search function may read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('tracking_order_search', 'SELECT')")
        (is_readable,) = cursor.fetchone()
    return _choose(
        not is_readable, "search", "the search table is out of the role's reach",
        f"{role} may read every merchant's: give DATABASE_OWNER_URL another role, migrate",
        Level.BROKEN,
    )  # fmt: skip


def _queues() -> Iterator[Finding]:
    """What waits longer than a sweep should leave it."""
    now = timezone.now()
    with every_merchant("the doctor looks at the queues of all merchants"):
        found = [
            *queues.due_queues(now=now),
            *queues.consumers(now=now),
            *queues.channels(now=now),
        ]
    late = [queue for queue in found if queue.oldest > max(300.0, settings.TICK_SECONDS * 10)]
    if not late:
        yield Finding(Level.OK, "queues", "nothing waits longer than five minutes")
    for queue in late:
        words = f"{queue.name}: {queue.waiting} due, the first for {queue.oldest / 60:.0f} minutes"
        yield Finding(Level.LOOK, "queues", f"{words}; are the workers running?")


def _background() -> Iterator[Finding]:
    answers = health.cached()
    yield _choose(answers == health.OK, "redis", "answers", answers, Level.BROKEN)
    broker = health.broker()
    yield _choose(broker == health.OK, "broker", "answers", broker, Level.BROKEN)
    if answers != health.OK:
        return
    try:
        signs = heartbeat.read(now=timezone.now())
    except (RedisError, OSError):
        return
    for sign in signs:
        yield _choose(not sign.is_late, sign.of, "alive", health.in_words(sign), Level.BROKEN)
