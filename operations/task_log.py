"""One line for every task: name, id, queue, duration, outcome. Arguments are never written."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import signals

from lib import tally
from lib.logs import current_id, where

log = logging.getLogger("homeward.tasks")
#: By task id: when it began, and what the lines before it belonged to.
_running: dict[str, tuple[float, str]] = {}


@signals.setup_logging.connect
def _leave_logging_alone(**kwargs: Any) -> None:
    """Django's LOGGING is the one for all processes; Celery sets up none where this is heard."""


@signals.task_prerun.connect
def _began(task_id: str, **kwargs: Any) -> None:
    _running[task_id] = (time.perf_counter(), current_id.get())
    current_id.set(task_id)


@signals.task_retry.connect
def _will_retry(sender: Any, reason: BaseException, **kwargs: Any) -> None:
    log.warning("%s is tried again: %s", sender.name, where(reason))


@signals.task_failure.connect
def _failed(sender: Any, task_id: str, exception: BaseException, **kwargs: Any) -> None:
    if task_id not in _running:
        # The process that had it is gone: this is the parent speaking, and no end will come.
        tally.count("tasks", task=sender.name, outcome="lost")
    log.error("%s failed: %s", sender.name, where(exception))


@signals.task_postrun.connect
def _ended(task_id: str, task: Any, state: str | None = None, **kwargs: Any) -> None:
    began, before = _running.pop(task_id, (time.perf_counter(), ""))
    seconds = time.perf_counter() - began
    outcome = (state or "unknown").lower()
    queue = (task.request.delivery_info or {}).get("routing_key", "")
    tally.count("tasks", task=task.name, outcome=outcome)
    tally.observe("task_seconds", seconds, task=task.name)
    log.info(
        "%s %s", task.name, outcome,
        extra={
            "task": task.name, "queue": queue, "outcome": outcome,
            "milliseconds": round(seconds * 1000, 1),
        },
    )  # fmt: skip
    current_id.set(before)
