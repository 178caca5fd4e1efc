"""Changes, each consumer's turn at them, and how a consumer takes its turns.

A Change is written in the transaction that caused it, together with one Outbox row for
every consumer that wants its kind. Consumers register themselves; tracking knows none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from tracking.models import Change, Outbox
from tracking.writing import insert_many

Wants = Callable[[str, str], bool]
"""Whether a change of this kind and key concerns a consumer."""

_CONSUMERS: Final[dict[str, frozenset[str]]] = {}
_WANTS: Final[dict[str, Wants]] = {}
Listeners = Callable[[Collection[int]], Collection[int]]
"""Which of these merchants (by id) a consumer has anything to do for."""
_LISTENERS: Final[dict[str, Listeners]] = {}
_LEASE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change to be written; see `tracking.models.Change` for kinds and keys."""

    merchant_id: int
    order_id: int
    shipment_id: int | None
    kind: str
    key: str
    at: datetime
    announce: bool = True
    data: dict[str, Any] = field(default_factory=dict)


def register(
    consumer: str,
    *,
    kinds: Iterable[str] = tuple(Change.Kind.values),
    wants: Wants | None = None,
    listeners: Listeners | None = None,
) -> None:
    """Give this consumer a turn at every change of these kinds from now on.

    Of those, where it says so, only at what it `wants` by kind and key; `listeners` spares the
    turns of merchants for whom there is nothing to do.
    """
    _CONSUMERS[consumer] = frozenset(str(kind) for kind in kinds)
    if wants is not None:
        _WANTS[consumer] = wants
    if listeners is not None:
        _LISTENERS[consumer] = listeners


def write(changes: Sequence[NewChange], *, now: datetime) -> int:
    """Write the changes that are new, and their turns. Returns how many were new.

    In the merchant's scope and in the transaction of what caused them.
    """
    columns = (
        "merchant_id", "order_id", "shipment_id", "kind", "key", "at", "announce", "data",
        "created_at",
    )  # fmt: skip
    rows = [
        (
            c.merchant_id,
            c.order_id,
            c.shipment_id,
            c.kind,
            c.key[:80],
            c.at,
            c.announce,
            c.data,
            now,
        )
        for c in changes
    ]
    returning = ("id", "merchant_id", "kind", "key", "announce")
    fresh = insert_many(Change, columns, rows, returning=returning)
    told = [_Fresh(pk, merchant, kind, key) for pk, merchant, kind, key, said in fresh if said]
    turns = [turn for name in _CONSUMERS for turn in _turns(name, told, now=now)]
    insert_many(
        Outbox, ("merchant_id", "consumer", "change_id", "due_at", "failures", "problem"), turns
    )
    return len(fresh)


class _Fresh(NamedTuple):
    """A change that was written just now."""

    pk: int
    merchant_id: int
    kind: str
    key: str


def _turns(consumer: str, told: Sequence[_Fresh], *, now: datetime) -> list[tuple[Any, ...]]:
    """This consumer's turns at these changes."""
    kinds, wants = _CONSUMERS[consumer], _WANTS.get(consumer)
    mine = [
        one for one in told if one.kind in kinds and (wants is None or wants(one.kind, one.key))
    ]
    heard: Collection[int] = {one.merchant_id for one in mine}
    if heard and consumer in _LISTENERS:
        heard = _LISTENERS[consumer](heard)
    return [
        (one.merchant_id, consumer, one.pk, now, 0, "") for one in mine if one.merchant_id in heard
    ]


def claim(consumer: str, *, now: datetime, limit: int) -> list[Outbox]:
    """Take due turns, oldest first, for two minutes; call it in `every_merchant`.

    Whoever dies holding a turn loses it to the next claim.
    """
    turns = list(
        Outbox.objects.select_for_update(skip_locked=True)
        .filter(consumer=consumer, done_at__isnull=True, due_at__lte=now)
        .order_by("due_at", "id")[:limit]
    )
    Outbox.objects.filter(pk__in=[turn.pk for turn in turns]).update(due_at=now + _LEASE)
    return turns


def done(turns: Iterable[Outbox], *, now: datetime) -> None:
    """These turns are finished for good."""
    Outbox.objects.filter(pk__in=[turn.pk for turn in turns]).update(done_at=now, problem="")


def failed(turn: Outbox, *, problem: str, now: datetime) -> None:
    """Push a turn ahead (a poison row is never retried at once): 1, 2, 4 … minutes, at most 6 h."""
    wait = min(timedelta(minutes=2 ** min(turn.failures, 12)), timedelta(hours=6))
    Outbox.objects.filter(pk=turn.pk).update(
        due_at=now + wait, failures=turn.failures + 1, problem=problem[:300]
    )
