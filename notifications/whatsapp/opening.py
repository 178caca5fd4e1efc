"""Whether a WhatsApp message may go, and as what: an approved form, or free text to somebody who
wrote to us within a day.

https://www.twilio.com/docs/whatsapp/key-concepts (the customer service window)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_noop

from notifications.models import Answer, WhatsAppTemplate
from notifications.reasons import NO_REASON, Reason, Unsent
from notifications.rendering import Telling
from notifications.whatsapp.forms import Form, values_for

WINDOW: Final = timedelta(hours=24)

NO_TEMPLATE: Final = gettext_noop(
    "WhatsApp opens a conversation only with an approved template, and there is none for this yet."
)
PENDING: Final = gettext_noop("WhatsApp has not approved this message’s template yet.")
REJECTED: Final = gettext_noop("WhatsApp refused this message’s template.")
PAUSED: Final = gettext_noop("WhatsApp paused this message’s template.")
DISABLED: Final = gettext_noop("WhatsApp disabled this message’s template.")
MOVED: Final = gettext_noop(
    "WhatsApp moved this message’s template to marketing, and the shopper has not agreed to offers."
)
_WORDS: Final[Mapping[str, str]] = {
    WhatsAppTemplate.State.PENDING: PENDING,
    WhatsAppTemplate.State.REJECTED: REJECTED,
    WhatsAppTemplate.State.PAUSED: PAUSED,
    WhatsAppTemplate.State.DISABLED: DISABLED,
}

Templates = Mapping[tuple[str, str], WhatsAppTemplate]
"""A merchant's, by topic and language."""


def templates_of(merchant_id: int) -> Templates:
    """In the merchant's scope."""
    rows = WhatsAppTemplate.objects.filter(merchant_id=merchant_id)
    return {(row.topic, row.language): row for row in rows}


def open_numbers(merchant_id: int, *, now: datetime) -> frozenset[str]:
    """The numbers that wrote to this merchant on WhatsApp within a day; in its scope."""
    rows = Answer.objects.filter(
        merchant_id=merchant_id, channel="whatsapp", received_at__gt=now - WINDOW
    )
    return frozenset(rows.values_list("sender", flat=True))


def against_opening(
    row: WhatsAppTemplate | None, *, number: str, is_open: Collection[str], offers: bool
) -> Reason:
    """Why no WhatsApp message may go to this number; empty where one may. `offers`: whether this
    person agreed to be written to about other things than orders."""
    if not settings.WHATSAPP_NEEDS_TEMPLATE or number in is_open:
        return NO_REASON
    if row is None:
        return Reason(Unsent.NO_TEMPLATE, NO_TEMPLATE)
    if row.state != WhatsAppTemplate.State.APPROVED:
        return Reason(Unsent.NO_TEMPLATE, _WORDS[row.state])
    if row.recategorised_to == WhatsAppTemplate.Category.MARKETING and not offers:
        return Reason(Unsent.NO_TEMPLATE, MOVED)
    return NO_REASON


def filled(row: WhatsAppTemplate, telling: Telling) -> tuple[dict[str, Any], str] | None:
    """What is sent of the template, and the text that it makes; None where it is not approved."""
    if row.state != WhatsAppTemplate.State.APPROVED:
        return None
    form = Form(row.body, row.variables)
    values = values_for(form, telling)
    return {"sid": row.content_sid, "variables": values}, form.filled(values)
