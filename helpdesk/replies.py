"""The reply to "where is my order?": one exact text a status, from the parcels' real state.

Deterministic: the same state gives the same text. The first sentence is the page's own
heading. It promises only what the agent who sends it can do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from carriers.registry import name_of
from lib import formats
from lib.headlines import HeadlineState, headline, pay_on_delivery
from lib.vocabulary import TERMINAL, Status
from merchants.models import Merchant
from notifications.heading import heading_state, zone_of
from notifications.rules import language_for
from tracking.models import Order, Recipient, Shipment

LANGUAGES: Final = tuple(code for code, _ in settings.LANGUAGES)

#: What follows the heading, by status; a sub-status or "late" and "silent" may say it better.
_BODIES: Final[dict[str, str]] = {
    Status.PENDING: gettext_noop("I will write to you as soon as it is on its way."),
    Status.INFO_RECEIVED: gettext_noop(
        "%(carrier)s has been told and collects it next. The page below shows the first scan as "
        "soon as there is one."
    ),
    Status.PICKED_UP: gettext_noop(
        "It has left us. Each further step appears on the page below by itself."
    ),
    Status.IN_TRANSIT: gettext_noop(
        "You need to do nothing. If the date changes, the page below will say so."
    ),
    Status.CUSTOMS: gettext_noop(
        "Customs checks belong to this route, and you need to do nothing now."
    ),
    "customs.information_required": gettext_noop(
        "The page below says what is missing. If anything about it is unclear, please write to me."
    ),
    "customs.duties_unpaid": gettext_noop(
        "As soon as they are paid, the parcel travels on. If anything about them is unclear, "
        "please write to me."
    ),
    "customs.prohibited": gettext_noop(
        "I am sorry. I will find out what can be done and write to you again."
    ),
    Status.OUT_FOR_DELIVERY: gettext_noop(
        "The courier has it. Please keep your phone within reach in case of a call."
    ),
    "out.reschedule_needed": gettext_noop(
        "Please tell me which day suits you, and I will pass it on to %(carrier)s."
    ),
    Status.AVAILABLE_FOR_PICKUP: gettext_noop(
        "Please take an ID and the number %(tracking)s with you."
    ),
    "pickup.missed": gettext_noop(
        "It was not collected in time. Tell me how you would like to go on, and I will ask "
        "%(carrier)s to keep it for you."
    ),
    Status.ATTEMPT_FAILED: gettext_noop(
        "An answer to this message is enough: I will pass the day on, or take it up with "
        "%(carrier)s."
    ),
    "attempt.cod_not_paid": gettext_noop(
        "Please have the amount ready next time, or tell me if you would rather pay another way."
    ),
    "attempt.disputed_by_shopper": gettext_noop(
        "I am sorry. I will write to you as soon as %(carrier)s has answered."
    ),
    Status.EXCEPTION: gettext_noop(
        "I am sorry. I am asking %(carrier)s what it means for your parcel and will write to you "
        "again."
    ),
    "exception.address": gettext_noop(
        "Please answer with the full address, a landmark nearby and a phone number for the "
        "courier. I will pass them on at once."
    ),
    "exception.address_id_missing": gettext_noop(
        "Please answer with the national address code of the building. I will pass it on at once."
    ),
    "exception.recipient_moved": gettext_noop(
        "Please answer with the address where you would like to receive it. I will pass it on at "
        "once."
    ),
    "exception.refused": gettext_noop(
        "If you would still like to have it, tell me, and I will ask %(carrier)s to try again."
    ),
    "exception.damaged": gettext_noop(
        "I am sorry. I will take it up with %(carrier)s and write to you about how we put it right."
    ),
    Status.DELIVERED: gettext_noop(
        "If it is not with you, please ask those who live with you, the neighbours or the "
        "reception, and tell me: I will take it up with %(carrier)s at once."
    ),
    "delivered.disputed_by_shopper": gettext_noop(
        "I am sorry. I will write to you as soon as %(carrier)s has answered."
    ),
    Status.RETURNING: gettext_noop(
        "It could not be delivered. Tell me whether you would like it sent again, and I will see "
        "to it as soon as it is back."
    ),
    Status.RETURNED: gettext_noop(
        "Tell me whether you would like it sent again, and I will see to it."
    ),
    Status.LOST_OR_DESTROYED: gettext_noop(
        "I will take it up with %(carrier)s and write to you about how we put it right."
    ),
    Status.CANCELLED: gettext_noop("If that is not what you wanted, please tell me."),
    Status.EXPIRED: gettext_noop(
        "I am sorry. I am asking %(carrier)s what became of it and will write to you again."
    ),
    "late": gettext_noop("I am keeping an eye on it. The page below always shows the newest date."),
    "silent": gettext_noop(
        "It has not been scanned since %(day)s, which is longer than usual. I am asking "
        "%(carrier)s where it is and will write to you again."
    ),
}
#: Nobody moves these now, or another text says it: silence is not worth a word.
_SILENCE_COUNTS: Final = frozenset(
    {
        Status.PENDING,
        Status.INFO_RECEIVED,
        Status.PICKED_UP,
        Status.IN_TRANSIT,
        Status.CUSTOMS,
        Status.OUT_FOR_DELIVERY,
    }
)
#: As long as this waits for somebody, a date would be a promise that nobody can keep.
_NO_DATE: Final = frozenset(
    {"customs.information_required", "customs.duties_unpaid", "customs.prohibited"}
)
_NO_DATE_IN: Final = frozenset(
    {*TERMINAL, Status.EXCEPTION, Status.RETURNING, Status.EXPIRED, Status.AVAILABLE_FOR_PICKUP}
)
#: These headings name the window themselves.
_HEADING_HAS_DATE: Final = frozenset({Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY})


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Whom we answer about what. `parcels` the worst first; `link` is the page's full address."""

    merchant: Merchant
    order: Order
    parcels: Sequence[Shipment]
    buyer: Recipient | None
    link: str
    now: datetime


def customer_language(inquiry: Inquiry) -> str:
    """The language to answer in: "en" or "ar", the customer's own where we can write it."""
    return language_for(
        inquiry.buyer.language if inquiry.buyer else "",
        inquiry.order.language,
        inquiry.merchant.default_language,
        known=LANGUAGES,
    )


def reply(inquiry: Inquiry, language: str) -> str:
    """The whole text, ready to be pasted; paragraphs are separated by an empty line."""
    with override(language):
        name = (inquiry.buyer.name if inquiry.buyer else "") or inquiry.order.customer_name
        greeting = gettext("Hello %(name)s,") % {"name": name} if name else gettext("Hello,")
        shown: list[Shipment | None] = [*inquiry.parcels]
        paragraphs = [
            greeting,
            gettext("thank you for your message about order %(number)s.")
            % {"number": _number(inquiry.order.number, language)},
            *(_about(inquiry, p, language, several=len(shown) > 1) for p in shown or [None]),
            # On a line of its own, an address stays readable in a right-to-left letter.
            gettext("You can follow every step here:") + "\n" + inquiry.link,
            gettext("Warm regards") + "\n" + inquiry.merchant.name,
        ]
        return "\n\n".join(paragraphs)


def _about(inquiry: Inquiry, parcel: Shipment | None, language: str, *, several: bool) -> str:
    """The heading as a sentence, then what follows from it."""
    state = heading_state(inquiry.order, parcel, language=language, now=inquiry.now)
    said = _sentence(headline(state, language))
    if several and parcel is not None:
        said = gettext("Parcel %(number)s: %(said)s") % {
            "number": parcel.tracking_number,
            "said": said,
        }
    carrier = name_of(parcel.carrier, language=language) if parcel and parcel.carrier else ""
    words = {
        "carrier": carrier or gettext("the carrier"),
        "tracking": parcel.tracking_number if parcel else "",
        "day": _silent_since(inquiry, parcel, language),
    }
    parts = [said, _date(state, language), gettext(_body(inquiry, parcel)) % words]
    if parcel is not None and parcel.status == Status.OUT_FOR_DELIVERY and inquiry.order.cod_amount:
        currency = inquiry.order.currency or inquiry.merchant.currency
        parts.append(_sentence(pay_on_delivery(inquiry.order.cod_amount, currency, language)))
    return " ".join(part for part in parts if part)


def _body(inquiry: Inquiry, parcel: Shipment | None) -> str:
    if parcel is None:
        return _BODIES[Status.CANCELLED if inquiry.order.cancelled_at else Status.PENDING]
    if parcel.sub_status in _BODIES:
        return _BODIES[parcel.sub_status]
    if parcel.stalled and parcel.status in _SILENCE_COUNTS:
        return _BODIES["silent"]
    if parcel.delayed and parcel.status in _HEADING_HAS_DATE:
        return _BODIES["late"]
    return _BODIES[parcel.status]


def _date(state: HeadlineState, language: str) -> str:
    """When it is expected, where the heading does not say so and the day is still to come."""
    if state.status in _HEADING_HAS_DATE or state.is_late:
        return ""
    if state.status in _NO_DATE_IN or state.sub_status in _NO_DATE:
        return ""
    if state.first is None or state.last is None or state.last < state.today:
        return ""
    window = formats.date_range(max(state.first, state.today), state.last, language, style="long")
    return gettext("We expect it %(window)s.") % {"window": window}


def _silent_since(inquiry: Inquiry, parcel: Shipment | None, language: str) -> str:
    if parcel is None:
        return ""
    heard = parcel.last_event_at or parcel.created_at
    day = heard.astimezone(zone_of(inquiry.order, parcel)).date()
    return formats.weekday_date(day, language, style="long")


def _number(number: str, language: str) -> str:
    """An order number that keeps its "#" in front after Arabic letters (a left-to-right mark)."""
    return f"\u200e{number}" if formats.is_rtl(language) else number


def _sentence(text: str) -> str:
    """Headings have no full stop; a sentence in a letter does. Amounts may end in a mark that
    only sets the direction."""
    return text if text.rstrip("\u200e\u200f").endswith((".", "؟", "?", "!")) else f"{text}."
