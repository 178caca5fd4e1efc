"""La Poste, Suivi v2: letters, Colissimo and Chronopost parcels of La Poste group.

https://developer.laposte.fr/products/suivi/latest (its table of the 19 event codes is placed
here in full). Up to ten numbers a call; each answers with its own `returnCode` (207 as a
whole). Texts come in the language asked, and say which (`lang`). DI2 is "handed to the
sender": the end of the way back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    NextLeg,
    PickupPoint,
    Place,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "DR1": "info.label_created",
    "PC1": "picked_up.accepted",
    "PC2": "picked_up.accepted",
    "ET1": "transit.generic",
    "ET2": "transit.departed_facility",
    "ET3": "transit.arrived_destination_country",
    "ET4": "transit.generic",
    "EP1": "transit.at_delivery_depot",
    "DO1": "customs.started",
    "DO2": "customs.cleared",
    "DO3": "customs.delay",
    "PB1": "exception.other",
    "PB2": "transit.problem_resolved",
    "MD2": "out.on_vehicle",
    "ND1": "attempt.generic",
    "AG1": "pickup.ready",
    "RE1": "returning.started",
    "DI1": "delivered.generic",
    "DI2": "returned.received",
}


class LaPoste(Carrier):
    slug: ClassVar[str] = "laposte"
    name: ClassVar[str] = "La Poste"
    countries: ClassVar[tuple[str, ...]] = ("FR", "MC")
    website: ClassVar[str] = "https://www.laposte.fr/outils/suivre-vos-envois"
    documentation: ClassVar[str] = "https://developer.laposte.fr/products/suivi/latest"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 10
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "Production key (X-Okapi-Key)"),)
    base_url: ClassVar[str] = "https://api.laposte.fr"
    home_zone: ClassVar[str] = "Europe/Paris"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        numbers = ",".join(quote(ask.number, safe="") for ask in asks)
        return HttpCall(
            "GET",
            f"/suivi/v2/idships/{numbers}",
            params={"lang": "en_GB"},
            headers={"X-Okapi-Key": credentials["api_key"], "Accept": "application/json"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a number, each found, unknown or refused by itself."""
        reply = read_json(body)
        rows = [row for row in mappings(reply) if {"returnCode", "shipment"} & row.keys()]
        if rows:
            return [_answer(row) for row in rows]
        gateway = mapping(reply)
        reason = text(gateway.get("message"))
        if text(gateway.get("code")) in {"UNAUTHORIZED", "FORBIDDEN"}:
            raise CarrierError(f"La Poste says: {reason}", kind="credentials", permanent=True)
        raise CarrierError("The answer holds no shipment of La Poste", kind="unreadable")


def _answer(row: Mapping[str, Any]) -> TrackingUpdate:
    shipment, code = mapping(row.get("shipment")), text(row.get("returnCode"))
    if not shipment:
        reason = text(row.get("returnMessage")) or "no reason given"
        problem = f"La Poste says: {reason} ({code})"
        return TrackingUpdate(text(row.get("idShip")), problem=problem, not_found=code == "404")
    language = text(row.get("lang")).partition("_")[0].lower() or "fr"
    context = mapping(shipment.get("contextData"))
    destination = Place(country=country(context.get("arrivalCountry")))
    events = scans([_event(event, language) for event in mappings(shipment.get("event"))])
    partner = mapping(context.get("partner"))
    return TrackingUpdate(
        text(shipment.get("idShip")),
        events=oldest_first(events[::-1]),
        edd=_promised(text(shipment.get("estimDate")), destination),
        problem=None if events else "La Poste knows this number but sent no events yet",
        service=text(shipment.get("product")),
        origin=Place(country=country(context.get("originCountry"))),
        destination=destination,
        pickup_point=_pickup_point(mapping(context.get("removalPoint"))),
        next_leg=_next_leg(text(partner.get("name")), text(partner.get("reference"))),
    )


def _event(event: Mapping[str, Any], language: str) -> CarrierEvent:
    code, stamp = text(event.get("code")), text(event.get("date"))
    at, source = placed(read_iso(stamp), Place(), home=LaPoste.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=text(event.get("label")),
        language=language,
        at=at,
        raw_time=stamp,
        zone_source=source,
    )


def _promised(stamp: str, destination: Place) -> DateWindow | None:
    found = read_as(stamp[:10], "%Y-%m-%d")
    return DateWindow(found.date(), found.date(), zone_name(destination)) if found else None


def _pickup_point(point: Mapping[str, Any]) -> PickupPoint | None:
    name = text(point.get("name"))
    return PickupPoint(name=name) if name else None


def _next_leg(carrier: str, number: str) -> NextLeg | None:
    return NextLeg(carrier, number) if carrier and number else None
