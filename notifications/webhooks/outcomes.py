"""What became of one try: of the delivery, of its endpoint, and for the log."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_noop

from merchants.scope import every_merchant, merchant_scope
from notifications.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from notifications.webhooks.endpoints import switch_off
from notifications.webhooks.wire import Answer, Parcel

#: A delivery is tried for this long, then it waits for somebody to replay it.
PATIENCE: Final = timedelta(hours=72)
#: An endpoint that takes nothing for this long is switched off.
LONGEST_FAILURE: Final = timedelta(days=5)
#: Minutes from one try to the next; the last one repeats.
_WAITS: Final = (0.1, 0.5, 2, 10, 30, 60, 120, 240, 480)
#: Failures in a row from which on the endpoint as a whole gets some rest.
_TOLERATED: Final = 3
_LONGEST_REST: Final = timedelta(minutes=15)
#: What Retry-After is heard up to.
_LONGEST_WISH: Final = timedelta(hours=12)

NO_SECRET: Final = gettext_noop("The signing secret cannot be read. Change it.")
REDIRECTED: Final = gettext_noop("It answered with a redirect, which is not followed.")
REFUSED: Final = gettext_noop("It answered with an error.")
ASKED_TO_WAIT: Final = gettext_noop("It asked us to wait.")
GONE: Final = gettext_noop("It says that it is gone for good.")
TOO_OLD: Final = gettext_noop("It waited for three days while the endpoint failed.")


def words_of(answer: Answer) -> str:
    """What was wrong with an answer; "" when nothing was."""
    if answer.is_success or answer.status is None:
        return answer.problem
    if answer.status < 400:
        return REDIRECTED
    if answer.status == 410:
        return GONE
    return REFUSED if answer.retry_after is None else ASKED_TO_WAIT


def note(parcel: Parcel, answer: Answer, *, now: datetime) -> None:
    """Write down one try. Whoever lost the delivery to another worker, or to somebody who erased
    it, changes nothing."""
    with merchant_scope(parcel.merchant_id):
        row = (
            WebhookDelivery.objects.select_for_update(of=("self",))
            .filter(pk=parcel.delivery_id, due_at=parcel.lease, state=WebhookDelivery.State.WAITING)
            .first()
        )
        if row is None:
            return
        problem = words_of(answer)
        WebhookAttempt.objects.create(
            merchant_id=parcel.merchant_id,
            delivery=row,
            endpoint_id=parcel.endpoint_id,
            at=now - timedelta(milliseconds=answer.took_ms),
            took_ms=answer.took_ms,
            is_success=answer.is_success,
            status=answer.status,
            problem=problem,
            request_headers=dict(parcel.headers),
            response_headers=dict(answer.headers),
            response_body=answer.body,
        )
        if answer.is_success:
            _delivered(row, now=now)
        else:
            _failed(row, answer, problem, now=now)


def _delivered(row: WebhookDelivery, *, now: datetime) -> None:
    row.state, row.problem, row.finished_at = WebhookDelivery.State.DELIVERED, "", now
    row.save(update_fields=["state", "problem", "finished_at"])
    WebhookEndpoint.objects.filter(pk=row.endpoint_id).update(
        last_success_at=now, failures=0, failing_since=None, paused_until=None
    )


def _failed(row: WebhookDelivery, answer: Answer, problem: str, *, now: datetime) -> None:
    wish = min(timedelta(seconds=answer.retry_after or 0), _LONGEST_WISH)
    row.problem = problem
    next_try = now + max(_wait(row.attempts), wish)
    # A test is tried once: somebody looks at it.
    if row.change_id is None or next_try > row.began_at + PATIENCE:
        row.state, row.finished_at = WebhookDelivery.State.FAILED, now
    else:
        row.due_at = next_try
    row.save(update_fields=["state", "problem", "due_at", "finished_at"])
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",)).get(pk=row.endpoint_id)
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.last_failure_at, endpoint.last_problem = now, problem
    rest = max(_rest(endpoint.failures), wish)
    endpoint.paused_until = now + rest if rest else None
    endpoint.save(
        update_fields=[
            "failures", "failing_since", "last_failure_at", "last_problem", "paused_until",
        ]
    )  # fmt: skip
    _stop_where_hopeless(endpoint, answer, now=now)


def _stop_where_hopeless(endpoint: WebhookEndpoint, answer: Answer, *, now: datetime) -> None:
    if not endpoint.is_on or endpoint.failing_since is None:
        return
    if answer.status == 410:
        switch_off(endpoint, now=now, because=WebhookEndpoint.Stopped.GONE)
    elif now - endpoint.failing_since >= LONGEST_FAILURE:
        switch_off(
            endpoint,
            now=now,
            because=WebhookEndpoint.Stopped.FAILING,
            missed_from=endpoint.failing_since,
        )


def _wait(attempts: int) -> timedelta:
    """Until the next try of one delivery, a fifth more or less: they do not come all at once."""
    minutes = _WAITS[min(attempts, len(_WAITS)) - 1]
    return timedelta(minutes=minutes * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load


def _rest(failures: int) -> timedelta:
    """How long an endpoint that fails again and again is left alone, whatever waits for it."""
    if failures < _TOLERATED:
        return timedelta()
    return min(timedelta(seconds=2.0 ** min(failures, 12)), _LONGEST_REST)


def give_up_old(*, now: datetime) -> int:
    """What waited for three days behind an endpoint that failed is given up. Returns how many."""
    old = Q(state=WebhookDelivery.State.WAITING, began_at__lt=now - PATIENCE, due_at__lt=now)
    with every_merchant("deliveries of all merchants wait in one queue"):
        return WebhookDelivery.objects.filter(old).update(
            state=WebhookDelivery.State.FAILED, problem=TOO_OLD, finished_at=now
        )
