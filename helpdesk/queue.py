"""Orders that make somebody write to the shop, or already did; worst first, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.case_words import KINDS
from helpdesk.cases import open_cases
from helpdesk.models import Case as HelpCase
from helpdesk.written_words import age_words
from lib.vocabulary import TERMINAL, Status
from lib.words import sentence
from notifications.answers.settling import unanswered
from notifications.answers.ways_back import is_closing, window_ends
from notifications.channels.registry import label_of
from tracking.answers import waiting_by_hand
from tracking.models import DeliveryAnswer, Shipment

#: What has ended is worth a look for so long; later the question was asked or never comes.
_RECENT: Final = timedelta(days=14)
_OPEN: Final = [str(status) for status in Status if status not in TERMINAL]
_ENDED_BADLY: Final = [str(Status.LOST_OR_DESTROYED), str(Status.RETURNED)]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One reason to expect a question. `weight`: how sure we are that it comes, 0 to 100."""

    weight: int
    where: Q
    holds: Callable[[Shipment], bool]
    words: Callable[[Shipment, date, datetime], str]


def _words_of_status(parcel: Shipment, today: date, now: datetime) -> str:
    return sentence(parcel.sub_status)


def _attempts(parcel: Shipment, today: date, now: datetime) -> str:
    count = max(parcel.attempts, 1)
    text = ngettext("%(n)s failed attempt", "%(n)s failed attempts", count) % {"n": count}
    return f"{text} · {sentence(parcel.sub_status)}"


def _late(parcel: Shipment, today: date, now: datetime) -> str:
    days = (today - parcel.promised_last).days if parcel.promised_last else 0
    if days > 0:
        return ngettext("Late by %(n)s day", "Late by %(n)s days", days) % {"n": days}
    return _("Will be later than promised")


def _likely_late(parcel: Shipment, today: date, now: datetime) -> str:
    return _("Will probably be later than promised")


def _silent(parcel: Shipment, today: date, now: datetime) -> str:
    days = (now - (parcel.last_event_at or parcel.created_at)).days
    return ngettext("No scan for %(n)s day", "No scan for %(n)s days", days) % {"n": days}


def _is(*statuses: Status) -> tuple[Q, Callable[[Shipment], bool]]:
    return Q(status__in=statuses), lambda parcel: parcel.status in statuses


def _flag(name: str) -> tuple[Q, Callable[[Shipment], bool]]:
    return Q(**{name: True}), lambda parcel: bool(getattr(parcel, name))


def _sub(*codes: str) -> tuple[Q, Callable[[Shipment], bool]]:
    return Q(sub_status__in=codes), lambda parcel: parcel.sub_status in codes


#: The heaviest that holds decides a parcel's place; its words say why it stands there.
TROUBLES: Final = (
    Trouble(100, *_flag("disputed"), lambda p, today, now: _("The customer says it did not come")),
    Trouble(95, *_is(Status.LOST_OR_DESTROYED), _words_of_status),
    Trouble(85, *_is(Status.ATTEMPT_FAILED), _attempts),
    Trouble(80, *_is(Status.EXCEPTION), _words_of_status),
    Trouble(
        75, *_sub("customs.information_required", "customs.duties_unpaid", "customs.prohibited"),
        _words_of_status,
    ),
    Trouble(
        70, *_sub("pickup.last_days", "pickup.missed", "out.reschedule_needed"), _words_of_status
    ),
    Trouble(60, *_flag("delayed"), _late),
    Trouble(58, *_flag("will_be_late"), _likely_late),
    Trouble(55, *_flag("stalled"), _silent),
    Trouble(50, *_is(Status.RETURNING, Status.RETURNED), _words_of_status),
    Trouble(
        45,
        *_sub("pending.bad_number", "pending.awaiting_extra_field", "info.pickup_failed"),
        _words_of_status,
    ),
    Trouble(40, *_is(Status.EXPIRED), _words_of_status),
    Trouble(30, *_flag("action_required"), _words_of_status),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order in the queue: the parcel that it is about, if any, and why."""

    order_id: int
    shipment_id: int | None
    weight: int
    reason: str


#: How much a case weighs: somebody waits for an answer, or for what was promised to them.
_CASE_WEIGHTS: Final[dict[tuple[str, str], int]] = {
    (HelpCase.Kind.NOT_RECEIVED, HelpCase.State.OPEN): 99,
    (HelpCase.Kind.CONCERN, HelpCase.State.OPEN): 97,
    (HelpCase.Kind.ADDRESS, HelpCase.State.OPEN): 98,
    (HelpCase.Kind.OTHER, HelpCase.State.OPEN): 96,
}
_CASE_WAITS: Final = 65
#: An answer that a person must pass on, before the courier's next round.
_ANSWER_WEIGHT: Final = 92
#: Somebody wrote and waits; before everything else where WhatsApp's window is about to close.
_WRITTEN_WEIGHT: Final = 98
_CLOSING_WEIGHT: Final = 110


def worst_first(*, now: datetime, today: date, limit: int = 30) -> list[Waiting]:
    """The orders that will be asked about, in the merchant's scope; one line an order.

    What customers wrote, open cases, answers to pass on and troubled parcels, the heaviest first.
    """
    found = [
        *_written(now=now, limit=limit),
        *_cases(now=now, limit=limit),
        *_answers(limit=limit),
        *_parcels(now=now, today=today, limit=limit),
    ]
    # Stable: within a weight, cases and answers by age, parcels as they were asked for.
    found.sort(key=lambda line: -line.weight)
    lines: dict[int, Waiting] = {}
    for line in found:
        if len(lines) < limit:
            lines.setdefault(line.order_id, line)
    return list(lines.values())


def _written(*, now: datetime, limit: int) -> list[Waiting]:
    """The oldest unanswered first; an open case of the same order adds no line of its own."""
    lines = []
    waiting = list(unanswered().filter(order__isnull=False)[:limit])
    ends = window_ends(waiting)
    for answer in waiting:
        said = _("%(channel)s, waits %(age)s") % {
            "channel": label_of(answer.channel),
            "age": age_words(answer, now),
        }
        weight = _WRITTEN_WEIGHT
        if is_closing(ends.get(answer.pk), now=now):
            weight = _CLOSING_WEIGHT
            said = f"{said} · {_('WhatsApp closes soon')}"
        lines.append(Waiting(answer.order_id, None, weight, said))
    return lines


def _cases(*, now: datetime, limit: int) -> list[Waiting]:
    lines = []
    for case in open_cases()[:limit]:
        days = (now - case.opened_at).days
        age = ngettext("open for %(n)s day", "open for %(n)s days", days) % {"n": days}
        reason = _("Case: %(kind)s") % {"kind": KINDS[case.kind]}
        if days:
            reason = f"{reason} · {age}"
        weight = _CASE_WEIGHTS.get((case.kind, case.state), _CASE_WAITS)
        lines.append(Waiting(case.order_id, case.shipment_id, weight, reason))
    return lines


def _answers(*, limit: int) -> list[Waiting]:
    rows = waiting_by_hand().filter(state=DeliveryAnswer.State.RECEIVED)[:limit]
    said = _("The customer’s answer must be passed on")
    return [Waiting(row.order_id, row.shipment_id, _ANSWER_WEIGHT, said) for row in rows]


def _parcels(*, now: datetime, today: date, limit: int) -> list[Waiting]:
    """Sorted by the heaviest trouble, then by how long the promise has passed, then by silence."""
    weight = Case(
        *(When(trouble.where, then=Value(trouble.weight)) for trouble in TROUBLES),
        default=Value(0),
        output_field=IntegerField(),
    )
    still_counts = Q(status__in=_OPEN) | Q(status__in=_ENDED_BADLY, status_at__gte=now - _RECENT)
    parcels = (
        Shipment.objects.filter(still_counts | Q(disputed=True))
        .annotate(weight=weight)
        .filter(weight__gt=0)
        .order_by(
            "-weight",
            F("promised_last").asc(nulls_last=True),
            F("last_event_at").asc(nulls_last=True),
            "pk",
        )[: limit * 3]  # an order may have several bad parcels
    )
    return [
        Waiting(parcel.order_id, parcel.pk, parcel.weight, reason(parcel, today=today, now=now))
        for parcel in parcels
    ]


def reason(parcel: Shipment, *, today: date, now: datetime) -> str:
    """Why this parcel will be asked about, in the active language; empty when it will not."""
    found = next((trouble for trouble in TROUBLES if trouble.holds(parcel)), None)
    return found.words(parcel, today, now) if found else ""


def worst_of(parcels: Sequence[Shipment]) -> list[Shipment]:
    """The parcels of one order, the one most asked about first."""

    def weight(parcel: Shipment) -> int:
        return next((trouble.weight for trouble in TROUBLES if trouble.holds(parcel)), 0)

    return sorted(parcels, key=weight, reverse=True)
