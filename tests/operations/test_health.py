"""/healthz and /readyz in words, and the doctor's findings with his exit code."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from merchants.models import Merchant
from merchants.scope import merchant_scope
from operations import health, heartbeat
from tests import factories
from tests.config.production import run
from tracking.models import Reminder, Watch

WELL = {"status": "ok", "database": "ok", "migrations": "ok", "cache": "ok", "broker": "ok"}


@pytest.fixture(autouse=True)
def no_signs_yet() -> None:
    heartbeat._written.clear()


def give_signs(*, ago: float = 0.0) -> None:
    for of in (heartbeat.BEAT, *heartbeat.QUEUES):
        heartbeat.write(of, now=timezone.now() - timedelta(seconds=ago))


def test_process_that_answers_is_healthy(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_when_all_is_there(client: Client, db: None) -> None:
    give_signs()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, WELL | {"background": "ok"})


def test_silent_background_is_told_and_does_not_count(client: Client, db: None) -> None:
    give_signs()
    heartbeat._written.clear()
    heartbeat.write(heartbeat.BEAT, now=timezone.now() - timedelta(seconds=900))
    answer = client.get("/readyz")
    words = "beat gave the last sign of life 900 seconds ago"
    assert (answer.status_code, answer.json()) == (200, WELL | {"background": words})


def test_background_that_never_lived_is_named(db: None) -> None:
    heartbeat.write(heartbeat.BEAT, now=timezone.now())
    never = "never gave a sign of life: start it, see the Procfile"
    assert health.background() == "; ".join(
        f"the workers of {queue} {never}" for queue in heartbeat.QUEUES
    )


def test_missing_migration_is_not_ready(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = health._known_migrations() | {("tracking", "9999_later")}
    monkeypatch.setattr(health, "_known_migrations", lambda: known)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (
        503,
        "1 missing: run manage.py migrate",
    )


def test_dead_redis_is_not_ready(client: Client, db: None, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"]) == (
        503,
        "cannot be reached: check REDIS_URL; sweeps will find what it forgets",
    )


def test_dead_database_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError("no password for sara@shopper.example")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == (
        "cannot be reached: check DATABASE_URL and that PostgreSQL runs"
    )
    assert "migrations" not in answer.json()


# --- the doctor -------------------------------------------------------------------------------


def lines(*parts: str) -> tuple[dict[str, str], int]:
    """What the doctor says about each part, and his exit code."""
    output = io.StringIO()
    try:
        call_command("doctor", *parts, stdout=output)
        code = 0
    except SystemExit as ended:
        code = int(str(ended.code))
    found = [line for line in output.getvalue().splitlines() if line[:6].strip() in MARKS]
    return {line[8:19].strip(): f"{line[:6].strip()} {line[20:]}" for line in found}, code


MARKS = {"ok", "look", "BROKEN"}


def test_doctor_finds_all_well(db: None) -> None:
    give_signs()
    found, code = lines("isolation", "migrations", "search", "queues", "redis", "broker", "beat")
    assert (found, code) == (
        {
            "isolation": "ok the role is bound by row-level security",
            "migrations": "ok all applied",
            "search": "ok the search table is out of the role's reach",
            "queues": "ok nothing waits longer than five minutes",
            "redis": "ok answers",
            "broker": "ok answers",
            "beat": "ok alive",
        },
        0,
    )


def test_doctor_finds_beat_dead(db: None) -> None:
    found, code = lines("beat")
    words = "BROKEN beat never gave a sign of life: start it, see the Procfile"
    assert (found, code) == ({"beat": words}, 1)


def test_doctor_finds_what_waits_too_long(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        parcel = factories.shipment(merchant)
        late = timezone.now() - timedelta(hours=2)
        Reminder.objects.all().delete()
        Watch.objects.filter(shipment=parcel).update(next_ask_at=late, review_at=None)
    found, code = lines("queues")
    words = "look ask: 1 due, the first for 120 minutes; are the workers running?"
    assert (found, code) == ({"queues": words}, 0)


def test_doctor_finds_a_role_above_the_policies(db: None, settings: Settings) -> None:
    settings.APPLICATION_ROLE = "postgres"
    found, code = lines("isolation")
    assert (found["isolation"], code) == (
        "BROKEN postgres is a superuser, so nothing keeps merchants apart: give DATABASE_URL a"
        " role that is neither superuser nor BYPASSRLS.",
        1,
    )


def test_doctor_knows_no_such_part(db: None) -> None:
    assert lines("weather")[1] == 1


def test_doctor_works_without_any_server() -> None:
    told = run("manage.py", "doctor")
    found = {line[8:19].strip(): line[:6].strip() for line in told.stdout.splitlines() if line}
    assert (found["database"], found["redis"], found["secrets"]) == ("BROKEN", "BROKEN", "ok")
    assert told.returncode == 1
    assert told.stderr == ""
