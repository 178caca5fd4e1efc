"""A role above the policies, or a demonstration on real shops, stops everything with a sentence."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from merchants.isolation import why_not_for_a_demonstration, why_not_isolated
from operations import start
from tests.config.production import run

ABOVE = (
    "postgres is a superuser, so nothing keeps merchants apart:"
    " give DATABASE_URL a role that is neither superuser nor BYPASSRLS."
)


def ask(question: Any) -> str:
    with connection.cursor() as cursor:
        found: str = question(cursor)
    return found


def test_the_applications_role_is_bound(db: None) -> None:
    assert ask(why_not_isolated) == ""


def test_superuser_is_told_apart(db: None, settings: Settings) -> None:
    settings.APPLICATION_ROLE = "postgres"
    assert ask(why_not_isolated) == ABOVE


def test_role_that_does_not_exist_is_named(db: None, settings: Settings) -> None:
    settings.APPLICATION_ROLE = "nobody_at_all"
    assert ask(why_not_isolated) == "the role nobody_at_all of DATABASE_URL does not exist."


def test_django_checks_the_role(db: None, settings: Settings) -> None:
    assert run_checks(tags=["database"], databases=["default"]) == []
    settings.APPLICATION_ROLE = "postgres"
    (found,) = run_checks(tags=["database"], databases=["default"])
    assert (found.id, found.msg) == ("homeward.E001", f"P{ABOVE[1:]}")


def test_migrate_refuses_a_role_above_the_policies(
    transactional_db: None, settings: Settings
) -> None:
    settings.APPLICATION_ROLE = "postgres"
    with pytest.raises(CommandError) as refused:
        call_command("migrate", verbosity=0)
    assert str(refused.value) == f"Nothing was migrated: {ABOVE}"


def test_processes_do_not_start_above_the_policies(
    transactional_db: None, settings: Settings
) -> None:
    start.refuse_wrong_database()
    settings.APPLICATION_ROLE = "postgres"
    with pytest.raises(SystemExit) as refused:
        start.refuse_wrong_database()
    assert str(refused.value) == f"Homeward does not start: {ABOVE}"


def test_demonstration_keeps_off_real_shops(db: None, settings: Settings) -> None:
    settings.DEMO, settings.TESTING = True, False
    assert ask(why_not_for_a_demonstration) == ""
    with connection.cursor() as cursor:
        # As in a database that was never a demonstration's.
        cursor.execute("SET LOCAL search_path = pg_catalog")
        assert why_not_for_a_demonstration(cursor) == ""
        cursor.execute("SET LOCAL search_path = public")
        cursor.execute("CREATE TEMP TABLE merchants_merchant (id int)")
        cursor.execute("SET LOCAL search_path = pg_temp")
        assert why_not_for_a_demonstration(cursor) == (
            "DEMO may not use this database: it was made for real shops."
        )


def test_owner_and_application_must_be_two_roles() -> None:
    address = os.environ["DATABASE_URL"]
    refused = run("manage.py", "migrate", DATABASE_URL=address, DATABASE_OWNER_URL=None)
    assert (refused.returncode, refused.stderr) == (
        1,
        "CommandError: DATABASE_OWNER_URL must name the role that owns the tables, another one"
        " than DATABASE_URL's.\n",
    )
