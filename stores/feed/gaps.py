"""Silences that were looked into, from suspicion to its end. The writer of Gap.

The owner hears of a gap when orders came back, or when the shop's API refused twice; a look
that found nothing is kept and told to nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from merchants.scope import every_merchant, merchant_scope
from stores.feed.learning import due_at, learn, learn_anew, looks_in_vain, sign_of_life
from stores.feed.sweeper import Answer
from stores.models import FeedModel, Gap, StoreConnection

#: A shop whose API refused is asked again after this, and after twice as long, and so on.
ASK_AGAIN: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(hours=6)
#: One refusal is a hiccup; the owner hears of the second.
TELLS_FROM: Final = 2


def open_gap(
    model: FeedModel,
    store: StoreConnection,
    *,
    probability: float | None,
    expected: float | None,
    now: datetime,
) -> Gap:
    """The gap of this silence: the one that is open, or a new one; in a scope."""
    gap, _made = Gap.objects.get_or_create(
        store=store,
        closed_at__isnull=True,
        defaults={
            "merchant_id": store.merchant_id,
            "silent_since": sign_of_life(model, store) or now,
            "suspected_at": now,
            "probability": probability,
            "expected": expected,
        },
    )
    return gap


def settle(gap_id: int, *, merchant_id: int, answer: Answer, now: datetime) -> Gap | None:
    """Write down what a look came to; None when somebody else has closed the gap."""
    with merchant_scope(merchant_id), transaction.atomic():
        gap = Gap.objects.select_for_update(of=("self",)).filter(pk=gap_id).first()
        if gap is None or gap.closed_at is not None:
            return None
        store = StoreConnection.objects.select_related("merchant").get(pk=gap.store_id)
        model = FeedModel.objects.select_for_update().get(store=store)
        if answer.problem:
            _refused(gap, model, answer, now=now)
        else:
            _answered(gap, model, store, answer, now=now)
        return gap


def note_sweep(store_id: int, answer: Answer, *, now: datetime) -> None:
    """An ordinary sweep found orders that no webhook had brought: a gap, if ever so small.

    So webhooks are found out that lose only some of their orders, which no silence shows.
    Where the sweep did not mend the webhook, the watch looks at it within the minute.
    """
    if not answer.recovered:
        return
    with every_merchant("a sweep knows the connection, not whose it is"):
        merchant_id = StoreConnection.objects.values_list("merchant_id", flat=True).get(pk=store_id)
    with merchant_scope(merchant_id):
        store = StoreConnection.objects.select_related("merchant").get(pk=store_id)
        model = learn(store, now=now)
        if model is None:
            return
        gap = open_gap(model, store, probability=None, expected=None, now=now)
        if not answer.repaired:
            Gap.objects.filter(pk=gap.pk).update(found=F("found") + answer.recovered)
            FeedModel.objects.filter(pk=model.pk).update(due_at=now)
            return
    settle(gap.pk, merchant_id=merchant_id, answer=answer, now=now)


def _refused(gap: Gap, model: FeedModel, answer: Answer, *, now: datetime) -> None:
    gap.problem, gap.tries = answer.problem[:300], gap.tries + 1
    gap.tells = gap.tries >= TELLS_FROM
    gap.save(update_fields=["problem", "tries", "tells"])
    wait: timedelta = min(ASK_AGAIN * 2 ** min(gap.tries - 1, 10), LONGEST)
    FeedModel.objects.filter(pk=model.pk).update(due_at=now + wait)


def _answered(
    gap: Gap, model: FeedModel, store: StoreConnection, answer: Answer, *, now: datetime
) -> None:
    gap.found += answer.recovered
    gap.cause, gap.webhook_repaired, gap.closed_at = answer.cause, answer.repaired, now
    gap.tells = gap.found > 0
    if gap.found:
        gap.told_at = None  # that it was refused may have been told; that they are back was not
    gap.save(
        update_fields=["found", "cause", "webhook_repaired", "closed_at", "tells", "told_at"]
    )  # fmt: skip
    model.vain = 0 if gap.found else looks_in_vain(model, store) + 1
    model.explained_until = now
    model.save(update_fields=["vain", "explained_until"])
    if gap.found:
        learn_anew(store, now=now)
    else:
        learn(store, now=now)


def reckon(model: FeedModel, store: StoreConnection) -> None:
    """A webhook came since: foretell again when its silence will be improbable."""
    model.due_at = due_at(model, store)
    model.save(update_fields=["due_at"])
