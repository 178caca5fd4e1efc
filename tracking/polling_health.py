"""How a merchant's carrier accounts are doing: what the carriers page shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Greatest

from carriers.base import CarrierError
from carriers.calls import Answer
from carriers.models import CarrierAccount, CarrierFailure, PlatformAccount
from lib import tally
from tracking.poll_plan import CIRCUIT_OPENS_AT, PROBE

#: Refused credentials are tried again this much later: asking on gets accounts blocked.
REFUSED_PAUSE: Final = timedelta(hours=1)
RATE_PAUSE: Final = timedelta(minutes=5)
KEPT_FAILURES: Final = 100
FIRST_OPENING: Final = timedelta(minutes=2)
LONGEST_OPENING: Final = timedelta(minutes=30)
#: Refusals that concern the whole account, the gravest last.
_WEIGHT: Final = {"rate_limited": 1, "credentials": 2}


def note_answers(answers: Sequence[tuple[CarrierAccount, Answer]], *, now: datetime) -> None:
    """Record per account that it answered, or each failed call with its raw body.

    In the merchant's scope. `failures` counts rounds in a row without one good answer: some
    of them open the circuit, and then one call tries for all (`tracking.poll_plan`).
    """
    held = _held(account for account, _ in answers)
    known = [(held[account.pk], answer) for account, answer in answers if account.pk in held]
    failed = [(account, answer) for account, answer in known if answer.error is not None]
    for _, answer in failed:
        assert answer.error is not None
        tally.count("carrier_errors", carrier=answer.call.carrier.slug, kind=answer.error.kind)
    CarrierFailure.objects.bulk_create(
        [_failure(account, answer, now=now) for account, answer in failed]
    )
    well = {account.pk for account, answer in known if answer.error is None}
    for account in held.values():
        errors = [answer.error for one, answer in failed if one.pk == account.pk and answer.error]
        if errors:
            _note_failed(account, errors, is_well=account.pk in well, now=now)
    fine = CarrierAccount.objects.filter(pk__in=well - {account.pk for account, _ in failed})
    fine.update(last_ok_at=now, failures=0)
    # The probe's own pause ends. A refusal's, which another round noted meanwhile, does not.
    fine.filter(paused_until__lte=now + PROBE).update(paused_until=None)


def _held(accounts: Iterable[CarrierAccount]) -> dict[int, CarrierAccount]:
    """These accounts as they are now, locked in one order for all workers.

    Without those that were removed while we asked, or whose credentials were changed: what the
    old ones were answered says nothing about the new ones.
    """
    asked = {account.pk: account.secrets for account in accounts}
    rows = CarrierAccount.objects.filter(pk__in=list(asked)).order_by("pk")
    locked = rows.select_for_update(no_key=True)
    return {row.pk: row for row in locked if row.secrets == asked[row.pk]}


def note_refusals(errors: Sequence[tuple[CarrierAccount, CarrierError]], *, now: datetime) -> None:
    """Pause each account whose errand was refused as a whole; other errors are the errand's own."""
    refused: dict[int, tuple[CarrierAccount, list[CarrierError]]] = {}
    for account, error in errors:
        if _pause(error, now=now) is not None:
            refused.setdefault(account.pk, (account, []))[1].append(error)
    held = _held(account for account, _ in refused.values())
    for pk, account in held.items():
        _note_failed(account, refused[pk][1], is_well=False, now=now)


def _note_failed(
    account: CarrierAccount, errors: Sequence[CarrierError], *, is_well: bool, now: datetime
) -> None:
    """One account with failed calls: its health, and whether everybody waits."""
    worst = max(errors, key=lambda error: _WEIGHT.get(error.kind, 0))
    failures = 1 if is_well else account.failures + 1
    paused_until = _pause(worst, now=now)
    if paused_until is None and failures >= CIRCUIT_OPENS_AT:
        paused_until = now + _open_for(failures) * settings.POLL_INTERVAL_FACTOR
    changes: dict[str, object] = {
        "last_failure_at": now,
        "last_problem": str(worst)[:300],
        "failures": failures,
    }
    if paused_until is not None:
        # Never shorter than what somebody else was told meanwhile; the probe's own pause is ours.
        theirs = account.paused_until
        if theirs is not None and theirs > now + PROBE:
            paused_until = max(theirs, paused_until)
        changes["paused_until"] = paused_until
    if is_well:
        changes["last_ok_at"] = now
    CarrierAccount.objects.filter(pk=account.pk).update(**changes)
    if account.platform_id and worst.kind in _WEIGHT:
        PlatformAccount.objects.filter(pk=account.platform_id).update(
            paused_until=Greatest("paused_until", Value(paused_until))
        )
    _forget_old(account.pk)


def _open_for(failures: int) -> timedelta:
    """2, 4, 8 … minutes, at most half an hour, from the failure that opened the circuit."""
    doublings = min(failures - CIRCUIT_OPENS_AT, 6)
    return min(FIRST_OPENING * (1 << doublings), LONGEST_OPENING)


def _failure(account: CarrierAccount, answer: Answer, *, now: datetime) -> CarrierFailure:
    error = answer.error
    assert error is not None
    return CarrierFailure(
        merchant_id=account.merchant_id,
        account=account,
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
