"""Parcels whose carrier is not certain: the candidates are asked in turn, the evidence decides.

Each poll asks one candidate. Scans that go to the order's country after its date win at once;
scans that only may be the parcel's wait until the others have been asked. What a candidate says
about another parcel is never stored, so nothing of it can be announced. When all say "not found"
the parcel stays pending, and they are asked again on its usual schedule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from carriers.accounts import Routes, routes
from carriers.updates import TrackingUpdate
from lib.folding import number_key
from tracking.carrier_change import settle
from tracking.evidence import Said, Way, weigh
from tracking.models import Watch
from tracking.needed_fields import lacking, needs_of

_Entry = dict[str, str]
"""One candidate: `slug`, what it `said` (`Said`), and `why`."""

#: Who is asked next: whoever was not asked, then whom we could not reach, then the likely one.
_ORDER: Final = (Said.NOT_ASKED, Said.FAILED, Said.MAY_BE)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the candidate whose turn it was answered; `update` None where it did not name the
    parcel, or, with `is_failed`, where it could not be asked."""

    carrier: str
    update: TrackingUpdate | None
    is_failed: bool = False


@dataclass(slots=True)
class Judged:
    """Watches whose answer counts (`won`), and those that are asked again at once (`hurried`):
    another candidate's turn."""

    won: set[int] = field(default_factory=set)
    hurried: set[int] = field(default_factory=set)

    def hurry(self, *, now: datetime) -> None:
        """Give these parcels their next turn now; after the round wrote its own schedule."""
        if self.hurried:
            Watch.objects.filter(pk__in=self.hurried).exclude(candidates=[]).update(next_ask_at=now)


def turns(watch_ids: Collection[int], *, now: datetime) -> dict[int, str]:
    """Watch id → the candidate to ask now, of the undecided among these; in `every_merchant`.

    Without one that can be asked the parcel is not in it, and is treated like any other.
    """
    if not watch_ids:
        return {}
    watches = list(_undecided(watch_ids))
    askable = _Askable(watches, now=now)
    found = {}
    for watch in watches:
        entry = _next(watch.candidates, askable.of(watch))
        if entry is not None:
            found[watch.pk] = entry["slug"]
    return found


def judge(replies: Mapping[int, Reply], *, now: datetime) -> Judged:
    """Weigh the candidates' answers, by watch id; in the merchant's scope and a transaction.

    A winner becomes the parcel's carrier. Who was corrected by a person meanwhile is left alone.
    """
    judged = Judged()
    if not replies:
        return judged
    watches = list(_undecided(replies).select_for_update(of=("self",)).order_by("pk"))
    askable = _Askable(watches, now=now)
    for watch in watches:
        _judge(watch, replies[watch.pk], askable.of(watch), judged, now=now)
    return judged


def decide_push(
    *, carrier: str, updates: Iterable[TrackingUpdate], now: datetime
) -> dict[str, int]:
    """A carrier pushed these: number key → parcel id of the undecided that it proves to have.

    In the merchant's scope and a transaction.
    """
    by_key = {number_key(update.tracking_number): update for update in updates}
    waiting = Watch.objects.filter(
        candidates__contains=[{"slug": carrier}], shipment__number_key__in=list(by_key)
    )
    keys = dict(waiting.values_list("pk", "shipment__number_key"))
    judged = judge({pk: Reply(carrier, by_key[key]) for pk, key in keys.items()}, now=now)
    won = Watch.objects.filter(pk__in=judged.won)
    return dict(won.values_list("shipment__number_key", "shipment_id"))


def slugs_of(watch: Watch) -> list[str]:
    """Who may have the parcel, likeliest first; empty once it is settled."""
    return [entry["slug"] for entry in watch.candidates]


def _undecided(watch_ids: Iterable[int]) -> QuerySet[Watch]:
    found = Watch.objects.filter(pk__in=list(watch_ids)).exclude(candidates=[])
    return found.select_related("shipment__order__merchant")


class _Askable:
    """Which candidates can be asked: they have an account that is not paused, and their fields."""

    def __init__(self, watches: Sequence[Watch], *, now: datetime) -> None:
        self._now = now
        self._routes = Routes()
        if watches:
            merchants = {watch.merchant_id for watch in watches}
            slugs = {entry["slug"] for watch in watches for entry in watch.candidates}
            self._routes = routes(merchants, slugs)

    def of(self, watch: Watch) -> set[str]:
        return {slug for slug in slugs_of(watch) if self._can_ask(watch, slug)}

    def _can_ask(self, watch: Watch, slug: str) -> bool:
        route = self._routes.find(watch.merchant_id, slug)
        if route is None:
            return False
        paused = [route.row.paused_until, route.row.platform and route.row.platform.paused_until]
        if any(until is not None and until > self._now for until in paused):
            return False
        return not lacking(needs_of(slug, route.carrier), watch.shipment)


def _next(candidates: Sequence[_Entry], askable: Collection[str]) -> _Entry | None:
    mine = [entry for entry in candidates if entry["slug"] in askable]
    for said in _ORDER:
        for entry in mine:
            if entry["said"] == said:
                return entry
    return mine[0] if mine else None


def _judge(
    watch: Watch, reply: Reply, askable: Collection[str], judged: Judged, *, now: datetime
) -> None:
    candidates: list[_Entry] = watch.candidates
    entry = next((one for one in candidates if one["slug"] == reply.carrier), None)
    if entry is None:
        return
    shipment = watch.shipment
    order = shipment.order
    said, why = Said.FAILED, ""
    if not reply.is_failed:
        way = Way(order.placed_at, order.created_at, order.country)
        said, why = weigh(reply.update, way, now=now)
    if all(one["said"] in {Said.NOT_FOUND, Said.OTHER_PARCEL} for one in candidates):
        for one in candidates:
            one.update(said="", why="")  # everybody was asked: a new round
    entry.update(said=str(said), why=why)
    others = [one for one in candidates if one is not entry and one["slug"] in askable]
    open_ones = [one for one in others if one["said"] in {Said.NOT_ASKED, Said.FAILED}]
    if said is Said.FITS or (said is Said.MAY_BE and not open_ones):
        judged.won.add(watch.pk)
        settle(shipment, reply.carrier, now=now)
        return
    Watch.objects.filter(pk=watch.pk).update(candidates=candidates)
    is_next_known = any(one["said"] == Said.NOT_ASKED for one in others)
    if is_next_known or (said is not Said.FAILED and _only_likely_left(others)):
        judged.hurried.add(watch.pk)


def _only_likely_left(others: Sequence[_Entry]) -> bool:
    """Whether somebody's scans waited for this answer, and for nobody else's."""
    said: set[Any] = {one["said"] for one in others}
    return Said.MAY_BE in said and not said & {Said.NOT_ASKED, Said.FAILED}


def as_not_found(update: TrackingUpdate) -> TrackingUpdate:
    """What is left of an answer about somebody else's parcel."""
    return TrackingUpdate(update.tracking_number, not_found=True, problem=update.problem)
