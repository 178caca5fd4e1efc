"""What we wrote, read by whoever holds the link: a page for people, a feed for the shop's app."""

from __future__ import annotations

import pytest
from django.test import Client

from merchants.models import Domain, Merchant
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.models import Message
from storefront_pages.said import LOOKS_A_LINK
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear
from tests.notifications.phones import switch_on
from tracking.links import link_for, page_path
from tracking.models import Recipient, Shipment


@pytest.fixture
def parcel(merchant: Merchant) -> Shipment:
    """Its reader was told that it is out for delivery, by mail and in the feed."""
    with merchant_scope(merchant.pk):
        switch_on(merchant, "inbox")
        made = factories.shipment(merchant)
        hear(made, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    with merchant_scope(merchant.pk):
        Message.objects.filter(channel="email").update(state="sent", sent_at=NOW)
    return made


@pytest.fixture
def path(merchant: Merchant, parcel: Shipment) -> str:
    with merchant_scope(merchant.pk):
        link = link_for(order=parcel.order, recipient=Recipient.objects.get())
        return page_path(link, merchant=merchant)


def test_feed_holds_the_readers_own_messages(client: Client, path: str) -> None:
    answer = client.get(f"{path}feed.json")
    [entry] = answer.json()["messages"]
    assert (sorted(entry), entry["topic"], answer["Cache-Control"]) == (
        ["at", "id", "language", "text", "title", "topic"],
        "out_for_delivery",
        "private, no-cache",
    )


def test_feed_says_when_nothing_is_new(client: Client, path: str) -> None:
    etag = client.get(f"{path}feed.json")["ETag"]
    again = client.get(f"{path}feed.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_feed_of_another_person_is_empty(
    client: Client, merchant: Merchant, parcel: Shipment
) -> None:
    with merchant_scope(merchant.pk):
        desk = Recipient.objects.create(
            merchant=merchant, order=parcel.order, role="front_desk", email="desk@x.example"
        )
        link = link_for(order=parcel.order, recipient=desk)
    answer = client.get(f"{page_path(link, merchant=merchant)}feed.json")
    assert answer.json()["messages"] == []


def test_feed_is_not_found_by_another_token(client: Client, path: str) -> None:
    assert client.get("/p/noor/t/" + "x" * 22 + "/feed.json").status_code == 404


def test_feed_is_looked_at_only_so_often(client: Client, path: str) -> None:
    codes = [client.get(f"{path}feed.json").status_code for _ in range(LOOKS_A_LINK[0] + 1)]
    assert (codes[0], codes[-1]) == (200, 429)


def test_page_tells_each_thing_once(client: Client, path: str) -> None:
    html = client.get(f"{path}messages/").content.decode()
    assert (html.count("<details"), "Out for delivery" in html) == (1, True)


def test_page_speaks_the_readers_language(client: Client, path: str) -> None:
    html = client.get(f"{path}messages/?lang=ar").content.decode()
    assert 'dir="rtl"' in html


def test_page_links_to_what_was_written(client: Client, path: str) -> None:
    assert f'href="{path}messages/"' in client.get(path).content.decode()


def test_shop_of_its_own_host_has_both(client: Client, merchant: Merchant, path: str) -> None:
    Domain.objects.create(host="track.noor.example", merchant=merchant, verified_at=NOW)
    own = path.removeprefix("/p/noor")
    answers = [
        client.get(f"{own}{page}", headers={"host": "track.noor.example"}).status_code
        for page in ("messages/", "feed.json")
    ]
    assert answers == [200, 200]
