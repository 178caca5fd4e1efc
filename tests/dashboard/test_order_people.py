"""Who is told besides the buyer, named on the order's page."""

from __future__ import annotations

import pytest
from django.test import Client

from merchants.models import AuditEntry, Merchant
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.models import Message
from stores.ingest import save_order
from stores.vocabulary import Address, Item, Named, OrderUpdate, Person
from tests import factories
from tests.dashboard.conftest import SignIn
from tests.factories import NOW
from tests.notifications.conftest import hear
from tracking.links import link_for, page_path
from tracking.models import Order, Recipient, Shipment

DESK = {"name": "Tower B", "email": "desk@tower.example", "phone": "", "language": "ar"}
SAID = OrderUpdate(
    external_id="7", number="7", customer=Person("Sara", "sara@shopper.example"),
    destination=Address(country="AE", city="Dubai"), placed_at=NOW,
)  # fmt: skip


@pytest.fixture
def parcel(merchant: Merchant) -> Shipment:
    with merchant_scope(merchant.pk):
        return factories.shipment(merchant, carrier="aramex")


def at(parcel: Shipment, role: str, rest: str = "") -> str:
    return f"/app/noor/orders/{parcel.order_id}/people/{role}/{rest}"


def happens(merchant: Merchant, parcel: Shipment, hours_ago: float, what: str) -> None:
    with merchant_scope(merchant.pk):
        hear(parcel, (hours_ago, what))
    compose_due(now=NOW)


def keep(merchant: Merchant, update: OrderUpdate) -> Order:
    with merchant_scope(merchant.pk):
        return save_order(merchant=merchant, source="api", update=update, now=NOW).order


def told(merchant: Merchant) -> set[tuple[str, str, str]]:
    with merchant_scope(merchant.pk):
        rows = Message.objects.filter(channel="email").exclude(state="skipped")
        return set(rows.values_list("to", "topic", "language"))


def test_front_desk_is_named_and_hears_of_the_day_alone(
    sign_in: SignIn, merchant: Merchant, parcel: Shipment
) -> None:
    browser = sign_in()
    assert browser.post(at(parcel, "front_desk"), DESK).status_code == 303
    happens(merchant, parcel, 2, "picked_up.accepted")
    happens(merchant, parcel, 1, "out.on_vehicle")
    assert {one for one in told(merchant) if one[0] == "desk@tower.example"} == {
        ("desk@tower.example", "out_for_delivery", "ar")
    }
    page = browser.get(f"/app/noor/orders/{parcel.order_id}/").content.decode()
    assert ("Tower B" in page, "desk@tower.example" in page) == (True, True)
    with merchant_scope(merchant.pk):
        entry = AuditEntry.objects.get(action="order.person_named")
        assert (entry.subject, entry.detail) == (parcel.order.number, {"role": "front_desk"})


def test_whoever_is_taken_off_hears_nothing_and_their_page_is_closed(
    sign_in: SignIn, merchant: Merchant, parcel: Shipment, client: Client
) -> None:
    browser = sign_in()
    browser.post(at(parcel, "front_desk"), DESK)
    with merchant_scope(merchant.pk):
        person = Recipient.objects.get(role="front_desk")
        own = page_path(link_for(order=parcel.order, recipient=person), merchant=merchant)
    happens(merchant, parcel, 1, "out.on_vehicle")
    assert client.get(own).status_code == 200
    browser.post(at(parcel, "front_desk", "off/"))
    happens(merchant, parcel, 0.5, "delivered.generic")
    with merchant_scope(merchant.pk):
        person.refresh_from_db()
        rows = Message.objects.filter(recipient=person, channel="email")
        held = set(rows.values_list("topic", "reason_code"))
    assert (person.email, held) == ("", {("out_for_delivery", "taken_off")})
    assert client.get(own).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": ""}, "An e-mail address or a phone number is needed."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"phone": "12"}, "This is no phone number."),
    ],
)
def test_person_who_cannot_be_reached_is_refused(
    sign_in: SignIn, parcel: Shipment, change: dict[str, str], said: str
) -> None:
    answer = sign_in().post(at(parcel, "receiver"), DESK | change)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)


def test_buyer_is_nobodys_to_change_here(sign_in: SignIn, parcel: Shipment) -> None:
    assert sign_in().post(at(parcel, "buyer"), DESK).status_code == 404


def test_named_receiver_outlasts_what_the_shop_says(sign_in: SignIn, merchant: Merchant) -> None:
    order = keep(merchant, SAID)
    sign_in().post(f"/app/noor/orders/{order.pk}/people/receiver/", DESK)
    keep(merchant, SAID)
    with merchant_scope(merchant.pk):
        receiver = Recipient.objects.get(order=order, role="receiver")
        assert (receiver.email, receiver.language) == ("desk@tower.example", "ar")


def test_named_receiver_of_a_program_is_told_in_the_countrys_language(merchant: Merchant) -> None:
    named = Named("receiver", "Omar", "omar@shopper.example")
    update = OrderUpdate(
        external_id="7", number="7", destination=SAID.destination, recipients=(named,)
    )
    order = keep(merchant, update)
    with merchant_scope(merchant.pk):
        rows = Recipient.objects.filter(order=order, role="receiver")
        assert list(rows.values_list("name", "email", "language", "is_added")) == [
            ("Omar", "omar@shopper.example", "ar", True)
        ]


def test_receivers_page_hides_what_was_bought(merchant: Merchant, client: Client) -> None:
    update = OrderUpdate(
        external_id="7", number="7", destination=SAID.destination, items=(Item("Gold ring"),),
        recipients=(Named("receiver", "Omar", "omar@shopper.example"),), is_gift=True,
    )  # fmt: skip
    order = keep(merchant, update)
    with merchant_scope(merchant.pk):
        people = {one.role: one for one in Recipient.objects.filter(order=order)}
        own = {
            role: page_path(link_for(order=order, recipient=one), merchant=merchant)
            for role, one in people.items()
        }
    shown = {role: "Gold ring" in client.get(path).content.decode() for role, path in own.items()}
    assert shown == {"buyer": True, "receiver": False}
