"""The line under the heading: what happens next, in one or two sentences."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lib import formats
from lib.headlines import HeadlineState, names_silence
from lib.sentences import ended, joined
from lib.silence_words import Usual, nine_of_ten, shop_can_ask, too_long
from lib.vocabulary import SUB_STATUSES, UNKNOWN, Milestone, Party, Status
from lib.words import place_name, sentence
from storefront_pages.hiding import last_place
from storefront_pages.settled import settled_lead
from storefront_pages.story import Parcel, Story
from tracking.order_changes import ON_HOLD, OUT_OF_STOCK

_BY_STATUS: Final[dict[Status, str]] = {
    Status.PICKED_UP: gettext_noop("Next it goes to a sorting centre."),
    Status.OUT_FOR_DELIVERY: gettext_noop("Please keep your phone near you: the courier may call."),
    Status.AVAILABLE_FOR_PICKUP: gettext_noop("Take the tracking number and an ID with you."),
    Status.ATTEMPT_FAILED: gettext_noop("Carriers usually try again on a working day soon after."),
    Status.RETURNING: gettext_noop(
        "The shop knows. Please write to them about a new parcel or your money."
    ),
    Status.RETURNED: gettext_noop(
        "The shop has it again. Please write to them about a new parcel or your money."
    ),
    Status.LOST_OR_DESTROYED: gettext_noop(
        "Please write to the shop: it settles with you whether you get a new parcel or your "
        "money back, and settles the loss with the carrier."
    ),
    Status.CANCELLED: gettext_noop(
        "Nothing more is sent under this number. Ask the shop if you did not expect this."
    ),
    Status.EXPIRED: gettext_noop(
        "We have stopped asking. Please write to the shop, who can have it searched for."
    ),
}
_BY_SUB_STATUS: Final[dict[str, str]] = {
    "customs.information_required": gettext_noop(
        "The carrier tells you which one. The shop can help you with it."
    ),
    "customs.duties_unpaid": gettext_noop(
        "The carrier sends you the amount. Please pay only where the carrier or the shop "
        "asks you to."
    ),
    "delivered.neighbour_reception_locker": gettext_noop(
        "It was left with a neighbour, at reception or in a locker."
    ),
    "delivered.disputed_by_shopper": gettext_noop(
        "The shop is asking the carrier. What comes of it appears on this page."
    ),
    "pickup.last_days": gettext_noop("These are the last days to collect it."),
}
#: What the shop itself waits for: the page's sentence, and what happens next.
_HOLDS: Final[dict[str, tuple[str, str]]] = {
    ON_HOLD: (
        gettext_noop("%(shop)s has put the order on hold"),
        gettext_noop("Please ask them if you wonder why."),
    ),
    OUT_OF_STOCK: (
        gettext_noop("Something in the order is out of stock"),
        gettext_noop("%(shop)s sends it as soon as it is there."),
    ),
}


def heading_of_hold(story: Story, parcel: Parcel | None) -> str:
    """The page's sentence while the shop holds the order up; "" where it goes on or has gone."""
    if parcel is not None and parcel.status not in {Status.PENDING, Status.INFO_RECEIVED}:
        return ""
    words = _HOLDS.get(story.order.hold)
    return _(words[0]) % {"shop": story.merchant.name} if words else ""


def lead_of(story: Story, parcel: Parcel | None, state: HeadlineState) -> str:
    """What happens next, in the active language; "" where the heading says it all."""
    if decided := settled_lead(story, parcel):
        return decided
    if parcel is None:
        return _before_parcel(story)
    shipment = parcel.shipment
    if parcel.status is not Status.EXPIRED and shipment.stalled and shipment.last_event_at:
        usual = Usual.read(shipment.usual_silence)
        if names_silence(state):
            return shop_can_ask(usual, carrier=state.carrier)
        day = formats.weekday_date(story.local(shipment.last_event_at).date(), story.tag)
        return too_long(usual, day=day, carrier=state.carrier)
    if state.is_late and (state.first is None or state.last is None):
        return _("There is no new date yet. It appears here as soon as there is one.")
    text = _BY_SUB_STATUS.get(shipment.sub_status) or _BY_STATUS.get(parcel.status)
    if text is not None:
        return _(text)
    if parcel.status in {Status.PENDING, Status.INFO_RECEIVED}:
        return _before_scan(story, parcel)
    if parcel.status is Status.EXCEPTION:
        return _problem(shipment.sub_status)
    if shipment.sub_status.startswith("delay."):
        return ended(sentence(shipment.sub_status), story.tag)
    return joined(_usual(story, parcel, state), _last_seen(story, parcel))


def _usual(story: Story, parcel: Parcel, state: HeadlineState) -> str:
    """How long no scan is usual, where the heading says that it is, and while it is true."""
    usual = Usual.read(parcel.shipment.usual_silence)
    heard = parcel.shipment.last_event_at
    if usual is None or heard is None or state.quiet_since is None:
        return ""
    is_among_them = story.now - heard <= timedelta(hours=usual.hours)
    return nine_of_ten(usual, carrier=state.carrier) if is_among_them else ""


def _last_seen(story: Story, parcel: Parcel) -> str:
    place = last_place(story, parcel)
    if parcel.status is not Status.IN_TRANSIT or not place:
        return ""
    return _("Last seen in %(place)s.") % {"place": place_name(place)}


def _before_parcel(story: Story) -> str:
    if story.order.cancelled_at:
        return _(_BY_STATUS[Status.CANCELLED])
    if held := _held_up(story):
        return held
    if story.order_milestone is Milestone.PACKED:
        return _("The first scan appears here as soon as the courier has it.")
    return _("Next we pack it and hand it to the carrier.")


def _held_up(story: Story) -> str:
    words = _HOLDS.get(story.order.hold)
    return _(words[1]) % {"shop": story.merchant.name} if words else ""


def _before_scan(story: Story, parcel: Parcel) -> str:
    """The number is known to us; whether it is to the carrier is another matter."""
    if held := _held_up(story):
        return held
    if parcel.shipment.unknown_events and parcel.status is Status.PENDING:
        return ended(sentence(UNKNOWN), story.tag)
    watch = parcel.watch
    result = watch.result if watch else ""
    if result == "no_account":
        return _("We cannot ask the carrier about this parcel yet, so news may come late.")
    if result == "not_found":
        return _("The carrier does not know the number yet. That is usual until its first scan.")
    if parcel.shipment.sub_status in {"pending.bad_number", "pending.awaiting_extra_field"}:
        return ended(sentence(parcel.shipment.sub_status), story.tag)
    return _("The first scan appears here as soon as the courier has it.")


def _problem(sub_status: str) -> str:
    row = SUB_STATUSES.get(sub_status)
    if row is not None and row.who is Party.SHOPPER:
        return _("The shop can pass on to the carrier what is missing.")
    return _("You need not do anything now. The shop sees this too.")
