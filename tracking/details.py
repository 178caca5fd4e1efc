"""What carriers give beside scans and dates: proof, pieces, cash, pick-up point, courier.

Kept as JSON on the parcel (`Shipment.details`), because most parcels have none of it and
nothing is looked for by it. Personal parts (who signed, the courier's name and phone) leave
with the order's other personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from carriers.updates import Cash, Courier, PickupPoint, Proof, TrackingUpdate

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Details:
    """The same as values; None where the carrier gave none."""

    proof: Proof | None = None
    pieces: int | None = None
    cash: Cash | None = None
    pickup_point: PickupPoint | None = None
    courier: Courier | None = None


def with_update(kept: Mapping[str, Any], update: TrackingUpdate) -> dict[str, Any]:
    """The stored form after this update: what it gives replaces, what it leaves out stays."""
    found = dict(kept)
    if update.proof is not None:
        found["proof"] = _texts(found.get("proof"), update.proof, "signed_by photo_url left_at")
    if update.pieces is not None:
        found["pieces"] = update.pieces
    if update.cash is not None:
        found["cash"] = {"amount": str(update.cash.amount), "currency": update.cash.currency[:3]}
    if update.pickup_point is not None:
        point = update.pickup_point
        found["pickup_point"] = _texts(found.get("pickup_point"), point, "name address hours code")
        if point.last_day is not None:
            found["pickup_point"]["last_day"] = point.last_day.isoformat()
    if update.courier is not None:
        # Another round may have another courier: replaced as a whole, never mixed.
        found["courier"] = _texts(None, update.courier, "name phone live_url")
    return found


def without_person(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form without what says who signed, who brought it, and what opens a locker."""
    found = {name: value for name, value in kept.items() if name not in {"proof", "courier"}}
    if point := found.get("pickup_point"):
        found["pickup_point"] = {name: words for name, words in point.items() if name != "code"}
    return found


def read_details(kept: Mapping[str, Any]) -> Details:
    """The stored form as values; what cannot be read counts as absent."""
    proof, cash = kept.get("proof"), kept.get("cash")
    point, courier = kept.get("pickup_point"), kept.get("courier")
    return Details(
        proof=Proof(**proof) if proof else None,
        pieces=kept.get("pieces"),
        cash=_cash(cash) if cash else None,
        pickup_point=_point(point) if point else None,
        courier=Courier(**courier) if courier else None,
    )


def _texts(kept: Mapping[str, Any] | None, value: object, names: str) -> dict[str, Any]:
    """The named texts of a value over the kept ones; an empty text replaces nothing."""
    given = {name: str(getattr(value, name))[:_LONGEST] for name in names.split()}
    return dict(kept or {}) | {name: words for name, words in given.items() if words}


def _cash(kept: Mapping[str, Any]) -> Cash | None:
    try:
        return Cash(Decimal(kept["amount"]), kept.get("currency", ""))
    except (KeyError, InvalidOperation):
        return None


def _point(kept: Mapping[str, Any]) -> PickupPoint:
    words = {name: words for name, words in kept.items() if name != "last_day"}
    last_day = kept.get("last_day")
    return PickupPoint(**words, last_day=date.fromisoformat(last_day) if last_day else None)
