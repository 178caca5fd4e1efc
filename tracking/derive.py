"""What follows from a parcel's scans: its columns, the changes to write, the date to show.

Reads rows, writes none; `tracking.ingest` saves what comes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from carriers.updates import DateWindow
from edd.estimate import Estimate, Rules
from lib.vocabulary import RAIL, Milestone, Status
from tracking.date_changes import date_changes
from tracking.dating import apply_date, hear_window, promised
from tracking.flag_changes import FLAGS, FlagNews, flag_changes
from tracking.flags import Flags, Promised, Unheard, end_of_day, flags, stalls_at
from tracking.fold import MappedEvent, ParcelState, Reached, fold
from tracking.gap_tables import GapTables
from tracking.models import Change, Order, Shipment
from tracking.outbox import NewChange
from tracking.silence_limits import judge_silence

#: The columns of Shipment that a derivation sets, in the order of `Derived.row()`.
COLUMNS = (
    "status", "sub_status", "status_at", "milestones", "attempts", "unknown_events",
    "picked_up_at", "delivered_at", "last_event_at", "last_place",
    "delayed", "will_be_late", "late_risk", "stalled", "action_required", "return_leg",
    "edd_first", "edd_last", "edd_zone", "edd_source", "edd_kind", "promised_first",
    "promised_last", "told_first", "told_last", "carrier_first", "carrier_last", "carrier_kind",
    "usual_silence", "operator_disruption_id", "own_disruption_id", "untold", "version",
    "updated_at",
)  # fmt: skip


#: Nobody has scanned it: at most its label is known.
_NOT_HELD = frozenset({Status.PENDING, Status.INFO_RECEIVED})


@dataclass(slots=True)
class Derived:
    """One parcel after its scans: new column values, changes, and the date when it moved."""

    shipment: Shipment
    state: ParcelState
    flags: Flags
    changes: list[NewChange] = field(default_factory=list)
    new_date: Estimate | None = None
    #: What the merchant asks of its dates, in per cent.
    level: int = 90
    #: The carrier gave more beside scans and dates: a place of collection and its last day.
    has_new_details: bool = False

    def row(self) -> tuple[Any, ...]:
        return (self.shipment.pk, *(getattr(self.shipment, name) for name in COLUMNS))


def derive(
    *,
    shipment: Shipment,
    order: Order,
    events: Iterable[MappedEvent],
    rules: Rules,
    carrier_window: DateWindow | None,
    now: datetime,
    silent: bool = False,
    tells_later: bool = False,
    news_since: datetime | None = None,
    unheard: bool = False,
    skus: Collection[str] = (),
    history: GapTables | None = None,
    has_new_details: bool = False,
) -> Derived:
    """Fold, date, flags and changes of one parcel; sets its attributes, saves nothing.

    `silent` keeps every change but announces none: a corrected mapping is not news. Nor is
    what happened before `news_since`, if it is given. `tells_later`: a flag that is raised
    silently is told by the next look that is not, while it holds. `unheard`: the carrier's feed
    is dead.
    `skus`: what is in it, where a rule of the merchant asks for that. `history` says how long
    no scan is usual; without it, the fixed figures of `tracking.flags` do.
    """
    state = _as_withdrawn(shipment, _as_disputed(shipment, fold(events)))
    before = _Before(shipment)
    hear_window(shipment, carrier_window)
    made = apply_date(shipment, order, state, rules, skus, now=now)
    told = promised(shipment, made)
    found, stalls_at = _flags(
        shipment, order, state, told, before, history=history, unheard=unheard, now=now
    )
    shipment.late_risk = told.per_cent if told is not None and made is not None else None
    window = (shipment.edd_first, shipment.edd_last)
    new_date = made if window != before.window else None
    _apply_state(shipment, state, found, now=now)
    news = FlagNews(
        announce_from=order.announce_from,
        heard_at=state.last_event_at or now,
        stalls_at=stalls_at,
        late_at=end_of_day(told) if told else None,
        silent=silent,
        tells_later=tells_later,
        unheard=unheard,
    )
    changes = [
        *_milestone_changes(shipment, order, state, before),
        *_attempt_changes(shipment, order, state, before),
        *_status_changes(shipment, order, state, before),
        *flag_changes(shipment, before.flags, news, now=now),
        *date_changes(
            shipment,
            before.window,
            new_date,
            announce_days=rules.announce_days,
            silent=silent,
            now=now,
        ),
    ]
    heard = [_as_news(change, silent=silent, since=news_since) for change in changes]
    return Derived(shipment, state, found, heard, new_date, rules.level, has_new_details)


def _flags(
    shipment: Shipment,
    order: Order,
    state: ParcelState,
    told: Promised | None,
    before: _Before,
    *,
    history: GapTables | None,
    unheard: bool,
    now: datetime,
) -> tuple[Flags, datetime]:
    """The flags, and the moment at which its silence is or was too long."""
    followed_since = max(shipment.created_at, order.placed_at)
    silence = judge_silence(shipment, order, state, history, followed_since=followed_since)
    was = before.flags
    found = flags(
        state,
        told,
        now=now,
        followed_since=followed_since,
        normal_silence=silence,
        was_likely_late=was["will_be_late"],
        unheard=Unheard(was["delayed"], was["stalled"]) if unheard else None,
    )
    if before.window[1] is None and state.last_event_at is None:
        # We were told of it this moment, and its carrier was not asked yet.
        found = replace(found, delayed=False, will_be_late=False)
    return found, stalls_at(state, followed_since=followed_since, normal_silence=silence)


def _as_news(change: NewChange, *, silent: bool, since: datetime | None) -> NewChange:
    """A change that is announced only where this is news at all, and as new as it has to be."""
    is_news = not silent and (since is None or change.at >= since)
    return change if is_news else replace(change, announce=False)


def _as_disputed(shipment: Shipment, state: ParcelState) -> ParcelState:
    """The state as the shopper contradicts it: only as long as that very thing is the newest."""
    if shipment.disputed and state.status is Status.DELIVERED:
        return replace(state, sub_status="delivered.disputed_by_shopper")
    denied = shipment.disputed_attempt
    if state.status is Status.ATTEMPT_FAILED and denied == len(state.attempts):
        return replace(state, sub_status="attempt.disputed_by_shopper")
    return state


def _as_withdrawn(shipment: Shipment, state: ParcelState) -> ParcelState:
    """The shop took it back: it ends, unless somebody holds it after all."""
    if shipment.withdrawn_at is None or state.status not in _NOT_HELD:
        return state
    return replace(
        state,
        status=Status.CANCELLED,
        sub_status="cancelled.by_shipper",
        status_at=shipment.withdrawn_at,
        status_key=f"shop {shipment.withdrawn_at:%Y%m%d%H%M%S}",
    )


class _Before:
    """What a shipment said before the derivation."""

    def __init__(self, shipment: Shipment) -> None:
        self.milestones = frozenset(shipment.milestones)
        self.sub_status = shipment.sub_status
        self.attempts = shipment.attempts
        self.flags = {name: bool(getattr(shipment, name)) for name in FLAGS}
        self.window = (shipment.edd_first, shipment.edd_last)


def _apply_state(shipment: Shipment, state: ParcelState, found: Flags, *, now: datetime) -> None:
    shipment.status = Status.EXPIRED if found.expired else state.status
    shipment.sub_status = "expired.silent" if found.expired else state.sub_status
    shipment.status_at = state.status_at
    shipment.milestones = {
        name.value: reached.at.isoformat() for name, reached in state.milestones.items()
    }
    shipment.attempts = len(state.attempts)
    shipment.unknown_events = state.unknown_events
    shipment.picked_up_at = state.picked_up_at
    shipment.delivered_at = state.delivered_at
    shipment.last_event_at = state.last_event_at
    shipment.last_place = state.last_place[:120]
    shipment.delayed = found.delayed
    shipment.will_be_late = found.will_be_late
    shipment.stalled = found.stalled
    shipment.action_required = found.action_required
    shipment.return_leg = state.return_leg
    shipment.version += 1
    shipment.updated_at = now


def _change(shipment: Shipment, kind: str, key: str, at: datetime, **rest: Any) -> NewChange:
    return NewChange(shipment.merchant_id, shipment.order_id, shipment.pk, kind, key, at, **rest)


def _milestone_changes(
    shipment: Shipment, order: Order, state: ParcelState, before: _Before
) -> list[NewChange]:
    """Newly reached milestones; only the furthest is announced, it implies the others."""
    fresh: list[Reached] = [
        reached
        for milestone in RAIL
        if (reached := state.milestones.get(milestone)) and milestone.value not in before.milestones
    ]
    # A way back, a loss or a cancellation is not told as progress.
    forward = not state.return_leg and state.status not in {
        Status.LOST_OR_DESTROYED,
        Status.CANCELLED,
        Status.ATTEMPT_FAILED,
    }
    return [
        _change(
            shipment,
            Change.Kind.MILESTONE,
            reached.milestone.value,
            reached.at,
            announce=forward and reached is fresh[-1] and reached.at >= order.announce_from,
        )
        for reached in fresh
    ]


def _attempt_changes(
    shipment: Shipment, order: Order, state: ParcelState, before: _Before
) -> list[NewChange]:
    """One Change a failed attempt; told only while it is the latest thing that happened."""
    still = state.status is Status.ATTEMPT_FAILED
    return [
        _change(
            shipment,
            Change.Kind.MILESTONE,
            f"{Milestone.ATTEMPT_FAILED}:{attempt.number}",
            attempt.at,
            announce=still
            and attempt.number == len(state.attempts)
            and attempt.at >= order.announce_from,
            data={"sub_status": attempt.sub_status},
        )
        for attempt in state.attempts
        if attempt.number > before.attempts
    ]


def _status_changes(
    shipment: Shipment, order: Order, state: ParcelState, before: _Before
) -> list[NewChange]:
    """The sub-status it came into; one that was so before the order's first news is history."""
    if state.sub_status == before.sub_status or state.status_at is None:
        return []
    key = f"{state.sub_status}@{state.status_key[:20]}"
    is_news = state.status_at >= order.announce_from
    return [_change(shipment, Change.Kind.STATUS, key, state.status_at, announce=is_news)]
