"""What we say at each milestone where the merchant has not written it: subject and one sentence.

English here, other languages in the catalogue. The heading between them is the page's own
(`lib.headlines`). Placeholders: shop, number, carrier, name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop

from lib.vocabulary import Milestone


@dataclass(frozen=True, slots=True)
class Text:
    """Message ids for gettext, with %(name)s placeholders."""

    subject: str
    body: str


#: The topic of a message that answers a shopper’s case.
CASE: Final = "case"

#: The topic of a message that asks for what an address lacks.
ADDRESS: Final = "address_question"

#: By topic: a milestone, CASE or ADDRESS.
TEXTS: Final[dict[str, Text]] = {
    Milestone.PLACED: Text(
        gettext_noop("We have your order %(number)s"),
        gettext_noop("Thank you for ordering from %(shop)s. We will write again once it ships."),
    ),
    Milestone.CONFIRMED: Text(
        gettext_noop("Your order %(number)s is confirmed"),
        gettext_noop("We will tell you when the courier has it."),
    ),
    Milestone.PACKED: Text(
        gettext_noop("Your order %(number)s is packed"),
        gettext_noop("The next step is the courier’s. We will tell you when it is collected."),
    ),
    Milestone.SHIPPED: Text(
        gettext_noop("%(shop)s has sent your parcel"),
        gettext_noop("It has left the shop, and you can follow each step from here."),
    ),
    Milestone.IN_TRANSIT: Text(
        gettext_noop("Your parcel from %(shop)s is on its way"),
        gettext_noop("If the date changes, its page will say so."),
    ),
    Milestone.OUT_FOR_DELIVERY: Text(
        gettext_noop("Your parcel from %(shop)s is out for delivery"),
        gettext_noop("The courier has it. Please keep your phone within reach."),
    ),
    Milestone.DELIVERED: Text(
        gettext_noop("Your parcel from %(shop)s was delivered"),
        gettext_noop("We hope you enjoy it. If it is not with you, please tell us."),
    ),
    Milestone.DELAYED: Text(
        gettext_noop("Your parcel from %(shop)s will come later than we said"),
        gettext_noop("We are following it closely. Its page always shows the newest date."),
    ),
    Milestone.ATTEMPT_FAILED: Text(
        gettext_noop("%(carrier)s says it could not deliver your parcel"),
        gettext_noop("Couriers usually try again on the next delivery day."),
    ),
    CASE: Text(
        gettext_noop("About your order %(number)s from %(shop)s"),
        gettext_noop("Its page shows what we do about it."),
    ),
    ADDRESS: Text(
        gettext_noop("Your order %(number)s: the address is not complete"),
        gettext_noop("Please add it on your order’s page. It takes a minute."),
    ),
}

#: Of DELAYED, while it is likely and not certain.
LIKELY_LATE: Final = Text(
    gettext_noop("Your parcel from %(shop)s will probably come later than we said"),
    gettext_noop(
        "The day has not passed yet: we tell you early, so that you can plan. Its page always "
        "shows the newest date."
    ),
)


def text_of(topic: str, *, is_likely: bool) -> Text:
    """Our own text; of a delay that is only likely, the one that does not say more."""
    return LIKELY_LATE if topic == Milestone.DELAYED and is_likely else TEXTS[topic]


_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """A merchant's own text with {shop}, {number} … filled in; unknown words in braces stay."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
