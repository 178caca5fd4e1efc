"""Every minute: whose silence is improbable by now, and what the shop says when it is asked.

A row's `due_at` was foretold when its feed was last heard or learned, so nearly all of the
minutes read one index and find nothing. What is due is foretold again; only where no webhook
came meanwhile, a gap is opened and the shop asked, outside of any transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from merchants.scope import every_merchant, merchant_scope
from stores.feed.gaps import ASK_AGAIN, open_gap, reckon, settle
from stores.feed.learning import arrivals_of, due_at, learn, sign_of_life, zone_of
from stores.feed.silence import expected_between, probability
from stores.feed.sweeper import Answer, ask
from stores.models import ApiState, FeedModel, Gap, StoreConnection

_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Suspicion:
    merchant_id: int
    store_id: int
    gap_id: int


def learn_all(*, now: datetime) -> int:
    """Learn what is over, of every connection; how many feeds are known."""
    with every_merchant("feeds of all merchants are learned"):
        active = StoreConnection.objects.filter(is_active=True)
        stores = list(active.order_by("pk").values_list("merchant_id", "pk"))
    known = 0
    for merchant_id, store_id in stores:
        with merchant_scope(merchant_id):
            store = StoreConnection.objects.select_related("merchant").get(pk=store_id)
            known += learn(store, now=now) is not None
    return known


def watch(*, now: datetime, ask: Callable[[int, datetime], Answer] = ask) -> list[Suspicion]:
    """Look into the silences that became improbable; those that were looked into."""
    found = suspect(now=now)
    for one in found:
        answer = ask(one.store_id, now)
        settle(one.gap_id, merchant_id=one.merchant_id, answer=answer, now=now)
    return found


def suspect(*, now: datetime) -> list[Suspicion]:
    """Claim the due feeds; open gaps for those that are silent still."""
    found = []
    with every_merchant("silences of all merchants fall due"):
        # A shop that we may not ask yet, or never, is not suspected: nothing would come of it.
        due = FeedModel.objects.filter(
            due_at__lte=now,
            store__is_active=True,
            store__api_state__in=[ApiState.WORKING, ApiState.REFUSED],
        )
        for model in (
            due.select_for_update(of=("self",), skip_locked=True)
            .select_related("store__merchant")
            .order_by("due_at")[:_AT_ONCE]
        ):
            gap = _gap_of(model, now=now)
            if gap is not None:
                # Claimed by pushing ahead: a worker that dies gives it back by itself.
                FeedModel.objects.filter(pk=model.pk).update(due_at=now + ASK_AGAIN)
                found.append(Suspicion(model.merchant_id, model.store_id, gap.pk))
    return found


def _gap_of(model: FeedModel, *, now: datetime) -> Gap | None:
    store = model.store
    gap: Gap | None = Gap.objects.filter(store=store, closed_at__isnull=True).first()
    if gap is not None:
        return gap
    due, since = due_at(model, store), sign_of_life(model, store)
    if due is None or since is None or due > now:
        reckon(model, store)
        return None
    arrivals, zone = arrivals_of(model), zone_of(store)
    expected = expected_between(arrivals, since, now, zone)
    return open_gap(
        model, store, probability=probability(arrivals, expected), expected=expected, now=now
    )
