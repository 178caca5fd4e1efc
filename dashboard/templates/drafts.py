"""What is typed, filled with an order's data: for the preview, the check and the test."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import override

from dashboard.templates.choosing import Chosen
from merchants.models import Brand, Merchant
from notifications.preview import invented, of_order
from notifications.rendering import Own, Rendered, Telling
from notifications.templates.checking import Problem, check
from notifications.templates.keeping import template_of
from notifications.templates.liquid import cleaned
from notifications.templates.spoken import plain
from notifications.templates.variables import values_of
from notifications.writing import SHAPES
from tracking.models import Order

_NEWEST: Final = 12


def typed(post: QueryDict) -> Own:
    """The text as it was posted."""
    subject = " ".join(cleaned(str(post.get("subject", ""))).split())[:200]
    return Own(subject, cleaned(str(post.get("body", ""))))


def kept(merchant: Merchant, text: Chosen) -> Own:
    """The text as it is saved; empty where ours goes."""
    row = template_of(merchant, text.which)
    return Own(row.subject, row.body, row.problem) if row else Own()


def telling(merchant: Merchant, text: Chosen, own: Own, *, order_id: str, now: datetime) -> Telling:
    """What a message with this text would say: of that order, or of an invented parcel."""
    order = _order(order_id)
    if order is not None:
        found = of_order(
            merchant=merchant, order=order, topic=text.which.topic, language=text.written_in,
            now=now, own=own,
        )  # fmt: skip
        if found is not None:
            return found
    brand = Brand.objects.filter(merchant_id=merchant.pk).first()
    return invented(
        merchant=merchant, topic=text.which.topic, language=text.written_in, now=now, own=own,
        brand=brand,
    )  # fmt: skip


def rendered(told: Telling, text: Chosen) -> Rendered:
    """In the shape of its channel."""
    return SHAPES[text.kind.shape](told)


def problems(own: Own, told: Telling, text: Chosen) -> dict[str, list[Problem]]:
    """What is wrong, by field; empty when it can be saved."""
    with override(told.language):
        values: dict[str, Any] = plain(values_of(told))
    found = {
        name: check(source, values=values, promotes=text.may_promote and name == "body")
        for name, source in (("subject", own.subject), ("body", own.body))
    }
    if not own.body and not found["body"]:
        found["body"] = [Problem(_("Write something, or go back to ours."))]
    return {name: some for name, some in found.items() if some}


def orders() -> list[dict[str, str]]:
    """The newest orders, for the choice of whose data is shown."""
    rows = Order.objects.order_by("-pk").only("pk", "number")[:_NEWEST]
    label = _("Order %(number)s")
    return [{"value": str(row.pk), "label": label % {"number": row.number}} for row in rows]


def _order(order_id: str) -> Order | None:
    if not order_id.isdecimal() or len(order_id) > 18:
        return None
    return Order.objects.filter(pk=int(order_id)).first()
