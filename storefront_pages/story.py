"""What one page tells, read from the database: three queries beside that of the stamp, and two
more where a disruption pushed a date back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from edd.disruptions import Disruption
from lib.vocabulary import Milestone, Status
from merchants.models import Merchant
from storefront_pages.access import BY_LINK, Access, Part
from storefront_pages.asked import (
    ADDRESS,
    ANSWERS,
    CASES,
    CASH,
    FEEDBACK,
    LEGS,
    RECEIVER,
    SETTLED,
    AddressSeen,
    AnswerSeen,
    CaseSeen,
    CashSeen,
    FeedbackSeen,
    LegSeen,
    ReceiverSeen,
    Settled,
    address_of,
    answers_of,
    cases_of,
    cash_of,
    feedback_of,
    legs_of,
    receiver_of,
    settled_of,
)
from storefront_pages.rows import asked, columns, made, width
from storefront_pages.shop_page import ShopPage, shop_page
from storefront_pages.stamps import Stamp
from storefront_pages.typed import NOTHING, Typed
from storefront_pages.withholding import order_for, withhold_details
from tracking.disrupting import disruptions_of
from tracking.models import Event, Order, OrderItem, Recipient, Shipment, Watch
from tracking.orders import order_status

#: Scans of one order that a page shows; the newest. A page must stay light.
MOST_EVENTS = 150


@dataclass(slots=True)
class Parcel:
    """One parcel with what is in it, its scans (newest first) and how we ask about it."""

    shipment: Shipment
    watch: Watch | None
    contents: list[tuple[OrderItem, int]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    answers: list[AnswerSeen] = field(default_factory=list)
    legs: Sequence[LegSeen] = ()

    @property
    def status(self) -> Status:
        return Status(self.shipment.status)

    @property
    def wish(self) -> AnswerSeen | None:
        """What the shopper asked for after the last failed attempt; the newest."""
        return self._answer("wish")

    @property
    def denial(self) -> AnswerSeen | None:
        """The shopper's statement that nobody came at the last attempt."""
        return self._answer("nobody_came")

    @property
    def absence(self) -> AnswerSeen | None:
        """What the shopper asked for because nobody will be there; the newest."""
        return self._answer("away")

    def _answer(self, kind: str) -> AnswerSeen | None:
        """The newest answer of this kind to the last attempt; `answers` are newest first."""
        attempt = self.shipment.attempts
        return next((a for a in self.answers if (a.kind, a.attempt) == (kind, attempt)), None)


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the page says. `loose` are items that no parcel is known to hold."""

    merchant: Merchant
    order: Order
    parcels: Sequence[Parcel]
    loose: Sequence[tuple[OrderItem, int]]
    zone: ZoneInfo
    now: datetime
    language: str
    cases: Sequence[CaseSeen] = ()
    #: Carriers whose feed is dead for everybody, and since when.
    outages: Mapping[str, datetime] = field(default_factory=dict)
    #: What pushed a parcel's date back, by parcel.
    disruptions: Mapping[int, Disruption] = field(default_factory=dict)
    #: What the address lacks; None where it was not checked.
    address: AddressSeen | None = None
    #: Whether the order, to be paid at the door, stands; None where nobody asked.
    cash: CashSeen | None = None
    #: What the shop gave back or sent instead; nothing for others than the buyer.
    settled: Settled = field(default_factory=Settled)
    #: What the shop decided about the look, as `shop.brand_facts` has it.
    look: Mapping[str, Any] = field(default_factory=dict)
    #: What its reader may see and do; what may not be seen is not in here.
    access: Access = BY_LINK
    #: Whether there is somebody of the order to whom a code may go.
    can_be_proved: bool = False
    #: What the shop shows beside it: promotions, questions, banners.
    shop_page: ShopPage = field(default_factory=ShopPage)
    #: Whose link it is: a recipient's role, or "" for the order's own.
    role: str = ""
    #: What the receiver who reads it is called; "" for other readers.
    receiver_name: str = ""
    #: The marks that were given, by whoever.
    feedback: Sequence[FeedbackSeen] = ()
    #: Whether a receiver is told beside the buyer.
    receiver: ReceiverSeen | None = None
    #: The page's own path, where its forms are, and what was posted to one and is wrong.
    page: str = ""
    #: The host that the page is asked at; "" where it is only shown.
    host: str = ""
    typed: Typed = NOTHING

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def tag(self) -> str:
        """The tag dates are written by: Arabic month names differ from country to country."""
        return f"ar-{self.order.country}" if self.language == "ar" else self.language

    @property
    def speaker(self) -> Parcel | None:
        """The parcel that speaks for the order: the worst status, and of those the latest date."""
        if not self.parcels:
            return None
        status = order_status(parcel.shipment.status for parcel in self.parcels)
        same = [parcel for parcel in self.parcels if parcel.status is status]
        return max(same, key=lambda parcel: parcel.shipment.edd_last or date.min)

    def feedback_on(self, shipment_id: int | None) -> FeedbackSeen | None:
        """What whoever holds the link has said of this parcel, or (None) of the shop."""
        who = self.role or Recipient.Role.BUYER
        mine = (one for one in self.feedback if one.role == who)
        return next((one for one in mine if one.shipment_id == shipment_id), None)

    @property
    def order_milestone(self) -> Milestone:
        if self.order.packed_at:
            return Milestone.PACKED
        return Milestone.CONFIRMED if self.order.confirmed_at else Milestone.PLACED

    @property
    def status(self) -> Status:
        """The order's status as the page tells it."""
        if self.order.cancelled_at and not self.parcels:
            return Status.CANCELLED
        return order_status(parcel.shipment.status for parcel in self.parcels)

    def local(self, moment: datetime) -> datetime:
        """The moment on the destination's clock."""
        return moment.astimezone(self.zone)


_PARCELS: Final = f"""
SELECT {CASES}, {ANSWERS}, {ADDRESS}, {CASH}, {SETTLED}, {FEEDBACK}, {RECEIVER},
 {LEGS}, {columns(Shipment, "s")}, {columns(Watch, "w")}
FROM (VALUES (%s::bigint, %s::bigint)) AS o (merchant_id, id)
LEFT JOIN tracking_shipment s ON s.merchant_id = o.merchant_id AND s.order_id = o.id
LEFT JOIN tracking_watch w ON w.shipment_id = s.id
ORDER BY s.id"""  # noqa: S608 - column names of ours
_ITEMS: Final = f"""
SELECT ARRAY(SELECT ARRAY[c.shipment_id, c.quantity]
  FROM tracking_shipmentitem c WHERE c.item_id = i.id), {columns(OrderItem, "i")}
FROM tracking_orderitem i
WHERE i.merchant_id = %s AND i.order_id = %s ORDER BY i.position, i.id"""  # noqa: S608 - as above
_EVENTS: Final = f"""
SELECT {columns(Event, "e")}
FROM tracking_event e JOIN tracking_shipment s ON s.id = e.shipment_id
WHERE s.merchant_id = %s AND s.order_id = %s AND e.quarantined = ''
ORDER BY e.at DESC, e.received_at DESC, e.id DESC LIMIT {MOST_EVENTS}"""  # noqa: S608 - as above


def load(*, stamp: Stamp, language: str, now: datetime | None = None) -> Story:
    """Parcels, items and scans of the stamped order: three queries, however many parcels, and
    two more where a disruption has a part in them.

    In the scope of the stamp's merchant.
    """
    order = stamp.order
    assert order is not None
    whose = (order.merchant_id, order.pk)
    # There is always one row: cases, answers and the check stand in it though there is no parcel.
    rows = list(asked(_PARCELS, whose))
    cases, answers_column, address, cash, decided, feedback, receiver, *_ = rows[0]
    parcels = [_parcel(row[7], list(row[8:])) for row in rows if row[8] is not None]
    answers = answers_of(answers_column)
    held, loose = _items(order, [parcel.shipment.pk for parcel in parcels])
    if not stamp.access.may(Part.ITEMS):
        # What was bought, and what was given back of it, is the buyer's business.
        held, loose, decided = {parcel.shipment.pk: [] for parcel in parcels}, [], None
    withhold_details((parcel.shipment for parcel in parcels), stamp.access)
    events: dict[int, list[Event]] = defaultdict(list)
    for row in asked(_EVENTS, whose):
        event = made(Event, row)
        events[event.shipment_id].append(event)
    for parcel in parcels:
        parcel.contents, parcel.events = held[parcel.shipment.pk], events[parcel.shipment.pk]
        parcel.answers = answers[parcel.shipment.pk]
    return Story(
        merchant=stamp.merchant,
        order=order_for(order, stamp.access),
        parcels=parcels,
        loose=loose,
        zone=stamp.zone,
        now=now or datetime.now(UTC),
        language=language,
        cases=cases_of(cases),
        address=address_of(address),
        cash=cash_of(cash),
        settled=settled_of(decided),
        role=stamp.role,
        receiver_name=stamp.recipient_name if stamp.role == Recipient.Role.RECEIVER else "",
        feedback=feedback_of(feedback),
        receiver=receiver_of(receiver),
        outages=dict(stamp.outages),
        disruptions=disruptions_of(parcel.shipment for parcel in parcels),
        look=stamp.brand,
        access=stamp.access,
        can_be_proved=bool(stamp.role or order.customer_email or order.customer_phone),
        shop_page=shop_page(stamp.merchant),
    )


def _parcel(legs: str | None, values: list[Any]) -> Parcel:
    split = width(Shipment)
    watch = made(Watch, values[split:]) if values[split] else None
    return Parcel(made(Shipment, values[:split]), watch, legs=legs_of(legs))


Items = list[tuple[OrderItem, int]]


def _items(order: Order, shipment_ids: Sequence[int]) -> tuple[dict[int, Items], Items]:
    """Which parcel holds how many of which line, and what is in none."""
    held: dict[int, Items] = defaultdict(list)
    loose: Items = []
    for contents, *values in asked(_ITEMS, (order.merchant_id, order.pk)):
        item = made(OrderItem, values)
        left = item.quantity
        for shipment_id, quantity in contents:
            held[shipment_id].append((item, quantity))
            left -= quantity
        if left > 0:
            loose.append((item, left))
    if len(shipment_ids) == 1 and not held:
        # Shops that send everything at once do not say what is in the parcel.
        held[shipment_ids[0]], loose = loose, []
    return held, loose
