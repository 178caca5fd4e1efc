"""The personal data that webhooks hold: exported, erased."""

from __future__ import annotations

from lib.personal_data import Person
from notifications.consent import ERASED
from notifications.models import WebhookAttempt, WebhookDelivery


def export_person(person: Person) -> list[str]:
    """What programs were told of this person's orders, word for word."""
    rows = WebhookDelivery.objects.filter(order_id__in=person.order_ids).exclude(body="")
    return list(rows.order_by("id").values_list("body", flat=True))


def erase_person(person: Person) -> int:
    """Blank what was sent and what came back; that it was sent stays known."""
    rows = WebhookDelivery.objects.filter(order_id__in=person.order_ids)
    rows.filter(state=WebhookDelivery.State.WAITING).update(
        state=WebhookDelivery.State.FAILED, problem=ERASED
    )
    WebhookAttempt.objects.filter(delivery__in=rows).update(response_body="", response_headers={})
    return rows.exclude(body="").update(body="")
