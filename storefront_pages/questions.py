"""Five questions a page, answered with the parcel's own facts and nothing that is not known."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import formats, headlines
from lib.silence_words import Usual, nine_of_ten
from lib.vocabulary import TERMINAL, Status
from storefront_pages.answer import state_of
from storefront_pages.hiding import carrier_name
from storefront_pages.story import Parcel, Story
from tracking.flags import NORMAL_SILENCE

Question = dict[str, str]
_Ask = Callable[[Story, Parcel | None], Question]


def questions(story: Story) -> list[Question]:
    """For `components/faq.html`, in the active language."""
    if story.status is Status.DELIVERED:
        asked: tuple[_Ask, ...] = (_not_received, _damaged, _send_back, _whose_clock, _who_sees)
    elif story.status in TERMINAL | {Status.RETURNING}:
        asked = (_what_now, _why_back, _send_back, _whose_clock, _who_sees)
    elif story.order.cod_amount:
        asked = (_when, _not_there, _how_to_pay, _no_scan, _other_address)
    else:
        asked = (_when, _not_there, _no_scan, _other_address, _who_sees)
    return [ask(story, story.speaker) for ask in asked]


def lookup_questions(shop: str) -> list[Question]:
    """The questions beside the look-up form."""
    return [
        _pair(
            _("Where do I find my order number?"),
            _("In the message that confirmed your order, usually at its top."),
        ),
        _pair(
            _("Why do you ask for my e-mail, phone or postcode?"),
            _("So that nobody sees your order by guessing its number."),
        ),
        _pair(
            _("What if my order is not found?"),
            _(
                "Try the e-mail address or phone number that you ordered with. An order that was "
                "placed a moment ago may need a few minutes. Otherwise %(shop)s can help you."
            )
            % {"shop": shop},
        ),
    ]


def _pair(question: str, answer: str) -> Question:
    return {"question": question, "answer": answer}


def _carrier(story: Story, parcel: Parcel | None) -> str:
    return carrier_name(story, parcel) or _("the carrier")


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
    words = {"shop": story.merchant.name, "carrier": _carrier(story, parcel)}
    return _pair(
        _("What if I am not there when the courier comes?"),
        _(
            "Couriers usually try again on a working day soon after. If you know that a day "
            "does not suit you, tell %(shop)s, who can pass it on to %(carrier)s."
        )
        % words,
    )


def _no_scan(story: Story, parcel: Parcel | None) -> Question:
    question = _("Why is there no new scan?")
    answer = _("A parcel is scanned when it changes hands, and not on the road between.")
    if parcel is None or parcel.shipment.last_event_at is None:
        first = _("The first scan comes when the courier has collected it.")
        return _pair(question, f"{answer} {first}")
    last = formats.day_and_time(story.local(parcel.shipment.last_event_at), story.tag)
    answer += " " + _("The last one was on %(when)s.") % {"when": last}
    return _pair(question, f"{answer} {_usual_pause(story, parcel)}".rstrip())


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
    words = {"shop": story.merchant.name, "carrier": _carrier(story, parcel)}
    if parcel is None or parcel.status in {Status.PENDING, Status.INFO_RECEIVED}:
        answer = _("Until the courier has collected it, yes: tell %(shop)s soon.") % words
    else:
        answer = (
            _(
                "It is with %(carrier)s now. %(shop)s can ask them for a change, but it is not "
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
    words = {"shop": story.merchant.name, "carrier": _carrier(story, parcel)}
    return _pair(
        _("It says delivered, but I do not have it. What now?"),
        _(
            "Look at your reception, with neighbours, and where parcels are usually left for "
            "you. Some couriers scan a parcel shortly before they hand it over. If it is not "
            "there by the end of the next day, write to %(shop)s, who can ask %(carrier)s where "
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
            "What %(carrier)s reported stands above, with its own words one tap away. If it is "
            "not what happened, tell %(shop)s: a report can be wrong."
        )
        % {"shop": story.merchant.name, "carrier": _carrier(story, parcel)},
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
