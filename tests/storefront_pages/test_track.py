"""The order's page as a thing that is fetched: privacy, headers, weight, queries, unchanged."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carriers.updates import TrackingUpdate
from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.ingest import Heard, ingest
from tracking.links import link_for, page_path
from tracking.models import Link, Order, OrderItem, Shipment, ShipmentItem, Watch
from tracking.outages import declare


def page_of(merchant: Merchant, scene: scenes.Scene = scenes.out) -> tuple[str, Order]:
    with merchant_scope(merchant.pk):
        order = scene(merchant)
        return scenes.path(merchant, order), order


def test_signed_link_shows_no_personal_data(client: Client, merchant: Merchant) -> None:
    path, order = page_of(merchant)
    page = client.get(path).content.decode()
    secrets = [value for name, value in scenes.SECRETS.items() if name != "city"]
    assert [getattr(order, name) for name in scenes.SECRETS] == list(scenes.SECRETS.values())
    parts = [
        *secrets,
        "Al Mansoori",
        "sara.hidden",
        "7654321",
        "765 4321",
        "Villa 14",
        "pharmacy",
        "88417",
    ]
    assert [part for part in parts if part.casefold() in page.casefold()] == []
    assert re.findall(r"for (\w+) in (\w+)</p>", page) == [("Sara", "Dubai")]


def test_url_holds_only_the_token(merchant: Merchant) -> None:
    path, order = page_of(merchant)
    token = Link.objects.get(order_id=order.pk).token
    assert path == f"/p/noor/t/{token}/"


def test_page_has_the_headers_of_a_private_page(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    headers = client.get(path).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Content-Language"] == "en"
    assert "Set-Cookie" not in headers


def test_unchanged_page_answers_304_without_a_body(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    etag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)


def test_page_carries_its_etag_for_the_script(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    response = client.get(path)
    found = re.findall(r'data-etag="W/&quot;(\w+)&quot;"', response.content.decode())
    assert [f'W/"{one}"' for one in found] == [response.headers["ETag"]]


def _new_scan(order: Order, merchant: Merchant) -> None:
    shipment = order.shipments.get()
    update = TrackingUpdate(shipment.tracking_number, (scenes.scan(0.2, "delivered.generic"),))
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=NOW)


def _asked_again(order: Order, merchant: Merchant) -> None:
    Watch.objects.filter(shipment__order=order).update(asked_at=NOW + timedelta(minutes=9))


def _new_brand(order: Order, merchant: Merchant) -> None:
    Brand.objects.update(version=2)


def _new_parcel(order: Order, merchant: Merchant) -> None:
    scenes.parcel(merchant, of=order)


def _outage(order: Order, merchant: Merchant) -> None:
    declare(carrier="aramex", now=NOW)


@pytest.mark.parametrize("change", [_new_scan, _asked_again, _new_brand, _new_parcel, _outage])
def test_what_the_page_shows_changes_its_etag(
    client: Client, merchant: Merchant, change: object
) -> None:
    path, order = page_of(merchant)
    etag = client.get(path).headers["ETag"]
    with merchant_scope(merchant.pk):
        change(order, merchant)  # type: ignore[operator]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.headers["ETag"] == etag) == (200, False)


def test_each_language_has_its_etag(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    etag = client.get(path).headers["ETag"]
    assert client.get(f"{path}?lang=ar", headers={"If-None-Match": etag}).status_code == 200


def queries(client: Client, path: str, **headers: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(path, headers=headers)
    bookkeeping = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [one["sql"] for one in captured if not one["sql"].startswith(bookkeeping)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("parcels", [1, 5])
def test_page_takes_five_queries_and_an_unchanged_or_kept_one_one(
    client: Client, parcels: int
) -> None:
    """One of the five sets the scope; the first finds the link and reads in its shop's."""
    merchant = factories.merchant()
    with merchant_scope(merchant.pk):
        order = scenes.order(merchant)
        for n in range(parcels):
            made = scenes.parcel(
                merchant,
                *(scenes.scan(hours, "transit.generic", code=f"T{hours}") for hours in range(1, 9)),
                of=order,
            )
            item = OrderItem.objects.create(merchant=merchant, order=order, title=f"Item {n}")
            ShipmentItem.objects.create(merchant=merchant, shipment=made, item=item)
        path = scenes.path(merchant, order)
    etag = client.get(path).headers["ETag"]
    assert len(queries(client, path)) == 1
    assert len(queries(client, path, **{"If-None-Match": etag})) == 1
    cache.clear()
    assert len(queries(client, path)) == 5


def test_first_visit_weighs_under_30_kb(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, scenes.two_of_three)
    page = client.get(f"{path}?lang=ar").content
    sheet = re.findall(rb'<link rel="stylesheet" href="([^"]+)"', page)
    assert len(sheet) == 1
    parts = [page, client.get(sheet[0].decode()).content]
    for script in re.findall(rb'<script src="/static/([^"]+)"', page):
        parts.append((Path(settings.BASE_DIR) / "static" / script.decode()).read_bytes())
    assert len(parts) == 5
    assert sum(len(gzip.compress(part)) for part in parts) < 30_000


def test_page_is_compressed(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert b"<h1>" in gzip.decompress(response.content)


def test_page_works_without_javascript_and_a_link_renews_it(
    client: Client, merchant: Merchant
) -> None:
    path, _ = page_of(merchant)
    page = client.get(path).content.decode()
    assert re.findall(r"<noscript>(.*?)</noscript>", page) == ['<a href="">Look for news now</a>']
    assert re.findall(r"\son\w+=|<script(?! src)|\sstyle=", page) == []


def test_page_of_a_delivered_order_stands_still(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, scenes.delivered)
    page = client.get(path).content.decode()
    assert re.findall(r"data-live|live\.js|http-equiv", page) == []


def test_arabic_page_is_right_to_left_and_remembered(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant)
    first = client.get(f"{path}?lang=ar")
    assert first.content.decode().count('<html lang="ar" dir="rtl">') == 1
    assert first.cookies["lang"]["path"] == "/p/noor/"
    assert client.get(path).headers["Content-Language"] == "ar"


@pytest.mark.parametrize(
    ("query", "cookie", "order_language", "browser", "language"),
    [
        ("?lang=en", "ar", "ar", "ar", "en"),
        ("", "ar", "en", "en", "ar"),
        ("", "", "ar-AE", "en", "ar"),
        ("", "", "", "ar-SA,en;q=0.5", "ar"),
        ("", "", "", "ko", "en"),
        ("?lang=xx", "", "", "", "en"),
    ],
)
def test_language_is_chosen_in_the_documented_order(
    client: Client,
    merchant: Merchant,
    query: str,
    cookie: str,
    order_language: str,
    browser: str,
    language: str,
) -> None:
    path, order = page_of(merchant)
    with merchant_scope(merchant.pk):
        Order.objects.filter(pk=order.pk).update(language=order_language)
    if cookie:
        client.cookies["lang"] = cookie
    response = client.get(path + query, headers={"Accept-Language": browser})
    assert response.headers["Content-Language"] == language


def test_items_stand_in_the_parcel_that_holds_them(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = scenes.order(merchant)
        OrderItem.objects.filter(order=order).update(title="Lamp", quantity=3)
        lamp = order.items.get()
        for _ in range(2):
            made = scenes.parcel(merchant, scenes.scan(3, "transit.generic"), of=order)
            ShipmentItem.objects.create(merchant=merchant, shipment=made, item=lamp, quantity=1)
        path = scenes.path(merchant, order)
    page = client.get(path).content.decode()
    cards = re.findall(r"<h3>([^<]+)</h3>.*?<bdi>Lamp</bdi>.*?× (\d)", page, re.DOTALL)
    assert cards == [("Parcel 1 of 2", "1"), ("Parcel 2 of 2", "1"), ("Not sent yet", "1")]


@pytest.mark.parametrize("how", ["unknown", "NUL", "revoked", "other shop"])
def test_dead_link_is_404_with_a_way_to_the_lookup(
    client: Client, merchant: Merchant, other: Merchant, how: str
) -> None:
    path, order = page_of(merchant)
    slug = "noor"
    if how == "unknown":
        path = "/p/noor/t/nothing-like-it/"
    elif how == "NUL":
        path = "/p/noor/t/%00/"
    elif how == "revoked":
        Link.objects.filter(order_id=order.pk).update(revoked_at=NOW)
    else:
        slug, path = "other", path.replace("/noor/", "/other/")
    response = client.get(path)
    assert response.status_code == 404
    page = response.content.decode()
    assert re.findall(r'btn--primary[^"]*" href="([^"]+)"', page) == [f"/p/{slug}/"]
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_unknown_merchant_is_404(client: Client, db: None) -> None:
    assert client.get("/p/nobody/").status_code == 404
    assert client.get("/p/nobody/t/abc/").status_code == 404


def test_recycled_number_shows_the_right_orders_scans(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        first = scenes.parcel(merchant, scenes.scan(3, "out.on_vehicle"), tracking_number="4400")
        second = scenes.parcel(merchant, tracking_number="4400")
        assert Shipment.objects.filter(number_key="4400").count() == 2
        path = page_path(link_for(order=second.order), merchant=merchant)
    assert first.order_id != second.order_id
    assert client.get(path).content.decode().count("event__what") == 0
