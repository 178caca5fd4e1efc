"""Outages of carriers' feeds, over all merchants: found, ended, and what waits for them.

`watch_feeds` looks every minute; `tracking.outage_rules` decides. An operator may declare,
confirm and close (`manage.py outages`). While one lasts, and for an hour after it, time alone
does not make a parcel of that carrier late or stalled (`tracking.flags`): the scans that would
say otherwise could not reach us. Then it is judged again, and what still holds is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import F, Max, Q, QuerySet

from carriers.models import CarrierAccount, CarrierFailure
from merchants.scope import every_merchant
from tracking import pulses
from tracking.models import CarrierPulse, Outage
from tracking.outage_rules import (
    FAILING_WINDOW,
    FEWEST_ANSWERS,
    NEWS_WINDOW,
    RECOVERY_WINDOW,
    SILENT_WINDOW,
    WEEKS,
    Beat,
    expected_news,
    is_failing,
    is_silent,
    is_well_again,
    speaks_again,
)

#: After its end parcels are asked about first, before anything is called late.
SETTLES: Final = timedelta(hours=1)
#: What an operator closed is not found again at once.
QUIET_AFTER_HAND: Final = timedelta(hours=6)
#: Parcels that waited are asked about again within this time, not all at once.
SPREAD_SECONDS: Final = 600


def open_outages(carriers: Iterable[str] | None = None) -> QuerySet[Outage]:
    """Those that last, of these carriers or of all."""
    rows = Outage.objects.filter(closed_at__isnull=True).order_by("since", "pk")
    return rows if carriers is None else rows.filter(carrier__in=list(carriers))


def carriers_not_heard(*, now: datetime) -> frozenset[str]:
    """Carriers whose silence says nothing about a parcel: an outage lasts, or ended just now."""
    rows = Outage.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=now - SETTLES))
    return frozenset(rows.values_list("carrier", flat=True))


def watch_feeds(*, now: datetime) -> tuple[list[str], list[str]]:
    """Open and close what the counts say; the carriers of which one opened, and closed."""
    shut = _left_alone(now=now)
    opened = _open_failing(shut, now=now)
    opened += _open_silent(shut.union(opened), now=now)
    return opened, _close_recovered(now=now)


def _open_failing(shut: set[str], *, now: datetime) -> list[str]:
    since = now - FAILING_WINDOW
    merchants = _merchants(since=since)
    opened = []
    for carrier, beat in sorted(pulses.between(since, now).items()):
        failing, asked = merchants.get(carrier, (0, 0))
        if carrier in shut or not is_failing(
            beat, merchants_failing=failing, merchants_asked=asked
        ):
            continue
        seen = {
            "calls": beat.answered + beat.failed, "failed": beat.failed,
            "merchants": failing, "of": asked,
        }  # fmt: skip
        _open(carrier, Outage.Kind.FAILING, _last_good(carrier, "answered"), seen, now=now)
        opened.append(carrier)
    return opened


def _open_silent(shut: set[str], *, now: datetime) -> list[str]:
    beats = pulses.between(now - SILENT_WINDOW, now)
    mute = {
        carrier: beat
        for carrier, beat in sorted(beats.items())
        if carrier not in shut and not beat.news and beat.answered >= FEWEST_ANSWERS
    }
    if not mute:
        return []  # nearly always: the weeks before need not be read
    ends = [now - timedelta(weeks=n) for n in range(1, WEEKS + 1)]
    weeks = [pulses.between(end - SILENT_WINDOW, end) for end in ends]
    opened = []
    for carrier, beat in mute.items():
        past = [week.get(carrier, Beat()) for week in weeks]
        if is_silent(beat, past):
            seen = {"answers": beat.answered, "expected": round(expected_news(beat, past))}
            _open(carrier, Outage.Kind.SILENT, _last_good(carrier, "news"), seen, now=now)
            opened.append(carrier)
    return opened


def declare(*, carrier: str, now: datetime) -> Outage:
    """An operator says that this carrier's feed is dead; the one that lasts is confirmed."""
    outage = open_outages([carrier]).first()
    if outage is None:
        Outage.objects.create(
            carrier=carrier, kind=Outage.Kind.DECLARED, since=now, opened_at=now, confirmed_at=now
        )
    elif outage.confirmed_at is None:
        open_outages([carrier]).update(confirmed_at=now)
    return open_outages([carrier]).get()


def close(*, carrier: str, now: datetime) -> bool:
    """An operator says that it is over, or never was. False when there is none."""
    ended = open_outages([carrier]).update(closed_at=now, closed_by_hand=True)
    if ended:
        _ask_again(carrier, now=now)
    return bool(ended)


def _open(
    carrier: str, kind: Outage.Kind, since: datetime | None, seen: dict[str, Any], *, now: datetime
) -> None:
    Outage.objects.create(carrier=carrier, kind=kind, since=since or now, opened_at=now, seen=seen)


def _left_alone(*, now: datetime) -> set[str]:
    """Carriers with an outage that lasts, and those of which an operator closed one."""
    by_hand = Outage.objects.filter(closed_by_hand=True, closed_at__gt=now - QUIET_AFTER_HAND)
    return {
        *open_outages().values_list("carrier", flat=True),
        *by_hand.values_list("carrier", flat=True),
    }


def _close_recovered(*, now: datetime) -> list[str]:
    recent = pulses.between(now - RECOVERY_WINDOW, now)
    wide = pulses.between(now - NEWS_WINDOW, now)
    closed = []
    for outage in open_outages().filter(confirmed_at__isnull=True):
        if outage.kind == Outage.Kind.FAILING:
            is_over = is_well_again(recent.get(outage.carrier, Beat()))
        else:
            is_over = speaks_again(wide.get(outage.carrier, Beat()))
        if is_over:
            Outage.objects.filter(pk=outage.pk, closed_at__isnull=True).update(closed_at=now)
            _ask_again(outage.carrier, now=now)
            closed.append(outage.carrier)
    return closed


def _merchants(*, since: datetime) -> dict[str, tuple[int, int]]:
    """By carrier: how many merchants only failed since, of how many that asked."""
    with every_merchant("an outage is what all merchants see"):
        failures = CarrierFailure.objects.filter(at__gte=since, kind__in=pulses.TROUBLES)
        failed = set(failures.values_list("account__carrier", "merchant_id").distinct())
        accounts = CarrierAccount.objects.filter(last_ok_at__gte=since, failures=0)
        well = set(accounts.values_list("carrier", "merchant_id"))
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for carrier, merchant_id in failed | well:
        found[carrier][0] += (carrier, merchant_id) not in well
        found[carrier][1] += 1
    return {carrier: (failing, asked) for carrier, (failing, asked) in found.items()}


def _last_good(carrier: str, column: str) -> datetime | None:
    rows = CarrierPulse.objects.filter(carrier=carrier, **{f"{column}__gt": 0})
    moment: datetime | None = rows.aggregate(at=Max(F("at") + pulses.BUCKET))["at"]
    return moment


def _ask_again(carrier: str, *, now: datetime) -> None:
    """Parcels whose calls failed wait no longer than some minutes, each its own."""
    reason = "parcels of all merchants waited for this carrier"
    with every_merchant(reason), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracking_watch SET next_ask_at = %s + (id %% %s) * interval '1 second'"
            " WHERE carrier = %s AND failures > 0 AND next_ask_at > %s",
            [now, SPREAD_SECONDS, carrier, now + timedelta(seconds=SPREAD_SECONDS)],
        )
