"""What Australia Post's and StarTrack's sentences mean; events have no code beside them.

https://developers.auspost.com.au/content/apis/shipping-and-tracking/reference-statuses.html
lists the states of an article; the other sentences stand in the answers of its own examples.
Held to in lower case, first whole, then by their beginning. "Ready for pickup" is StarTrack's
for a parcel that waits for StarTrack at the sender's.
"""

from __future__ import annotations

import re
from typing import Final

from lib.vocabulary import UNKNOWN


def _lines(sub_status: str, sentences: str) -> dict[str, str]:
    return {line.strip(): sub_status for line in sentences.strip().splitlines()}


_WHOLE: Final = {
    **_lines(
        "info.label_created",
        """shipping information received by australia post
        shipping information approved by australia post
        shipment information received
        label created by sender
        created
        sealed
        initiated
        confirmed
        unconfirmed
        incomplete""",
    ),
    **_lines("info.pickup_scheduled", "ready for pickup"),
    **_lines("info.pickup_failed", "unsuccessful pickup"),
    **_lines(
        "picked_up.accepted",
        """received by australia post
        we've got it
        received item from sender (outbound)
        received and ready for processing
        picked up
        partial pickup""",
    ),
    **_lines(
        "transit.generic",
        """in transit
        it's on its way
        processed by air carrier
        item processed by air carrier
        cleared and awaiting international departure""",
    ),
    **_lines(
        "transit.arrived_facility",
        """arrived at facility
        arrived at sorting facility
        item processed at facility
        processed through australia post facility
        processed at export facility""",
    ),
    **_lines(
        "transit.departed_facility",
        """departed facility
        despatched
        despatch parcels from export facility""",
    ),
    **_lines("transit.at_delivery_depot", "at delivery depot"),
    **_lines("transit.forwarded_new_address", "re-consigned"),
    **_lines(
        "customs.started",
        """arrived awaiting clearance (inbound)
        item is in customs""",
    ),
    **_lines("customs.cleared", "item cleared by customs"),
    **_lines(
        "out.on_vehicle",
        """onboard for delivery
        on board for delivery
        with australia post for delivery today
        out for delivery
        it's coming today""",
    ),
    **_lines("out.appointment_scheduled", "booked in"),
    **_lines("out.rescheduled", "to be re-delivered"),
    **_lines("attempt.generic", "unsuccessful delivery"),
    **_lines(
        "exception.other",
        """final shortage
        partial delivery""",
    ),
    **_lines("exception.address", "cannot be delivered"),
    **_lines("exception.damaged", "article damaged"),
    **_lines("exception.held", "held by courier"),
    **_lines("returned.received", "returned to sender"),
    **_lines(
        "cancelled.by_shipper",
        """cancelled
        deleted""",
    ),
}
_BEGINNINGS: Final = (
    ("in transit to next facility", "transit.generic"),
    ("arrived at facility in destination country", "transit.arrived_destination_country"),
    ("arrived in ", "transit.arrived_destination_country"),
    ("awaiting collection", "pickup.ready"),
    ("attempted delivery - unable to gain access", "attempt.access_restricted"),
    ("attempted delivery - incorrect address", "exception.address"),
    ("attempted delivery", "attempt.generic"),
    ("return to sender", "returning.started"),
    ("possible delay", "delay.generic"),
    ("delayed", "delay.generic"),
)
_DELIVERED: Final = re.compile(r"delivered(?: in full)?(?: - (?!.*sender).*)?")


def meaning(sentence: str) -> str:
    """The sub-status of a sentence, or "unknown"."""
    said = " ".join(sentence.replace("\u2013", "-").casefold().rstrip(".!").split())
    if said in _WHOLE:
        return _WHOLE[said]
    if _DELIVERED.fullmatch(said):
        return "delivered.generic"
    return next((ours for start, ours in _BEGINNINGS if said.startswith(start)), UNKNOWN)
