"""What DHL's event texts say, for divisions that send a sentence where others send a code.

DHL eCommerce Americas and Post & Parcel Germany fill `status` with words. These
patterns (ours, on the English texts that `language=en` asks for) refine the generic
status code; they never make a parcel delivered, which only DHL's own code may.
"""

from __future__ import annotations

import re
from typing import Final

_PATTERNS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), sub_status)
    for pattern, sub_status in (
        (r"return(ed|ing|s)? to (the )?(sender|shipper)|sent back to", "returning.started"),
        (r"refused", "exception.refused"),
        (r"(nobody|no one|not) (at )?home|recipient (was )?(not available|absent)",
         "attempt.nobody_home"),
        (r"business (was )?closed|closed on arrival", "attempt.business_closed"),
        (r"attempted delivery|delivery attempt|notice left|could not be delivered",
         "attempt.generic"),
        (r"(bad|incorrect|insufficient|incomplete) address|address(ee)? (unknown|incorrect)",
         "exception.address"),
        (r"\bdamaged?\b", "exception.damaged"),
        (r"duties|import (tax|charges)|awaiting payment", "customs.duties_unpaid"),
        (r"customs (status )?(cleared|released)|clear(ed|ance) (customs|completed?|release)|"
         r"released (by|from) customs|clearance processing complete", "customs.cleared"),
        (r"customs (delay|hold)|held (at|by|in) customs|clearance delay",
         "customs.delay"),
        (r"customs|in clearance|clearance process", "customs.started"),
        (r"out for delivery|(with|out with) (the )?(delivery |delivering )?courier|courier out for|"
         r"loaded (on|onto|into|to) (the )?delivery vehicle", "out.on_vehicle"),
        (r"(available|ready|held) for (pick-?up|collection)|awaiting collection",
         "pickup.ready"),
        (r"weather", "delay.weather"),
        (r"mis-?(sort|rout|sent)", "delay.missorted"),
        (r"\bdelay(ed)?\b", "delay.generic"),
        (r"on hold|being held", "exception.held"),
        (r"label created|instruction data|electronic(ally)?|shipment information received|"
         r"currently awaiting shipment", "info.label_created"),
        (r"picked up|collected from (the )?(sender|shipper)|posted by the sender|"
         r"handed (in|over) (at|to|by the sender)", "picked_up.accepted"),
        (r"(arriv|process)\w* (in|at) (the )?destination country|arrived in the destination",
         "transit.arrived_destination_country"),
        (r"left (the )?(origin country|country of origin)", "transit.departed_origin_country"),
        (r"delivery (facility|depot|base|terminal)", "transit.at_delivery_depot"),
        (r"handed over to|tendered to|partner", "transit.handed_to_partner"),
        (r"depart(ed)?|has left", "transit.departed_facility"),
        (r"arriv(ed|al)|processed|received at|sort(ed|ing)", "transit.arrived_facility"),
    )
)  # fmt: skip


def meaning_of(*texts: str) -> str:
    """The sub-status that the first telling text gives; empty when none tells."""
    for text in texts:
        for pattern, sub_status in _PATTERNS:
            if pattern.search(text):
                return sub_status
    return ""
