"""Judges the dates of parcels that came, and counts them: row-driven, safe to run twice.

A parcel's outcomes are written anew whenever its end changes (a corrected scan, a dispute), and
the sums lose the old and gain the new ones in the same transaction. So the sums are always those
of the outcomes, whatever was killed in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from edd.calibration import EVERY
from edd.models import DateScore, Guarded
from edd.scoring import needed
from edd.zones import destination_zone
from merchants.scope import every_merchant, merchant_scope
from tracking import score_sums
from tracking.gap_history import lane_of
from tracking.models import CarrierDate, DateOutcome, Judgement, Promise, ShownDate
from tracking.shown import STAFF
from tracking.verdicts import (
    NOT_HELD,
    Ended,
    Ending,
    Given,
    Moment,
    carriers_promise,
    counted,
    judge,
    week_of,
)
from tracking.writing import insert_many, update_many

#: A worker that dies gives its parcels back after this.
LEASE: Final = timedelta(minutes=15)
_COLUMNS: Final = (
    "merchant_id", "shipment_id", "week", "whose", "carrier", "lane", "stage", "level", "source",
    "first", "last", "verdict", "days_off", "needed", "told",
)  # fmt: skip


def judge_due(*, now: datetime, limit: int = 500) -> int:
    """Judge parcels that wait for it; returns how many were taken."""
    with every_merchant("parcels of all merchants arrive"):
        due = _claim(now=now, limit=limit)
    for merchant_id, ids in due.items():
        with merchant_scope(merchant_id):
            judge_parcels(merchant_id, ids, now=now)
    return sum(len(ids) for ids in due.values())


def _claim(*, now: datetime, limit: int) -> dict[int, list[int]]:
    """Lease due parcels: merchant id to shipment ids; in `every_merchant`."""
    rows = list(
        Judgement.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=now)
        .order_by("due_at")
        .values_list("id", "merchant_id", "shipment_id")[:limit]
    )
    Judgement.objects.filter(pk__in=[row[0] for row in rows]).update(due_at=now + LEASE)
    found: dict[int, list[int]] = defaultdict(list)
    for _, merchant_id, shipment_id in rows:
        found[merchant_id].append(shipment_id)
    return dict(found)


def judge_parcels(merchant_id: int, shipment_ids: Sequence[int], *, now: datetime) -> None:
    """Write these parcels' outcomes anew, and change the sums by them; in its scope."""
    with transaction.atomic():
        score_sums.lock(merchant_id)
        turns = Judgement.objects.select_for_update(of=("self",)).filter(
            shipment_id__in=shipment_ids
        )
        parcels = [_Ended(turn, now=now) for turn in turns.select_related("shipment__order")]
        dates = _Dates([one.shipment.pk for one in parcels])
        old = DateOutcome.objects.filter(shipment_id__in=shipment_ids)
        gone = [_counted(row) for row in old.values_list(*_COLUMNS)]
        old.delete()
        rows = [row for one in parcels for row in _outcomes(one, dates)]
        insert_many(DateOutcome, _COLUMNS, rows)
        score_sums.change(merchant_id, gone=gone, come=[_counted(row) for row in rows])
        shown = [row for one in parcels for row in _verdicts(one, dates)]
        update_many(ShownDate, ("verdict", "days_off"), shown)
        turned = [(one.turn.pk, now, _again(one, dates)) for one in parcels]
        update_many(Judgement, ("judged_at", "due_at"), turned)
        if rows:
            Guarded.objects.get_or_create(merchant_id=merchant_id, defaults={"due_at": now + EVERY})


def _counted(row: tuple[Any, ...]) -> score_sums.Counted:
    """A row in the order of `_COLUMNS` as the sums count it."""
    value = dict(zip(_COLUMNS, row, strict=True))
    key = score_sums.Key(*(value[name] for name in score_sums.Key._fields))
    return score_sums.Counted(
        key, value["verdict"], value["days_off"], value["needed"], value["told"]
    )


class _Ended:
    """A parcel whose turn it is, and how the waiting for it ended."""

    def __init__(self, turn: Judgement, *, now: datetime) -> None:
        self.turn, self.shipment = turn, turn.shipment
        order = self.shipment.order
        name = self.shipment.edd_zone or destination_zone(order.country, order.region, order.city)
        self.zone = ZoneInfo(name)
        self.today = now.astimezone(self.zone).date()
        self.lane = lane_of(order.ship_from_country, order.country)
        self.ended: Ended | None = None
        if turn.ending and turn.ended_at is not None:
            ending, day = Ending(turn.ending), turn.ended_at.astimezone(self.zone).date()
            self.week = week_of(day)
            # A lost parcel breaks each of its dates on the day that passes without it.
            self.ended = Ended(ending, turn.ended_at, self.today if ending is Ending.LOST else day)


class _Dates:
    """Everything that was said about these parcels, by parcel; three queries."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.promises: dict[int, list[Promise]] = defaultdict(list)
        for one in Promise.objects.filter(shipment_id__in=ids).order_by("made_at", "pk"):
            self.promises[one.shipment_id].append(one)
        self.carriers: dict[int, list[CarrierDate]] = defaultdict(list)
        for row in CarrierDate.objects.filter(shipment_id__in=ids).order_by("said_at", "pk"):
            self.carriers[row.shipment_id].append(row)
        self.shown: dict[int, list[ShownDate]] = defaultdict(list)
        for look in ShownDate.objects.filter(shipment_id__in=ids):
            self.shown[look.shipment_id].append(look)

    def was_told(self, shipment_id: int, given: Given, *, before: datetime) -> bool:
        """Whether a customer had seen this date by then."""
        return any(
            (look.first, look.last) == (given.first, given.last)
            and look.where not in STAFF
            and look.first_at < before
            for look in self.shown[shipment_id]
        )


def _outcomes(parcel: _Ended, dates: _Dates) -> Iterable[tuple[Any, ...]]:
    """Rows of DateOutcome, in the order of `_COLUMNS`."""
    ended, shipment = parcel.ended, parcel.shipment
    if ended is None:
        return
    ours = {one.pk: one for one in dates.promises[shipment.pk]}
    given = [
        Given(one.pk, one.made_at, one.stage not in NOT_HELD, one.first, one.last)
        for one in ours.values()
    ]
    for moment, one in counted(given, picked_up_at=shipment.picked_up_at, ended=ended):
        made = ours[one.key]
        told = dates.was_told(shipment.pk, one, before=ended.at)
        # What was known at order says nothing of the chances at hand-over.
        own = moment is not Moment.HANDOVER or one.was_held
        level = needed(made.inputs, ended.day) if own and ended.ending is Ending.ARRIVED else None
        yield from _row(
            parcel, ended, one, whose=DateScore.Whose.OURS, stage=moment, level=made.level,
            source=made.source, needed_level=level, told=told,
        )  # fmt: skip
    theirs = [
        Given(one.pk, one.said_at, one.was_held, one.first, one.last)
        for one in dates.carriers[shipment.pk]
    ]
    said = carriers_promise(theirs, ended=ended)
    if said is not None:
        yield from _row(
            parcel, ended, said, whose=DateScore.Whose.CARRIER, stage=Moment.HANDOVER, level=0,
            source="carrier", needed_level=None, told=False,
        )  # fmt: skip


def _row(
    parcel: _Ended,
    ended: Ended,
    given: Given,
    *,
    whose: str,
    stage: str,
    level: int,
    source: str,
    needed_level: float | None,
    told: bool,
) -> Iterable[tuple[Any, ...]]:
    found = judge(given.first, given.last, ended)
    if found is None:
        return
    shipment = parcel.shipment
    yield (
        shipment.merchant_id, shipment.pk, parcel.week, str(whose), shipment.carrier,
        parcel.lane, str(stage), level, source, given.first, given.last, found.verdict,
        found.days_off, needed_level, told,
    )  # fmt: skip


def _verdicts(parcel: _Ended, dates: _Dates) -> Iterable[tuple[int, str, int | None]]:
    """Of each look at one of the parcel's dates how that was kept: (id, verdict, days off).

    "" where the parcel is awaited (again), or what was shown was no promise any more.
    """
    for look in dates.shown[parcel.shipment.pk]:
        ended = parcel.ended
        is_judged = ended is not None and look.first_at < ended.at
        found = judge(look.first, look.last, ended) if ended and is_judged else None
        yield look.pk, found.verdict if found else "", found.days_off if found else None


def _again(parcel: _Ended, dates: _Dates) -> datetime | None:
    """When the last day of a lost parcel passes that has not passed yet."""
    if parcel.ended is None or parcel.ended.ending is not Ending.LOST:
        return None
    ahead = [one.last for one in dates.promises[parcel.shipment.pk] if one.last >= parcel.today]
    if not ahead:
        return None
    return datetime.combine(max(ahead) + timedelta(days=1), time(), parcel.zone)
