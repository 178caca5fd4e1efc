"""Asks for background work after a person's change. The rows are there already: when the broker
is down, the periodic sweeps find them."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from notifications.tasks import deliver_due, dry_run
from notifications.webhooks.tasks import send_due
from stores import tasks as store_tasks
from stores.csv.tasks import import_orders
from tracking import tasks
from tracking.tasks import poll_due

log = logging.getLogger("homeward.dashboard")


def ask_carriers() -> None:
    """Ask about due parcels as soon as what was just saved is there for everybody."""
    transaction.on_commit(lambda: _ring(poll_due))


def list_couriers(account_id: int) -> None:
    """Ask an aggregator which carriers it serves."""
    transaction.on_commit(lambda: _ring(tasks.list_couriers, account_id))


def set_up_stores() -> None:
    """Take new shops through their first dialogue."""
    transaction.on_commit(lambda: _ring(store_tasks.set_up_due))


def ask_stores() -> None:
    """Ask shops what changed, and go on with histories."""
    transaction.on_commit(lambda: _ring(store_tasks.sweep_due))
    transaction.on_commit(lambda: _ring(store_tasks.pull_due))


def write_at_stores() -> None:
    """Say at the shops what was just queued."""
    transaction.on_commit(lambda: _ring(store_tasks.write_due))


def send_messages() -> None:
    """Send due messages as soon as what was just saved is there for everybody."""
    transaction.on_commit(lambda: _ring(deliver_due))


def send_webhooks() -> None:
    """Send due webhooks as soon as what was just saved is there for everybody."""
    transaction.on_commit(lambda: _ring(send_due))


def carry_on_import(job_id: int) -> None:
    """Work on an import of orders."""
    transaction.on_commit(lambda: _ring(import_orders, job_id))


def run_back_test(test_id: int) -> None:
    """Try the dates engine on a merchant's past."""
    transaction.on_commit(lambda: _ring(tasks.back_test, test_id))


def run_dry_run(run_id: int) -> None:
    """Try a merchant's rules on the past."""
    transaction.on_commit(lambda: _ring(dry_run, run_id))


def _ring(task: Any, *ids: int) -> None:
    try:
        task.apply_async(args=ids, retry=False)
    except (OperationalError, RedisError):
        log.warning("the broker cannot be reached; %s waits for its next turn", task.name)
