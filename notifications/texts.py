"""What we say about each topic where the merchant has not written it: subject and one sentence.

English here, other languages in the catalogues. The heading between them is the page's own
(`lib.headlines`), unless the text brings one. Placeholders: shop, number, carrier, name, and what
the change brings (`notifications.saying`): amount, items, count, of, code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop

from lib.vocabulary import Milestone


@dataclass(frozen=True, slots=True)
class Text:
    """Message ids for gettext, with %(name)s placeholders; no `heading`: the page's own."""

    subject: str
    body: str
    heading: str = ""


#: The languages that we write messages in (`config.messages` keeps their catalogues).
LANGUAGES: Final = (
    "en", "ar", "fr", "de", "es", "pt", "it", "nl", "tr", "hi", "ur", "zh-hans", "zh-hant", "ko",
    "ja",
)  # fmt: skip

#: The topic of a message that answers a shopper’s case.
CASE: Final = "case"

#: The topic of a message that asks for what an address lacks.
ADDRESS: Final = "address_question"

#: By topic (`notifications.triggers`).
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
    "cod_confirm": Text(
        gettext_noop("Please confirm your order %(number)s"),
        gettext_noop("%(shop)s sends it as soon as you say yes on its page."),
        gettext_noop("Shall we send it? %(amount)s to pay at the door"),
    ),
    "not_dispatched": Text(
        gettext_noop("Your order %(number)s is not on its way yet"),
        gettext_noop("It takes longer at the shop than planned. We will write when it leaves."),
        gettext_noop("%(shop)s has not sent your order yet. We are sorry"),
    ),
    "on_hold": Text(
        gettext_noop("Your order %(number)s is on hold"),
        gettext_noop("If something is needed from you, %(shop)s will ask."),
        gettext_noop("%(shop)s is holding your order for the moment"),
    ),
    "out_of_stock": Text(
        gettext_noop("Something in your order %(number)s is out of stock"),
        gettext_noop("%(shop)s will tell you how it goes on. You can ask on your order’s page."),
        gettext_noop("A part of your order is out of stock. We are sorry"),
    ),
    "cancelled": Text(
        gettext_noop("Your order %(number)s was cancelled"),
        gettext_noop("If that was not what you wanted, please tell %(shop)s."),
        gettext_noop("Your order was cancelled"),
    ),
    "partly_dispatched": Text(
        gettext_noop("A part of your order %(number)s is on its way"),
        gettext_noop("The rest follows in a parcel of its own, and we will tell you."),
        gettext_noop("A part of your order is on its way"),
    ),
    "customs_action": Text(
        gettext_noop("Customs needs something from you for order %(number)s"),
        gettext_noop("Your order’s page says what it is. Your parcel waits until then."),
    ),
    "date_earlier": Text(
        gettext_noop("Your parcel from %(shop)s will come earlier"),
        gettext_noop("It is faster than we thought. Its page always shows the newest date."),
        gettext_noop("It comes earlier than we said"),
    ),
    "date_later": Text(
        gettext_noop("A new date for your parcel from %(shop)s"),
        gettext_noop("We follow it closely. Its page always shows the newest date."),
    ),
    "will_be_late": Text(
        gettext_noop("Your parcel from %(shop)s will probably come later than we said"),
        gettext_noop(
            "The day has not passed yet: we tell you early, so that you can plan. Its page always "
            "shows the newest date."
        ),
    ),
    "arriving_tomorrow": Text(
        gettext_noop("Your parcel from %(shop)s is expected tomorrow"),
        gettext_noop("If you will not be there, you can say so on its page."),
        gettext_noop("Expected tomorrow"),
    ),
    "arriving_today": Text(
        gettext_noop("Your parcel from %(shop)s is expected today"),
        gettext_noop("We will tell you when the courier has it."),
        gettext_noop("Expected today"),
    ),
    "all_delivered": Text(
        gettext_noop("Your order %(number)s is complete"),
        gettext_noop("If something is missing, please tell us on its page."),
        gettext_noop("All parcels of your order were delivered"),
    ),
    "pickup_ready": Text(
        gettext_noop("Your parcel from %(shop)s is ready to collect"),
        gettext_noop("Its page shows where, until when, and what to bring."),
    ),
    "pickup_deadline": Text(
        gettext_noop("Last days to collect your parcel from %(shop)s"),
        gettext_noop("After that it goes back to the shop. Its page shows where it is."),
        gettext_noop("Your parcel is waiting, and not for long"),
    ),
    "address_problem": Text(
        gettext_noop("%(carrier)s cannot find your address"),
        gettext_noop("Please check it on your order’s page. A landmark often helps."),
    ),
    "stalled": Text(
        gettext_noop("No news about your parcel from %(shop)s"),
        gettext_noop(
            "That is longer than usual on its way. %(shop)s sees it too, and its page shows each "
            "new step."
        ),
        gettext_noop("%(carrier)s has sent no news for longer than usual"),
    ),
    "returning": Text(
        gettext_noop("Your parcel is on its way back to %(shop)s"),
        gettext_noop("If you do not know why, please ask %(shop)s on its page."),
    ),
    "returned": Text(
        gettext_noop("Your parcel is back at %(shop)s"),
        gettext_noop("%(shop)s will write about what follows."),
    ),
    "lost": Text(
        gettext_noop("About your missing parcel from %(shop)s"),
        gettext_noop("%(shop)s was told as well. On its page you can say what you would like."),
    ),
    "goodwill": Text(
        gettext_noop("Something from %(shop)s for your patience"),
        gettext_noop("Your parcel took longer than we said. With this code you get: %(worth)s."),
        gettext_noop("Thank you for waiting. Your code: %(code)s"),
    ),
    "refund": Text(
        gettext_noop("%(shop)s has sent your money back"),
        gettext_noop("Banks often need a few days until it shows."),
        gettext_noop("%(amount)s is on its way back to you"),
    ),
    "feedback": Text(
        gettext_noop("How was your delivery from %(shop)s?"),
        gettext_noop("If anything was not right, please say so on its page. %(shop)s reads it."),
        gettext_noop("How was the delivery?"),
    ),
    "replenishment": Text(
        gettext_noop("Time for more from %(shop)s?"),
        gettext_noop("It was some time ago that you ordered. You can order the same again."),
        gettext_noop("Is it time to order again?"),
    ),
}

#: Of CASE: what it opens with, by what happened.
CASE_HEADINGS: Final = {
    "opened": gettext_noop("We have your message"),
    "replied": gettext_noop("An answer from %(shop)s"),
    "closed": gettext_noop("%(shop)s has dealt with your question"),
}
