"""The personal data that messages hold: exported, erased."""

from __future__ import annotations

from typing import Any, Final

from lib.folding import digits
from lib.personal_data import Person
from notifications import seen
from notifications.answers.privacy import erase_answers, export_answers
from notifications.consent import ERASED
from notifications.models import (
    Handle,
    Message,
    PageCode,
    Preference,
    PushSubscription,
    Suppression,
    Voucher,
)
from tracking.models import Recipient

_IN_DOUBT: Final = (Message.State.SENDING, Message.State.UNCERTAIN)
_EXPORTED: Final = ("channel", "topic", "language", "to", "subject", "text", "state", "sent_at")


def export_person(person: Person) -> dict[str, Any]:
    """Every message about the person's orders as it was written, and suppressed addresses."""
    messages = Message.objects.filter(order_id__in=person.order_ids).order_by("id")
    written_to = _addresses(person)
    return {
        "messages": [
            row | {"sent_at": row["sent_at"] and row["sent_at"].isoformat()}
            for row in messages.values(*_EXPORTED)
        ],
        "suppressed": list(
            Suppression.objects.filter(address__in=written_to).values_list("address", flat=True)
        ),
        "choices": list(
            Preference.objects.filter(person__in=written_to).values(
                "channels", "language", "is_muted"
            )
        ),
        "vouchers": list(
            Voucher.objects.filter(order_id__in=person.order_ids).values_list("code", flat=True)
        ),
        "answers": export_answers(person),
        "handles": list(Handle.objects.filter(person__in=written_to).values("channel", "address")),
        "browsers": PushSubscription.objects.filter(order_id__in=person.order_ids).count(),
        "page_visits": seen.export_person(person),
    }


def erase_person(person: Person) -> int:
    """Blank the messages (that they were sent stays known) and stop those that still wait."""
    messages = Message.objects.filter(order_id__in=person.order_ids)
    written_to = _addresses(person)
    messages.filter(state__in=[Message.State.PLANNED, Message.State.WAITING]).update(
        state=Message.State.SKIPPED, reason=ERASED, due_at=None
    )
    messages.filter(state__in=_IN_DOUBT).update(
        state=Message.State.UNCERTAIN, reason=ERASED, due_at=None
    )
    blanked = messages.exclude(to="").update(
        to="", subject="", text="", html="", link="", window=None
    )
    removed = Voucher.objects.filter(person__in=written_to).update(person="")
    for rows in (
        Suppression.objects.filter(address__in=written_to),
        Preference.objects.filter(person__in=written_to),
        Handle.objects.filter(person__in=written_to),
        PushSubscription.objects.filter(order_id__in=person.order_ids),
        PageCode.objects.filter(order_id__in=person.order_ids),
    ):
        removed += rows.delete()[0]
    return blanked + removed + seen.erase_person(person) + erase_answers(person)


def _addresses(person: Person) -> set[str]:
    """Every form in which this person's addresses are kept: as written to, and folded."""
    rows = Message.objects.filter(order_id__in=person.order_ids).exclude(to="")
    written_to = {address.lower() for address in rows.values_list("to", flat=True)}
    numbers = {digits(phone) for phone in person.phones}
    recipients = Recipient.objects.filter(order_id__in=person.order_ids)
    return {
        *person.emails,
        *written_to,
        *numbers,
        *(f"+{number}" for number in numbers),
        *(f"#{pk}" for pk in recipients.values_list("pk", flat=True)),
    } - {""}
