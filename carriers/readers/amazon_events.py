"""The event codes that Amazon had its carriers answer in ("EVENT_301"), for A1 and Prestige.

Amazon documents them for Multi-Channel Fulfilment:
https://developer-docs.amazon.com/sp-api/docs/fulfillment-outbound-api-v2020-07-01-reference.
"""

from __future__ import annotations

from typing import Final

from lib.vocabulary import UNKNOWN

CODES: Final = {
    "EVENT_101": "info.pickup_scheduled",
    "EVENT_102": "picked_up.accepted",
    "EVENT_201": "transit.arrived_facility",
    "EVENT_202": "transit.departed_facility",
    "EVENT_203": "transit.arrived_destination_country",
    "EVENT_204": "customs.started",
    "EVENT_205": "customs.cleared",
    "EVENT_206": "transit.generic",
    "EVENT_301": "delivered.generic",
    "EVENT_302": "out.on_vehicle",
    "EVENT_304": "attempt.generic",
    "EVENT_306": "out.customer_contacted",
    "EVENT_307": "out.appointment_scheduled",
    "EVENT_308": "pickup.ready",
    "EVENT_309": "returned.received",
    "EVENT_401": "exception.address",
    "EVENT_402": "customs.delay",
    "EVENT_403": "exception.recipient_moved",
    "EVENT_404": "delay.generic",
    "EVENT_405": "exception.damaged",
    "EVENT_406": "exception.held",
    "EVENT_407": "exception.refused",
    "EVENT_408": "returning.started",
    "EVENT_409": "lost.declared",
    "EVENT_411": "info.label_created",
    "EVENT_412": "exception.held",
    "EVENT_413": "customs.duties_unpaid",
    "EVENT_414": "delay.missorted",
    "EVENT_415": "transit.handed_to_partner",
    "EVENT_416": "exception.other",
    "EVENT_417": "delay.missorted",
    "EVENT_418": "delay.generic",
    "EVENT_419": "transit.forwarded_new_address",
}


def meaning(code: str) -> str:
    return CODES.get(code.upper(), UNKNOWN)
