"""Shoppers' answers to couriers: taken, passed on by hand, settled, erased.

`tracking.answer_sending` is the part that talks to carriers.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Sum

from carriers.answers import BY_HAND, AnswerOptions
from carriers.models import CarrierAccount
from carriers.registry import CARRIERS
from edd.calendars import delivery_calendar
from edd.zones import destination_zone
from lib.personal_data import Person
from lib.vocabulary import Status
from merchants.models import User
from tracking.absence import ON_THE_WAY, may_be_away
from tracking.disputes import dispute_attempt
from tracking.models import DeliveryAnswer, Event, Order, Shipment
from tracking.orders import touch

PARTS_OF_DAY: Final = ("morning", "afternoon", "evening")
#: So many days are offered; further ones are nobody's wish.
MOST_DAYS: Final = 4
_NEW_TIME: Final = "out.reschedule_needed"
_PERSONAL: Final = (
    "address", "landmark", "phone", "words", "safe_place", "neighbour", "pin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What a shopper asks for; every part may be empty. Texts fit the columns of the table."""

    day: date | None = None
    part_of_day: str = ""
    address: str = ""
    landmark: str = ""
    phone: str = ""
    words: str = ""
    safe_place: str = ""
    neighbour: str = ""
    pin: str = ""

    @property
    def parts(self) -> frozenset[str]:
        """What is asked for, by the names of `carriers.answers.KINDS`."""
        day = {"date"} if self.day is not None else set()
        return frozenset(day | {name for name in _PERSONAL if getattr(self, name)})

    @property
    def is_empty(self) -> bool:
        """A part of a day alone asks for nothing: of which day?"""
        return not self.parts


def is_answerable(shipment: Shipment) -> bool:
    """Whether the carrier waits to hear what the shopper wants."""
    waits = shipment.status == Status.ATTEMPT_FAILED or shipment.sub_status == _NEW_TIME
    return waits and not shipment.return_leg


def agreed_day(
    shipment: Shipment, answers: Iterable[DeliveryAnswer], *, today: date
) -> date | None:
    """The day that the carrier agreed to after this parcel's last attempt, unless it has passed."""
    if not is_answerable(shipment):
        return None
    days = [
        one.day
        for one in answers
        if one.shipment_id == shipment.pk
        and one.attempt == shipment.attempts
        and one.kind == DeliveryAnswer.Kind.WISH
        and one.state == DeliveryAnswer.State.ACCEPTED
    ]
    return max((day for day in days if day is not None and day >= today), default=None)


def options_for(shipment: Shipment) -> AnswerOptions:
    """What may be asked for this parcel now: by its carrier's API, else by hand."""
    adapter = CARRIERS.get(shipment.carrier)
    options = adapter.answers if adapter else None
    if options is None:
        return BY_HAND
    if not is_answerable(shipment):
        return options if options.before_attempt else BY_HAND
    code = _code_of_attempt(shipment) if options.after_codes else ""
    return options if options.takes(code=code, attempt=shipment.attempts) else BY_HAND


def _code_of_attempt(shipment: Shipment) -> str:
    """The carrier's own code of the last failed attempt."""
    failed = Event.objects.filter(
        shipment=shipment, sub_status__startswith="attempt.", quarantined=""
    ).order_by("-at", "-pk")
    return failed.values_list("code", flat=True).first() or ""


def days_for(shipment: Shipment, order: Order, *, now: datetime) -> list[date]:
    """The next days on which this carrier delivers there, from tomorrow on."""
    calendar = delivery_calendar(order.country, shipment.carrier, shipment.service, order.region)
    today = today_at(order, now=now)
    most = options_for(shipment).days_ahead
    ahead = (today + timedelta(days=n) for n in range(1, most + 1))
    return [day for day in ahead if calendar.is_working(day)][:MOST_DAYS]


def today_at(order: Order, *, now: datetime) -> date:
    """The date at the order's destination."""
    zone = ZoneInfo(destination_zone(order.country, order.region, order.city))
    return now.astimezone(zone).date()


def take_wish(
    *, shipment: Shipment, wish: Wish, now: datetime
) -> tuple[DeliveryAnswer | None, bool]:
    """Keep a wish and see that it is passed on; True when it is new.

    In the merchant's scope. None where the parcel no longer waits for one. A second wish for
    the same attempt (a double click) is the first one, unless that was refused. Raises
    ValueError for a wish that asks for nothing.
    """
    if wish.is_empty:
        raise ValueError("the wish asks for nothing")
    return _take(shipment, DeliveryAnswer.Kind.WISH, wish, now=now)


def take_absence(
    *, shipment: Shipment, wish: Wish, now: datetime
) -> tuple[DeliveryAnswer | None, bool]:
    """Nobody will be there when the courier comes, and what to do instead; as `take_wish`."""
    if wish.is_empty:
        raise ValueError("the wish asks for nothing")
    return _take(shipment, DeliveryAnswer.Kind.AWAY, wish, now=now)


def take_denial(
    *, shipment: Shipment, now: datetime, called: bool | None = None
) -> tuple[DeliveryAnswer | None, bool]:
    """The shopper says that nobody came: kept as evidence, and the parcel says so.

    `called` is whether somebody rang them up; None where they were not asked.
    """
    return _take(shipment, DeliveryAnswer.Kind.NOBODY_CAME, Wish(), now=now, called=called)


def still_waits(answer: DeliveryAnswer, shipment: Shipment) -> bool:
    """Whether the parcel is still where this answer can change something."""
    if shipment.attempts != answer.attempt:
        return False
    if answer.kind == DeliveryAnswer.Kind.AWAY:
        return shipment.status in ON_THE_WAY and not shipment.return_leg
    return is_answerable(shipment)


def _is_open(shipment: Shipment, kind: str, *, now: datetime) -> bool:
    if kind == DeliveryAnswer.Kind.AWAY:
        return may_be_away(shipment, today=today_at(shipment.order, now=now))
    return is_answerable(shipment)


def _take(
    shipment: Shipment, kind: str, wish: Wish, *, now: datetime, called: bool | None = None
) -> tuple[DeliveryAnswer | None, bool]:
    rows = Shipment.objects.select_for_update(of=("self",)).select_related("order")
    locked = rows.get(pk=shipment.pk)
    if not _is_open(locked, kind, now=now):
        return None, False
    known = (
        DeliveryAnswer.objects.filter(shipment=locked, attempt=locked.attempts, kind=kind)
        .exclude(state=DeliveryAnswer.State.REFUSED)
        .first()
    )
    if known is not None:
        return known, False
    by_hand = kind == DeliveryAnswer.Kind.NOBODY_CAME or not _has_api(locked, wish)
    made = DeliveryAnswer.objects.create(
        merchant_id=locked.merchant_id,
        order_id=locked.order_id,
        shipment=locked,
        attempt=locked.attempts,
        kind=kind,
        day=wish.day,
        part_of_day=wish.part_of_day,
        address=wish.address,
        landmark=wish.landmark,
        phone=wish.phone,
        words=wish.words,
        safe_place=wish.safe_place,
        neighbour=wish.neighbour,
        pin=wish.pin,
        called=called,
        by_hand=by_hand,
        key=uuid.uuid4(),
        created_at=now,
        due_at=None if by_hand else now,
    )
    if kind == DeliveryAnswer.Kind.NOBODY_CAME:
        dispute_attempt(shipment=locked, attempt=locked.attempts, now=now)
    touch(locked.order_id, now=now)
    return made, True


def _has_api(shipment: Shipment, wish: Wish) -> bool:
    """Whether the carrier's API takes all of this wish."""
    options = options_for(shipment)
    if options is BY_HAND or not wish.parts <= options.parts:
        return False
    return CarrierAccount.objects.filter(carrier=shipment.carrier, is_active=True).exists()


def waiting_by_hand() -> QuerySet[DeliveryAnswer]:
    """The answers that a person must pass on or hear about, oldest first; in the scope."""
    failed = Q(shipment__status=Status.ATTEMPT_FAILED) | Q(shipment__sub_status=_NEW_TIME)
    away = Q(kind=DeliveryAnswer.Kind.AWAY)
    coming = Q(shipment__status__in=ON_THE_WAY, shipment__attempts=F("attempt"))
    still = (failed & ~away) | (coming & away)
    found: QuerySet[DeliveryAnswer] = (
        DeliveryAnswer.objects.filter(
            still,
            by_hand=True,
            state__in=[DeliveryAnswer.State.RECEIVED, DeliveryAnswer.State.SENT],
        )
        .select_related("shipment", "order")
        .order_by("created_at", "pk")
    )
    return found


def pass_on(*, answer: DeliveryAnswer, by: User, now: datetime) -> bool:
    """Somebody told the carrier. False when that was noted before."""
    return _by_hand(
        answer, by, now=now, states=(DeliveryAnswer.State.RECEIVED,),
        state=DeliveryAnswer.State.SENT, sent_at=now,
    )  # fmt: skip


def settle(*, answer: DeliveryAnswer, agreed: bool, words: str, by: User, now: datetime) -> bool:
    """What the carrier said to somebody, with its words. False when it was settled before."""
    state = DeliveryAnswer.State.ACCEPTED if agreed else DeliveryAnswer.State.REFUSED
    return _by_hand(
        answer, by, now=now,
        states=(DeliveryAnswer.State.RECEIVED, DeliveryAnswer.State.SENT),
        state=state, settled_at=now, carrier_words=words.replace("\x00", "").strip()[:300],
    )  # fmt: skip


def _by_hand(
    answer: DeliveryAnswer, by: User, *, now: datetime, states: tuple[str, ...], **columns: Any
) -> bool:
    """Set the columns where the answer is a person's to handle and still in one of `states`."""
    changed = DeliveryAnswer.objects.filter(pk=answer.pk, by_hand=True, state__in=states).update(
        handled_by=by, **columns
    )
    if changed:
        answer.refresh_from_db()
        touch(answer.order_id, now=now)
    return bool(changed)


def false_attempts(carrier: str) -> tuple[int, int]:
    """Attempts of this carrier of which a shopper says that nobody came, of all that failed."""
    denied = DeliveryAnswer.objects.filter(
        shipment__carrier=carrier, kind=DeliveryAnswer.Kind.NOBODY_CAME
    ).count()
    failed = Shipment.objects.filter(carrier=carrier).aggregate(all=Sum("attempts"))["all"]
    return denied, failed or 0


def export_person(person: Person) -> list[dict[str, Any]]:
    """What this person answered, oldest first."""
    rows = DeliveryAnswer.objects.filter(order_id__in=person.order_ids).order_by("created_at", "pk")
    return [
        {
            "order": row.order_id,
            "at": row.created_at.isoformat(),
            "kind": row.kind,
            "day": row.day.isoformat() if row.day else None,
            **{name: getattr(row, name) for name in _PERSONAL},
        }
        for row in rows
    ]


def erase_person(person: Person) -> int:
    """Blank what they wrote; that they answered stays, as evidence about the carrier."""
    rows = DeliveryAnswer.objects.filter(order_id__in=person.order_ids)
    written = rows.exclude(**dict.fromkeys(_PERSONAL, ""))
    return written.update(carrier_words="", **dict.fromkeys(_PERSONAL, ""))
