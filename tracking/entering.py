"""New parcels, one or many at once: recognised, dated, written with few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError
from django.db.models import Max

from carriers import registry
from lib.folding import number_key
from tracking.candidates import Chooser, Chosen, entries
from tracking.derive import Derived
from tracking.ingest import first_look, write_first_look
from tracking.models import Order, Shipment, Watch
from tracking.writing import insert_many

_WATCH: Final = (
    "merchant_id", "shipment_id", "carrier", "candidates", "next_ask_at", "carrier_said_at",
    "review_at", "result", "problem", "failures", "digest", "registration",
)  # fmt: skip
_SHIPMENT: Final = tuple(
    one.column for one in Shipment._meta.concrete_fields if not one.primary_key
)


class NumberTaken(IntegrityError):
    """Somebody else gave a parcel this number at the same moment; the next try sees it."""


@dataclass(frozen=True, slots=True)
class NewParcel:
    """A parcel to be followed from now on, of an order that may not be in the database yet.

    `carrier` is a slug, or "" to recognise it from the number, the order, and `service` or
    `extra["carrier_name"]`, what the shop calls it.
    """

    order: Order
    tracking_number: str
    carrier: str = ""
    external_id: str = ""
    service: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    shipped_at: datetime | None = None
    ship_from: Mapping[str, str] = field(default_factory=dict)
    #: Of what is in it, as far as anybody said.
    skus: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Entering:
    """A parcel that is ready to be written, with what follows from its having no scans."""

    shipment: Shipment
    chosen: Chosen
    derived: Derived


def prepare(parcels: Sequence[NewParcel], *, now: datetime) -> list[Entering]:
    """Recognise and date these parcels; in the merchant's scope. Saves nothing."""
    if not parcels:
        return []
    chooser = Chooser()
    chosen = [_chosen(one, chooser) for one in parcels]
    keys = [number_key(one.tracking_number) for one in parcels]
    last = _generations(keys)
    shipments = []
    for one, who, key in zip(parcels, chosen, keys, strict=True):
        # Carriers recycle numbers: one that another order has opens a new generation.
        last[who.carrier, key] = last.get((who.carrier, key), 0) + 1
        shipments.append(_shipment(one, who.carrier, key, last[who.carrier, key], now=now))
    derived = first_look(shipments, [one.skus for one in parcels], now=now)
    return [Entering(*one) for one in zip(shipments, chosen, derived, strict=True)]


def enter(entering: Sequence[Entering], *, now: datetime) -> None:
    """Write prepared parcels whose orders are in the database, and begin to watch them.

    Raises NumberTaken; the transaction is then of no use.
    """
    for one in entering:
        # Once more, now that it has an id; setting the id alone would read the order again.
        one.shipment.order = one.shipment.order
    made = insert_many(
        Shipment,
        _SHIPMENT,
        [[getattr(one.shipment, column) for column in _SHIPMENT] for one in entering],
        returning=("id", "carrier", "number_key", "generation"),
    )
    ids = {tuple(names): pk for pk, *names in made}
    for one in entering:
        shipment = one.shipment
        place = (shipment.carrier, shipment.number_key, shipment.generation)
        if place not in ids:
            raise NumberTaken(f"{shipment.tracking_number} was added by somebody else just now")
        shipment.pk = ids[place]
        shipment._state.adding = False
    insert_many(Watch, _WATCH, [_watch(one) for one in entering])
    write_first_look([one.derived for one in entering], now=now)


def _chosen(one: NewParcel, chooser: Chooser) -> Chosen:
    return chooser.choose(
        number=one.tracking_number,
        carrier=one.carrier,
        country=one.order.country,
        origin=one.order.ship_from_country,
        named=one.extra.get("carrier_name") or one.service,
    )


def _generations(keys: Sequence[str]) -> dict[tuple[str, str], int]:
    """The last generation of each number that this merchant has a parcel of."""
    rows = Shipment.objects.filter(number_key__in=set(keys)).values_list("carrier", "number_key")
    return {
        (carrier, key): last
        for carrier, key, last in rows.annotate(last=Max("generation")).order_by()
    }


def _shipment(
    one: NewParcel, carrier: str, key: str, generation: int, *, now: datetime
) -> Shipment:
    return Shipment(
        merchant_id=one.order.merchant_id,
        order=one.order,
        carrier=carrier,
        tracking_number=one.tracking_number.strip(),
        number_key=key,
        generation=generation,
        external_id=one.external_id,
        service=one.service,
        extra=dict(one.extra),
        ship_from=dict(one.ship_from),
        shipped_by_store_at=one.shipped_at,
        created_at=now,
        updated_at=now,
    )


def _watch(one: Entering) -> tuple[Any, ...]:
    shipment = one.shipment
    return (
        shipment.merchant_id,
        shipment.pk,
        shipment.carrier,
        entries(one.chosen.candidates),
        first_ask(shipment.carrier, now=shipment.created_at),
        one.derived.state.last_event_at,
        one.derived.flags.review_at,
        *("", "", 0, "", ""),
    )


def first_ask(carrier: str, *, now: datetime) -> datetime | None:
    """When to ask first. An own fleet only pushes; for a carrier without an adapter a hub may
    be asked."""
    adapter = registry.CARRIERS.get(carrier)
    return None if adapter is not None and not adapter.is_asked else now
