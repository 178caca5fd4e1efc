"""The personal data that messages hold: exported, erased."""

from __future__ import annotations

from typing import Any, Final

from lib.personal_data import Person
from notifications.models import Message, Suppression

ERASED: Final = "Erased at the person's request."
_EXPORTED: Final = ("channel", "milestone", "language", "to", "subject", "text", "state", "sent_at")


def export_person(person: Person) -> dict[str, Any]:
    """Every message about the person's orders as it was written, and suppressed addresses."""
    messages = Message.objects.filter(order_id__in=person.order_ids).order_by("id")
    return {
        "messages": [
            row | {"sent_at": row["sent_at"] and row["sent_at"].isoformat()}
            for row in messages.values(*_EXPORTED)
        ],
        "suppressed": list(
            Suppression.objects.filter(address__in=person.emails).values_list("address", flat=True)
        ),
    }


def erase_person(person: Person) -> int:
    """Blank the messages (that they were sent stays known) and stop those that still wait."""
    messages = Message.objects.filter(order_id__in=person.order_ids)
    messages.filter(state=Message.State.WAITING).update(state=Message.State.SKIPPED, reason=ERASED)
    blanked = messages.exclude(to="").update(to="", subject="", text="", html="")
    removed, _ = Suppression.objects.filter(address__in=person.emails).delete()
    return blanked + removed
