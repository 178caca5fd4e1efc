"""What the page tells beside its heading: legs, contents, decisions, complaints, Hijri days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages.answer import answer
from storefront_pages.complaint_ways import complaint_way
from storefront_pages.last_metres import facts
from storefront_pages.parcels import cards, timelines
from storefront_pages.stamps import Stamp, stamp
from storefront_pages.story import Story, load
from tests import factories
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.links import link_for
from tracking.models import Event, Leg, Order, OrderItem, Refund, Shipment, ShipmentItem


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def stamped(order: Order, merchant: Merchant) -> Stamp:
    found = stamp(link_for(order=order).token, merchant_slug=merchant.slug)
    assert found is not None
    return found


def story(order: Order, merchant: Merchant, language: str = "en") -> Story:
    return load(stamp=stamped(order, merchant), language=language, now=NOW)


def handed_on(merchant: Merchant) -> Order:
    order = scenes.in_transit(merchant)
    parcel = Shipment.objects.get()
    Leg.objects.create(
        merchant=merchant, shipment=parcel, position=1, carrier="smsa", tracking_number="SM9"
    )
    newest = Event.objects.order_by("-at").first()
    assert newest is not None
    Event.objects.filter(pk=newest.pk).update(leg=1)
    return order


def test_card_names_whom_the_parcel_was_handed_on_to(scope: Merchant) -> None:
    found = cards(story(handed_on(scope), scope))
    assert found[0]["legs"] == [{"said": "then with SMSA Express", "number": "SM9"}]


def test_scan_of_a_further_carrier_says_whose_it_is(scope: Merchant) -> None:
    events = timelines(story(handed_on(scope), scope))[0]["events"]
    assert [(one["by"], one["whose"]) for one in events] == [
        ("SMSA Express", "SMSA Express’s own words"),
        ("", "Aramex’s own words"),
    ]


def with_items(merchant: Merchant, *titles: str) -> Order:
    order = scenes.two_of_three(merchant)
    OrderItem.objects.all().delete()
    for parcel, title in zip(Shipment.objects.order_by("pk"), titles, strict=True):
        item = OrderItem.objects.create(merchant=merchant, order=order, title=title)
        ShipmentItem.objects.create(merchant=merchant, shipment=parcel, item=item)
    return order


def test_what_is_still_to_come_is_named(scope: Merchant) -> None:
    top = answer(story(with_items(scope, "Shirt", "Belt", "Shoes"), scope))
    assert top.heading == "2 of 3 parcels delivered, the next is expected tomorrow"
    assert top.lead == "Still to come: Shoes. Last seen in Dubai."


def test_long_title_is_left_to_the_card(scope: Merchant) -> None:
    top = answer(story(with_items(scope, "Shirt", "Belt", "Shoes " * 20), scope))
    assert top.lead == "Last seen in Dubai."


def test_picture_that_a_browser_would_not_load_is_none(scope: Merchant) -> None:
    order = scenes.placed(scope)
    OrderItem.objects.all().delete()
    for address in ("http://shop.example/1.jpg", "https://shop.example/2.jpg"):
        OrderItem.objects.create(merchant=scope, order=order, title="Lamp", image_url=address)
    items = cards(story(order, scope))[0]["items"]
    assert [item["image"] for item in items] == ["", "https://shop.example/2.jpg"]


def refunded(merchant: Merchant, order: Order, **fields: Any) -> None:
    Order.objects.filter(pk=order.pk).update(currency="AED")
    Refund.objects.create(
        merchant=merchant,
        order=order,
        external_id="r1",
        amount=Decimal("149"),
        at=NOW - timedelta(days=1),
        **fields,
    )


def test_refund_is_told_and_answers_what_happens_now(scope: Merchant) -> None:
    order = scenes.lost(scope)
    refunded(scope, order)
    top = answer(story(order, scope))
    texts = [fact["text"].replace("\N{NO-BREAK SPACE}", " ") for fact in top.facts]
    assert texts == ["Noor Home gave you back AED 149.00 on Wed 11 Nov"]
    assert top.lead == ("You need to do nothing. Your bank may take some days to show the money.")


def test_order_that_is_sent_instead_is_named(scope: Merchant) -> None:
    order = scenes.returning(scope)
    factories.order(
        scope, source=order.source, external_id="b2", number="1099", replaces=order.external_id
    )
    top = answer(story(order, scope))
    assert [fact["text"] for fact in top.facts] == ["Noor Home is sending it again as order 1099"]
    assert top.lead == "You need to do nothing. The new order has a page of its own."


def test_decision_makes_a_new_version_of_the_page(scope: Merchant) -> None:
    order = scenes.lost(scope)
    etags = [stamped(order, scope).etag(language="en", now=NOW)]
    refunded(scope, order)
    etags.append(stamped(order, scope).etag(language="en", now=NOW))
    factories.order(scope, source=order.source, external_id="b2", replaces=order.external_id)
    etags.append(stamped(order, scope).etag(language="en", now=NOW))
    assert len(set(etags)) == 3


def test_way_to_complain_stands_where_something_is_wrong(scope: Merchant) -> None:
    order = scenes.lost(scope)
    Order.objects.filter(pk=order.pk).update(country="SA")
    way = complaint_way(story(order, scope))
    assert way is not None
    assert (way["first"], way["then"], way["name"], way["tel"]) == (
        "First complain to the carrier, and keep the number of your complaint.",
        "Without an answer after 5 working days you can turn to this authority:",
        "Transport General Authority (TGA)",
        "19929",
    )


def test_no_way_to_complain_where_all_is_well_or_nobody_is_sure(scope: Merchant) -> None:
    assert complaint_way(story(scenes.in_transit(scope), scope)) is None
    lost = scenes.lost(scope)
    Order.objects.filter(pk=lost.pk).update(country="FJ")
    assert complaint_way(story(lost, scope)) is None


def test_pickup_point_links_to_a_map(scope: Merchant) -> None:
    order = scenes.pickup(scope)
    details = {"pickup_point": {"name": "Locker 7", "address": "Al Wasl Road"}}
    Shipment.objects.update(details=details)
    told = story(order, scope)
    assert facts(told, told.speaker)[0] == {
        "icon": "map-pin",
        "text": "Locker 7, Al Wasl Road",
        "url": "https://www.google.com/maps/search/?api=1&query=Locker%207%2C%20Al%20Wasl%20Road",
    }


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        (scenes.in_transit, "By the Hijri calendar: 2 – 4 Jumada al-Akhirah 1448 AH"),
        (scenes.delivered, "By the Hijri calendar: 2 Jumada al-Akhirah 1448 AH"),
    ],
)
def test_hijri_day_stands_where_the_shop_wants_it(
    scope: Merchant, scene: scenes.Scene, words: str
) -> None:
    order = scene(scope)
    assert answer(story(order, scope)).facts == []
    Merchant.objects.filter(pk=scope.pk).update(shows_hijri=True)
    assert [fact["text"] for fact in answer(story(order, scope)).facts] == [words]


def test_page_of_a_lost_parcel_says_how_to_complain(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = scenes.lost(merchant)
        path = scenes.path(merchant, order)
    page = client.get(path).content.decode()
    assert "If the carrier does not help you" in page
