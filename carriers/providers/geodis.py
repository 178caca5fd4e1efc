"""GEODIS, the customer area's web services: French road parcels and pallets.

https://espace-client.geodis.com/services (documentation in the customer area): every call
carries `X-GEODIS-Service`, a SHA-256 over key, login, time, language, service and body.
Codes are a situation and its justification ("LIV/CFM") from INOVERT, the list French
carriers share; they are placed as Colissimo, which used the same list, explained them.
SOL/REO closes a shipment because it goes back to the sender. Refusals come with HTTP 200
and `ok: false`. Times are naive, those of France.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import country, decimal, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    Cash,
    DateWindow,
    Place,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN


def _pairs(sub_status: str, situation: str, justifications: str) -> dict[str, str]:
    return {f"{situation}/{reason}": sub_status for reason in justifications.split()}


_CODES: Final = {
    **_pairs("info.label_created", "COM", "CFM"),
    **_pairs("info.label_created", "PCH", "MQT"),
    **_pairs("info.pickup_failed", "ENE", "MQT"),
    **_pairs("picked_up.accepted", "PCH", "CFM CEX"),
    **_pairs("picked_up.accepted", "DEP", "GUI"),
    **_pairs("transit.departed_facility", "EXP", "CFM"),
    **_pairs("transit.departed_facility", "CHG", "CFM"),
    **_pairs("transit.arrived_facility", "DCH", "CFM DDT"),
    **_pairs("transit.at_delivery_depot", "AAR", "CFM"),
    **_pairs("transit.at_delivery_depot", "QDI", "CFM"),
    **_pairs("delay.missorted", "AAR", "DVY"),
    **_pairs("delay.generic", "RST", "NCG"),
    **_pairs("customs.delay", "DOU", "DOU"),
    **_pairs(
        "customs.information_required",
        "DOU",
        "AGV COI COM CRR DDI DDM DVR EXI FCI FCM IDD IIR NIR RES",
    ),
    **_pairs("customs.prohibited", "DOU", "PRO"),
    **_pairs("out.on_vehicle", "MLV", "CFM"),
    **_pairs("pickup.ready", "MLV", "ARS"),
    **_pairs("pickup.ready", "RST", "BRT"),
    **_pairs("attempt.nobody_home", "REN", "ARV NRV AVI"),
    **_pairs("attempt.generic", "REN", "ACP"),
    **_pairs("attempt.cod_not_paid", "REN", "SRB"),
    **_pairs("transit.forwarded_new_address", "REN", "LNA"),
    **_pairs("exception.address", "REN", "AIN CAD"),
    **_pairs("exception.recipient_moved", "REN", "DIA"),
    **_pairs("exception.refused", "REN", "AVA DIV SNC TAR"),
    **_pairs("exception.held", "RST", "SOU"),
    **_pairs("delivered.generic", "LIV", "CFM"),
    **_pairs("delivered.neighbour_reception_locker", "LIV", "GAR RTI"),
    **_pairs("returning.started", "SOL", "REO REI"),
    **_pairs("returned.received", "LIV", "REO"),
}
_SERVICE: Final = "api/zoomclient/recherche-envoi"
_LANGUAGE: Final = "fr"
_UNKNOWN_NUMBER: Final = re.compile(r"\benvoi\b.*\bnon trouvé|\baucun envoi\b", re.IGNORECASE)


class Geodis(Carrier):
    slug: ClassVar[str] = "geodis"
    name: ClassVar[str] = "GEODIS"
    countries: ClassVar[tuple[str, ...]] = ("FR", "BE", "MC")
    website: ClassVar[str] = "https://espace-client.geodis.com"
    documentation: ClassVar[str] = "https://espace-client.geodis.com/services"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("login", "Login of the customer area", secret=False),
        Secret("api_key", "API key"),
    )
    base_url: ClassVar[str] = "https://espace-client.geodis.com/services"
    home_zone: ClassVar[str] = "Europe/Paris"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        """The signature covers the body as it is sent, so the body is written here."""
        body = json.dumps({"noSuivi": asks[0].number}, separators=(",", ":"))
        login, moment = credentials["login"], str(int(time.time() * 1000))
        signed = ";".join((credentials["api_key"], login, moment, _LANGUAGE, _SERVICE, body))
        digest = hashlib.sha256(signed.encode()).hexdigest()
        return HttpCall(
            "POST",
            f"/{_SERVICE}",
            headers={
                "X-GEODIS-Service": ";".join((login, moment, _LANGUAGE, digest)),
                "Content-Type": "application/json; charset=utf-8",
            },
            body=body.encode(),
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update, the shipment that was asked for."""
        reply = mapping(read_json(body))
        if reply.get("ok") is False:
            return [_refused(text(reply.get("codeErreur")), text(reply.get("texteErreur")))]
        shipment = mapping(reply.get("contenu"))
        if not shipment:
            raise CarrierError("The answer holds no shipment of GEODIS", kind="unreadable")
        return [_shipment(shipment)]


def _refused(code: str, reason: str) -> TrackingUpdate:
    said = f"GEODIS says: {reason or 'no reason given'} ({code or 'no code'})"
    if _UNKNOWN_NUMBER.search(reason):
        return TrackingUpdate("", problem=said, not_found=True)
    raise CarrierError(said, kind="bad_request")


def _shipment(shipment: Mapping[str, Any]) -> TrackingUpdate:
    origin = _end(mapping(shipment.get("expediteur")))
    destination = _end(mapping(shipment.get("destinataire")))
    inland = origin.country if origin.country == destination.country else ""
    events = scans([_event(row, inland) for row in mappings(shipment.get("listSuivis"))])
    promised = read_as(text(shipment.get("dateLivraisonPrevue"))[:10], "%Y-%m-%d")
    cash = decimal(shipment.get("contreRemboursement"))
    return TrackingUpdate(
        text(shipment.get("noSuivi")),
        events=oldest_first(events[::-1]),
        edd=DateWindow(promised.date(), promised.date(), zone_name(destination))
        if promised
        else None,
        problem=None if events else "GEODIS knows this number but sent no scans yet",
        service=text(mapping(shipment.get("prestationCommerciale")).get("libelle")),
        origin=origin,
        destination=destination,
        pieces=(whole(shipment.get("nbColis")) or 0) + (whole(shipment.get("nbPalettes")) or 0)
        or None,
        cash=Cash(cash, text(shipment.get("deviseContreRemboursement"))) if cash else None,
    )


def _end(party: Mapping[str, Any]) -> Place:
    return Place(
        city=text(party.get("ville")),
        postcode=text(party.get("codePostal")),
        country=country(mapping(party.get("pays")).get("code")),
    )


def _event(row: Mapping[str, Any], inland: str) -> CarrierEvent:
    code = text(row.get("codeSituationJustification")).upper()
    stamp = f"{text(row.get('dateSuivi'))}T{text(row.get('heureSuivi'))}"
    place = _centre(text(row.get("libelleCentre")), text(row.get("codeSa")), inland)
    at, source = placed(read_iso(stamp), place, home=Geodis.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code, UNKNOWN),
        description=text(row.get("libelleSuivi")),
        language=_LANGUAGE,
        at=at,
        raw_time=stamp.strip("T"),
        zone_source=source,
        place=place,
    )


def _centre(name: str, code: str, inland: str) -> Place:
    """ "Rochefort (FR)"; a centre without a name repeats its code."""
    match = re.fullmatch(r"(.*?)\s*\(([A-Z]{2})\)", name)
    if match is not None:
        return Place(city=match[1], country=match[2], code=code)
    return Place(city="" if name == code else name, country=inland, code=code)
