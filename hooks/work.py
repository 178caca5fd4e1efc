"""One stored webhook, worked on: claimed, understood, done, and whatever happened noted."""

from __future__ import annotations

import logging
from datetime import datetime

from carriers.base import CarrierError
from hooks import store_hooks
from hooks.kinds import KINDS
from inbox.models import Delivery, Outcome
from inbox.work import claim, finish, put_off
from merchants.scope import every_merchant, merchant_scope
from stores.base import StoreError

log = logging.getLogger("homeward.hooks")


def work(delivery_id: int, *, now: datetime) -> None:
    """Claim the delivery and work on it. Never raises for what one payload holds.

    An unreadable payload has failed at once, with the reason in words: the same bytes will
    not become readable. Anything else is tried again later, as `claim` set.
    """
    with every_merchant("the queue of deliveries runs across merchants"):
        delivery = claim(delivery_id, now=now)
        if delivery is not None and delivery.merchant_id is None:
            _work_unclaimed(delivery, now=now)
    if delivery is None or delivery.merchant_id is None:
        return
    try:
        with merchant_scope(delivery.merchant_id):
            outcome, problem = KINDS[delivery.kind].process(delivery, now=now)
            finish(delivery.pk, outcome=outcome, problem=problem, now=now)
    except (StoreError, CarrierError) as error:
        _failed(delivery, problem=f"Cannot be read: {error}", now=now)
    except Exception as error:  # noqa: BLE001 - outermost: one row must not stop the others, and must say why
        # The type and the place only: messages of the database repeat personal data.
        log.error("delivery %d failed: %s at %s", delivery.pk, type(error).__name__, _place(error))
        _put_off(delivery, error, now=now)


def _work_unclaimed(delivery: Delivery, *, now: datetime) -> None:
    """A platform's request about a shop that nobody connected; in `every_merchant`."""
    outcome, problem = Outcome.IGNORED, "It concerns no merchant here."
    try:
        if delivery.kind == store_hooks.KIND:
            outcome, problem = store_hooks.process_unclaimed(delivery, now=now)
    except StoreError as error:
        outcome, problem = Outcome.FAILED, f"Cannot be read: {error}"
    finish(delivery.pk, outcome=outcome, problem=problem, now=now)


def _failed(delivery: Delivery, *, problem: str, now: datetime) -> None:
    assert delivery.merchant_id is not None
    with merchant_scope(delivery.merchant_id):
        finish(delivery.pk, outcome=Outcome.FAILED, problem=problem, now=now)
        if delivery.connection_id is not None:
            KINDS[delivery.kind].note_failed(delivery.connection_id, problem=problem, now=now)


def _put_off(delivery: Delivery, error: Exception, *, now: datetime) -> None:
    assert delivery.merchant_id is not None
    problem = f"Something in Homeward failed on this ({type(error).__name__})."
    with merchant_scope(delivery.merchant_id):
        put_off(delivery, problem=problem, now=now)
        if delivery.connection_id is not None:
            KINDS[delivery.kind].note_failed(delivery.connection_id, problem=problem, now=now)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
