"""Whether PostgreSQL will keep merchants apart: a property of the role that we log in with."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def application_role() -> str:
    """The role of DATABASE_URL; whoever is logged in right now may be the owner."""
    return str(settings.APPLICATION_ROLE)


def why_not_isolated(cursor: Any) -> str:
    """What is wrong with the application's role, as a sentence; "" when nothing is."""
    cursor.execute(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles"
        " WHERE rolname = coalesce(nullif(%s, ''), current_user)",
        [application_role()],
    )
    row = cursor.fetchone()
    if row is None:
        return f"the role {application_role()} of DATABASE_URL does not exist."
    role, is_superuser, bypasses = row
    if is_superuser or bypasses:
        what = "a superuser" if is_superuser else "BYPASSRLS"
        return (
            f"{role} is {what}, so nothing keeps merchants apart:"
            " give DATABASE_URL a role that is neither superuser nor BYPASSRLS."
        )
    return ""


def why_not_for_a_demonstration(cursor: Any) -> str:
    """A sentence when DEMO met a database with real shops in it; "" otherwise.

    One that a demonstration made has the demonstration's own table from the first migration.
    """
    if not settings.DEMO or settings.TESTING:
        return ""
    cursor.execute(
        "SELECT to_regclass('merchants_merchant') IS NOT NULL,"
        " to_regclass('demo_capturedmail') IS NOT NULL"
    )
    has_merchants, has_demo = cursor.fetchone()
    if has_merchants and not has_demo:
        return "DEMO may not use this database: it was made for real shops."
    return ""
