"""Our questions, five a page, answered with the parcel's own facts and nothing that is not known.

`storefront_pages.faq` puts them together with the merchant's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import formats, headlines
from lib.sentences import joined
from lib.silence_words import Usual, nine_of_ten
from lib.vocabulary import TERMINAL, Status
from storefront_pages.answer import state_of
from storefront_pages.hiding import carrier_name
from storefront_pages.story import Parcel, Story
from tracking.flags import NORMAL_SILENCE

Question = dict[str, str]
_Ask = Callable[[Story, Parcel | None], Question]


def asked(story: Story) -> tuple[str, ...]:
    """The keys of the questions that this order's shopper may have now."""
    if story.status is Status.DELIVERED:
        return ("not_received", "damaged", "send_back", "whose_clock", "who_sees")
    if story.status in TERMINAL | {Status.RETURNING}:
        return ("what_now", "why_back", "send_back", "whose_clock", "who_sees")
    if story.order.cod_amount:
        return ("when", "not_there", "how_to_pay", "no_scan", "other_address")
    return ("when", "not_there", "no_scan", "other_address", "who_sees")


def ask(key: str, story: Story) -> Question:
    """Question and answer of this key of OURS, in the active language."""
    return OURS[key](story, story.speaker)


def _pair(question: str, answer: str) -> Question:
    return {"question": question, "answer": answer}


def _when(story: Story, parcel: Parcel | None) -> Question:
    question = _("When will it arrive?")
    state = state_of(story, parcel)
    if state.first is None or state.last is None:
        return _pair(question, _("There is no date yet. It appears here as soon as there is one."))
    when = headlines.expected(state.first, state.last, today=state.today, language=story.tag)
    return _pair(
        question,
        _(
            "We expect it %(when)s. That is an estimate: it is worked out again with every scan, "
            "and when it changes you see here what it was and what it is."
        )
        % {"when": when},
    )


def _not_there(story: Story, parcel: Parcel | None) -> Question:
    words = {"shop": story.merchant.name}
    return _pair(
        _("What if I am not there when the courier comes?"),
        _(
            "Couriers usually try again on a working day soon after. If you know that a day "
            "does not suit you, tell %(shop)s, who can pass it on to the carrier."
        )
        % words,
    )


def _no_scan(story: Story, parcel: Parcel | None) -> Question:
    question = _("Why is there no new scan?")
    answer = _("A parcel is scanned when it changes hands, and not on the road between.")
    if parcel is None or parcel.shipment.last_event_at is None:
        first = _("The first scan comes when the courier has collected it.")
        return _pair(question, joined(answer, first))
    last = formats.day_and_time(story.local(parcel.shipment.last_event_at), story.tag)
    newest = _("The last one was on %(when)s.") % {"when": last}
    return _pair(question, joined(answer, newest, _usual_pause(story, parcel)))


def _usual_pause(story: Story, parcel: Parcel) -> str:
    """How long no scan is usual: by what was learned, else by the figure that holds anywhere."""
    usual = Usual.read(parcel.shipment.usual_silence)
    if usual is not None:
        return nine_of_ten(usual, carrier=carrier_name(story, parcel))
    silence = NORMAL_SILENCE.get(parcel.status)
    if silence is None or parcel.shipment.stalled:
        return ""
    days = max(silence.days, 1)
    return ngettext(
        "At this stage a pause of up to %(days)s day is usual.",
        "At this stage a pause of up to %(days)s days is usual.",
        days,
    ) % {"days": days}


def _other_address(story: Story, parcel: Parcel | None) -> Question:
    words = {"shop": story.merchant.name}
    if parcel is None or parcel.status in {Status.PENDING, Status.INFO_RECEIVED}:
        answer = _("Until the courier has collected it, yes: tell %(shop)s soon.") % words
    else:
        answer = (
            _(
                "It is with the carrier now. %(shop)s can ask them for a change, but it is not "
                "certain any more."
            )
            % words
        )
    return _pair(_("Can I still change the address?"), answer)


def _how_to_pay(story: Story, parcel: Parcel | None) -> Question:
    amount = story.order.cod_amount
    assert amount is not None
    price = formats.money(amount, story.order.currency or "USD", story.tag)
    return _pair(
        _("How do I pay?"),
        _(
            "You pay %(amount)s when the parcel is handed to you. The exact amount helps: the "
            "courier may have no change."
        )
        % {"amount": price},
    )


def _not_received(story: Story, parcel: Parcel | None) -> Question:
    words = {"shop": story.merchant.name}
    return _pair(
        _("It says delivered, but I do not have it. What now?"),
        _(
            "Look at your reception, with neighbours, and where parcels are usually left for "
            "you. Some couriers scan a parcel shortly before they hand it over. If it is not "
            "there by the end of the next day, write to %(shop)s, who can ask the carrier where "
            "it was left."
        )
        % words,
    )


def _damaged(story: Story, parcel: Parcel | None) -> Question:
    return _pair(
        _("Something is damaged or missing. What should I do?"),
        _("Keep the packaging, take a photograph, and write to %(shop)s within a day or two.")
        % {"shop": story.merchant.name},
    )


def _send_back(story: Story, parcel: Parcel | None) -> Question:
    return _pair(
        _("Can I send it back, or get my money back?"),
        _("%(shop)s decides about that by its own rules. Please write to them.")
        % {"shop": story.merchant.name},
    )


def _what_now(story: Story, parcel: Parcel | None) -> Question:
    return _pair(
        _("What happens now?"),
        _(
            "%(shop)s sees the same as you do. Write to them with your order number: they settle "
            "with you what comes next."
        )
        % {"shop": story.merchant.name},
    )


def _why_back(story: Story, parcel: Parcel | None) -> Question:
    return _pair(
        _("Why did it not reach me?"),
        _(
            "What the carrier reported stands above, with its own words one tap away. If it is "
            "not what happened, tell %(shop)s: a report can be wrong."
        )
        % {"shop": story.merchant.name},
    )


def _whose_clock(story: Story, parcel: Parcel | None) -> Question:
    return _pair(
        _("Which clock do the times follow?"),
        _("Each scan has the local time of the place where it was made."),
    )


def _who_sees(story: Story, parcel: Parcel | None) -> Question:
    return _pair(
        _("Who can see this page?"),
        _(
            "Whoever has its link. It shows your first name, your city and what you ordered, "
            "and neither your address nor your phone number or e-mail."
        ),
    )


def _find_number(story: Story, parcel: Parcel | None) -> Question:
    return _pair(
        _("Where do I find my order number?"),
        _("In the message that confirmed your order, usually at its top."),
    )


def _why_proof(story: Story, parcel: Parcel | None) -> Question:
    return _pair(
        _("Why do you ask for my e-mail, phone or postcode?"),
        _("So that nobody sees your order by guessing its number."),
    )


def _not_found(story: Story, parcel: Parcel | None) -> Question:
    return _pair(
        _("What if my order is not found?"),
        _(
            "Try the e-mail address or phone number that you ordered with. An order that was "
            "placed a moment ago may need a few minutes. Otherwise %(shop)s can help you."
        )
        % {"shop": story.merchant.name},
    )


#: All of them by the keys that merchants' changes are kept under.
OURS: Final[Mapping[str, _Ask]] = {
    "when": _when,
    "not_there": _not_there,
    "how_to_pay": _how_to_pay,
    "no_scan": _no_scan,
    "other_address": _other_address,
    "not_received": _not_received,
    "damaged": _damaged,
    "send_back": _send_back,
    "what_now": _what_now,
    "why_back": _why_back,
    "whose_clock": _whose_clock,
    "who_sees": _who_sees,
    "find_number": _find_number,
    "why_proof": _why_proof,
    "not_found": _not_found,
}
#: Beside the look-up form, where no order is known.
AT_LOOKUP: Final = ("find_number", "why_proof", "not_found")
