"""What every test may ask for. The only module that knows where samples and servers are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from psycopg2 import sql

from config.celery import app as celery_app
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
celery_app.set_default()
celery_app.conf.task_always_eager = True
celery_app.conf.task_eager_propagates = True
# A slow hash is right in production and costs minutes here.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of recorded replies and payloads (`HOMEWARD_SAMPLES`); skips without it."""
    folder = Path(os.environ.get("HOMEWARD_SAMPLES", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no samples at {folder}: set HOMEWARD_SAMPLES to run this test")
    return folder


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: object) -> Iterator[None]:
    """A fresh database a process, migrated by the owner, used as the application's role."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = f"homeward_test_{os.environ.get('HOMEWARD_TEST_DB', '')}{worker}"
    owner = settings.OWNER_DATABASE
    admin = psycopg2.connect(
        host=owner["HOST"], port=owner["PORT"] or None, user=owner["USER"],
        password=owner["PASSWORD"] or None, dbname=owner["NAME"],
    )  # fmt: skip
    admin.autocommit = True
    with admin.cursor() as cursor:
        identifier = sql.Identifier(name)
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        cursor.execute(
            sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
                " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
            ).format(identifier)
        )
    admin.close()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()
        connection.settings_dict["NAME"] = name
        call_command("migrate", verbosity=0, interactive=False)
        _allow_truncate(name)
    yield
    connection.close()


def _allow_truncate(name: str) -> None:
    """Django's flush after a transactional test truncates; the application's role may only here."""
    owner = settings.OWNER_DATABASE
    link = psycopg2.connect(
        host=owner["HOST"], port=owner["PORT"] or None, user=owner["USER"],
        password=owner["PASSWORD"] or None, dbname=name,
    )  # fmt: skip
    with link, link.cursor() as cursor:
        role = sql.Identifier(settings.DATABASES["default"]["USER"])
        cursor.execute(sql.SQL("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {}").format(role))
    link.close()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and cached pages never reach the next test."""
    cache.clear()


@pytest.fixture(autouse=True)
def english() -> None:
    """Django leaves the last request's language active; the next test begins in English."""
    translation.activate("en")


@pytest.fixture
def merchant(db: None) -> Merchant:
    """A merchant in Dubai."""
    return factories.merchant()


@pytest.fixture
def other(db: None) -> Merchant:
    """A second merchant, whose rows the first must never see."""
    return factories.merchant(slug="other", name="Other Shop", country="SA", zone="Asia/Riyadh")


@pytest.fixture
def scope(merchant: Merchant) -> Iterator[Merchant]:
    """The first merchant's scope, open for the whole test."""
    with merchant_scope(merchant.pk):
        yield merchant
