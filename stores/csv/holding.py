"""Who works on an import: a claim in the row, which every batch renews and proves."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from stores.models import OrderImport

#: Longer than a batch takes. A worker that is killed leaves the import waiting so long.
LEASE: Final = timedelta(minutes=2)
#: Claims in a row that got nothing done, after which the import has failed.
ATTEMPTS: Final = 5
WORKING: Final = (
    OrderImport.State.READING,
    OrderImport.State.SAVING,
    OrderImport.State.UNDOING,
)


class Lost(RuntimeError):
    """Somebody else works on the import now; what was not committed must not be."""


@dataclass(slots=True)
class Hold:
    """A worker's claim on one import."""

    job_id: int
    claim: int
    began: datetime
    _since: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.seconds)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._since

    def keep(self, **progress: Any) -> None:
        """Note progress in the batch's own transaction. Raises Lost when the claim is another's."""
        self._write(due_at=self.now + LEASE, attempts=0, **progress)

    def let_go(self, **last: Any) -> None:
        """The turn is over: the import is done, or due again."""
        self._write(**({"due_at": None, "attempts": 0} | last))

    def _write(self, **values: Any) -> None:
        mine = OrderImport.objects.filter(pk=self.job_id, claim=self.claim)
        if mine.update(**values) != 1:
            raise Lost


def claim(job_id: int, *, now: datetime) -> tuple[OrderImport, Hold] | None:
    """Take a due import; None when it rests, is done or in somebody's hands.

    Call it in `every_merchant`; the claim counts from the end of that transaction.
    """
    job = (
        OrderImport.objects.select_for_update(skip_locked=True)
        .filter(pk=job_id, due_at__lte=now, state__in=WORKING)
        .first()
    )
    if job is None:
        return None
    job.claim += 1
    job.attempts += 1
    job.due_at = now + LEASE
    if job.attempts > ATTEMPTS:
        job.state, job.problem, job.due_at = OrderImport.State.FAILED, "failed", None
        job.finished_at = now
    job.save(update_fields=["claim", "attempts", "due_at", "state", "problem", "finished_at"])
    return (job, Hold(job.pk, job.claim, now)) if job.due_at else None


def due(*, now: datetime, limit: int) -> list[int]:
    """Ids of imports whose time has come; call it in `every_merchant`."""
    waiting = OrderImport.objects.filter(due_at__lte=now)
    return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
