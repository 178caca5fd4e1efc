"""Django's system checks of ours: `manage.py check --database default`, and before migrating."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from merchants.isolation import why_not_isolated


@register(Tags.database)
def isolation(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Row-level security must bind the application's role."""
    found: list[CheckMessage] = []
    for name in databases or ():
        try:
            with connections[name].cursor() as cursor:
                problem = why_not_isolated(cursor)
        except DatabaseError:
            # Unreachable is not wrong; whoever needs it now says so in its own words.
            continue
        if problem:
            found.append(Error(problem[:1].upper() + problem[1:], id="homeward.E001"))
    return found
