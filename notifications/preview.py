"""How a message would look: of one of the shop's orders, or of an invented parcel."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, override

from carriers.registry import name_of
from help_texts.shown import banners_of
from lib import formats
from lib.headlines import HeadlineState
from lib.vocabulary import ORDER_MILESTONES, Milestone, Status
from lib.words import STATUS_LABELS
from merchants.models import Brand, Look, Merchant
from notifications.facts import Facts
from notifications.rendering import LOGO_CID, Line, Own, Rendered, Telling
from notifications.telling import (
    BUTTONS,
    PARTS,
    Subject,
    banner_line,
    facts_of,
    look_of,
    opening,
    tell,
)
from notifications.templates.mail import letter
from notifications.templates.values import Amount
from notifications.texts import ADDRESS, CASE
from tracking.links import link_for, pages_root
from tracking.models import Link, Order, Recipient, Shipment

#: What a parcel is in when this is told: status and sub-status. What is not here is the order's.
_STATES: Final[dict[str, tuple[Status, str]]] = {
    Milestone.SHIPPED: (Status.PICKED_UP, ""),
    Milestone.IN_TRANSIT: (Status.IN_TRANSIT, ""),
    Milestone.OUT_FOR_DELIVERY: (Status.OUT_FOR_DELIVERY, ""),
    Milestone.DELIVERED: (Status.DELIVERED, ""),
    Milestone.DELAYED: (Status.IN_TRANSIT, ""),
    Milestone.ATTEMPT_FAILED: (Status.ATTEMPT_FAILED, ""),
    "date_earlier": (Status.IN_TRANSIT, ""),
    "date_later": (Status.IN_TRANSIT, ""),
    "will_be_late": (Status.IN_TRANSIT, ""),
    "arriving_tomorrow": (Status.IN_TRANSIT, ""),
    "arriving_today": (Status.IN_TRANSIT, ""),
    "customs_action": (Status.CUSTOMS, "customs.information_required"),
    "pickup_ready": (Status.AVAILABLE_FOR_PICKUP, "pickup.ready"),
    "pickup_deadline": (Status.AVAILABLE_FOR_PICKUP, "pickup.last_days"),
    "address_problem": (Status.EXCEPTION, "exception.address"),
    "stalled": (Status.IN_TRANSIT, ""),
    "returning": (Status.RETURNING, ""),
    "returned": (Status.RETURNED, ""),
    "lost": (Status.LOST_OR_DESTROYED, "lost.declared"),
    "goodwill": (Status.DELIVERED, ""),
    "feedback": (Status.DELIVERED, ""),
    "replenishment": (Status.DELIVERED, ""),
}
_LATE: Final = frozenset({Milestone.DELAYED.value, "date_later", "will_be_late"})
_SUM: Final = Decimal("149.00")


def render_preview(
    *,
    merchant: Merchant,
    milestone: Milestone,
    language: str,
    now: datetime,
    own: Own | None = None,
    carrier: str = "aramex",
    brand: Look | None = None,
) -> Rendered:
    """An e-mail as a shopper of this merchant would get it today; in the merchant's scope.

    `own` is text being edited; None takes ours. `brand` is a look being edited; None takes what
    is published. The logo is inside the HTML as a data URI,
    so that the page that shows it needs nothing else.
    """
    brand = brand or Brand.objects.filter(merchant_id=merchant.pk).first()
    telling = invented(
        merchant=merchant, topic=milestone.value, language=language, now=now, own=own,
        carrier=carrier, brand=brand,
    )  # fmt: skip
    rendered = letter(telling)
    return replace(rendered, html=with_logo(rendered.html, brand))


def invented(
    *,
    merchant: Merchant,
    topic: str,
    language: str,
    now: datetime,
    own: Own | None = None,
    carrier: str = "aramex",
    brand: Look | None = None,
) -> Telling:
    """What would be told about an invented parcel of this merchant; in its scope."""
    on_parcel = topic in _STATES
    with override(language):
        items = (Line(gettext("Linen cushion cover"), 2), Line(gettext("Table lamp"), 1))
        order = Order(
            number="1042", country=merchant.country or "AE", currency=merchant.currency,
            total=_SUM, cod_amount=_SUM if topic == "cod_confirm" else None,
        )  # fmt: skip
        subject = Subject(order=order, link=Link(), data=example_data(topic))
        facts = facts_of(topic, subject, language=language, currency=merchant.currency)
        look = look_of(merchant, brand)
        name = "" if look.hides_carrier else name_of(carrier, language=language)
        said = name or gettext("The carrier")
        values = {"shop": merchant.name, "number": order.number, "carrier": said, **facts}
        heading, why = opening(topic, subject, values, language=language)
        state = _state(topic, merchant, language=language, now=now)
        if on_parcel:
            state = replace(state, carrier=name)
        pays = topic == Milestone.OUT_FOR_DELIVERY and merchant.currency
        return Telling(
            topic=topic,
            language=language,
            look=look,
            state=state,
            order_number=order.number,
            link=pages_root(merchant),
            part=PARTS.get(topic, ""),
            recipient_name=gettext("Layla Haddad"),
            carrier=name if on_parcel else "",
            tracking_number="47218830956" if on_parcel else "",
            items=items if topic not in {CASE, ADDRESS} else (),
            to_pay=formats.money(_SUM, merchant.currency, language) if pays else "",
            heading=heading,
            why=why,
            answer=str(subject.data.get("words", "")) if topic == CASE else "",
            button=str(BUTTONS.get(topic, "")),
            facts=facts,
            total=Amount(_SUM, merchant.currency or "USD", language),
            status=str(STATUS_LABELS[state.status]) if on_parcel else "",
            own=own or Own(),
            banner=banner_line(
                topic, order, merchant, banners_of(merchant.pk), language=language, now=now
            ),
        )


def of_order(
    *, merchant: Merchant, order: Order, topic: str, language: str, now: datetime, own: Own
) -> Telling | None:
    """What the buyer of this order would be told; None where nobody is its buyer. The parcel is
    shown in the state that the topic speaks of, whatever it is in; in the merchant's scope."""
    recipient = Recipient.objects.filter(order=order, role=Recipient.Role.BUYER).first()
    if recipient is None:
        return None
    parcel = parcel_of(order, topic)
    facts = Facts({order.pk: order}, {parcel.pk: parcel} if parcel else {}, now=now)
    with override(language):
        data = example_data(topic)
    subject = Subject(
        order=order,
        link=link_for(order=order, recipient=recipient),
        shipment=parcel,
        data=data,
        lines=facts.lines(order.pk, parcel.pk if parcel else None),
    )
    brand = Brand.objects.filter(merchant_id=merchant.pk).first()
    telling = tell(
        merchant=merchant, look=look_of(merchant, brand), own=own, topic=topic, subject=subject,
        recipient=recipient, language=language, now=now, banners=banners_of(merchant.pk),
    )  # fmt: skip
    # The customer's own choices are not the merchant's to change from a test.
    return replace(telling, state=_as_told(telling.state, topic), has_preferences=False)


def parcel_of(order: Order, topic: str) -> Shipment | None:
    """The order's first parcel, where the topic is a parcel's."""
    return order.shipments.order_by("pk").first() if topic in _STATES else None


def _as_told(state: HeadlineState, topic: str) -> HeadlineState:
    if topic not in _STATES or topic in set(Milestone):
        return state
    status, sub_status = _STATES[topic]
    if state.status is status:
        return state
    return replace(state, status=status, sub_status=sub_status, is_late=topic in _LATE)


def example_data(topic: str) -> dict[str, Any]:
    """What the change behind such a message would say; the language must be active."""
    if topic == CASE:
        words = gettext("We asked the courier. Your parcel is with your neighbour.")
        return {"event": "replied", "words": words}
    examples: dict[str, dict[str, Any]] = {
        ADDRESS: {"event": "asked", "needs": ["street", "phone"]},
        "refund": {"amount": str(_SUM)},
        "goodwill": {"code": "THANKS10", "worth": "10 %"},
    }
    return examples.get(topic, {})


def with_logo(html: str, brand: Look | None) -> str:
    """A message's HTML with its logo inside, for showing it outside a mail program."""
    if brand is None or not brand.logo:
        return html
    data = b64encode(bytes(brand.logo)).decode()
    return html.replace(f"cid:{LOGO_CID}", f"data:{brand.logo_type};base64,{data}")


def _state(topic: str, merchant: Merchant, *, language: str, now: datetime) -> HeadlineState:
    local = now.astimezone(ZoneInfo(merchant.zone))
    today = local.date()
    if topic not in _STATES:
        milestone = Milestone(topic) if topic in ORDER_MILESTONES else Milestone.CONFIRMED
        return HeadlineState(Status.PENDING, today, order_milestone=milestone)
    status, sub_status = _STATES[topic]
    far = {"out_for_delivery": 0, "arriving_today": 0, "arriving_tomorrow": 1}.get(topic, 2)
    return HeadlineState(
        status=status,
        today=today,
        sub_status=sub_status,
        first=today + timedelta(days=far),
        last=today + timedelta(days=4 if far == 2 else far),
        was_first=today - timedelta(days=1),
        was_last=today,
        is_late=topic in _LATE,
        is_likely=topic == "will_be_late",
        delivered_at=local.replace(hour=15, minute=40),
        attempt_on=today,
    )
