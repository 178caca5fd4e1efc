"""Fields that a carrier needs beside the number: taken from the order, or asked of a person.

A carrier that lacks one answers "not found", which reads like a lost parcel. So it is not asked;
the parcel says what is missing until somebody types it. What a person typed (`Shipment.extra`)
goes before what the order says. Nothing of the order is copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from carriers import registry
from carriers.base import Carrier
from lib.folding import digits
from tracking.models import Shipment, Watch
from tracking.orders import touch

#: The result's word of a watch whose carrier was not asked for want of a field.
NEEDS_FIELD: Final = "needs_field"
#: The order may tell it meanwhile.
LOOK_AGAIN: Final = timedelta(hours=6)
LONGEST: Final = 60

#: What hubs answer better with; a phone number only goes to those who cannot do without.
_FOR_HUBS: Final = ("country", "postcode", "ship_date")

_WORDS: Final = {
    "postcode": "the postcode",
    "phone": "the phone number",
    "email": "the e-mail address",
    "country": "the country",
    "city": "the city",
    "ship_date": "the day it was shipped",
}


def _ship_date(shipment: Shipment) -> str:
    moment = shipment.shipped_by_store_at or shipment.picked_up_at
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(shipment.order.merchant.zone)).date().isoformat()


_FROM_ORDER: Final[Mapping[str, Callable[[Shipment], str]]] = {
    "postcode": lambda shipment: shipment.order.postcode,
    "phone": lambda shipment: shipment.order.ship_to_phone or shipment.order.customer_phone,
    "email": lambda shipment: shipment.order.customer_email,
    "country": lambda shipment: shipment.order.country,
    "city": lambda shipment: shipment.order.city,
    "ship_date": _ship_date,
}


@dataclass(slots=True)
class Given:
    """By parcel: everything to ask with, and what is missing."""

    extra: dict[int, dict[str, str]] = field(default_factory=dict)
    lacking: dict[int, tuple[str, ...]] = field(default_factory=dict)


def extra_for(needs: Iterable[str], shipment: Shipment) -> dict[str, str]:
    """What to ask with: what was typed, and what the order says of the rest."""
    extra = {name: str(value) for name, value in shipment.extra.items() if value}
    for name in needs:
        read = _FROM_ORDER.get(name)
        if not extra.get(name) and read is not None and (value := read(shipment).strip()):
            extra[name] = value
    return extra


def lacking(needs: Sequence[str], shipment: Shipment) -> tuple[str, ...]:
    """The fields that neither a person nor the order told."""
    if not needs:
        return ()
    extra = extra_for(needs, shipment)
    return tuple(name for name in needs if not _is_there(name, extra.get(name, "")))


def needs_of(carrier: str, asked: Carrier) -> tuple[str, ...]:
    """What must be known before anybody is asked: a hub gets no answer without it either."""
    own = registry.CARRIERS.get(carrier)
    needs = (*asked.needs, *(own.needs if own is not None else ()))
    return tuple(dict.fromkeys(needs))


def given(asked: Iterable[tuple[int, str, Carrier]]) -> Given:
    """For (parcel id, its carrier, who is asked), of those that take something; one query."""
    wanting: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for shipment_id, carrier, adapter in asked:
        needs = needs_of(carrier, adapter)
        takes = (*needs, *(_FOR_HUBS if adapter.is_hub else ()))
        if takes:
            wanting[shipment_id] = needs, takes
    found = Given()
    if not wanting:
        return found
    parcels = Shipment.objects.filter(pk__in=list(wanting)).select_related("order__merchant")
    for shipment in parcels:
        needs, takes = wanting[shipment.pk]
        found.extra[shipment.pk] = extra_for(takes, shipment)
        if missing := lacking(needs, shipment):
            found.lacking[shipment.pk] = missing
    return found


def in_words(carrier: str, fields: Sequence[str]) -> str:
    """ "GLS needs the postcode", in English, for the row and the API."""
    named = [_WORDS.get(name, name.replace("_", " ")) for name in fields]
    return f"{registry.name_of(carrier)} needs {' and '.join(named)}"


def fill_in(*, shipment: Shipment, values: Mapping[str, str], now: datetime) -> None:
    """Keep what a person typed, and ask at once; in the merchant's scope."""
    typed = {name: value.strip()[:LONGEST] for name, value in values.items() if value.strip()}
    current = Shipment.objects.select_for_update().get(pk=shipment.pk)
    Shipment.objects.filter(pk=shipment.pk).update(extra={**current.extra, **typed}, updated_at=now)
    Watch.objects.filter(shipment=shipment).update(
        next_ask_at=now, failures=0, result="", problem=""
    )
    touch(shipment.order_id, now=now)


def ask_with_more(shipment: Shipment, *, now: datetime) -> None:
    """The shop said more about a parcel: if its carrier waited for that, it is asked at once."""
    waiting = Watch.objects.filter(shipment=shipment, result=NEEDS_FIELD)
    waiting.update(next_ask_at=now, result="", problem="")


def _is_there(name: str, value: str) -> bool:
    return bool(digits(value)) if name == "phone" else bool(value)
