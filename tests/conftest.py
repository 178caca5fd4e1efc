"""What every test may ask for. The only module that knows where samples and servers are."""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from whitenoise.middleware import WhiteNoiseMiddleware

from config.celery import app as celery_app
from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages.shop_page import forget
from tests import databases, factories

ROOT = Path(__file__).resolve().parent.parent
celery_app.set_default()
celery_app.conf.task_always_eager = True
celery_app.conf.task_eager_propagates = True
# A slow hash is right in production and costs minutes here.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


#: A busy machine is no failure of what is tested.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


_find_files = WhiteNoiseMiddleware.add_files_from_finders


def _files_found_once(self: WhiteNoiseMiddleware) -> None:
    """Each test's client makes its own middleware, and each would walk all our static files."""
    found = _files_by_prefix.get(self.static_prefix)
    if found is None:
        _find_files(self)
        _files_by_prefix[self.static_prefix] = dict(self.files)
    else:
        self.files.update(found)


_files_by_prefix: dict[str, dict[str, object]] = {}
WhiteNoiseMiddleware.add_files_from_finders = _files_found_once


#: After a test with true transactions; Django truncates every table and makes its types anew.
TransactionTestCase._fixture_teardown = lambda self: databases.empty()


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays; a hundred collections need not look at it."""
    gc.collect()
    gc.freeze()


@functools.lru_cache
def _nothing(minute: object) -> tuple[()]:
    return ()


@pytest.fixture(autouse=True)
def learned_nothing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a night was learned is asked once a minute: a query that no budget could count."""
    if "learning" not in request.fixturenames:
        monkeypatch.setattr("edd.knowledge._edition", _nothing)


@pytest.fixture
def learning() -> None:
    """This test learns, and dates by what it learned."""


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
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        databases.make(name, root=ROOT, migrate=_migrate)
        _use(name)
    yield
    connection.close()


def _migrate(name: str) -> None:
    _use(name)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and cached pages never reach the next test."""
    cache.clear()
    forget()


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
