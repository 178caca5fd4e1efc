"""An order in a frame: who may frame it, what it says, and how it is fetched again."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from django.test import Client

from merchants import publishable
from merchants.headers import POLICY
from merchants.models import Domain, Merchant
from merchants.scope import merchant_scope
from tests.storefront_pages import scenes
from tracking.links import link_for
from tracking.models import Link, Order

SHOP = "https://shop.noor.example"


def framed(merchant: Merchant, scene: scenes.Scene = scenes.out) -> tuple[str, Order]:
    with merchant_scope(merchant.pk):
        order = scene(merchant)
        return f"{scenes.path(merchant, order)}frame/", order


def ancestors(policy: str) -> list[str]:
    return re.findall(r"frame-ancestors ([^;]*)", policy)[0].split()


def test_frame_says_the_answer_and_leads_to_the_page(client: Client, merchant: Merchant) -> None:
    path, _ = framed(merchant)
    page = path.removesuffix("frame/")
    body, whole = (client.get(one).content.decode() for one in (path, page))
    heading = re.compile(r"<h1>(.*?)</h1>")
    assert heading.findall(body) == heading.findall(whole)
    assert f'href="{page}" target="_blank" rel="noopener">Everything about this order' in body
    assert 'class="rail"' in body
    assert "<form" not in body


def test_pages_of_the_listed_origins_may_frame_it_and_nobody_else(
    client: Client, merchant: Merchant, other: Merchant
) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(store_url="https://Noor.example/en/")
    publishable.issue(merchant=merchant, origins=[SHOP], fallback="usual", by=None)
    gone = publishable.issue(
        merchant=merchant, origins=["https://old.example"], fallback="usual", by=None
    )
    publishable.revoke(gone, now=datetime.now(UTC))
    publishable.issue(merchant=other, origins=["https://other.example"], fallback="usual", by=None)
    Domain.objects.create(host="track.noor.example", merchant=merchant, verified_at=scenes.NOW)
    Domain.objects.create(host="unproven.example", merchant=merchant)
    path, _ = framed(merchant)
    headers = client.get(path).headers
    assert ancestors(headers["Content-Security-Policy"]) == [
        "https://noor.example", SHOP, "https://track.noor.example",
    ]  # fmt: skip
    assert "X-Frame-Options" not in headers


def test_shop_without_any_origin_is_framed_by_nobody(client: Client, merchant: Merchant) -> None:
    path, _ = framed(merchant)
    headers = client.get(path).headers
    assert (headers["Content-Security-Policy"], headers["X-Frame-Options"]) == (POLICY, "DENY")


def test_whole_page_is_framed_by_nobody(client: Client, merchant: Merchant) -> None:
    publishable.issue(merchant=merchant, origins=[SHOP], fallback="usual", by=None)
    path, _ = framed(merchant)
    headers = client.get(path.removesuffix("frame/")).headers
    assert (headers["Content-Security-Policy"], headers["X-Frame-Options"]) == (POLICY, "DENY")


def test_what_is_to_be_answered_is_answered_on_the_page(client: Client, merchant: Merchant) -> None:
    path, _ = framed(merchant, scenes.attempt_failed)
    body = client.get(path).content.decode()
    [(href, label)] = re.findall(r'btn--primary[^>]*href="([^"]+)"[^>]*>([^<]+)<', body)
    assert (href, label) == (path.removesuffix("frame/"), "Answer on your order page")


def test_unchanged_frame_answers_304(client: Client, merchant: Merchant) -> None:
    path, _ = framed(merchant)
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    page = client.get(path.removesuffix("frame/"))
    assert page.headers["ETag"] != first.headers["ETag"]


def test_frame_holds_no_personal_data(client: Client, merchant: Merchant) -> None:
    path, _ = framed(merchant)
    body = client.get(path).content.decode().casefold()
    hidden = [text for name, text in scenes.SECRETS.items() if name != "city"]
    assert [text for text in hidden if text.casefold() in body] == []
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"


def test_link_that_ended_says_so_inside_the_frame(client: Client, merchant: Merchant) -> None:
    publishable.issue(merchant=merchant, origins=[SHOP], fallback="usual", by=None)
    path, order = framed(merchant)
    Link.objects.filter(order_id=order.pk).update(revoked_at=scenes.NOW)
    response = client.get(path)
    assert response.status_code == 404
    assert ancestors(response.headers["Content-Security-Policy"]) == [SHOP]


def test_own_domain_has_the_frame(client: Client, merchant: Merchant) -> None:
    Domain.objects.create(host="track.noor.example", merchant=merchant, verified_at=scenes.NOW)
    _, order = framed(merchant)
    with merchant_scope(merchant.pk):
        token = link_for(order=order).token
    response = client.get(f"/t/{token}/frame/", headers={"host": "track.noor.example"})
    assert (response.status_code, f'href="/t/{token}/"' in response.content.decode()) == (200, True)


def test_frame_speaks_the_language_that_is_asked_for(client: Client, merchant: Merchant) -> None:
    path, _ = framed(merchant)
    response = client.get(f"{path}?lang=ar")
    assert response.headers["Content-Language"] == "ar"
    assert response.cookies == {}
