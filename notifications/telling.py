"""From what was read to the plain values of one message; reads nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_lazy, override

from edd.disruption_words import sentence
from edd.disruptions import Disruption
from help_texts.models import Banner
from help_texts.shown import RunningBanner, standing
from lib import formats
from lib.addresses import words
from lib.addresses.parts import Need
from lib.vocabulary import Milestone, Status
from lib.words import STATUS_LABELS
from merchants.models import Brand, Merchant
from merchants.models import Look as BrandLook
from notifications.heading import heading_state
from notifications.models import Template
from notifications.rendering import LOGO_TYPES, Line, Look, Own, Telling
from notifications.templates.values import Amount
from notifications.texts import ADDRESS, CASE, CASE_HEADINGS, TEXTS
from tracking.links import page_url
from tracking.models import Link, Order, Recipient, Shipment

#: The part of the page that a message leads to.
PARTS: Final[Mapping[str, str]] = {
    ADDRESS: "#place",
    "cod_confirm": "#cash",
    "feedback": "#feedback",
}
#: What the link is called where it leads to something to be done.
BUTTONS: Final = {
    ADDRESS: gettext_lazy("Complete the address"),
    "address_problem": gettext_lazy("Check the address"),
    "cod_confirm": gettext_lazy("Answer"),
    "pickup_ready": gettext_lazy("See where it is"),
    "pickup_deadline": gettext_lazy("See where it is"),
    "customs_action": gettext_lazy("See what is needed"),
    "feedback": gettext_lazy("Say how it was"),
}
#: The milestone that a heading speaks of, where it is not the topic itself.
_SPEAKS_OF: Final[Mapping[str, Milestone]] = {
    "date_later": Milestone.DELAYED,
    "will_be_late": Milestone.DELAYED,
}
_LATE: Final = frozenset({Milestone.DELAYED.value, *_SPEAKS_OF})
#: Messages that confirm an order, whichever of them the shop sends.
_CONFIRMS: Final = frozenset({Milestone.PLACED.value, Milestone.CONFIRMED.value})


@dataclass(frozen=True, slots=True)
class Subject:
    """What is told about. `data` is the change's own, `lines` what the buyer may see of the
    contents, `disruption` what pushed the date back."""

    order: Order
    link: Link
    shipment: Shipment | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    disruption: Disruption | None = None


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
        hides_carrier=brand.hide_carrier,
    )


def own_words(merchant: Merchant) -> dict[tuple[str, str, str], Own]:
    """The merchant's own texts by (channel, topic, language)."""
    rows = Template.objects.filter(merchant_id=merchant.pk)
    return {
        (row.channel, row.topic, row.language): Own(row.subject, row.body, row.problem)
        for row in rows
    }


def tell(
    *,
    merchant: Merchant,
    look: Look,
    own: Own,
    topic: str,
    subject: Subject,
    recipient: Recipient,
    language: str,
    now: datetime,
    introduces: bool = False,
    banners: Sequence[RunningBanner] = (),
) -> Telling:
    """What this recipient is told about this topic. `banners` are the merchant's.

    `introduces`: this is the first message to somebody whom the buyer named.
    What was bought is the buyer's business: a receiver and a front desk see no items.
    """
    order, shipment = subject.order, subject.shipment
    is_buyer = recipient.role == Recipient.Role.BUYER
    told = _milestone(topic)
    # What concerns the order speaks of no parcel.
    parcel = shipment if topic != ADDRESS else None
    state = heading_state(order, parcel, language=language, now=now, told=told)
    if look.hides_carrier:
        state = replace(state, carrier="")
    with override(language):
        facts = facts_of(topic, subject, language=language, currency=merchant.currency)
        values = {
            "shop": merchant.name,
            "carrier": state.carrier or gettext("The carrier"),
            **facts,
        }
        heading, why = opening(topic, subject, values, language=language)
        return Telling(
            topic=topic,
            language=language,
            look=look,
            state=state,
            order_number=order.number,
            link=page_url(subject.link, merchant=merchant),
            part=PARTS.get(topic, ""),
            recipient_name=recipient.name,
            carrier=state.carrier if parcel else "",
            tracking_number=parcel.tracking_number if parcel else "",
            items=subject.lines if is_buyer and topic not in {CASE, ADDRESS} else (),
            to_pay=_to_pay(topic, order, merchant, language),
            heading=heading,
            why=why,
            answer=str(subject.data.get("words", "")) if topic == CASE else "",
            button=str(BUTTONS.get(topic, "")),
            facts=facts,
            total=_total(order, merchant, language),
            status=str(STATUS_LABELS[Status(parcel.status)]) if parcel else "",
            own=own,
            has_preferences=True,
            asked_by=order.customer_name if recipient.shared_at else "",
            introduces=introduces,
            banner=banner_line(topic, order, merchant, banners, language=language, now=now),
        )


def banner_line(
    topic: str,
    order: Order,
    merchant: Merchant,
    banners: Sequence[RunningBanner],
    *,
    language: str,
    now: datetime,
) -> str:
    """What the shop says to all these days; only what confirms an order has it."""
    if topic not in _CONFIRMS:
        return ""
    found = standing(
        banners,
        place=Banner.Place.MESSAGES,
        language=language,
        usual=merchant.default_language,
        today=now.astimezone(ZoneInfo(merchant.zone)).date(),
        country=order.country,
    )
    return found.text if found else ""


def facts_of(topic: str, subject: Subject, *, language: str, currency: str) -> dict[str, str]:
    """What a text may name beside shop, number, carrier and name: formatted, by placeholder."""
    data, order = subject.data, subject.order
    found: dict[str, str] = {}
    if topic == "cod_confirm" and order.cod_amount:
        found["amount"] = formats.money(order.cod_amount, order.currency or currency, language)
    if topic == "refund" and data.get("amount"):
        code = str(data.get("currency") or order.currency or currency)
        found["amount"] = formats.money(Decimal(str(data["amount"])), code, language)
    if topic == "goodwill" and data.get("code"):
        found |= {"code": str(data["code"]), "worth": str(data.get("worth", ""))}
    return found


def _milestone(topic: str) -> Milestone | None:
    if topic in _SPEAKS_OF:
        return _SPEAKS_OF[topic]
    return Milestone(topic) if topic in set(Milestone) else None


def opening(
    topic: str, subject: Subject, values: Mapping[str, str], *, language: str
) -> tuple[str, str]:
    """The heading where it is not the page's own, and a sentence before our text."""
    if topic == CASE:
        event = str(subject.data.get("event", ""))
        return gettext(CASE_HEADINGS.get(event, CASE_HEADINGS["replied"])) % values, ""
    if topic == ADDRESS:
        return _needs(subject, language)
    why = sentence(subject.disruption, language) if subject.disruption and topic in _LATE else ""
    ours = TEXTS[topic].heading
    try:
        return (gettext(ours) % values if ours else ""), why
    except KeyError:  # a sum that the shop did not say: the subject says as much as is known
        return gettext(TEXTS[topic].subject) % values, why


def _needs(subject: Subject, language: str) -> tuple[str, str]:
    """What an address lacks, and why it is asked for where it is one thing."""
    country = subject.order.country
    needs = [Need(need) for need in subject.data["needs"]]
    labels = [words.label(need, country) for need in needs]
    heading = gettext("To deliver your order, the courier needs: %(needs)s")
    why = words.reason(needs[0], country) if len(needs) == 1 else ""
    return heading % {"needs": formats.listing(labels, language)}, why


def _total(order: Order, merchant: Merchant, language: str) -> str:
    if order.total is None:
        return ""
    return Amount(order.total, order.currency or merchant.currency, language)


def _to_pay(topic: str, order: Order, merchant: Merchant, language: str) -> str:
    if topic != Milestone.OUT_FOR_DELIVERY or not order.cod_amount:
        return ""
    return formats.money(order.cod_amount, order.currency or merchant.currency, language)
