"""The personal data in answers: exported, erased."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q, QuerySet

from lib.folding import digits
from lib.personal_data import Person
from notifications.models import Answer

_EXPORTED: Final = (
    "order_id", "channel", "sender", "kind", "text", "subject", "latitude", "longitude", "place",
    "media",
)  # fmt: skip


def export_answers(person: Person) -> list[dict[str, Any]]:
    """What this person wrote, oldest first."""
    return [
        row | {"received_at": row["received_at"].isoformat()}
        for row in _of(person).order_by("pk").values(*_EXPORTED, "received_at")
    ]


def erase_answers(person: Person) -> int:
    """Blank what was written; that something came, and when it was answered, stays."""
    return (
        _of(person)
        .exclude(sender="")
        .update(
            sender="", text="", subject="", payload="", place="", latitude=None, longitude=None,
            media=[], mail_id="",
        )
    )  # fmt: skip


def _of(person: Person) -> QuerySet[Answer]:
    """On an order of theirs, or from an address of theirs without one."""
    numbers = {f"+{digits(phone)}" for phone in person.phones}
    return Answer.objects.filter(
        Q(order_id__in=person.order_ids)
        | Q(order__isnull=True, sender__in={*person.emails, *numbers} - {""})
    )
