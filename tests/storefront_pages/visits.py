"""One order's page, visited with every proof that there is, on everybody's link."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.test import Client

from helpdesk.cases import open_case
from helpdesk.models import Case
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.models import Message, PageCode, Preference
from storefront_pages.access import Holder, Part, Tier
from storefront_pages.proof import COOKIE, keep_proof
from tests.storefront_pages import scenes
from tracking.links import link_by_lookup, link_for, page_path
from tracking.models import (
    CashQuestion,
    Change,
    DeliveryAnswer,
    Feedback,
    Link,
    Order,
    Recipient,
    Shipment,
)

ROLES: Final = {
    Holder.BUYER: Recipient.Role.BUYER,
    Holder.RECEIVER: Recipient.Role.RECEIVER,
    Holder.GIFTED: Recipient.Role.RECEIVER,
    Holder.FRONT_DESK: Recipient.Role.FRONT_DESK,
}
_DETAILS: Final = {
    "proof": {
        "signed_by": "Hamad Signs",
        "photo_url": "https://carrier.example/photo/71",
        "left_at": "Behind the blue door",
    },
    "pickup_point": {"name": "Locker Nine", "address": "Mall of Light", "code": "774411"},
    "courier": {"name": "Yousef Carries", "phone": "+97155111222", "live_url": ""},
}


@dataclass(frozen=True)
class Visit:
    """A browser before one order's page; without a path where a number alone is known."""

    client: Client
    order: Order
    person: Recipient
    path: str
    number_page: str = ""

    def text(self, further: str = "") -> str:
        if not self.path:
            return self.number_page
        return self.client.get(self.path + further).content.decode()

    def post(self, further: str, **values: str) -> None:
        if self.path:
            self.client.post(self.path + further, values)


def visit(
    merchant: Merchant,
    scene: Callable[[Merchant], Order],
    *,
    tier: Tier,
    holder: Holder,
    **columns: Any,
) -> Visit:
    """The page of a new order in this scene, for somebody with this proof on this link."""
    client = Client()
    with merchant_scope(merchant.pk):
        order = scene(merchant)
        Order.objects.filter(pk=order.pk).update(
            is_gift=holder is Holder.GIFTED, ship_to_phone="+97142223344", **columns
        )
        Shipment.objects.filter(order=order).update(details=_DETAILS)
        order.refresh_from_db()
        person, _ = Recipient.objects.get_or_create(
            merchant=merchant, order=order, role=ROLES[holder],
            defaults={"name": "Somebody", "email": "somebody@shopper.example"},
        )  # fmt: skip
        until = datetime.now(UTC) + timedelta(days=9)
        link = (
            link_by_lookup(order=order, recipient=person, until=until)
            if tier is Tier.LOOKED_UP
            else link_for(order=order, recipient=person)
        )
    path = page_path(link, merchant=merchant)
    if tier is Tier.NUMBER:
        found = client.post("/p/noor/", {"number": order.number, "proof": ""})
        return Visit(client, order, person, "", found.content.decode())
    if tier is Tier.CODE:
        enter(client, link)
    return Visit(client, order, person, path)


def enter(client: Client, link: Link) -> None:
    """As if a code had been entered in this browser."""
    kept = HttpResponse()
    keep_proof(kept, HttpRequest(), PageCode(pk=1, link_id=link.pk), path="/")
    client.cookies[COOKIE] = kept.cookies[COOKIE].value


def _now() -> datetime:
    return datetime.now(UTC)


def _coming(merchant: Merchant) -> Order:
    now = _now()
    day: date = now.date() + timedelta(days=3)
    made = scenes.parcel(
        merchant, scenes.scan(5, "transit.arrived_facility", now), now=now,
        placed_at=now - timedelta(days=2),
    )  # fmt: skip
    Shipment.objects.filter(pk=made.pk).update(
        edd_first=day, edd_last=day, promised_first=day, promised_last=day
    )
    return made.order


def _at_door(merchant: Merchant) -> Order:
    return scenes.parcel(
        merchant, scenes.scan(2, "out.on_vehicle", _now()), now=_now(), cod_amount="149.00"
    ).order


def _delivered_long_ago(merchant: Merchant) -> Order:
    long_ago = _now() - timedelta(days=200)
    made = scenes.parcel(
        merchant, scenes.scan(1, "delivered.signed", long_ago), now=long_ago,
        placed_at=long_ago - timedelta(days=3),
    )  # fmt: skip
    Merchant.objects.filter(pk=merchant.pk).update(links_last_days=60)
    return made.order


def _just_delivered(merchant: Merchant) -> Order:
    return scenes.parcel(merchant, scenes.scan(1, "delivered.signed", _now()), now=_now()).order


def _without_phone(merchant: Merchant) -> Order:
    return scenes.order(merchant, customer_phone="")


def _asked_for_cash(merchant: Merchant) -> Order:
    made = scenes.order(merchant, cod_amount="149.00")
    CashQuestion.objects.create(merchant=merchant, order=made, asked_at=_now())
    return made


#: What a page in a scene shows of a part: a pattern.
SHOWN: Final[Mapping[Part, tuple[Callable[[Merchant], Order], str]]] = {
    Part.STATUS: (_coming, "In transit"),
    Part.CITY: (_coming, "Dubai"),
    # A receiver is called by their own name.
    Part.FIRST_NAME: (_coming, "for (Sara|Somebody)"),
    Part.DATES: (_coming, r"expected \w+\W\d"),
    Part.TIMELINE: (_coming, "Said by the carrier"),
    Part.ITEMS: (_coming, "Brass lamp"),
    Part.TO_PAY: (_at_door, r"149\.00"),
    Part.COURIER: (_at_door, "Yousef Carries"),
    Part.PICKUP_POINT: (scenes.pickup, "Locker Nine"),
    Part.LOCKER_CODE: (scenes.pickup, "774411"),
    Part.LEFT_AT: (scenes.delivered, "Behind the blue door"),
    Part.SIGNED_BY: (scenes.delivered, "Hamad Signs"),
    Part.PHOTO: (scenes.delivered, "carrier.example/photo/71"),
    Part.FULL_NAME: (_coming, "Al Mansoori"),
    Part.ADDRESS: (_coming, "Villa 14, Street 22b"),
    Part.DOOR_PHONE: (_coming, r"\+97142223344"),
    Part.EMAIL: (_coming, r"sara\.hidden@shopper\.example"),
    Part.AFTER_THE_END: (_delivered_long_ago, "Delivered on"),
}


def sees(merchant: Merchant, part: Part, *, tier: Tier, holder: Holder) -> bool:
    """Whether the page shows it."""
    scene, pattern = SHOWN[part]
    return bool(re.search(pattern, visit(merchant, scene, tier=tier, holder=holder).text()))


def sees_phone(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, _coming, tier=tier, holder=holder)
    with merchant_scope(merchant.pk):
        Order.objects.filter(pk=found.order.pk).update(ship_to_phone="", updated_at=_now())
    return "+971 50 765 4321" in found.text()


def sees_messages(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, _coming, tier=tier, holder=holder)
    with merchant_scope(merchant.pk):
        change = Change.objects.filter(order=found.order).first()
        Message.objects.create(
            merchant=merchant, order=found.order, change=change, recipient=found.person,
            topic="in_transit", language="en", to="x@x.example", text="We wrote this",
            state="sent",
        )  # fmt: skip
    return "We wrote this" in found.text("messages/")


def sees_cases(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, _coming, tier=tier, holder=holder)
    with merchant_scope(merchant.pk):
        open_case(order=found.order, kind="other", text="Where is it?", now=_now())
    return 'id="cases"' in found.text()


def may_answer(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, scenes.attempt_failed, tier=tier, holder=holder)
    found.post("answer/", do="nobody_came", parcel="1")
    with merchant_scope(merchant.pk):
        return DeliveryAnswer.objects.filter(order=found.order).exists()


def may_raise_concern(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, _coming, tier=tier, holder=holder)
    found.post("case/", kind="concern", text="Where is it?")
    with merchant_scope(merchant.pk):
        return Case.objects.filter(order=found.order).exists()


def may_complete_address(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, _without_phone, tier=tier, holder=holder)
    found.post("place/", phone="+971501112233")
    with merchant_scope(merchant.pk):
        return Order.objects.get(pk=found.order.pk).customer_phone != ""


def may_confirm_cash(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, _asked_for_cash, tier=tier, holder=holder)
    found.post("cash/", answer="yes")
    with merchant_scope(merchant.pk):
        return CashQuestion.objects.get(order=found.order).confirmed is True


def may_choose_channels(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, scenes.placed, tier=tier, holder=holder)
    with merchant_scope(merchant.pk):
        Preference.objects.all().delete()
    found.post("preferences/", email="on", language="en")
    with merchant_scope(merchant.pk):
        return Preference.objects.exists()


def may_add_phone(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, scenes.placed, tier=tier, holder=holder)
    found.post("phone/", do="send", phone="+971509998877")
    with merchant_scope(merchant.pk):
        return PageCode.objects.filter(order=found.order, purpose="phone").exists()


def may_change_address(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, scenes.placed, tier=tier, holder=holder)
    found.post("address/", line1="Villa 99", city="Dubai", phone="+971507654321")
    with merchant_scope(merchant.pk):
        return Order.objects.get(pk=found.order.pk).line1 == "Villa 99"


def may_judge(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, _just_delivered, tier=tier, holder=holder)
    found.post("feedback/", about="1", mark="4")
    with merchant_scope(merchant.pk):
        return Feedback.objects.filter(order=found.order).exists()


def may_share(merchant: Merchant, *, tier: Tier, holder: Holder) -> bool:
    found = visit(merchant, _coming, tier=tier, holder=holder)
    found.post("share/", name="Omar", phone="+971501112233", language="en")
    with merchant_scope(merchant.pk):
        named = Recipient.objects.filter(order=found.order, shared_at__isnull=False)
        return named.exists()


#: How a part is asked for that is more than a pattern on the page.
DONE: Final[Mapping[Part, Callable[..., bool]]] = {
    Part.PHONE: sees_phone,
    Part.MESSAGES: sees_messages,
    Part.CASES: sees_cases,
    Part.ANSWER_ATTEMPT: may_answer,
    Part.CONCERN: may_raise_concern,
    Part.COMPLETE_ADDRESS: may_complete_address,
    Part.FEEDBACK: may_judge,
    Part.SHARE: may_share,
    Part.CONFIRM_CASH: may_confirm_cash,
    Part.CHOOSE_CHANNELS: may_choose_channels,
    Part.ADD_PHONE: may_add_phone,
    Part.CHANGE_ADDRESS: may_change_address,
}
