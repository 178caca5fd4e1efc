"""The states that a reader may find an order's page in, by name: what browsers and eyes look at.

Those that `scenes` makes, and the rarer ones here. Each is an order, whose page it is, how much
was proved, and perhaps what a posted form came back with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.test import Client

from edd.disruption_rows import Wanted, switch_on
from help_texts.models import Banner, Question
from helpdesk.cases import open_case, write_to_shopper
from lib.vocabulary import Milestone
from merchants.models import Merchant
from merchants.page_version import pages_changed
from merchants.scope import merchant_scope
from selling.promoting import Draft, make
from storefront_pages.access import Holder, Tier
from tests import factories
from tests.factories import NOW
from tests.storefront_pages import scenes
from tests.storefront_pages.scenes import Scene, order, parcel, scan, window
from tests.storefront_pages.visits import ROLES, enter
from tracking.address_check import check_addresses
from tracking.answers import Wish, take_denial, take_wish
from tracking.changes import reach_order_milestone
from tracking.ingest import review
from tracking.links import link_by_lookup, link_for, page_path
from tracking.models import (
    CashQuestion,
    DeliveryAnswer,
    Order,
    OrderItem,
    Recipient,
    Refund,
    Shipment,
    ShipmentItem,
    Watch,
)
from tracking.outages import declare


@dataclass(frozen=True)
class State:
    """One page: `scene` makes its order; `posts` is (address below it, fields) of a form."""

    scene: Scene
    tier: Tier = Tier.LINK
    holder: Holder = Holder.BUYER
    below: str = ""
    posts: tuple[str, Mapping[str, str]] | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.scene.__name__


@dataclass(frozen=True)
class Page:
    """A state that was made: where it is, and for whom."""

    path: str
    client: Client
    state: State


def make_page(merchant: Merchant, state: State) -> Page:
    """The page of a new order in this state."""
    client = Client()
    with merchant_scope(merchant.pk):
        made = state.scene(merchant)
        columns = dict(state.columns) | {"is_gift": state.holder is Holder.GIFTED}
        Order.objects.filter(pk=made.pk).update(**columns)
        person, _ = Recipient.objects.get_or_create(
            merchant=merchant, order=made, role=ROLES[state.holder],
            defaults={"name": "Omar", "email": "omar@receiver.example"},
        )  # fmt: skip
        until = datetime.now(UTC) + timedelta(days=9)
        link = (
            link_by_lookup(order=made, recipient=person, until=until)
            if state.tier is Tier.LOOKED_UP
            else link_for(order=made, recipient=person)
        )
    if state.tier is Tier.CODE:
        enter(client, link)
    return Page(page_path(link, merchant=merchant) + state.below, client, state)


def unknown_to_carrier(merchant: Merchant) -> Order:
    made = parcel(merchant)
    Watch.objects.filter(shipment=made).update(result="not_found", failures=2)
    return made.order


def on_hold(merchant: Merchant) -> Order:
    return order(merchant, hold="on_hold")


def out_of_stock(merchant: Merchant) -> Order:
    return order(merchant, hold="out_of_stock")


def to_be_confirmed(merchant: Merchant) -> Order:
    made = order(merchant, cod_amount="149.00")
    CashQuestion.objects.create(merchant=merchant, order=made, asked_at=NOW)
    return made


def address_lacks(merchant: Merchant) -> Order:
    made = order(
        merchant, customer_phone="", ship_to_phone="", country="SA", city="Riyadh", postcode=""
    )
    check_addresses([made], {}, now=NOW)
    return made


def address_may_change(merchant: Merchant) -> Order:
    Merchant.objects.filter(pk=merchant.pk).update(lets_change_address=True)
    made = order(merchant)
    reach_order_milestone(order=made, milestone=Milestone.CONFIRMED, at=NOW, now=NOW)
    return made


def earlier_than_said(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(5, "transit.generic"))
    window(made, 13, 14, was=(16, 17))
    return made.order


def late_without_date(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(5, "transit.generic"))
    window(made, 9, 10)
    Shipment.objects.filter(pk=made.pk).update(delayed=True)
    return made.order


def likely_late(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(30, "transit.generic"))
    window(made, 14, 15, was=(12, 13))
    Shipment.objects.filter(pk=made.pk).update(delayed=False, will_be_late=True)
    return made.order


def silent_too_long(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(24 * 9, "transit.generic"), placed_at=NOW - timedelta(days=12))
    review([made.pk], now=NOW)
    return made.order


def feed_out(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(9, "transit.generic"))
    window(made, 14, 16)
    declare(carrier="aramex", now=NOW - timedelta(hours=2))
    return made.order


def strike(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(20, "transit.generic"), placed_at=NOW - timedelta(days=1))
    wanted = Wanted(
        days=3, starts=NOW.date(), ends=date(2026, 11, 20), to_country="AE", cause="strike"
    )
    switch_on(wanted, merchant_id=merchant.pk, author=None, now=NOW)
    review([made.pk], now=NOW)
    return made.order


def appointment(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(5, "transit.at_delivery_depot"))
    window(made, 13, 13)
    Shipment.objects.filter(pk=made.pk).update(edd_source="carrier", edd_kind="appointment")
    return made.order


def duties_unpaid(merchant: Merchant) -> Order:
    return parcel(merchant, scan(30, "transit.generic"), scan(2, "customs.duties_unpaid")).order


def customs_clears(merchant: Merchant) -> Order:
    made = parcel(
        merchant, scan(50, "picked_up.accepted"), scan(2, "customs.started"),
        ship_from={"city": "Shenzhen", "country": "CN"}, ship_from_country="CN",
    )  # fmt: skip
    window(made, 16, 19)
    return made.order


def courier_named(merchant: Merchant) -> Order:
    made = scenes.out(merchant)
    courier = {
        "name": "Yousef",
        "phone": "+971551112223",
        "live_url": "https://aramex.example/live",
    }
    Shipment.objects.filter(order=made).update(details={"courier": courier})
    return made


def new_time_needed(merchant: Merchant) -> Order:
    return parcel(merchant, scan(20, "out.on_vehicle"), scan(2, "out.reschedule_needed")).order


def _wished(merchant: Merchant, **columns: Any) -> Order:
    made = scenes.attempt_failed(merchant)
    shipment = Shipment.objects.get(order=made)
    wish = Wish(day=date(2026, 11, 14), part_of_day="evening", landmark="The blue gate")
    take_wish(shipment=shipment, wish=wish, now=NOW)
    DeliveryAnswer.objects.filter(shipment=shipment).update(**columns)
    return made


def day_asked(merchant: Merchant) -> Order:
    return _wished(merchant, state="sent")


def day_agreed(merchant: Merchant) -> Order:
    return _wished(merchant, state="accepted")


def day_refused(merchant: Merchant) -> Order:
    return _wished(merchant, state="refused", carrier_words="No slots that evening")


def nobody_came(merchant: Merchant) -> Order:
    made = scenes.attempt_failed(merchant)
    take_denial(shipment=Shipment.objects.get(order=made), now=NOW, called=False)
    return made


def wrong_address(merchant: Merchant) -> Order:
    return parcel(merchant, scan(20, "transit.generic"), scan(2, "exception.address")).order


def damaged(merchant: Merchant) -> Order:
    return parcel(merchant, scan(20, "transit.generic"), scan(2, "exception.damaged")).order


def pickup_point(merchant: Merchant) -> Order:
    made = scenes.pickup(merchant)
    point = {
        "name": "Aramex Point, Al Barsha", "address": "Street 23, beside the pharmacy, Dubai",
        "hours": "Sat – Thu 9:00 – 21:00", "code": "774411", "last_day": "2026-11-15",
    }  # fmt: skip
    Shipment.objects.filter(order=made).update(details={"pickup_point": point})
    return made


def collected(merchant: Merchant) -> Order:
    return parcel(merchant, scan(30, "pickup.ready"), scan(3, "delivered.collected")).order


def proof_shown(merchant: Merchant) -> Order:
    made = scenes.delivered(merchant)
    proof = {
        "signed_by": "H. Mansoori", "left_at": "With reception",
        "photo_url": "https://aramex.example/photo/71",
    }  # fmt: skip
    Shipment.objects.filter(order=made).update(details={"proof": proof})
    return made


def not_received(merchant: Merchant) -> Order:
    made = scenes.delivered(merchant)
    shipment = Shipment.objects.get(order=made)
    user = factories.user(merchant)
    case, _ = open_case(
        order=made, kind="not_received", text="Nobody rang.", shipment=shipment, now=NOW
    )
    write_to_shopper(
        case=case, text="We have asked Aramex for the place.", language="en", by=user, now=NOW
    )
    return made


def returned_and_refunded(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(90, "returning.started"), scan(20, "returned.received")).order
    Order.objects.filter(pk=made.pk).update(currency="AED")
    Refund.objects.create(
        merchant=merchant, order=made, external_id="r1", amount=Decimal("149"),
        at=NOW - timedelta(hours=6),
    )  # fmt: skip
    return made


def lost_and_replaced(merchant: Merchant) -> Order:
    made = scenes.lost(merchant)
    factories.order(
        merchant, source=made.source, external_id="b2", number="1099", replaces=made.external_id
    )
    return made


def expired(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(24 * 40, "transit.generic"), placed_at=NOW - timedelta(days=45))
    Shipment.objects.filter(pk=made.pk).update(status="expired", sub_status="expired.silent")
    return made.order


def items_in_parcels(merchant: Merchant) -> Order:
    """Two parcels, one arrived; what is in which is known."""
    made = order(merchant)
    lamp = OrderItem.objects.get(order=made)
    shoes = OrderItem.objects.create(
        merchant=merchant, order=made, title="Linen shoes, sand, 41", quantity=2
    )
    first = parcel(merchant, scan(40, "picked_up.accepted"), scan(3, "delivered.generic"), of=made)
    second = parcel(merchant, scan(40, "picked_up.accepted"), scan(4, "transit.generic"), of=made)
    window(second, 16, 18)
    for shipment, item in ((first, lamp), (second, shoes)):
        ShipmentItem.objects.create(
            merchant=merchant, shipment=shipment, item=item, quantity=item.quantity
        )
    return made


def gift_for_omar(merchant: Merchant) -> Order:
    return scenes.in_transit(merchant)


def front_desk(merchant: Merchant) -> Order:
    return scenes.out(merchant)


def everything_sold(merchant: Merchant) -> Order:
    """An offer, the shop's own questions, a banner of the season: all blocks at once."""
    make(
        merchant=merchant,
        draft=Draft(
            "offer", title="Autumn light", text="Lamps for longer evenings.", button="Look around",
            url="https://noor.example/autumn",
            translations={"ar": {"title": "إضاءة الخريف", "text": "مصابيح لأمسيات أطول.",
                                 "button": "تصفح المصابيح"}},
        ),
        now=NOW,
    )  # fmt: skip
    Question.objects.create(
        merchant=merchant,
        texts={
            "en": {"question": "How do I care for brass?", "answer": "A dry cloth is enough."},
            "ar": {"question": "كيف أعتني بالنحاس؟", "answer": "تكفي قطعة قماش جافة."},
        },
    )
    Banner.objects.create(
        merchant=merchant, first=NOW.date(), last=NOW.date(), places=["page", "lookup"],
        texts={"en": "White Friday: parcels may take two days longer.",
               "ar": "الجمعة البيضاء: قد تستغرق الشحنات يومين إضافيين."},
    )  # fmt: skip
    pages_changed(merchant.pk)
    return scenes.delivered(merchant)


def wrong_wish(merchant: Merchant) -> Order:
    return scenes.attempt_failed(merchant)


def empty_concern(merchant: Merchant) -> Order:
    return scenes.late(merchant)


_SCENES: Final[tuple[Callable[[Merchant], Order], ...]] = (
    scenes.placed, scenes.confirmed, scenes.packed, scenes.shipped, scenes.in_transit,
    scenes.silent, scenes.late, scenes.feed_down, scenes.out, scenes.attempt_failed,
    scenes.pickup, scenes.customs, scenes.delivered, scenes.returning, scenes.lost,
    scenes.unreadable, scenes.two_of_three, scenes.cancelled,
    unknown_to_carrier, on_hold, out_of_stock, to_be_confirmed, address_lacks, earlier_than_said,
    late_without_date, likely_late, silent_too_long, feed_out, strike, appointment,
    duties_unpaid, customs_clears, courier_named, new_time_needed, day_asked, day_agreed,
    day_refused, nobody_came, wrong_address, damaged, pickup_point, collected, not_received,
    returned_and_refunded, lost_and_replaced, expired, items_in_parcels, everything_sold,
)  # fmt: skip

STATES: Final = (
    *map(State, _SCENES),
    State(proof_shown, tier=Tier.CODE),
    State(address_may_change, tier=Tier.CODE),
    State(gift_for_omar, holder=Holder.GIFTED),
    State(front_desk, holder=Holder.FRONT_DESK),
    State(wrong_wish, posts=("answer/", {"do": "wish", "parcel": "1", "day": "2020-01-01"})),
    State(empty_concern, posts=("case/", {"kind": "concern", "text": ""})),
)
