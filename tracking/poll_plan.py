"""Which calls a round makes: parcels grouped by account, within its limits, urgent ones first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from carriers import registry
from carriers.accounts import Route, account_of, limits_of, pace_key, routes
from carriers.base import Ask
from carriers.calls import Account, Call, Registration
from carriers.models import CarrierAccount
from carriers.pacing import Grant, take_calls
from inbox.doors import hook_url
from lib.encryption import CannotDecrypt
from lib.vocabulary import Status
from tracking import needed_fields

#: Whoever claims a parcel has this long to give it its next turn; else it comes back by itself.
LEASE: Final = timedelta(minutes=10)
WITHOUT_ACCOUNT: Final = timedelta(hours=6)
#: So many rounds without one answer open the account's circuit; see `tracking.polling_health`.
CIRCUIT_OPENS_AT: Final = 5
#: While one call tries whether the carrier is back, the others wait.
PROBE: Final = timedelta(minutes=1)
UNREADABLE: Final = "The account's credentials cannot be read any more: they must be entered again"

#: Who is asked first when calls are short: what shoppers wait for at the door.
_URGENT: Final = {Status.OUT_FOR_DELIVERY: 0, Status.ATTEMPT_FAILED: 1, Status.PENDING: 2}


@dataclass(frozen=True, slots=True)
class Due:
    """One parcel whose turn it is, with one of its carriers (`leg` 0 is the first)."""

    watch_id: int
    shipment_id: int
    merchant_id: int
    carrier: str
    number: str
    extra: dict[str, str]
    status: Status
    failures: int
    digest: str
    answered_at: datetime | None
    registered_with: int | None = None
    registration: str = ""
    leg: int = 0
    #: The carrier is one of several that may have it: its answer is weighed before it counts.
    is_candidate: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One call, the parcels it is about in the order of its asks, and whose account it uses."""

    call: Call | Registration
    dues: tuple[Due, ...]
    account: CarrierAccount


@dataclass(frozen=True, slots=True)
class Postponed:
    """A parcel that is not asked about now: when again, the result's word, the reason in words.

    An empty `result` leaves what the last answer said: the parcel only waits for its moment.
    """

    due: Due
    until: datetime
    result: str = ""
    words: str = ""


@dataclass(slots=True)
class Plan:
    """What a round does."""

    planned: list[Planned] = field(default_factory=list)
    postponed: list[Postponed] = field(default_factory=list)

    def postpone(self, dues: Iterable[Due], until: datetime, result: str, words: str) -> None:
        """None of these is asked about now, for one reason."""
        self.postponed += [Postponed(one, until, result, words) for one in dues]


def make_plan(due: Sequence[Due], *, now: datetime) -> Plan:
    """Calls for these parcels; in `every_merchant`. Raises RedisError."""
    plan = Plan()
    found = routes({one.merchant_id for one in due}, {one.carrier for one in due})
    groups: dict[int, list[Due]] = defaultdict(list)
    accounts: dict[int, Route] = {}
    codes: dict[tuple[int, int], str] = {}
    routed: list[tuple[Due, Route]] = []
    for one in due:
        route = found.find(one.merchant_id, one.carrier)
        if route is not None:
            routed.append((one, route))
            continue
        words = f"No {registry.name_of(one.carrier)} account is connected"
        plan.postponed.append(Postponed(one, now + WITHOUT_ACCOUNT, "no_account", words))
    routed = _without_told_legs(routed)
    given = {
        leg: needed_fields.given(
            (one.shipment_id, one.carrier, route.carrier) for one, route in routed if one.leg == leg
        )
        for leg in {one.leg for one, _ in routed}
    }
    for one, route in routed:
        missing = given[one.leg].lacking.get(one.shipment_id, ())
        if missing:
            words = needed_fields.in_words(one.carrier, missing)
            until = now + needed_fields.LOOK_AGAIN
            plan.postponed.append(Postponed(one, until, needed_fields.NEEDS_FIELD, words))
            continue
        accounts[route.row.pk] = route
        extra = given[one.leg].extra.get(one.shipment_id, one.extra)
        groups[route.row.pk].append(replace(one, extra=extra))
        codes[one.watch_id, one.leg] = route.courier_code
    for pk, dues in groups.items():
        _plan_account(plan, accounts[pk], dues, codes, now=now)
    return plan


def _without_told_legs(routed: Sequence[tuple[Due, Route]]) -> list[tuple[Due, Route]]:
    """A hub follows a parcel to its end: it is not asked for the further legs apart."""
    hubs = {
        (one.shipment_id, route.row.pk)
        for one, route in routed
        if one.leg == 0 and route.carrier.is_hub
    }
    return [
        (one, route)
        for one, route in routed
        if one.leg == 0 or (one.shipment_id, route.row.pk) not in hubs
    ]


def _plan_account(
    plan: Plan,
    route: Route,
    dues: list[Due],
    codes: dict[tuple[int, int], str],
    *,
    now: datetime,
) -> None:
    row = route.row
    paused = max(filter(None, (row.paused_until, row.platform and row.platform.paused_until)),
                 default=None)  # fmt: skip
    if paused is not None and paused > now:
        plan.postpone(dues, paused, "paused", f"Paused: {row.last_problem}")
        return
    try:
        account = account_of(row)
    except CannotDecrypt:  # one shop's lost key must not stop everybody's round
        plan.postpone(dues, now + WITHOUT_ACCOUNT, "credentials", UNREADABLE)
        return
    dues.sort(key=lambda one: _URGENT.get(one.status, 3))
    batches = list(_batches(route, account, dues))
    if row.failures >= CIRCUIT_OPENS_AT:
        batches, held = (batches[:1], batches[1:]) if _may_probe(row, now=now) else ([], batches)
        for _, batch in held:
            plan.postpone(batch, now + PROBE, "paused", f"Paused: {row.last_problem}")
    grant = _granted(route, len(batches), now=now)
    callback = hook_url("carrier", route.carrier.slug, row.pk) if route.carrier.registers else ""
    for index, (is_new, batch) in enumerate(batches[: grant.count]):
        asks = tuple(
            Ask(one.number, one.extra, codes[one.watch_id, one.leg], one.registration)
            for one in batch
        )
        after = grant.delay + index * grant.spacing
        call: Call | Registration = (
            Registration(route.carrier, account, asks, callback, after)
            if is_new
            else Call(route.carrier, account, asks, after)
        )
        plan.planned.append(Planned(call, tuple(batch), row))
    _postpone_rest(plan, [batch for _, batch in batches[grant.count :]], grant, now=now)


def _batches(
    route: Route, account: Account, dues: Sequence[Due]
) -> Iterator[tuple[bool, list[Due]]]:
    """(whether they are registered first, parcels of one call), in the order of `dues`."""
    carrier = route.carrier
    wants = carrier.registers and carrier.wants_registration(account.credentials)
    for is_new in (True, False):
        some = [one for one in dues if (wants and one.registered_with != route.row.pk) is is_new]
        size = carrier.registration_batch if is_new else carrier.batch_size
        for start in range(0, len(some), size):
            yield is_new, some[start : start + size]


def _may_probe(row: CarrierAccount, *, now: datetime) -> bool:
    """Whether this round is the one that tries a silent carrier; it takes the others' turn."""
    mine = CarrierAccount.objects.filter(pk=row.pk).exclude(paused_until__gt=now)
    return bool(mine.update(paused_until=now + PROBE))


def _granted(route: Route, wanted: int, *, now: datetime) -> Grant:
    """The account's calls; of a shared account no more than a fair share of its day."""
    row = route.row
    return take_calls(
        pace_key(row),
        wanted,
        limits_of(row, route.carrier),
        now=now,
        sharer=row.merchant_id if row.platform_id else None,
    )


def _postpone_rest(
    plan: Plan, batches: Iterable[Sequence[Due]], grant: Grant, *, now: datetime
) -> None:
    """What the limits left over: its own moment where the pace decides, else the reason."""
    again = grant.again or now + timedelta(minutes=1)
    for index, batch in enumerate(batches):
        if grant.short == "pace":
            moment = again + timedelta(seconds=index * grant.spacing)
            plan.postponed += [Postponed(one, moment) for one in batch]
        else:
            words = {
                "hour": "The carrier's hourly limit for this account is used up",
                "day": "The carrier's daily limit for this account is used up",
                "share": "This shop's share of the account's daily limit is used up",
            }[grant.short or "day"]
            plan.postponed += [Postponed(one, again, "budget", words) for one in batch]
