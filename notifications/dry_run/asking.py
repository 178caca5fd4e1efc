"""Asking for a dry run, and who works on it: a claim in the row, as of a back-test."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction

from merchants.models import Merchant, User
from merchants.scope import merchant_scope
from notifications.dry_run.plain import plain
from notifications.models import DryRun
from notifications.rules import Ruling

A_DAY: Final = 60
#: Longer than a worker is silent. One that is killed leaves the run waiting so long.
LEASE: Final = timedelta(minutes=2)
#: Claims after which the run has failed: each began anew.
CLAIMS: Final = 3
_KEPT: Final = timedelta(days=7)
_State = DryRun.State
AT_WORK: Final = (_State.WAITING, _State.RUNNING)


class AtWork(RuntimeError):
    """The merchant has a run already that has not ended."""


class TooMany(RuntimeError):
    """The merchant asked for so many within a day."""


class Lost(RuntimeError):
    """Somebody else works on the run now."""


def ask(*, merchant: Merchant, user: User | None, tried: Ruling | None, now: datetime) -> DryRun:
    """Queue a run; in the merchant's scope. `tried`: a rule that is not saved (yet).

    Raises AtWork, TooMany.
    """
    if DryRun.objects.filter(created_at__gt=now - timedelta(days=1)).count() >= A_DAY:
        raise TooMany
    try:
        with transaction.atomic():
            return DryRun.objects.create(
                merchant=merchant, asked_by=user, ruling=plain(tried) if tried else {},
                created_at=now, due_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise AtWork from None


@dataclass(slots=True)
class Hold:
    """A worker's claim on one run."""

    run_id: int
    merchant_id: int
    claim: int
    began: datetime
    _since: float = field(default_factory=time.monotonic)
    _told: float = float("-inf")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._since

    @property
    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.seconds)

    def tell(self, share: float) -> None:
        """Note how far it is (0–1), once a second at most. Raises Lost."""
        if time.monotonic() - self._told < 1.0:
            return
        self._told = time.monotonic()
        self._write(due_at=self.now + LEASE, progress=int(share * 100))

    def end(self, state: DryRun.State, **last: Any) -> None:
        """It is over. Raises Lost."""
        self._write(state=state, due_at=None, finished_at=self.now, **last)

    def _write(self, **values: Any) -> None:
        with merchant_scope(self.merchant_id):
            mine = DryRun.objects.filter(pk=self.run_id, claim=self.claim, state=_State.RUNNING)
            if mine.update(**values) != 1:
                raise Lost


def claim(run_id: int, *, now: datetime) -> tuple[DryRun, Hold] | None:
    """Take a due run; None when it has ended or is in somebody's hands. In `every_merchant`."""
    run = (
        DryRun.objects.select_for_update(skip_locked=True)
        .filter(pk=run_id, due_at__lte=now, state__in=AT_WORK)
        .first()
    )
    if run is None:
        return None
    run.claim += 1
    mine = DryRun.objects.filter(pk=run.pk)
    if run.claim > CLAIMS:
        mine.update(state=_State.FAILED, problem="gave_up", due_at=None, finished_at=now)
        return None
    mine.update(
        claim=run.claim, state=_State.RUNNING, started_at=now, due_at=now + LEASE, progress=0
    )
    return run, Hold(run.pk, run.merchant_id, run.claim, now)


def due(*, now: datetime, limit: int) -> list[int]:
    """Ids of runs that wait for a worker; in `every_merchant`."""
    waiting = DryRun.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def forget(*, now: datetime) -> int:
    """Delete old results; in `every_merchant`."""
    deleted, _ = DryRun.objects.filter(finished_at__lt=now - _KEPT).delete()
    return deleted
