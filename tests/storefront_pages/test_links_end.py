"""Links end some time after the order has, and can be closed; then the look-up is offered."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.models import Preference
from storefront_pages.stamps import Stamp, stamp
from tests.storefront_pages import scenes
from tracking.links import link_by_lookup, link_for, page_path, revoke_links
from tracking.models import Link, Order, Recipient, Shipment

DAYS = 60


@pytest.fixture
def order(merchant: Merchant) -> Order:
    """Delivered 61 days ago."""
    Merchant.objects.filter(pk=merchant.pk).update(links_last_days=DAYS)
    merchant.refresh_from_db()
    return _delivered(merchant, days_ago=DAYS + 1)


def _delivered(merchant: Merchant, *, days_ago: float) -> Order:
    then = datetime.now(UTC) - timedelta(days=days_ago)
    with merchant_scope(merchant.pk):
        made = scenes.parcel(
            merchant, scenes.scan(1, "delivered.signed", then), now=then,
            placed_at=then - timedelta(days=3),
        )  # fmt: skip
        return made.order


def _path(merchant: Merchant, order: Order) -> str:
    with merchant_scope(merchant.pk):
        return scenes.path(merchant, order)


def _stamp(merchant: Merchant, order: Order) -> Stamp:
    with merchant_scope(merchant.pk):
        found = stamp(link_for(order=order).token, merchant_slug=merchant.slug)
    assert found is not None
    return found


def test_ended_link_offers_the_look_up_in_a_kind_sentence(
    client: Client, merchant: Merchant, order: Order
) -> None:
    answer = client.get(_path(merchant, order))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["This link has ended"]
    assert 'href="/p/noor/">Find my order</a>' in page
    assert "Sara" not in page


def test_link_opens_until_then(client: Client, merchant: Merchant) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(links_last_days=DAYS)
    recent = _delivered(merchant, days_ago=DAYS - 1)
    assert client.get(_path(merchant, recent)).status_code == 200


def test_link_of_an_order_that_is_not_over_has_no_end(merchant: Merchant, order: Order) -> None:
    with merchant_scope(merchant.pk):
        scenes.parcel(merchant, scenes.scan(2, "transit.generic"), of=order)
    assert _stamp(merchant, order).ends is None


def test_end_is_counted_from_the_last_parcel(merchant: Merchant, order: Order) -> None:
    with merchant_scope(merchant.pk):
        last = Shipment.objects.get(order=order).status_at
    assert last is not None
    assert _stamp(merchant, order).ends == last + timedelta(days=DAYS)


def test_cancelled_order_without_parcels_ends_as_well(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        gone = scenes.cancelled(merchant)
    assert gone.cancelled_at is not None
    assert _stamp(merchant, gone).ends == gone.cancelled_at + timedelta(
        days=merchant.links_last_days
    )


def test_nothing_can_be_posted_to_an_ended_page(
    client: Client, merchant: Merchant, order: Order
) -> None:
    path = _path(merchant, order)
    posts = [client.post(f"{path}{part}/").status_code for part in ("case", "answer", "place")]
    reads = [client.get(f"{path}{part}").status_code for part in ("messages/", "code/", "phone/")]
    assert (posts, reads) == ([410] * 3, [410] * 3)
    assert client.get(f"{path}feed.json").status_code == 404


def test_messages_can_be_ended_after_the_page_has(
    client: Client, merchant: Merchant, order: Order
) -> None:
    assert client.post(f"{_path(merchant, order)}unsubscribe/").status_code == 204
    with merchant_scope(merchant.pk):
        assert Preference.objects.get().channels == []


def test_look_up_opens_an_ended_page_with_a_link_that_ends(
    client: Client, merchant: Merchant, order: Order
) -> None:
    answer = client.post("/p/noor/", {"number": order.number, "proof": "88417"})
    link = Link.objects.get(by_lookup=True)
    assert answer["Location"] == page_path(link, merchant=merchant)
    assert client.get(answer["Location"]).status_code == 200
    assert link.until is not None
    left = link.until - datetime.now(UTC)
    assert timedelta(days=DAYS - 1) < left <= timedelta(days=DAYS)
    Link.objects.filter(pk=link.pk).update(until=datetime.now(UTC))
    assert client.get(answer["Location"]).status_code == 410


def test_look_ups_of_one_day_share_a_link(merchant: Merchant, order: Order) -> None:
    until = datetime.now(UTC) + timedelta(days=DAYS)
    with merchant_scope(merchant.pk):
        first = link_by_lookup(order=order, recipient=None, until=until)
        same = link_by_lookup(order=order, recipient=None, until=until + timedelta(hours=23))
        other = link_by_lookup(order=order, recipient=None, until=until + timedelta(hours=25))
        assert link_for(order=order).by_lookup is False
    assert (first == same, first == other) == (True, False)


def test_closed_links_are_gone_and_the_next_is_another(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        made = scenes.placed(merchant)
        buyer = Recipient.objects.get(order=made)
        old = [link_for(order=made), link_for(order=made, recipient=buyer)]
        assert revoke_links(order=made, now=datetime.now(UTC)) == 2
        new = link_for(order=made)
    paths = [page_path(link, merchant=merchant) for link in (*old, new)]
    assert [client.get(path).status_code for path in paths] == [404, 404, 200]


def test_token_has_nothing_of_anybody(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        made = scenes.placed(merchant)
        tokens = set()
        for _ in range(2):
            tokens.add(link_for(order=made).token)
            revoke_links(order=made, now=datetime.now(UTC))
    assert [len(token) for token in tokens] == [24, 24]
