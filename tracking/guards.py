"""Implausible scans are kept, set aside and not announced. Pure.

Carriers recycle tracking numbers, close labels as "delivered" by mistake, and some scanners
live in the wrong year. `verdicts` says which scans of a parcel must not count, and why.

**A verdict depends on the set of scans, not on the order of their arrival**, like the fold: it
is given anew for the whole set whenever the set grows, so a scan that arrives late may take a
doubt away (the pick-up that was missing) or bring one. What else it depends on never changes
with the order of arrival: the order, and the moment a scan was first received. **What a person
ruled is kept**: a released scan counts whatever the rules say, a rejected one never, also when
the carrier repeats it (`tracking.quarantine`).

The rules, each careful of the false alarms that it could give:

- *before the order*: older than the order by two days, or by sixty where the shop did not tell
  when the order was placed (then it is when we learned of it, and parcels on their way are added);
- *earlier parcel*: the set has a delivery or return before the order was placed: it and all
  before it belong to the number's earlier life. Only where the shop told when it was placed;
- *in the future*: more than a local time without a zone can be ahead;
- *impossible place*: two scans by people at places too far apart for the time between, or back
  in the country of origin within the hour, unless on the way back. Scans that are often made at
  a desk (customs, delays, "in transit") say nothing; a zone that we assumed gets fourteen hours.
  Of the two the later is doubted, but a stray place beside the way loses to one on it. A
  delivery always loses;
- *ghost delivery*: delivered within half an hour of the label (six hours between countries),
  and nobody had the parcel in hands before;
- *delivered elsewhere*: in another country than the address. Not on the way back, not collected
  at a pick-up point, and not from a depot just across a border of a parcel that had reached the
  country. Cities are not compared: carriers write the depot's, in every spelling.

A ghost or impossible delivery **releases itself** when a later, undoubted scan proves it
(signed, collected, paid) or when the merchant's own fleet or people say so. What these say is
never doubted, but for its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from lib.distances import apart_km, filed_together
from lib.vocabulary import PHYSICAL, UNKNOWN, Doubt, Status, status_of

OLDER_THAN_ORDER: Final = timedelta(days=2)
#: Where nobody told when the order was placed.
OLDER_THAN_KNOWN: Final = timedelta(days=60)
#: A delivery this much before the order is another parcel's; a parcel is not sent before its order.
ENDED_BEFORE: Final = timedelta(hours=3)
#: Local times without a zone can be ahead of us by at most about a day.
AHEAD: Final = timedelta(hours=36)
#: How wrong the instant of a scan may be whose zone we assumed.
ZONE_UNSURE: Final = timedelta(hours=14)

GHOST_WITHIN: Final = timedelta(minutes=30)
GHOST_ABROAD_WITHIN: Final = timedelta(hours=6)
PROOF_WITHIN: Final = timedelta(days=7)

#: What no parcel does: this far at once, and from there on as a jet flies.
FAR_KM: Final = 1500.0
KM_AN_HOUR: Final = 900.0
BACK_WITHIN: Final = timedelta(hours=1)
#: Two countries whose towns are nearer than this are one place to a scanner.
SAME_PLACE_KM: Final = 300.0
#: A depot across the border may serve an address this far from it.
ACROSS_BORDER_KM: Final = 1000.0

#: Somebody stood beside the parcel; what carriers also enter at a desk is left out.
_IN_HANDS: Final = frozenset(
    {
        "picked_up.accepted", "transit.arrived_facility", "transit.departed_facility",
        "transit.departed_origin_country", "transit.arrived_destination_country",
        "transit.at_delivery_depot", "out.on_vehicle", "attempt.nobody_home", "pickup.ready",
    }
)  # fmt: skip
_LAST_MILE: Final = frozenset({"transit.at_delivery_depot", "out.on_vehicle", "pickup.ready"})
_PROOF: Final = frozenset({"delivered.signed", "delivered.collected", "delivered.cod_collected"})
#: The merchant's own fleet and people.
_OWN_WORD: Final = frozenset({"api", "manual", "csv"})
_BACK: Final = frozenset({Status.RETURNING, Status.RETURNED})


class Scan(NamedTuple):
    """One scan as the guards and the fold look at it; the columns of `Event` by their names."""

    key: str
    at: datetime | None
    received_at: datetime
    sub_status: str
    attempt: int | None
    city: str
    country: str
    zone_source: str
    source: str
    code: str
    quarantined: str = ""
    ruling: str = ""

    @property
    def status(self) -> Status | None:
        return status_of(self.sub_status)


@dataclass(frozen=True, slots=True)
class Way:
    """What the parcel's own way is. `is_told`: the shop said when the order was placed."""

    placed_at: datetime
    is_told: bool = True
    origin: str = ""
    destination: str = ""


class _Dated(NamedTuple):
    """A scan with its time and status, in the order of the fold."""

    at: datetime
    key: str
    status: Status
    scan: Scan


def verdicts(scans: Iterable[Scan], way: Way) -> dict[str, str]:
    """Key to reason of the scans that must not count (`lib.vocabulary.Doubt`)."""
    found: dict[str, str] = {}
    oldest = way.placed_at - (OLDER_THAN_ORDER if way.is_told else OLDER_THAN_KNOWN)
    left: list[Scan] = []
    is_travelled = False
    for scan in scans:
        at = scan.at
        if scan.ruling == "rejected" or scan.quarantined == Doubt.OTHER_CARRIER:
            found[scan.key] = scan.quarantined
        elif at is None or scan.ruling == "released":
            left.append(scan)
        elif at < oldest:
            found[scan.key] = Doubt.BEFORE_ORDER
        elif at > scan.received_at + AHEAD:
            found[scan.key] = Doubt.IN_FUTURE
        else:
            left.append(scan)
            is_travelled = is_travelled or scan.country not in {"", way.destination, way.origin}
            is_travelled = is_travelled or scan.sub_status.startswith(("deliv", "return"))
    if not is_travelled and way.origin in {"", way.destination}:
        return found  # nothing was said that the rules below could doubt
    dated = _dated(left)
    if way.is_told:
        dated = _without_earlier_life(dated, way, found)
    _doubt_places(dated, way, found)
    _doubt_deliveries(dated, way, found)
    _believe_proofs(dated, found)
    return found


def _dated(scans: Sequence[Scan]) -> list[_Dated]:
    """Oldest first; scans without time or meaning are not judged, nor is the merchant's word."""
    return sorted(
        _Dated(scan.at, scan.key, status_of(scan.sub_status), scan)  # type: ignore[arg-type]
        for scan in scans
        if scan.at is not None and scan.sub_status != UNKNOWN
    )


def _without_earlier_life(dated: list[_Dated], way: Way, found: dict[str, str]) -> list[_Dated]:
    ends = [
        one.at
        for one in dated
        if one.status in {Status.DELIVERED, Status.RETURNED}
        and one.at + _unsure(one.scan) < way.placed_at - ENDED_BEFORE
        and not _is_given(one.scan)
    ]
    if not ends:
        return dated
    ended = max(ends)
    for one in dated:
        if one.at <= ended and not _is_given(one.scan):
            found[one.key] = Doubt.EARLIER_PARCEL
    return [one for one in dated if one.key not in found]


def _is_given(scan: Scan) -> bool:
    """Not for the rules to doubt: a person released it, or the merchant said it."""
    return scan.ruling == "released" or scan.source in _OWN_WORD


def _unsure(scan: Scan) -> timedelta:
    return ZONE_UNSURE if scan.zone_source == "assumed" else timedelta(0)


# --- impossible places ----------------------------------------------------------------------


def _doubt_places(dated: Sequence[_Dated], way: Way, found: dict[str, str]) -> None:
    """Walk the places; of two that exclude each other one is a mistake."""
    way_back = _way_back_since(dated)
    walked: list[_Dated] = []
    for one in dated:
        if not _tells_place(one, way):
            continue
        is_excluded = False
        while walked and (is_excluded := _excludes(walked[-1], one, way, way_back)):
            if not _is_stray(walked[-1], one, way):
                break
            found[walked.pop().key] = Doubt.IMPOSSIBLE_PLACE
        if walked and is_excluded and not _is_given(one.scan):
            found[one.key] = Doubt.IMPOSSIBLE_PLACE
        else:
            walked.append(one)


def _tells_place(one: _Dated, way: Way) -> bool:
    if one.scan.source in _OWN_WORD or not _place(one, way):
        return False
    return one.status is Status.DELIVERED or one.scan.sub_status in _IN_HANDS


def _place(one: _Dated, way: Way) -> str:
    """The scan's country; a delivery that names none happened at the address, it says."""
    if one.scan.country or one.status is not Status.DELIVERED:
        return one.scan.country
    return way.destination


def _excludes(before: _Dated, after: _Dated, way: Way, way_back: datetime | None) -> bool:
    here, there = _place(before, way), _place(after, way)
    if here == there or filed_together(here, there):
        return False
    km = apart_km(here, there)
    if km is None:
        return False
    took = after.at - before.at + _unsure(before.scan) + _unsure(after.scan)
    if km > FAR_KM + KM_AN_HOUR * took.total_seconds() / 3600:
        return True
    is_on_way_back = way_back is not None and after.at >= way_back
    is_home_again = there == way.origin and took < BACK_WITHIN and km > SAME_PLACE_KM
    return is_home_again and not is_on_way_back


def _is_stray(before: _Dated, after: _Dated, way: Way) -> bool:
    """Whether the earlier scan is the mistake: beside the way, and the later one on it."""
    ends = {way.origin, way.destination}
    return (
        way.origin != ""
        and after.status is not Status.DELIVERED
        and not _is_given(before.scan)
        and _place(before, way) not in ends
        and _place(after, way) in ends
    )


def _way_back_since(dated: Sequence[_Dated]) -> datetime | None:
    return next((one.at for one in dated if one.status in _BACK), None)


# --- deliveries -----------------------------------------------------------------------------


def _doubt_deliveries(dated: Sequence[_Dated], way: Way, found: dict[str, str]) -> None:
    trusted = [one for one in dated if one.key not in found]
    way_back = _way_back_since(trusted)
    for one in trusted:
        if one.status is not Status.DELIVERED or _is_given(one.scan):
            continue
        if way_back is not None and way_back <= one.at:
            continue  # handed over at the end of the way back, wherever that is
        before = [other for other in trusted if other.at <= one.at and other.key != one.key]
        if _is_elsewhere(one, before, way):
            found[one.key] = Doubt.DELIVERED_ELSEWHERE
        elif _is_ghost(one, before, way):
            found[one.key] = Doubt.GHOST_DELIVERY


def _is_elsewhere(one: _Dated, before: Sequence[_Dated], way: Way) -> bool:
    here = one.scan.country
    if not here or not way.destination or here == way.destination:
        return False
    if filed_together(here, way.destination):
        return False
    if one.scan.sub_status == "delivered.collected":
        return not any(
            other.status is Status.AVAILABLE_FOR_PICKUP and other.scan.country == here
            for other in before
        )
    km = apart_km(here, way.destination)
    served_from_here = any(
        other.scan.sub_status in _LAST_MILE and other.scan.country == here for other in before
    )
    had_arrived = any(other.scan.country == way.destination for other in before)
    is_near = km is not None and km <= ACROSS_BORDER_KM
    return not (is_near and served_from_here and had_arrived)


def _is_ghost(one: _Dated, before: Sequence[_Dated], way: Way) -> bool:
    """Nobody had it in hands, and the label is hardly dry. Two proofs of one delivery are one."""
    in_hands = {*PHYSICAL, Status.EXCEPTION} - {Status.DELIVERED}
    if any(other.status in in_hands for other in before):
        return False
    labels = [other for other in before if other.status is Status.INFO_RECEIVED]
    if not labels:
        return False
    label = labels[0]
    took = one.at - label.at
    if took <= GHOST_WITHIN:
        return True
    is_abroad = way.origin not in {"", way.destination}
    is_sure = "assumed" not in {one.scan.zone_source, label.scan.zone_source}
    return is_abroad and is_sure and took <= GHOST_ABROAD_WITHIN


def _believe_proofs(dated: Sequence[_Dated], found: dict[str, str]) -> None:
    """A doubted delivery that is proven later, or that the merchant knows of, is one after all."""
    proofs = [
        one.at
        for one in dated
        if one.status is Status.DELIVERED
        and one.key not in found
        and (one.scan.sub_status in _PROOF or _is_given(one.scan))
    ]
    for one in dated:
        is_doubted = found.get(one.key) in {Doubt.GHOST_DELIVERY, Doubt.IMPOSSIBLE_PLACE}
        if not is_doubted or one.status is not Status.DELIVERED or one.scan.ruling == "rejected":
            continue
        if any(one.at <= proof <= one.at + PROOF_WITHIN for proof in proofs):
            del found[one.key]
