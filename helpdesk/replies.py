"""The reply to "where is my order?": one exact text a status, from the parcels' real state.

Deterministic: the same state gives the same text. The first sentence is the page's own
heading. It promises only what the agent who sends it can do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, override

from helpdesk.case_story import asked_of
from helpdesk.case_words import SHOPPER_OUTCOMES
from helpdesk.models import Case
from helpdesk.reply_texts import BODIES, CASE_CLOSED, CASE_OPEN, WISHES
from lib import formats
from lib.answer_words import what
from lib.headlines import HeadlineState, headline, pay_on_delivery
from lib.sentences import ended, joined
from lib.silence_words import Usual, nine_of_ten
from lib.vocabulary import TERMINAL, Status
from lib.words import sentence
from merchants.models import Merchant
from notifications.heading import heading_state, zone_of
from notifications.rules import language_for
from tracking.answers import is_answerable
from tracking.models import DeliveryAnswer, Order, Recipient, Shipment

LANGUAGES: Final = tuple(code for code, _ in settings.LANGUAGES)

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


#: Without a scan this long somebody asks, though it is usual.
_QUIET: Final = timedelta(days=2)
#: A case that was settled longer ago is not what somebody asks about.
_SETTLED_LATELY: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Whom we answer about what. `parcels` the worst first, `answers` and `cases` the newest
    first; `link` is the page's full address; `hides_carrier`: the shop names no carrier."""

    merchant: Merchant
    order: Order
    parcels: Sequence[Shipment]
    buyer: Recipient | None
    link: str
    now: datetime
    answers: Sequence[DeliveryAnswer] = ()
    cases: Sequence[Case] = ()
    hides_carrier: bool = False


def customer_language(*, merchant: Merchant, order: Order, buyer: Recipient | None) -> str:
    """The language to answer in: "en" or "ar", the customer's own where we can write it."""
    return language_for(
        buyer.language if buyer else "",
        order.language,
        merchant.default_language,
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
            *_about_cases(inquiry, language),
            # On a line of its own, an address stays readable in a right-to-left letter.
            gettext("You can follow every step here:") + "\n" + inquiry.link,
            gettext("Warm regards") + "\n" + inquiry.merchant.name,
        ]
        return "\n\n".join(paragraphs)


def _about(inquiry: Inquiry, parcel: Shipment | None, language: str, *, several: bool) -> str:
    """The heading as a sentence, then what follows from it."""
    state = heading_state(inquiry.order, parcel, language=language, now=inquiry.now)
    if inquiry.hides_carrier:
        state = replace(state, carrier="")
    wish = _wish(inquiry, parcel)
    # The heading asks for an answer; where there is one, the carrier's report is said alone.
    heading = sentence(state.sub_status) if wish else headline(state, language)
    said = ended(heading, language)
    if several and parcel is not None:
        said = gettext("Parcel %(number)s: %(said)s") % {
            "number": parcel.tracking_number,
            "said": said,
        }
    words = {
        "carrier": state.carrier or gettext("the carrier"),
        "tracking": parcel.tracking_number if parcel else "",
        "day": _silent_since(inquiry, parcel, language),
        "usual": _usual(parcel, state.carrier),
    }
    if wish:
        words["what"] = what(asked_of(wish), language)
        parts = [said, gettext(_wish_text(wish)) % words]
    else:
        parts = [said, _date(state, language), gettext(_body(inquiry, parcel)) % words]
    if parcel is not None and parcel.status == Status.OUT_FOR_DELIVERY and inquiry.order.cod_amount:
        currency = inquiry.order.currency or inquiry.merchant.currency
        to_pay = pay_on_delivery(inquiry.order.cod_amount, currency, language)
        parts.append(ended(to_pay, language))
    return joined(*parts)


def _wish(inquiry: Inquiry, parcel: Shipment | None) -> DeliveryAnswer | None:
    """What the customer asked for after the last attempt, while the carrier may act on it."""
    if parcel is None or not is_answerable(parcel):
        return None
    return next(
        (
            one
            for one in inquiry.answers
            if one.shipment_id == parcel.pk
            and one.attempt == parcel.attempts
            and one.kind == DeliveryAnswer.Kind.WISH
            and one.state in WISHES
        ),
        None,
    )


def _wish_text(wish: DeliveryAnswer) -> str:
    waits_here = wish.by_hand and wish.state == DeliveryAnswer.State.RECEIVED
    return WISHES["by_hand" if waits_here else wish.state]


def _about_cases(inquiry: Inquiry, language: str) -> list[str]:
    """One sentence about the customer's newest own case, open or settled lately."""
    case = next((case for case in inquiry.cases if case.by_shopper), None)
    if case is None or (case.closed_at and inquiry.now - case.closed_at > _SETTLED_LATELY):
        return []
    zone = zone_of(inquiry.order, None)
    day = formats.weekday_date(case.opened_at.astimezone(zone).date(), language, style="long")
    words = {"day": day, "outcome": str(SHOPPER_OUTCOMES[case.outcome]) if case.outcome else ""}
    return [gettext(CASE_CLOSED if case.closed_at else CASE_OPEN) % words]


def _body(inquiry: Inquiry, parcel: Shipment | None) -> str:
    if parcel is None:
        return BODIES[Status.CANCELLED if inquiry.order.cancelled_at else Status.PENDING]
    own = BODIES.get(parcel.sub_status, "")
    # Of a parcel under way, why it was late matters less than that nothing is heard any more.
    if parcel.stalled and parcel.status in _SILENCE_COUNTS:
        silent = BODIES["silent_known" if parcel.usual_silence else "silent"]
        return own if own and parcel.status != Status.IN_TRANSIT else silent
    if own:
        return own
    if parcel.is_late and parcel.status in _HEADING_HAS_DATE:
        return BODIES["late"]
    return BODIES["quiet_known" if _is_quiet(inquiry, parcel) else parcel.status]


def _is_quiet(inquiry: Inquiry, parcel: Shipment) -> bool:
    """Silent long enough to be asked about, and no longer than most: then a figure helps."""
    usual = Usual.read(parcel.usual_silence)
    if usual is None or parcel.last_event_at is None or parcel.status != Status.IN_TRANSIT:
        return False
    return _QUIET <= inquiry.now - parcel.last_event_at <= timedelta(hours=usual.hours)


def _usual(parcel: Shipment | None, carrier: str) -> str:
    usual = Usual.read(parcel.usual_silence) if parcel else None
    return nine_of_ten(usual, carrier=carrier) if usual else ""


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
