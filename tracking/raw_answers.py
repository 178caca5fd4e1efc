"""The raw bodies of calls that brought news: kept for a while, so that a scan can be explained."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from carriers.calls import Answer
from lib.personal_data import Person
from tracking.models import Event, RawAnswer
from tracking.writing import insert_many

#: Quick, and JSON shrinks to a third all the same.
_LEVEL: Final = 1


def keep(answers: Iterable[tuple[UUID, Answer]], *, merchant_id: int, now: datetime) -> None:
    """Store these bodies; in the merchant's scope and with the scans that point to them."""
    rows = [
        (key, merchant_id, answer.call.carrier.slug, now, zlib.compress(answer.raw, _LEVEL))
        for key, answer in answers
    ]
    insert_many(RawAnswer, ("id", "merchant_id", "carrier", "at", "body"), rows)


def forget(*, now: datetime) -> int:
    """Drop bodies that are older than RAW_ANSWER_DAYS; in `every_merchant`."""
    oldest = now - timedelta(days=settings.RAW_ANSWER_DAYS)
    return RawAnswer.objects.filter(at__lt=oldest).delete()[0]


def export_person(person: Person) -> list[dict[str, str]]:
    """Which bodies are about this person's parcels; the scans in them are the order's."""
    rows = _about(person)
    return [
        {"carrier": carrier, "at": at.isoformat()}
        for carrier, at in RawAnswer.objects.filter(pk__in=rows).values_list("carrier", "at")
    ]


def erase_person(person: Person) -> int:
    """Drop them whole: a body may hold names and streets that nobody else reads out of it."""
    return RawAnswer.objects.filter(pk__in=_about(person)).delete()[0]


def _about(person: Person) -> list[UUID]:
    events = Event.objects.filter(shipment__order_id__in=person.order_ids, poll_id__isnull=False)
    return list(events.values_list("poll_id", flat=True).distinct())
