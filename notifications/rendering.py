"""One message as subject, HTML and text, from plain values. Reads no row and no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from lib import formats
from lib.headlines import HeadlineState, headline
from lib.vocabulary import ORDER_MILESTONES, Milestone
from notifications.texts import TEXTS, fill

#: How the HTML names the merchant's logo; the channel attaches it under this Content-ID.
LOGO_CID: Final = "logo@homeward"
#: Mail programs show these; an SVG logo is left out and the name stands there instead.
LOGO_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/gif"})

#: These headings name the window themselves.
_HEADING_HAS_DATE: Final = frozenset(
    {
        Milestone.IN_TRANSIT,
        Milestone.DELAYED,
        Milestone.OUT_FOR_DELIVERY,
        Milestone.DELIVERED,
        "date_later",
        "will_be_late",
        "arriving_today",
        "arriving_tomorrow",
    }
)
#: Nothing is expected any more, or nobody knows when.
_NO_DATE: Final = frozenset(
    {"cancelled", "refund", "returning", "returned", "lost", "feedback", "replenishment",
     "all_delivered", "goodwill", "cod_confirm", "pickup_ready", "pickup_deadline"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """A merchant's brand as far as a mail shows it. `accent` is "#rrggbb".

    `tagline` is in the shop's own language, `taglines` has it by others.
    """

    shop: str
    accent: str
    has_logo: bool = False
    tagline: str = ""
    taglines: Mapping[str, str] = field(default_factory=dict)
    support_email: str = ""
    support_phone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what is in the parcel."""

    title: str
    quantity: int
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """A merchant's own words, with {shop}, {number}, {carrier}, {name} and {link} in braces."""

    subject: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything one message says. `link` is absolute; `to_pay` a formatted amount or empty.

    `topic` is a trigger's slug; `heading` replaces the sentence that
    follows from the state, `answer` (the shop's words in a case) the text below it, `button` the
    words on the button, `part` ("#place") the part of the page that it leads to, `why` a
    sentence before our own text.
    """

    topic: str
    language: str
    look: Look
    state: HeadlineState
    order_number: str
    link: str
    recipient_name: str = ""
    carrier: str = ""
    tracking_number: str = ""
    items: Sequence[Line] = ()
    to_pay: str = ""
    own: Own = Own()
    heading: str = ""
    answer: str = ""
    button: str = ""
    part: str = ""
    why: str = ""
    #: What the texts may name further (`telling.facts_of`).
    facts: Mapping[str, str] = field(default_factory=dict)
    has_preferences: bool = False

    @property
    def sentence(self) -> str:
        """The answer it opens with; the language must be active."""
        return self.heading or headline(self.state, self.language)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be stored: `subject` is one line of at most 200 characters.

    `html` is empty where the channel shows plain text.
    """

    subject: str
    html: str
    text: str


def render(telling: Telling) -> Rendered:
    """Put the message together in its language."""
    with override(telling.language):
        context = _context(telling)
        tied = {name: formats.unbroken(str(context[name])) for name in ("heading", "window")}
        return Rendered(
            subject=str(context["subject"]),
            html=render_to_string("mail/message.html", context | tied),
            text=render_to_string("mail/message.txt", context).strip() + "\n",
        )


def _context(telling: Telling) -> dict[str, object]:
    look = telling.look
    values = words_for(telling)
    ours = TEXTS[telling.topic]
    subject = fill(telling.own.subject, values) or gettext(ours.subject) % values
    body = telling.answer or fill(telling.own.body, values)
    body = body or f"{telling.why}\n\n{gettext(ours.body) % values}"
    greeting = gettext("Hello %(name)s,") if telling.recipient_name else ""
    return {
        "language": telling.language,
        "direction": "rtl" if formats.is_rtl(telling.language) else "ltr",
        "look": look,
        "tagline": look.taglines.get(telling.language) or look.tagline,
        "on_accent": readable_on(look.accent),
        "logo": f"cid:{LOGO_CID}" if look.has_logo else "",
        # A header cannot hold a line break; whoever writes one into a name adds no header.
        "subject": " ".join(subject.split())[:200],
        "greeting": greeting % values if greeting else "",
        "heading": telling.sentence,
        "paragraphs": [part.strip() for part in body.split("\n\n") if part.strip()],
        "window": window_line(telling),
        "window_label": _window_label(telling),
        "to_pay": to_pay_line(telling),
        "button": follow_words(telling),
        "colon": formats.colon(telling.language),
        "link": telling.link + telling.part,
        "items_label": gettext("In this parcel")
        if telling.tracking_number
        else gettext("Your order"),
        "items": telling.items,
        "carrier": telling.carrier,
        "tracking_number": telling.tracking_number,
        "order_label": gettext("Order"),
        "order_number": telling.order_number,
        "why_you": _why_you(telling),
        "choose_label": gettext("Choose how we write to you"),
        "choose_link": f"{telling.link}preferences/" if telling.has_preferences else "",
        "help": gettext("Questions?"),
    }


def words_for(telling: Telling) -> dict[str, str]:
    """What may stand in a text: ours with %(name)s, a merchant's own with {name}."""
    return {
        "shop": telling.look.shop,
        "number": telling.order_number,
        "carrier": telling.carrier or gettext("The carrier"),
        "name": telling.recipient_name,
        "link": telling.link + telling.part,
        **telling.facts,
    }


def to_pay_line(telling: Telling) -> str:
    """What is to be paid at the door, as a line; "" where nothing is."""
    if not telling.to_pay:
        return ""
    return gettext("To pay on delivery: %(amount)s") % {"amount": telling.to_pay}


def _why_you(telling: Telling) -> str:
    # A shop whose name ends with a full stop ends the sentence with it.
    shop = {"shop": telling.look.shop.rstrip(".")}
    if telling.items or not telling.tracking_number:
        return gettext("You receive this message because you ordered from %(shop)s.") % shop
    return gettext("You receive this message because a parcel from %(shop)s is for you.") % shop


def follow_words(telling: Telling) -> str:
    """What the link to the page is called; the language must be active."""
    if telling.button:
        return telling.button
    if telling.topic in ORDER_MILESTONES or not telling.tracking_number:
        return gettext("Follow your order")
    return gettext("Follow your parcel")


def window_line(telling: Telling) -> str:
    """The delivery window in full words, where the heading does not name it."""
    state = telling.state
    if telling.topic in _HEADING_HAS_DATE | _NO_DATE or state.first is None or state.last is None:
        return ""
    first: date = max(state.first, state.today)
    if state.last < first:
        return ""
    return formats.date_range(first, state.last, telling.language, style="long")


def _window_label(telling: Telling) -> str:
    state = telling.state
    if state.kind == "guaranteed":
        return gettext("Guaranteed by the carrier")
    return gettext("Appointment") if state.kind == "appointment" else gettext("Expected")


def readable_on(colour: str) -> str:
    """Black or white, whichever reads better on this "#rrggbb" (WCAG 2 contrast)."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#111111"
