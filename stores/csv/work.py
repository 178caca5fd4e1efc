"""One turn of work on an import: claimed, carried on where it was, and let go."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from merchants.scope import every_merchant, merchant_scope
from stores.csv.holding import Hold, Lost, claim
from stores.csv.problems import FileProblem
from stores.csv.saving import save_batch
from stores.csv.settings import Settings
from stores.csv.staging import stage
from stores.csv.undo import undo_batch
from stores.models import ImportPiece, ImportRow, OrderImport

log = logging.getLogger("homeward.imports")

#: Seconds after which a turn ends: webhooks may wait for the same workers, and go before the next.
TURN: Final = 15.0
#: Rows in a turn's first batch, and in any.
FIRST: Final = 50
_LEAST, _MOST = 25, 2_000
#: Seconds that a batch should take: long enough to be worth its commit, and much shorter than a
#: claim, however slow the machine is.
_BATCH_SECONDS: Final = 4.0
_DRAFTS_KEPT: Final = timedelta(days=7)
_REFUSED_KEPT: Final = timedelta(days=90)
_State = OrderImport.State


def work(job_id: int, *, now: datetime, turn: float = TURN) -> bool:
    """Claim the import and work on it for a turn. Returns whether it is due again at once.

    Every batch is committed with its progress: whoever is killed loses one batch, and another
    worker goes on once the claim has run out.
    """
    with every_merchant("imports of all merchants are one queue"):
        claimed = claim(job_id, now=now)
    if claimed is None:
        return False
    job, hold = claimed
    try:
        return _turn(job, hold, turn)
    except FileProblem as problem:
        with merchant_scope(job.merchant_id):
            hold.let_go(
                state=_State.FAILED, problem=problem.code, problem_row=problem.row,
                finished_at=hold.now,
            )  # fmt: skip
        return False
    except Lost:
        log.warning("import %d was taken over by another worker", job.pk)
        return False


def _turn(job: OrderImport, hold: Hold, turn: float) -> bool:
    settings = Settings.from_json(job.settings)
    if job.state == _State.READING:
        stage(job, settings, hold)
    is_undoing, size = job.state == _State.UNDOING, FIRST
    while True:
        began = hold.seconds
        if not (
            undo_batch(job, hold) if is_undoing else save_batch(job, settings, hold, size=size)
        ):
            break
        size = _next_size(size, took=hold.seconds - began)
        if hold.seconds >= turn:
            with merchant_scope(job.merchant_id):
                hold.let_go(due_at=hold.now)
            return True
    _end(job, hold, is_undoing=is_undoing)
    return False


def _next_size(size: int, *, took: float) -> int:
    """So many rows that a batch takes about its time, as far as the last one tells."""
    factor = min(max(_BATCH_SECONDS / max(took, 0.001), 0.25), 4.0)
    return min(max(int(size * factor), _LEAST), _MOST)


def _end(job: OrderImport, hold: Hold, *, is_undoing: bool) -> None:
    """Done: the raw file is not needed again, and holds what people do not want kept."""
    with merchant_scope(job.merchant_id):
        ImportPiece.objects.filter(job=job).delete()
        if is_undoing:
            hold.let_go(state=_State.UNDONE, undone_at=hold.now)
        else:
            hold.let_go(state=_State.DONE, finished_at=hold.now)


def again(job: OrderImport, *, now: datetime) -> None:
    """Try a failed import again, from where it was; in the merchant's scope."""
    state = _State.SAVING if job.last_key else _State.READING
    OrderImport.objects.filter(pk=job.pk, state=_State.FAILED).update(
        state=state, due_at=now, attempts=0, problem="", problem_row=0, finished_at=None
    )


def forget(*, now: datetime) -> None:
    """Delete drafts that nobody started, and refused rows that nobody mended."""
    with every_merchant("old drafts and rows of all merchants go the same way"):
        OrderImport.objects.filter(state=_State.DRAFT, created_at__lt=now - _DRAFTS_KEPT).delete()
        old = OrderImport.objects.filter(finished_at__lt=now - _REFUSED_KEPT, due_at=None)
        ImportRow.objects.filter(job__in=old).delete()
        ImportPiece.objects.filter(job__in=old).delete()
