"""What our codes are called: for shoppers in plain words, for the desk in the trade's.

Everything is lazy, so it reads in the language that is active where it is shown.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lib.gazetteer import find
from lib.vocabulary import UNKNOWN, Doubt, Milestone, Status

Words = Promise | str

#: What a shopper reads beside one scan. No trade words, nobody is blamed.
SENTENCES: Final[dict[str, Words]] = {
    "pending.not_registered": _("Waiting for the carrier’s first update"),
    "pending.bad_number": _("The carrier does not know this number yet"),
    "pending.awaiting_extra_field": _("The shop is completing the carrier’s details"),
    "info.label_created": _("The carrier has been told about your parcel"),
    "info.pickup_scheduled": _("The carrier will collect your parcel from the shop"),
    "info.pickup_failed": _("The carrier could not collect your parcel from the shop yet"),
    "picked_up.accepted": _("Picked up by the carrier"),
    "transit.generic": _("On its way"),
    "transit.arrived_facility": _("Arrived at a sorting centre"),
    "transit.departed_facility": _("Left a sorting centre"),
    "transit.departed_origin_country": _("Left the country it was sent from"),
    "transit.arrived_destination_country": _("Arrived in your country"),
    "transit.at_delivery_depot": _("Arrived at your local delivery depot"),
    "transit.handed_to_partner": _("Handed to a partner carrier"),
    "transit.forwarded_new_address": _("Sent on to a new address"),
    "transit.problem_resolved": _("Moving again, the problem is solved"),
    "customs.started": _("Customs is checking your parcel"),
    "customs.cleared": _("Cleared by customs"),
    "customs.information_required": _("Customs needs information from you"),
    "customs.delay": _("Customs is taking longer than usual"),
    "customs.duties_unpaid": _("Import charges are waiting to be paid"),
    "customs.prohibited": _("Customs did not let this parcel through"),
    "delay.generic": _("Running later than planned"),
    "delay.weather": _("Held up by the weather"),
    "delay.disaster_strike": _("Held up by events outside the carrier’s control"),
    "delay.carrier_operational": _("Held up at the carrier"),
    "delay.capacity": _("The carrier has more parcels than it can deliver today"),
    "delay.missorted": _("Took a wrong turn and is being sent the right way"),
    "out.on_vehicle": _("Out for delivery"),
    "out.customer_contacted": _("The courier tried to reach you about the delivery"),
    "out.appointment_scheduled": _("A delivery time has been agreed"),
    "out.rescheduled": _("The delivery has been moved to another time"),
    "out.reschedule_needed": _("A new delivery time is needed"),
    "pickup.ready": _("Ready to collect"),
    "pickup.last_days": _("Last days to collect it"),
    "pickup.missed": _("It was not collected in time"),
    "attempt.generic": _("The carrier reports that it could not deliver"),
    "attempt.nobody_home": _("The carrier reports that nobody was there"),
    "attempt.business_closed": _("The carrier reports that the business was closed"),
    "attempt.access_restricted": _("The carrier reports that it could not get in"),
    "attempt.no_safe_place": _("The carrier reports that there was no safe place to leave it"),
    "attempt.id_or_otp_failed": _("The carrier reports that the code or ID could not be checked"),
    "attempt.cod_not_paid": _("The carrier reports that the payment was not ready"),
    "attempt.unreachable": _("The carrier reports that it could not reach you by phone"),
    "attempt.disputed_by_shopper": _("You told us that nobody came. We are asking the carrier"),
    "exception.address": _("The carrier needs a clearer address"),
    "exception.out_of_area": _("The carrier does not deliver to this address"),
    "exception.address_id_missing": _("The carrier needs your national address code"),
    "exception.recipient_moved": _("The carrier reports that the address has changed"),
    "exception.refused": _("The carrier reports that the parcel was not accepted"),
    "exception.damaged": _("The carrier reports damage to the parcel"),
    "exception.rejected_by_carrier": _("The carrier could not take this parcel"),
    "exception.held": _("The carrier is holding the parcel"),
    "exception.under_investigation": _("The carrier is looking for your parcel"),
    "exception.other": _("The carrier reports a problem and is working on it"),
    "delivered.generic": _("Delivered"),
    "delivered.collected": _("Collected"),
    "delivered.signed": _("Delivered and signed for"),
    "delivered.cod_collected": _("Delivered and paid for"),
    "delivered.neighbour_reception_locker": _("Left with a neighbour, at reception or in a locker"),
    "delivered.disputed_by_shopper": _("Reported as delivered. You told us it did not arrive"),
    "returning.started": _("Going back to the shop"),
    "returned.received": _("Back at the shop"),
    "lost.declared": _("The carrier could not find this parcel"),
    "lost.destroyed": _("The carrier reports that this parcel was destroyed"),
    "cancelled.by_shipper": _("This shipment was cancelled"),
    "expired.silent": _("No news from the carrier for a long time"),
    UNKNOWN: _("The carrier sent an update we cannot read yet"),
}

#: A status on a pill, as the shopper's page and the dashboards show it.
STATUS_LABELS: Final[dict[Status, Words]] = {
    Status.PENDING: _("Waiting for first scan"),
    Status.INFO_RECEIVED: _("Carrier informed"),
    Status.PICKED_UP: _("Picked up"),
    Status.IN_TRANSIT: _("On its way"),
    Status.CUSTOMS: _("In customs"),
    Status.OUT_FOR_DELIVERY: _("Out for delivery"),
    Status.AVAILABLE_FOR_PICKUP: _("Ready to collect"),
    Status.ATTEMPT_FAILED: _("Delivery attempt failed"),
    Status.EXCEPTION: _("Needs attention"),
    Status.DELIVERED: _("Delivered"),
    Status.RETURNING: _("Going back"),
    Status.RETURNED: _("Returned"),
    Status.LOST_OR_DESTROYED: _("Lost"),
    Status.CANCELLED: _("Cancelled"),
    Status.EXPIRED: _("No news"),
}

#: The steps of the rail, and what happened on it.
MILESTONE_LABELS: Final[dict[Milestone, Words]] = {
    Milestone.PLACED: _("Ordered"),
    Milestone.CONFIRMED: _("Confirmed"),
    Milestone.PACKED: _("Packed"),
    Milestone.SHIPPED: _("Shipped"),
    Milestone.IN_TRANSIT: _("On its way"),
    Milestone.OUT_FOR_DELIVERY: _("Out for delivery"),
    Milestone.DELIVERED: _("Delivered"),
    Milestone.DELAYED: _("Delayed"),
    Milestone.ATTEMPT_FAILED: _("Delivery attempt failed"),
}

#: The trade's words, for merchants and agents.
DESK_LABELS: Final[dict[Status, Words]] = {
    Status.PENDING: pgettext_lazy("desk", "Pending"),
    Status.INFO_RECEIVED: pgettext_lazy("desk", "Info received"),
    Status.PICKED_UP: pgettext_lazy("desk", "Picked up"),
    Status.IN_TRANSIT: pgettext_lazy("desk", "In transit"),
    Status.CUSTOMS: pgettext_lazy("desk", "Customs"),
    Status.OUT_FOR_DELIVERY: pgettext_lazy("desk", "Out for delivery"),
    Status.AVAILABLE_FOR_PICKUP: pgettext_lazy("desk", "Available for pickup"),
    Status.ATTEMPT_FAILED: pgettext_lazy("desk", "Attempt failed (NDR)"),
    Status.EXCEPTION: pgettext_lazy("desk", "Exception"),
    Status.DELIVERED: pgettext_lazy("desk", "Delivered"),
    Status.RETURNING: pgettext_lazy("desk", "Returning (RTO)"),
    Status.RETURNED: pgettext_lazy("desk", "Returned (RTO)"),
    Status.LOST_OR_DESTROYED: pgettext_lazy("desk", "Lost or destroyed"),
    Status.CANCELLED: pgettext_lazy("desk", "Cancelled"),
    Status.EXPIRED: pgettext_lazy("desk", "Expired (silent)"),
}

#: Why a scan was set aside: a name for lists, and what an agent must know to decide.
DOUBTS: Final[dict[Doubt, tuple[Words, Words]]] = {
    Doubt.BEFORE_ORDER: (
        _("Before the order"),
        _(
            "The scan is older than the order. Carriers use numbers again: it is probably of an "
            "earlier parcel."
        ),
    ),
    Doubt.EARLIER_PARCEL: (
        _("An earlier parcel"),
        _(
            "Under this number a parcel had arrived before the order was placed. This scan "
            "belongs to that one."
        ),
    ),
    Doubt.IN_FUTURE: (
        _("In the future"),
        _("The scan is dated more than a day ahead of the moment we received it."),
    ),
    Doubt.GHOST_DELIVERY: (
        _("Delivered too early"),
        _(
            "It is called delivered right after the label was made, and nobody had scanned it "
            "before."
        ),
    ),
    Doubt.DELIVERED_ELSEWHERE: (
        _("Delivered elsewhere"),
        _("It was delivered in another country than the address."),
    ),
    Doubt.OTHER_CARRIER: (
        _("Another carrier’s parcel"),
        _("Somebody named another carrier for this parcel. The scan is of the one it was not."),
    ),
    Doubt.IMPOSSIBLE_PLACE: (
        _("Impossible place"),
        _("Between this scan and the one beside it lies more way than time."),
    ),
}


def sentence(sub_status: str) -> str:
    """What happened, for a shopper, in the active language."""
    return str(SENTENCES.get(sub_status, SENTENCES[UNKNOWN]))


def place_name(city: str) -> str:
    """A city in the active language's script where we know it; else as the carrier wrote it."""
    known = find(city)
    return known.name(get_language() or "") if known is not None else city


def doubt_label(doubt: str) -> str:
    """Why a scan was set aside, in two or three words; a code of an older release as it is."""
    return str(DOUBTS[Doubt(doubt)][0]) if doubt in DOUBTS else doubt


def doubt_sentence(doubt: str) -> str:
    """Why a scan was set aside, in a sentence."""
    return str(DOUBTS[Doubt(doubt)][1]) if doubt in DOUBTS else doubt
