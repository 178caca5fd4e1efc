"""What waits for somebody: counted from the rows, each with the list that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from carriers.models import CarrierAccount
from helpdesk.cases import open_cases
from inbox.models import Delivery, Outcome
from lib.vocabulary import SUB_STATUSES, TERMINAL, UNKNOWN, Party, Status
from notifications.models import Message, Template
from notifications.webhooks.health import troubled
from stores.models import Gap, StoreConnection
from tracking.address_check import incomplete_orders
from tracking.answers import waiting_by_hand
from tracking.models import DeliveryAnswer, Event, Outage, Shipment
from tracking.needed_fields import NEEDS_FIELD
from tracking.outages import open_outages
from tracking.quarantine import waiting

#: Parcels about which something can still be done.
OPEN: Final = tuple(
    str(status) for status in Status if status not in TERMINAL and status is not Status.EXPIRED
)
_FOR_THE_SHOP: Final = tuple(row.code for row in SUB_STATUSES.values() if row.who is Party.MERCHANT)
_RECENT: Final = timedelta(days=7)

LATE: Final = Q(delayed=True)
LIKELY: Final = Q(will_be_late=True)
STALLED: Final = Q(stalled=True)
SHOPPER: Final = Q(action_required=True)
SHOP: Final = Q(sub_status__in=_FOR_THE_SHOP)
ATTEMPTS: Final = Q(status=Status.ATTEMPT_FAILED)
UNREADABLE: Final = Q(unknown_events__gt=0)
#: Its carrier is not asked, because it needs more than the number.
FIELDS: Final = Q(watch__result=NEEDS_FIELD)
NEEDS: Final = LATE | LIKELY | STALLED | SHOPPER | SHOP | FIELDS | Q(disputed=True)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many orders each question concerns, and what is broken. All counts."""

    needs: int
    late: int
    likely: int
    stalled: int
    shopper: int
    shop: int
    attempts: int
    unasked: int
    fields: int
    out_today: int
    on_the_way: int
    unknown_codes: int = 0
    failing_accounts: int = 0
    rejecting_stores: int = 0
    recovered: int = 0
    silent_stores: int = 0
    failed_deliveries: int = 0
    failed_messages: int = 0
    stopped_webhooks: int = 0
    failing_webhooks: int = 0
    broken_texts: int = 0
    cases: int = 0
    answers: int = 0
    doubted: int = 0
    addresses: int = 0


def open_parcels() -> QuerySet[Shipment]:
    return Shipment.objects.filter(status__in=OPEN)


def outages_of_shop() -> list[Outage]:
    """Outages of carriers that have this shop's parcels on their way."""
    found = list(open_outages())
    if not found:
        return []
    slugs = {one.carrier for one in found}
    mine = set(open_parcels().filter(carrier__in=slugs).values_list("carrier", flat=True))
    return [one for one in found if one.carrier in mine]


def unasked() -> Q:
    """Parcels that nothing was ever heard of, and whose carrier nobody connected."""
    connected = CarrierAccount.objects.filter(is_active=True).values("carrier")
    return Q(last_event_at__isnull=True) & ~Q(carrier__in=connected)


def count_orders() -> Waiting:
    """The counts of the orders' page: one query, over open parcels only."""

    def orders(question: Q) -> Count:
        return Count("order_id", distinct=True, filter=question)

    found = open_parcels().aggregate(
        needs=orders(NEEDS),
        late=orders(LATE),
        likely=orders(LIKELY),
        stalled=orders(STALLED),
        shopper=orders(SHOPPER),
        shop=orders(SHOP),
        attempts=orders(ATTEMPTS),
        unasked=orders(unasked()),
        fields=orders(FIELDS),
        out_today=orders(Q(status=Status.OUT_FOR_DELIVERY)),
        on_the_way=Count("order_id", distinct=True),
    )
    return Waiting(**found)


def count_everything(*, now: datetime) -> Waiting:
    """The counts of the home page; eleven queries."""
    orders = count_orders()
    gaps = Gap.objects.filter(tells=True).aggregate(
        recovered=Coalesce(Sum("found", filter=Q(closed_at__gte=now - _RECENT)), 0),
        silent_stores=Count("pk", filter=Q(closed_at__isnull=True)),
    )
    return Waiting(
        **{name: getattr(orders, name) for name in _ORDER_COUNTS},
        unknown_codes=unknown_codes().count(),
        failing_accounts=CarrierAccount.objects.filter(is_active=True, failures__gt=0).count(),
        rejecting_stores=StoreConnection.objects.filter(
            is_active=True, last_rejected_at__gte=now - _RECENT
        ).count(),
        **gaps,
        **troubled(),
        failed_deliveries=Delivery.objects.filter(outcome=Outcome.FAILED).count(),
        failed_messages=Message.objects.filter(
            state__in=[Message.State.FAILED, Message.State.UNCERTAIN],
            created_at__gte=now - _RECENT,
        ).count(),
        broken_texts=Template.objects.exclude(problem="").count(),
        cases=open_cases().count(),
        doubted=waiting().count(),
        addresses=incomplete_orders().count(),
        answers=waiting_by_hand().filter(state=DeliveryAnswer.State.RECEIVED).count(),
    )


_ORDER_COUNTS: Final = (
    "needs", "late", "likely", "stalled", "shopper", "shop", "attempts", "unasked", "fields",
    "out_today", "on_the_way",
)  # fmt: skip


def unknown_codes() -> QuerySet[Event, tuple[str, str]]:
    """(carrier, code) pairs that are in no table and that nobody has placed."""
    return (
        Event.objects.filter(sub_status=UNKNOWN)
        .values_list("shipment__carrier", "code")
        .distinct()
        .order_by()
    )
