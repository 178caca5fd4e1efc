"""Each kind of work has a queue of its own; a worker that is told nothing takes from all."""

from __future__ import annotations

import pytest

from config.celery import QUEUES
from config.celery import app as celery_app
from operations import heartbeat


def queue_of(task: str) -> str:
    found: str = celery_app.amqp.router.route({}, task)["queue"].name
    return found


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("tracking.poll_due", "polling"),
        ("hooks.process_delivery", "inbound"),
        ("notifications.anything_new", "messages"),
        ("notifications.webhooks.send_due", "webhooks"),
        ("stores.sweep_due", "stores"),
        ("merchants.something", "default"),
    ],
)
def test_task_goes_to_its_queue_by_name(task: str, queue: str) -> None:
    assert queue_of(task) == queue


def test_worker_without_a_choice_takes_from_every_queue() -> None:
    assert sorted(celery_app.amqp.queues.consume_from) == sorted(QUEUES)


def test_a_task_reaches_one_queue_only() -> None:
    """With one exchange and one key for all, each queue would get a copy."""
    bindings = [(queue.exchange.name, queue.routing_key) for queue in celery_app.conf.task_queues]
    assert bindings == [(name, name) for name in QUEUES]


def test_every_queue_that_beat_rings_gives_signs_of_life() -> None:
    rung = {queue_of(entry["task"]) for entry in celery_app.conf.beat_schedule.values()}
    assert rung == set(heartbeat.QUEUES)
