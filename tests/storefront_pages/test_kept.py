"""Kept pages: served again while they are true, to nobody else, and not needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carriers.updates import TrackingUpdate
from merchants.models import Brand, Domain, Merchant
from merchants.scope import merchant_scope
from storefront_pages import kept
from storefront_pages.stamps import Stamp, stamp
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.ingest import Heard, ingest
from tracking.links import link_for, page_path
from tracking.models import Link, Order, Recipient


def page_of(merchant: Merchant, scene: scenes.Scene = scenes.in_transit) -> tuple[str, Order]:
    with merchant_scope(merchant.pk):
        order = scene(merchant)
        return scenes.path(merchant, order), order


def stamp_of(path: str, merchant: Merchant) -> Stamp:
    found = stamp(path.split("/")[-2], merchant_slug=merchant.slug)
    assert found is not None
    return found


def is_built(client: Client, path: str) -> bool:
    """Whether this look read the scans, as only building does."""
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return any("tracking_event" in query["sql"] for query in captured)


def test_page_is_built_once(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    assert [is_built(client, path) for _ in range(3)] == [True, False, False]


def test_kept_page_is_the_page(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    built, again = client.get(path), client.get(path)
    assert built.content == again.content
    headers = [dict(one.headers) for one in (built, again)]
    assert headers[0].pop("X-Request-ID") != headers[1].pop("X-Request-ID")
    assert headers[0] == headers[1]
    assert {part.strip() for part in headers[0]["Vary"].split(",")} == {
        "Accept-Encoding", "Accept-Language", "Cookie",
    }  # fmt: skip


def test_kept_page_is_unpacked_for_who_takes_no_gzip(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    plain = client.get(path)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert plain.content.count(b"<h1>") == 1


def _scan_arrives(order: Order) -> None:
    shipment = order.shipments.get()
    update = TrackingUpdate(shipment.tracking_number, (scenes.scan(0.2, "delivered.generic"),))
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=NOW)


def _shop_is_renamed(order: Order) -> None:
    Merchant.objects.filter(pk=order.merchant_id).update(name="Renamed Shop")


def _brand_changes(order: Order) -> None:
    links = [{"label": "Our returns", "url": "https://noor.example/returns"}]
    Brand.objects.update(version=2, footer_links=links)


@pytest.mark.parametrize("change", [_scan_arrives, _shop_is_renamed, _brand_changes])
def test_page_changes_at_once_with_what_it_says(
    client: Client, merchant: Merchant, change: Callable[[Order], None]
) -> None:
    path, order = page_of(merchant)
    words = ("Delivered", "Renamed Shop", "Our returns")
    before = client.get(path).content.decode()
    with merchant_scope(merchant.pk):
        change(order)
    after = client.get(path).content.decode()
    fresh = words[[_scan_arrives, _shop_is_renamed, _brand_changes].index(change)]
    assert after != before
    assert after.count(fresh) > before.count(fresh)


def test_each_language_is_kept_apart(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    asked = ("en", "ar", "en", "ar")
    pages = [client.get(f"{path}?lang={code}").content.decode() for code in asked]
    assert [re.findall(r'<html lang="(\w+)"', page)[0] for page in pages] == list(asked)


def test_shops_with_equal_orders_keep_theirs(
    client: Client, merchant: Merchant, other: Merchant
) -> None:
    paths = [page_of(shop, scenes.placed)[0] for shop in (merchant, other)]
    for _ in range(2):
        pages = [client.get(path).content.decode() for path in paths]
        names = [re.findall(r"<title>.* · (.*)</title>", page)[0] for page in pages]
        assert names == [merchant.name, other.name]


def test_links_of_one_order_are_kept_apart(client: Client, merchant: Merchant) -> None:
    path, order = page_of(merchant)
    with merchant_scope(merchant.pk):
        recipient = Recipient.objects.filter(order=order).first() or Recipient.objects.create(
            merchant=merchant, order=order
        )
        second = page_path(link_for(order=order, recipient=recipient), merchant=merchant)
    stamps = [stamp_of(one, merchant) for one in (path, second)]
    etags = [one.etag(language="en", now=NOW) for one in stamps]
    addresses = [
        kept.address(one, etag=etags[0], host="testserver", root="/p/noor/") for one in stamps
    ]
    assert (etags[0] == etags[1], addresses[0] == addresses[1]) == (True, False)
    client.get(path)
    assert [is_built(client, one) for one in (path, second)] == [False, True]


def test_page_on_the_shops_own_domain_links_to_its_own_pages(
    client: Client, merchant: Merchant
) -> None:
    path, _ = page_of(merchant)
    Domain.objects.create(merchant=merchant, host="track.noor.example", verified_at=NOW)
    own = path.removeprefix("/p/noor")
    for _ in range(2):
        pages = [client.get(path), client.get(own, headers={"host": "track.noor.example"})]
        sheets = [re.findall(r'<link rel="stylesheet" href="(.*?)\d', page.content.decode())[0]
                  for page in pages]  # fmt: skip
        assert sheets == ["/p/noor/style/", "/style/"]


def test_revoked_link_is_not_served_from_what_is_kept(client: Client, merchant: Merchant) -> None:
    path, order = page_of(merchant)
    assert client.get(path).status_code == 200
    Link.objects.filter(order_id=order.pk).update(revoked_at=NOW)
    assert client.get(path).status_code == 404


def test_link_of_another_shop_is_not_served_from_what_is_kept(
    client: Client, merchant: Merchant, other: Merchant
) -> None:
    path, _ = page_of(merchant)
    assert client.get(path).status_code == 200
    assert client.get(path.replace("/noor/", "/other/")).status_code == 404


def test_address_holds_ids_and_a_digest(merchant: Merchant) -> None:
    path, order = page_of(merchant)
    found = stamp_of(path, merchant)
    etag = found.etag(language="en", now=NOW)
    link = Link.objects.get(order_id=order.pk)
    address = kept.address(found, etag=etag, host="testserver", root="/p/noor/")
    assert re.fullmatch(
        rf"page:{merchant.pk}:{link.pk}:1-buyer:testserver/p/noor/:[0-9a-f]{{24}}", address
    )


@pytest.mark.parametrize(
    ("next_look", "seconds"),
    [(None, 600), (timedelta(minutes=-5), 600), (timedelta(minutes=2), 121), (timedelta(1), 600)],
)
def test_page_is_kept_ten_minutes_but_not_past_the_next_look(
    merchant: Merchant, next_look: timedelta | None, seconds: int
) -> None:
    moment = NOW + next_look if next_look is not None else None
    marked = Stamp(1, merchant, None, {}, "", moment, ())
    assert kept.seconds(marked, now=NOW) == seconds


def test_stamp_leaves_no_scope_behind(merchant: Merchant) -> None:
    path, order = page_of(merchant)
    assert stamp_of(path, merchant).order == order
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tracking_order")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_stamp_outside_a_transaction_leaves_no_scope_behind(merchant: Merchant) -> None:
    path, order = page_of(merchant)
    assert stamp_of(path, merchant).order == order
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tracking_order")
        assert cursor.fetchone() == (0,)


def test_stamp_reads_the_links_own_shop_alone(merchant: Merchant, other: Merchant) -> None:
    """A link row that names another shop's order finds no order: row-level security is on."""
    _, order = page_of(merchant)
    with merchant_scope(other.pk):
        stray = Link.objects.create(token="s" * 22, merchant=other, order_id=order.pk)
    found = stamp(stray.token, merchant_slug="other")
    assert found is not None
    assert (found.merchant, found.order) == (other, None)


def test_page_is_built_without_the_cache(
    client: Client, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = page_of(merchant)
    expected = client.get(path).content
    away = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    with monkeypatch.context() as patch:
        patch.setattr(kept, "cache", type(cache._connections["default"])(  # type: ignore[attr-defined]
            away["LOCATION"], {"OPTIONS": away["OPTIONS"]}
        ))  # fmt: skip
        response = client.get(path)
    assert (response.status_code, response.content) == (200, expected)
