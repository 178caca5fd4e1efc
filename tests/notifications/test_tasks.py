"""The sweeps that beat rings."""

from __future__ import annotations

from django.core import mail
from django.utils import timezone

from config.celery import app
from notifications import tasks
from notifications.models import Message
from tests.notifications.conftest import hear
from tracking.models import Outbox, Shipment


def test_beat_knows_the_sweeps_by_name() -> None:
    rung = {entry["task"] for entry in app.conf.beat_schedule.values()}
    ours = {tasks.compose_due, tasks.ripen_due, tasks.deliver_due, tasks.fail_over_due}
    assert {task.name for task in ours} <= rung


def test_sweeps_bring_a_change_to_the_mailbox(shipment: Shipment) -> None:
    hear(shipment, (2, "picked_up.accepted"), now=timezone.now())
    assert tasks.compose_due() >= 1
    assert tasks.deliver_due() == ["email"]
    assert [row.state for row in Message.objects.exclude(state="skipped")] == ["sent"]
    assert len(mail.outbox) == 1
    assert not Outbox.objects.filter(consumer="messages", done_at__isnull=True).exists()
