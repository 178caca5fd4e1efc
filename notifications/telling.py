"""From rows to the plain values of one message."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from carriers.registry import name_of
from edd.disruption_words import sentence
from lib import formats
from lib.addresses import words
from lib.addresses.parts import Need
from lib.vocabulary import Milestone
from merchants.models import Brand, Merchant
from merchants.models import Look as BrandLook
from notifications.heading import heading_state
from notifications.models import Template
from notifications.rendering import LOGO_TYPES, Line, Look, Own, Telling
from notifications.texts import ADDRESS, CASE
from tracking.disrupting import disruptions_of
from tracking.links import link_for, page_path
from tracking.models import Change, Order, OrderItem, Recipient, Shipment, ShipmentItem

#: What a case's message opens with, by what happened to it.
_CASE_HEADINGS: Final = {
    "opened": gettext_noop("We have your message"),
    "replied": gettext_noop("An answer from %(shop)s"),
    "closed": gettext_noop("%(shop)s has dealt with your question"),
}


def look_of(merchant: Merchant, brand: BrandLook | None) -> Look:
    """The merchant's brand; ours where there is none yet."""
    brand = brand or Brand(merchant=merchant)
    return Look(
        shop=merchant.name,
        accent=brand.accent,
        has_logo=bool(brand.logo) and brand.logo_type in LOGO_TYPES,
        tagline=brand.tagline,
        taglines={code: str(own.get("tagline", "")) for code, own in brand.translations.items()},
        support_email=merchant.support_email,
        support_phone=merchant.support_phone,
    )


def own_words(merchant: Merchant) -> dict[tuple[str, str, str], Own]:
    """The merchant's own texts by (channel, topic, language)."""
    rows = Template.objects.filter(merchant_id=merchant.pk)
    return {(row.channel, row.milestone, row.language): Own(row.subject, row.body) for row in rows}


def tell(
    *,
    merchant: Merchant,
    look: Look,
    own: Own,
    order: Order,
    shipment: Shipment | None,
    milestone: Milestone,
    recipient: Recipient,
    language: str,
    now: datetime,
) -> Telling:
    """What this recipient is told about this milestone. Makes the recipient's link if need be.

    What was bought is the buyer's business: a receiver and a front desk see no items.
    """
    link = link_for(order=order, recipient=recipient)
    is_buyer = recipient.role == Recipient.Role.BUYER
    to_pay = ""
    if milestone is Milestone.OUT_FOR_DELIVERY and order.cod_amount:
        currency = order.currency or merchant.currency
        to_pay = formats.money(order.cod_amount, currency, language)
    return Telling(
        topic=milestone,
        language=language,
        look=look,
        state=heading_state(order, shipment, language=language, now=now, told=milestone),
        order_number=order.number,
        link=settings.BASE_URL + page_path(link, merchant=merchant),
        recipient_name=recipient.name,
        carrier=name_of(shipment.carrier, language=language) if shipment else "",
        tracking_number=shipment.tracking_number if shipment else "",
        items=_lines(order, shipment) if is_buyer else (),
        to_pay=to_pay,
        why=_why_late(shipment, language) if milestone is Milestone.DELAYED else "",
        own=own,
        has_preferences=True,
    )


def _why_late(shipment: Shipment | None, language: str) -> str:
    """The sentence of the disruption that pushed the date back; "" without one."""
    found = disruptions_of([shipment] if shipment else [])
    return next((sentence(one, language) for one in found.values()), "")


def tell_case(
    *,
    merchant: Merchant,
    look: Look,
    own: Own,
    change: Change,
    recipient: Recipient,
    language: str,
    now: datetime,
) -> Telling:
    """What the buyer is told about a case: that it was received, an answer, the outcome."""
    order, shipment = change.order, change.shipment
    link = link_for(order=order, recipient=recipient)
    event = str(change.data.get("event", ""))
    with override(language):
        heading = gettext(_CASE_HEADINGS.get(event, _CASE_HEADINGS["replied"]))
    return Telling(
        topic=CASE,
        language=language,
        look=look,
        state=heading_state(order, shipment, language=language, now=now),
        order_number=order.number,
        link=settings.BASE_URL + page_path(link, merchant=merchant),
        recipient_name=recipient.name,
        carrier=name_of(shipment.carrier, language=language) if shipment else "",
        tracking_number=shipment.tracking_number if shipment else "",
        heading=heading % {"shop": merchant.name},
        answer=str(change.data.get("words", "")),
        own=own,
        has_preferences=True,
    )


#: The form on the order's page that completes the address.
ADDRESS_FORM: Final = "#place"


def tell_address(
    *,
    merchant: Merchant,
    look: Look,
    own: Own,
    change: Change,
    recipient: Recipient,
    language: str,
    now: datetime,
) -> Telling:
    """What the buyer is told about an address that lacks something: what, and where to add it."""
    order = change.order
    link = link_for(order=order, recipient=recipient)
    with override(language):
        needs = [Need(need) for need in change.data["needs"]]
        labels = [words.label(need, order.country) for need in needs]
        why = words.reason(needs[0], order.country) if len(needs) == 1 else ""
        heading = gettext("To deliver your order, the courier needs: %(needs)s")
        button = gettext("Complete the address")
    return Telling(
        topic=ADDRESS,
        language=language,
        look=look,
        state=heading_state(order, None, language=language, now=now),
        order_number=order.number,
        link=settings.BASE_URL + page_path(link, merchant=merchant),
        part=ADDRESS_FORM,
        recipient_name=recipient.name,
        heading=heading % {"needs": formats.listing(labels, language)},
        why=why,
        button=button,
        own=own,
        has_preferences=True,
    )


def _lines(order: Order, shipment: Shipment | None) -> tuple[Line, ...]:
    """What is in the parcel; the whole order where nobody said what is in which parcel."""
    if shipment is not None:
        contents = list(
            ShipmentItem.objects.filter(shipment_id=shipment.pk)
            .select_related("item")
            .order_by("item__position", "item_id")
        )
        if contents:
            return tuple(_line(row.item, row.quantity) for row in contents)
    return tuple(_line(item, item.quantity) for item in OrderItem.objects.filter(order=order))


def _line(item: OrderItem, quantity: int) -> Line:
    image = item.image_url if item.image_url.startswith("https://") else ""
    return Line(item.title, quantity, image)
