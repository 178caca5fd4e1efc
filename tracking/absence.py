"""When a shopper may still say "I will not be there": before the courier comes. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from lib.vocabulary import Status
from tracking.models import Shipment

#: So many days ahead of the first expected day it is asked; earlier nobody knows.
DAYS_AHEAD: Final = 3
#: The carrier has it, and nothing keeps it from coming.
ON_THE_WAY: Final = frozenset({Status.PICKED_UP, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY})
_NEW_TIME: Final = "out.reschedule_needed"


def may_be_away(shipment: Shipment, *, today: date) -> bool:
    """Whether a courier is expected at the door today or in the next days; `today` is there."""
    if shipment.return_leg or shipment.sub_status == _NEW_TIME:
        return False
    if shipment.status == Status.OUT_FOR_DELIVERY:
        return True
    if shipment.status not in ON_THE_WAY or shipment.edd_last is None:
        return False
    first = shipment.edd_first or shipment.edd_last
    return first <= today + timedelta(days=DAYS_AHEAD) and shipment.edd_last >= today
