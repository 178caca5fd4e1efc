"""What an update says about parcels: which are new, corrected, taken back, and what is inside.

A fulfilment has the numbers that its newest version names. A number that it no longer names is
corrected where a new one came instead, and ends where none did, unless somebody has scanned it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from carriers.carrier_names import FAMILIES
from lib.folding import number_key, western_digits
from stores.held import Correction, Held, fulfilment_part
from stores.saying import origin_value
from stores.stamps import Rank
from stores.vocabulary import FulfilmentUpdate
from tracking.candidates import UNKNOWN_CARRIER
from tracking.models import Shipment


def merge_parcels(
    held: Held, parcels: Sequence[FulfilmentUpdate], rank: Rank, *, now: datetime
) -> None:
    """Merge all that one update says about parcels."""
    # A parcel's payload is about this very thing: it counts as much as a whole order's.
    rank = rank.as_event()
    said: dict[str, dict[str, FulfilmentUpdate]] = defaultdict(dict)
    for parcel in _one_a_number(parcels):
        key = number_key(parcel.tracking_number)
        if key or (parcel.withdrawn and parcel.external_id):
            said[fulfilment_part(parcel.external_id, key)][key] = parcel
    for part, named in said.items():
        known = {
            key: shipment
            for key, shipment in held.parcels.items()
            if fulfilment_part(shipment.external_id, key) == part
        }
        if held.stamps.wins(part, rank, is_held=bool(known)):
            _merge_fulfilment(held, known, named, now=now)
            held.stamps.note(part, rank)
        for key, parcel in named.items():
            if key in held.parcels or key in held.arriving:
                _merge_contents(held, key, parcel, rank)


def add_one(held: Held, parcel: FulfilmentUpdate, *, now: datetime) -> str:
    """One parcel beside the others, whatever fulfilment it is of; its number's key.

    Raises ValueError for a number without letters and digits.
    """
    said = _one_a_number([parcel])[0]
    key = number_key(said.tracking_number)
    if not key:
        raise ValueError("a tracking number has letters or digits")
    if key in held.parcels:
        _tell(held, held.parcels[key], said, now=now)
    else:
        held.arriving[key] = said
    _merge_contents(held, key, said, Rank(None))
    return key


def _one_a_number(parcels: Sequence[FulfilmentUpdate]) -> list[FulfilmentUpdate]:
    """Two fulfilments that went out in one box are one parcel with the contents of both."""
    found: dict[tuple[str, str], FulfilmentUpdate] = {}
    for given in parcels:
        parcel = replace(
            given,
            tracking_number=western_digits(given.tracking_number).strip()[:60],
            external_id=given.external_id[:100],
        )
        key = number_key(parcel.tracking_number)
        place = (key, "" if key else parcel.external_id)
        other = found.get(place)
        if other is None or other.withdrawn:
            found[place] = parcel
        elif not parcel.withdrawn:
            inside = dict(other.contents)
            if other.external_id != parcel.external_id:
                for line, count in parcel.contents:
                    inside[line] = inside.get(line, 0) + count
            found[place] = replace(other, contents=tuple(inside.items()))
    return list(found.values())


def _merge_fulfilment(
    held: Held,
    known: dict[str, Shipment],
    named: dict[str, FulfilmentUpdate],
    *,
    now: datetime,
) -> None:
    gone = [
        shipment for key, shipment in known.items()
        if key not in named and shipment.last_event_at is None and shipment.withdrawn_at is None
    ]  # fmt: skip
    fresh = [
        key for key, parcel in named.items()
        if key and key not in held.parcels and not parcel.withdrawn
    ]  # fmt: skip
    for key in fresh:
        if gone:
            _correct(held, gone.pop(0), named[key])
        else:
            held.arriving[key] = named[key]
    for key, parcel in named.items():
        if key in held.parcels and key not in fresh:
            _tell(held, held.parcels[key], parcel, now=now)
    for shipment in gone:
        _withdraw(held, shipment, now)


def _correct(held: Held, shipment: Shipment, said: FulfilmentUpdate) -> None:
    old, new = shipment.number_key, number_key(said.tracking_number)
    held.parcels[new] = held.parcels.pop(old)
    if old in held.contents:
        held.contents[new] = held.contents.pop(old)
    if old in held.packed:
        held.packed.remove(old)
        held.packed.add(new)
    # How old our word about what is inside is, and what it waits for, go with the parcel.
    own, waiting = held.stamps.own, held.stamps.waiting
    if f"in/{old}" in own:
        own[f"in/{new}"] = own.pop(f"in/{old}")
    if old in waiting:
        waiting[new] = waiting.pop(old)
    held.renamed.append(Correction(shipment, said))


def _withdraw(held: Held, shipment: Shipment, at: datetime | None) -> None:
    if (shipment.withdrawn_at is None) != (at is None):
        shipment.withdrawn_at = at
        held.withdrawn[shipment.pk] = at


def _tell(held: Held, shipment: Shipment, said: FulfilmentUpdate, *, now: datetime) -> None:
    """Fill what was not known; a known value stays."""
    _withdraw(held, shipment, now if said.withdrawn else None)
    filled = {
        "external_id": said.external_id,
        "service": said.service[:60],
        "shipped_by_store_at": min(said.shipped_at, now) if said.shipped_at else None,
        "ship_from": origin_value(said.ship_from),
    }
    for column, value in filled.items():
        if value and not getattr(shipment, column):
            held.put(shipment, column, value)
    extra = {**extra_of(said), **shipment.extra}
    held.put(shipment, "extra", extra)
    is_open = shipment.pk in held.undecided or shipment.carrier == UNKNOWN_CARRIER
    # A family's name ("DHL") that is known already leaves it to the number as before.
    says_more = said.carrier != shipment.carrier or said.carrier not in FAMILIES
    if said.carrier and is_open and says_more:
        held.named.append((shipment, said.carrier))


def extra_of(said: FulfilmentUpdate) -> dict[str, str]:
    """The fields that its carrier may need, and the shop's word for a carrier we do not know."""
    extra = dict(said.extra)
    if said.carrier_name and not said.carrier:
        extra.setdefault("carrier_name", said.carrier_name[:80])
    return extra


def _merge_contents(held: Held, key: str, said: FulfilmentUpdate, rank: Rank) -> None:
    """The newest version says what is inside, to the piece; unknown lines are waited for."""
    part, waits = f"in/{key}", held.stamps.waiting
    is_held = key in held.contents or key in waits
    if not said.contents or not held.stamps.wins(part, rank, is_held=is_held):
        return
    held.stamps.note(part, rank)
    places = {line.external_id: n for n, line in enumerate(held.lines) if line.external_id}
    inside = {places[line]: count for line, count in said.contents if line in places and count}
    waiting = {line[:100]: count for line, count in said.contents if line not in places and count}
    shipment = held.parcels.get(key)
    if shipment is not None and said.external_id not in {"", shipment.external_id}:
        # Another fulfilment in the same box adds to what the first one put in.
        inside = {**held.contents.get(key, {}), **inside}
    if waiting:
        waits[key] = waiting
    else:
        waits.pop(key, None)
    if inside != held.contents.get(key, {}):
        held.contents[key] = inside
        held.packed.add(key)


def place_waiting(held: Held) -> None:
    """Put into parcels what was said to be in them before its line was known."""
    if not held.stamps.waiting:
        return
    places = {line.external_id: n for n, line in enumerate(held.lines) if line.external_id}
    for key, waiting in list(held.stamps.waiting.items()):
        for line in [line for line in waiting if line in places]:
            held.contents.setdefault(key, {})[places[line]] = waiting.pop(line)
            held.packed.add(key)
        if not waiting:
            del held.stamps.waiting[key]
