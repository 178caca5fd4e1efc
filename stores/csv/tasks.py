"""Background work of imports: ids in, one call, outcome."""

from __future__ import annotations

from typing import Final

from celery import shared_task
from django.utils import timezone

from merchants.scope import every_merchant
from stores.csv.holding import due
from stores.csv.work import forget, work

_SWEEP: Final = 20


@shared_task(name="stores.import_orders")
def import_orders(job_id: int) -> None:
    """Work on one import for a turn; ask for the next one where there is more to do."""
    if work(job_id, now=timezone.now()):
        import_orders.apply_async((job_id,), retry=False)


@shared_task(name="stores.import_waiting")
def import_waiting() -> int:
    """Carry on with what a lost broker forgot or a killed worker left."""
    with every_merchant("imports of all merchants are one queue"):
        ids = due(now=timezone.now(), limit=_SWEEP)
    for job_id in ids:
        import_orders.apply_async((job_id,), retry=False)
    return len(ids)


@shared_task(name="stores.forget_imports")
def forget_imports() -> None:
    """Delete what was uploaded and is not needed any more."""
    forget(now=timezone.now())
