"""How a merchant's carrier accounts are doing: what the carriers page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F

from carriers.base import CarrierError
from carriers.fetch import Answer
from carriers.models import CarrierAccount, CarrierFailure
from lib import tally

#: Refused credentials are tried again this much later: asking on gets accounts blocked.
REFUSED_PAUSE: Final = timedelta(hours=1)
RATE_PAUSE: Final = timedelta(minutes=5)
KEPT_FAILURES: Final = 100


def note_answers(answers: Sequence[tuple[int, Answer]], *, merchant_id: int, now: datetime) -> None:
    """Record per account that it answered, or each failed call with its raw body."""
    well = {account_id for account_id, answer in answers if answer.error is None}
    failed = [(account_id, answer) for account_id, answer in answers if answer.error is not None]
    for _, answer in failed:
        assert answer.error is not None
        tally.count("carrier_errors", carrier=answer.call.carrier.slug, kind=answer.error.kind)
    CarrierFailure.objects.bulk_create(
        [_failure(merchant_id, account_id, answer, now=now) for account_id, answer in failed]
    )
    for account_id in {account_id for account_id, _ in failed}:
        worst = next(answer.error for one, answer in failed if one == account_id and answer.error)
        _note_failure(account_id, worst, now=now)
        _forget_old(account_id)
    CarrierAccount.objects.filter(pk__in=well - {account_id for account_id, _ in failed}).update(
        last_ok_at=now, failures=0, paused_until=None
    )


def note_refusals(errors: Sequence[tuple[int, CarrierError]], *, now: datetime) -> None:
    """Pause each account whose errand was refused as a whole; other errors are the errand's own."""
    refused = {account_id: error for account_id, error in errors if _pause(error, now=now)}
    for account_id, error in refused.items():
        _note_failure(account_id, error, now=now)


def _note_failure(account_id: int, error: CarrierError, *, now: datetime) -> None:
    CarrierAccount.objects.filter(pk=account_id).update(
        last_failure_at=now,
        last_problem=str(error)[:300],
        failures=F("failures") + 1,
        paused_until=_pause(error, now=now),
    )


def _failure(merchant_id: int, account_id: int, answer: Answer, *, now: datetime) -> CarrierFailure:
    error = answer.error
    assert error is not None
    return CarrierFailure(
        merchant_id=merchant_id,
        account_id=account_id,
        at=now,
        kind=error.kind,
        message=str(error)[:300],
        http_status=answer.http_status,
        retry_after=error.retry_after,
        parcels=len(answer.call.asks),
        raw=answer.raw,
    )


def _pause(error: CarrierError, *, now: datetime) -> datetime | None:
    """Until when the whole account waits: one parcel's 429 or 401 is every parcel's."""
    factor = settings.POLL_INTERVAL_FACTOR
    if error.kind == "credentials":
        return now + REFUSED_PAUSE * factor
    if error.kind == "rate_limited":
        if error.retry_after is not None:
            return now + timedelta(seconds=min(error.retry_after, 86_400.0))
        return now + RATE_PAUSE * factor
    return None


def _forget_old(account_id: int) -> None:
    """Keep the newest failures only: a dead carrier must not fill the database."""
    rows = CarrierFailure.objects.filter(account_id=account_id).order_by("-at", "-pk")
    oldest_kept = rows.values_list("pk", flat=True)[KEPT_FAILURES : KEPT_FAILURES + 1]
    for pk in oldest_kept:
        CarrierFailure.objects.filter(account_id=account_id, pk__lte=pk).delete()
