"""What one message says, as plain values, and the words that its shapes share.

Reads no row and no clock; `notifications.letter` and `notifications.writing` give it its shapes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext

from lib import formats
from lib.headlines import HeadlineState, headline
from lib.vocabulary import ORDER_MILESTONES, Milestone

if TYPE_CHECKING:
    from notifications.templates.spoken import Trouble

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

    `tagline` is in the shop's own language, `taglines` has it by others. `hides_carrier`: no
    message names who carries a parcel.
    """

    shop: str
    accent: str
    has_logo: bool = False
    tagline: str = ""
    taglines: Mapping[str, str] = field(default_factory=dict)
    support_email: str = ""
    support_phone: str = ""
    hides_carrier: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what is in the parcel."""

    title: str
    quantity: int
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """A merchant's own words, in Liquid (`notifications.templates`). `problem` is what is noted
    already as wrong with them."""

    subject: str = ""
    body: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything one message says. `link` is absolute; `to_pay` a formatted amount or empty.

    `topic` is a trigger's slug; `heading` replaces the sentence that
    follows from the state, `answer` (the shop's words in a case) the text below it, `button` the
    words on the button, `part` ("#place") the part of the page that it leads to, `why` a
    sentence before our own text. `asked_by` is the buyer who named this person, and
    `introduces` whether this is the first message to them.
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
    #: The order's worth, formatted, and where the parcel is, in words; either may be "".
    total: str = ""
    status: str = ""
    has_preferences: bool = False
    asked_by: str = ""
    introduces: bool = False
    #: What the shop says to all these days, in letters that confirm an order.
    banner: str = ""

    @property
    def sentence(self) -> str:
        """The answer it opens with; the language must be active."""
        return self.heading or headline(self.state, self.language)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be stored: `subject` is one line of at most 200 characters.

    `html` is empty where the channel shows plain text. `trouble` is why ours went instead of the
    merchant's words, None where nothing was wrong with them.
    """

    subject: str
    html: str
    text: str
    trouble: Trouble | None = None


def words_for(telling: Telling) -> dict[str, str]:
    """What our own texts name with %(name)s."""
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


def why_you(telling: Telling) -> str:
    """Why this person gets it."""
    # A shop whose name ends with a full stop ends the sentence with it.
    shop = {"shop": telling.look.shop.rstrip(".")}
    if telling.asked_by:
        words = gettext("You receive this message because %(name)s asked %(shop)s to tell you.")
        return words % (shop | {"name": telling.asked_by})
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


def window_label(telling: Telling) -> str:
    """What a date is worth: expected, guaranteed, an appointment."""
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
