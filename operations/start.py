"""Before a process serves or works: a database that would mix merchants up stops the start."""

from __future__ import annotations

import logging
import sys
from typing import Any

from celery import signals
from django.db import DatabaseError, connection

from merchants.isolation import why_not_for_a_demonstration, why_not_isolated

log = logging.getLogger("homeward.start")


def refuse_wrong_database() -> None:
    """Exit with one sentence when the role or the database is wrong.

    A database that cannot be reached yet is no reason: `/readyz` says so, and it may come.
    Leaves no connection open: the caller is about to fork.
    """
    try:
        with connection.cursor() as cursor:
            problem = why_not_isolated(cursor) or why_not_for_a_demonstration(cursor)
    except DatabaseError:
        log.warning("The database cannot be reached yet.")
        return
    finally:
        connection.close()
    if problem:
        sys.exit(f"Homeward does not start: {problem}")


@signals.worker_init.connect
@signals.beat_init.connect
def _before_work(**kwargs: Any) -> None:
    refuse_wrong_database()
