"""The buttons about a failed attempt: "did anyone come?", and another day.

Payloads: `attempt:<parcel>:nobody`, `attempt:<parcel>:came`, `attempt:<parcel>:day:<ISO date>`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from notifications.models import Answer
from tracking.answers import Wish, days_for, take_denial, take_wish
from tracking.models import Shipment

PREFIX: Final = "attempt"


def take(answer: Answer, rest: str, now: datetime) -> bool:
    """Keep it as the page's own questions do; False where the parcel waits for no answer."""
    parcel, _, said = rest.partition(":")
    shipment = _parcel(answer, parcel)
    if shipment is None:
        return False
    if said == "came":
        return True
    if said == "nobody":
        return take_denial(shipment=shipment, now=now)[0] is not None
    day = _day(said)
    if day is None or day not in days_for(shipment, shipment.order, now=now):
        return False
    return take_wish(shipment=shipment, wish=Wish(day=day), now=now)[0] is not None


def _parcel(answer: Answer, number: str) -> Shipment | None:
    """The parcel, if it is of the order that the answer is about."""
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    rows = Shipment.objects.select_related("order").filter(order_id=answer.order_id)
    return rows.filter(pk=int(number)).first()


def _day(said: str) -> date | None:
    word, _, text = said.partition(":")
    try:
        return date.fromisoformat(text) if word == "day" else None
    except ValueError:
        return None
